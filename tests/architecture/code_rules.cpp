#include "tests/architecture/code_rules.hpp"

#include "tests/architecture/include_rules.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace motcua::tests {
namespace {

struct Ban {
  std::string_view word{};
  bool call = false;  ///< banned as a call only: the word alone means something else
  std::string_view reason{};
};

constexpr std::string_view kClock = "reads a clock: time comes in with the command";
constexpr std::string_view kRandom = "is random: identifiers come in through IdSource";
constexpr std::string_view kEnvironment = "reads the environment";
constexpr std::string_view kThreads = "knows threads: they live in engine/runtime";
constexpr std::string_view kFiles = "reads or writes files: that is a port's work";
constexpr std::string_view kPrints = "prints";
constexpr std::string_view kUnordered = "has no order that replay could repeat";
constexpr std::string_view kFloating = "is floating point: amounts and times are whole numbers";

constexpr std::array kBans{
    Ban{"system_clock::now", false, kClock},
    Ban{"steady_clock", false, kClock},
    Ban{"high_resolution_clock", false, kClock},
    Ban{"utc_clock", false, kClock},
    Ban{"time", true, kClock},
    Ban{"clock_gettime", false, kClock},
    Ban{"gettimeofday", false, kClock},
    Ban{"localtime", false, kClock},
    Ban{"localtime_r", false, kClock},
    Ban{"gmtime", false, kClock},
    Ban{"mktime", false, kClock},
    Ban{"rand", true, kRandom},
    Ban{"srand", false, kRandom},
    Ban{"random_device", false, kRandom},
    Ban{"mt19937", false, kRandom},
    Ban{"mt19937_64", false, kRandom},
    Ban{"default_random_engine", false, kRandom},
    Ban{"getenv", false, kEnvironment},
    Ban{"secure_getenv", false, kEnvironment},
    Ban{"setenv", false, kEnvironment},
    Ban{"std::thread", false, kThreads},
    Ban{"std::jthread", false, kThreads},
    Ban{"std::mutex", false, kThreads},
    Ban{"std::shared_mutex", false, kThreads},
    Ban{"std::recursive_mutex", false, kThreads},
    Ban{"std::atomic", false, kThreads},
    Ban{"std::condition_variable", false, kThreads},
    Ban{"std::async", false, kThreads},
    Ban{"thread_local", false, kThreads},
    Ban{"fopen", false, kFiles},
    Ban{"ifstream", false, kFiles},
    Ban{"ofstream", false, kFiles},
    Ban{"fstream", false, kFiles},
    Ban{"std::filesystem", false, kFiles},
    Ban{"std::cout", false, kPrints},
    Ban{"std::cerr", false, kPrints},
    Ban{"std::clog", false, kPrints},
    Ban{"printf", true, kPrints},
    Ban{"fprintf", true, kPrints},
    Ban{"puts", true, kPrints},
    Ban{"unordered_map", false, kUnordered},
    Ban{"unordered_set", false, kUnordered},
    Ban{"float", false, kFloating},
    Ban{"double", false, kFloating},
};

constexpr std::array<std::pair<std::string_view, std::string_view>, 14> kBannedHeaders{{
    {"ctime", kClock},
    {"time.h", kClock},
    {"random", kRandom},
    {"thread", kThreads},
    {"mutex", kThreads},
    {"shared_mutex", kThreads},
    {"atomic", kThreads},
    {"condition_variable", kThreads},
    {"future", kThreads},
    {"fstream", kFiles},
    {"filesystem", kFiles},
    {"iostream", kPrints},
    {"unordered_map", kUnordered},
    {"unordered_set", kUnordered},
}};

bool is_pure(const std::string& path) {
  return path.starts_with("engine/") && !path.starts_with("engine/runtime/");
}

bool is_excepted(const std::string& path, std::string_view reason) {
  if (reason == kPrints) return path == "engine/core/ensure.hpp";
  return reason == kFloating && path.starts_with("engine/procedure/guard");
}

/// Measures functions by their braces. Works on code_only text.
class Braces {
 public:
  Braces(std::string path, const std::string& code) : path_(std::move(path)), code_(code) {}

  std::vector<Finding> run() {
    for (std::size_t at = 0; at < code_.size(); ++at) {
      const char c = code_[at];
      if (c == '\n') ++line_;
      if (c == '{') {
        open(at);
      } else if (c == '}') {
        close();
      } else if (c == ';') {
        head_.clear();
      } else {
        head_.push_back(c == '\n' ? ' ' : c);
      }
    }
    return std::move(findings_);
  }

 private:
  enum class Scope { holds_functions, function, other };

  [[nodiscard]] Scope scope_of(std::size_t at) const {
    if (!scopes_.empty() && scopes_.back().scope != Scope::holds_functions) return Scope::other;
    // The formatter puts a space before a body and none before an initialiser.
    if (at > 0 && code_[at - 1] != ' ' && code_[at - 1] != '\n') return Scope::other;
    const auto last = head_.find_last_not_of(' ');
    if (last != std::string::npos && head_[last] == '=') return Scope::other;
    if (head_.find(')') != std::string::npos) return Scope::function;
    for (const char* word : {"namespace", "class", "struct", "union", "extern"}) {
      if (has_word(head_, word)) return Scope::holds_functions;
    }
    return Scope::other;
  }

