#include "tests/architecture/source_tree.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

namespace motcua::tests {
namespace {

namespace fs = std::filesystem;

constexpr std::array kCodeFolders{"engine", "workflows", "storage", "adapters",
                                  "api",    "tests",     "bench",   "examples"};
constexpr std::array kReadableEndings{".cpp", ".hpp",  ".md",  ".txt",  ".sh",   ".py",
                                      ".js",  ".html", ".css", ".toml", ".cmake"};
/// Folders of data that others wrote or that a test feeds in as it is.
constexpr std::array kDataFolders{"/data/", "/corpus/", "/vectors/", "/node_modules/", "/__pycache__/"};

bool is_word_char(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

std::string slurp(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

template <class Accept>
void collect(const std::string& folder, Accept accept, std::vector<SourceFile>& files) {
  const fs::path root = fs::path(SOURCE_DIR) / folder;
  if (!fs::exists(root)) return;
  for (const auto& entry :
       fs::recursive_directory_iterator(root, fs::directory_options::follow_directory_symlink)) {
    if (!entry.is_regular_file()) continue;
    const std::string path = fs::path(entry.path()).lexically_relative(SOURCE_DIR).generic_string();
    if (accept(path)) files.push_back({path, slurp(entry.path())});
  }
}

bool is_data(const std::string& path) {
  return std::any_of(kDataFolders.begin(), kDataFolders.end(),
                     [&](const char* folder) { return path.find(folder) != std::string::npos; });
}

bool is_code(const std::string& path) {
  return !is_data(path) && (path.ends_with(".cpp") || path.ends_with(".hpp"));
}

bool is_readable(const std::string& path) {
  if (is_data(path)) return false;
  return std::any_of(kReadableEndings.begin(), kReadableEndings.end(),
                     [&](const char* ending) { return path.ends_with(ending); });
}

void sort_by_path(std::vector<SourceFile>& files) {
  std::sort(files.begin(), files.end(),
            [](const SourceFile& a, const SourceFile& b) { return a.path < b.path; });
}

/// Walks over C++ text and blanks what is not code.
class Blanker {
 public:
  explicit Blanker(const std::string& text) : text_(text) {}

  std::string run() {
    while (at_ < text_.size()) step();
    return text_;
  }

 private:
  [[nodiscard]] bool next_is(std::string_view what) const {
    return text_.compare(at_, what.size(), what) == 0;
  }
  [[nodiscard]] bool after_word() const { return at_ > 0 && is_word_char(text_[at_ - 1]); }

  void step() {
    if (at_line_start_ && text_[at_] == '#') return blank_preprocessor();
    if (text_[at_] == '\n') {
      at_line_start_ = true;
    } else if (text_[at_] != ' ') {
      at_line_start_ = false;
    }
    if (next_is("//")) return blank_until("\n", 0);
    if (next_is("/*")) return blank_until("*/", 2);
    if (next_is("R\"")) return blank_raw_string();
    if (text_[at_] == '"') return blank_literal('"');
    // An apostrophe behind a digit or letter separates digits: 1'000.
    if (text_[at_] == '\'' && !after_word()) return blank_literal('\'');
    ++at_;
  }

  void blank_to(std::size_t end) {
    for (; at_ < std::min(end, text_.size()); ++at_) {
      if (text_[at_] != '\n') text_[at_] = ' ';
    }
  }

  void blank_until(std::string_view end, std::size_t length) {
    const auto found = text_.find(end, at_ + 2);
    blank_to(found == std::string::npos ? text_.size() : found + length);
  }

  void blank_raw_string() {
    const auto open = text_.find('(', at_);
    if (open == std::string::npos) return blank_to(text_.size());
    const std::string close = ")" + text_.substr(at_ + 2, open - at_ - 2) + "\"";
    const auto found = text_.find(close, open);
    blank_to(found == std::string::npos ? text_.size() : found + close.size());
  }

  void blank_literal(char quote) {
    std::size_t end = at_ + 1;
    while (end < text_.size() && text_[end] != quote && text_[end] != '\n')
      end += text_[end] == '\\' ? 2U : 1U;
    // The quotes stay, so that a literal still counts as something.
    ++at_;
    blank_to(end);
    ++at_;
  }

  void blank_preprocessor() {
    std::size_t end = text_.find('\n', at_);
    while (end != std::string::npos && text_[end - 1] == '\\') end = text_.find('\n', end + 1);
    blank_to(end == std::string::npos ? text_.size() : end);
  }

  std::string text_{};
  std::size_t at_ = 0;
  bool at_line_start_ = true;
};

/// Position behind a free-standing `word` at or after `from`; npos if there is none.
std::size_t behind_word(std::string_view text, std::string_view word, std::size_t from) {
  for (auto at = text.find(word, from); at != std::string_view::npos; at = text.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    const bool free_before = at == 0 || !is_word_char(text[at - 1]) || !is_word_char(word.front());
    const bool free_behind = end == text.size() || !is_word_char(text[end]) || !is_word_char(word.back());
    if (free_before && free_behind) return end;
  }
  return std::string_view::npos;
}

}  // namespace

std::string to_text(const std::vector<Finding>& findings) {
  std::string text;
  for (const auto& finding : findings) {
    text += finding.path + ":" + std::to_string(finding.line) + ": " + finding.rule + "\n";
  }
  return text;
}

std::vector<SourceFile> code_files() {
  std::vector<SourceFile> files;
  for (const char* folder : kCodeFolders) collect(folder, is_code, files);
  sort_by_path(files);
  return files;
}

std::vector<SourceFile> readable_files() {
  std::vector<SourceFile> files;
  for (const char* folder : kCodeFolders) collect(folder, is_readable, files);
  collect(
      "docs", [](const std::string& path) { return is_readable(path) || path.ends_with(".json"); }, files);
  collect(
      ".ci", [](const std::string&) { return true; }, files);
  for (const char* name : {"CMakeLists.txt", "CMakePresets.json", "Makefile", "README.md", "CHANGELOG.md"}) {
    files.push_back({name, read_source(name)});
  }
  sort_by_path(files);
  return files;
}

std::string read_source(const std::string& path) { return slurp(fs::path(SOURCE_DIR) / path); }

std::vector<std::string> names_in(const std::string& folder, std::string_view suffix) {
  std::vector<std::string> names;
  const fs::path root = fs::path(SOURCE_DIR) / folder;
  if (!fs::exists(root)) return names;
  for (const auto& entry : fs::directory_iterator(root)) {
    const std::string name = entry.path().filename().string();
    if (name.ends_with(suffix)) names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

std::string code_only(const std::string& text) { return Blanker(text).run(); }

bool has_word(std::string_view text, std::string_view word) {
  return behind_word(text, word, 0) != std::string_view::npos;
}

bool has_call(std::string_view text, std::string_view name) {
  for (auto end = behind_word(text, name, 0); end != std::string_view::npos;
       end = behind_word(text, name, end)) {
    const auto next = text.find_first_not_of(' ', end);
    if (next != std::string_view::npos && text[next] == '(') return true;
  }
  return false;
}

bool is_header(std::string_view path) { return path.ends_with(".hpp"); }

}  // namespace motcua::tests