  void open(std::size_t at) {
    scopes_.push_back({scope_of(at), line_, head_});
    head_.clear();
  }

  void close() {
    if (scopes_.empty()) return;
    const Open opened = std::move(scopes_.back());
    scopes_.pop_back();
    const int lines = line_ - opened.line;
    if (opened.scope == Scope::function && lines > kFunctionLinesMax) {
      findings_.push_back({path_, opened.line, "a function of " + std::to_string(lines) + " lines"});
    }
    // An initialiser belongs to what it stands in: `Name() : a_{1}, b_(2) {`.
    head_ = opened.scope == Scope::other ? opened.head : std::string{};
  }

  struct Open {
    Scope scope = Scope::other;
    int line = 0;
    std::string head{};
  };

  std::string path_{};
  const std::string& code_;
  int line_ = 1;
  std::string head_{};  ///< code since the last statement or brace of this scope
  std::vector<Open> scopes_{};
  std::vector<Finding> findings_{};
};

/// Calls `visit(line number, line)` for each line.
template <class Visit>
void each_line(const std::string& text, Visit visit) {
  int number = 0;
  for (const std::string& line : lines_of(text)) visit(++number, line);
}

}  // namespace

std::vector<Finding> check_purity(const std::string& path, const std::string& text) {
  std::vector<Finding> findings;
  if (!is_pure(path)) return findings;
  for (const Include& include : includes_of(text)) {
    for (const auto& [header, reason] : kBannedHeaders) {
      if (!include.quoted && include.path == header && !is_excepted(path, reason)) {
        findings.push_back({path, include.line, "<" + include.path + "> " + std::string(reason)});
      }
    }
  }
  each_line(code_only(text), [&](int number, const std::string& line) {
    for (const Ban& ban : kBans) {
      const bool found = ban.call ? has_call(line, ban.word) : has_word(line, ban.word);
      if (found && !is_excepted(path, ban.reason)) {
        findings.push_back({path, number, std::string(ban.word) + " " + std::string(ban.reason)});
      }
    }
  });
  return findings;
}

std::vector<Finding> check_lengths(const std::string& path, const std::string& text) {
  auto findings = Braces(path, code_only(text)).run();
  const auto lines = std::count(text.begin(), text.end(), '\n');
  if (lines > kFileLinesMax) findings.push_back({path, 0, "a file of " + std::to_string(lines) + " lines"});
  return findings;
}

std::vector<Finding> check_leftovers(const std::string& path, const std::string& text) {
  std::vector<Finding> findings;
  // Written in two pieces, so that this file does not find itself.
  static const std::array<std::string, 3> marks{std::string("FIX") + "ME", std::string("TO") + "DO",
                                                std::string("XX") + "X"};
  each_line(text, [&](int number, const std::string& line) {
    for (const std::string& mark : marks) {
      if (has_word(line, mark)) findings.push_back({path, number, mark + " is unfinished work"});
    }
  });
  if (!is_header(path)) return findings;
  each_line(code_only(text), [&](int number, const std::string& line) {
    if (has_word(line, "using namespace")) findings.push_back({path, number, "using namespace in a header"});
  });
  return findings;
}

std::vector<Finding> check_laws(const std::string& path, const std::string& text,
                                const std::set<std::string>& known) {
  static const std::string mark = std::string("@") + "law";
  std::vector<Finding> findings;
  each_line(text, [&](int number, const std::string& line) {
    const auto comment = line.find("//");
    if (comment == std::string::npos) return;
    for (auto at = line.find(mark, comment); at != std::string::npos; at = line.find(mark, at + 1)) {
      const auto from = std::min(line.find_first_not_of(' ', at + mark.size()), line.size());
      const auto to = line.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-/", from);
      const auto id = line.substr(from, to == std::string::npos ? to : to - from);
      if (known.count(id) == 0) findings.push_back({path, number, "no such law in the register: " + id});
    }
  });
  return findings;
}

std::vector<Finding> check_machine_paths(const std::string& path, const std::string& text) {
  static const std::array<std::string, 3> places{std::string("/ho") + "me/", std::string("/ro") + "ot/",
                                                 std::string("/wo") + "rk/"};
  std::vector<Finding> findings;
  each_line(text, [&](int number, const std::string& line) {
    for (const std::string& place : places) {
      if (line.find(place) != std::string::npos)
        findings.push_back({path, number, "a path of one machine: " + place});
    }
  });
  return findings;
}

std::vector<Finding> check_unused_headers(const std::vector<SourceFile>& files) {
  std::set<std::string> included;
  for (const SourceFile& file : files) {
    for (const Include& include : includes_of(file.text)) included.insert(include.path);
  }
  std::vector<Finding> findings;
  for (const SourceFile& file : files) {
    if (is_header(file.path) && included.count(file.path) == 0) {
      findings.push_back({file.path, 0, "a header that no one includes"});
    }
  }
  return findings;
}

}  // namespace motcua::tests
