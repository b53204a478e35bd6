#include "tests/http/llhttp_cases.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <string_view>
#include <utility>

namespace motcua::tests {
namespace {

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

/// The suite's own notation: a backslash at the end of a line joins it with the next; every line end is CR
/// LF; \r, \n, \t, \f and octal numbers are single bytes.
std::string bytes_of(std::string_view text) {
  std::string bytes;
  if (text.ends_with('\n')) {
    text.remove_suffix(1);
  }
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\n') {
      bytes += "\r\n";
      continue;
    }
    if (text[at] != '\\' || at + 1 == text.size()) {
      bytes += text[at];
      continue;
    }
    const char next = text[at + 1];
    const auto known = std::string_view("rntf").find(next);
    if (next == '\n') {
      ++at;
    } else if (known != std::string_view::npos) {
      bytes += "\r\n\t\f"[known];
      ++at;
    } else if (next >= '0' && next <= '7') {
      std::size_t digits = 1;
      while (digits < 3 && at + 1 + digits < text.size() && text[at + 1 + digits] >= '0' &&
             text[at + 1 + digits] <= '7') {
        ++digits;
      }
      bytes += static_cast<char>(std::stoi(std::string(text.substr(at + 1, digits)), nullptr, 8));
      at += digits;
    } else {
      bytes += text[at];
    }
  }
  return bytes;
}

/// Text between `open` and `close` at or after `from`, which moves behind it.
std::string_view block(std::string_view text, std::string_view open, std::string_view close,
                       std::size_t& from) {
  const auto start = text.find(open, from);
  if (start == std::string_view::npos) {
    from = std::string_view::npos;
    return {};
  }
  const auto inner = start + open.size();
  const auto end = text.find(close, inner);
  from = end + close.size();
  return text.substr(inner, end - inner);
}

std::string title_before(std::string_view text, std::size_t at) {
  const auto mark = std::max(text.rfind("\n#", at) + 1, std::size_t{0});
  const auto line = text.substr(mark, text.find('\n', mark) - mark);
  return std::string(line.substr(std::min(line.find_first_not_of("# "), line.size())));
}

void read_log(std::string_view log, LlhttpCase& one) {
  const auto error = log.find("error code=");
  const auto before = log.substr(0, error);
  for (auto at = before.find("message complete"); at != std::string_view::npos;
       at = before.find("message complete", at + 1)) {
    ++one.complete;
  }
  const auto reason = error == std::string_view::npos ? std::string_view{} : log.substr(error);
  one.has_error = !reason.empty() && reason.find("Pause on") == std::string_view::npos &&
                  reason.find("on_message_complete pause") == std::string_view::npos &&
                  reason.find("code=21 ") == std::string_view::npos &&
                  reason.find("code=22 ") == std::string_view::npos;
}

}  // namespace

std::vector<LlhttpCase> read_llhttp_cases(const std::string& folder) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  std::vector<LlhttpCase> cases;
  std::map<std::string, int> seen;
  for (const auto& path : files) {
    const auto text = read_file(path);
    std::size_t at = 0;
    while (true) {
      const auto meta = block(text, "<!-- meta=", " -->", at);
      if (at == std::string_view::npos) {
        break;
      }
      const auto title_at = static_cast<std::size_t>(meta.data() - text.data());
      LlhttpCase one;
      one.name = path.filename().string() + ": " + title_before(text, title_at);
      if (const int times = ++seen[one.name]; times > 1) {
        one.name += " (" + std::to_string(times) + ")";
      }
      one.is_strict = meta.find("lenient") == std::string_view::npos;
      one.bytes = bytes_of(block(text, "```http\n", "```", at));
      read_log(block(text, "```log\n", "```", at), one);
      cases.push_back(std::move(one));
    }
  }
  return cases;
}

std::string with_host(const std::string& bytes) {
  static const std::regex request_line("(^|\\r\\n)([A-Z][A-Z-]* [^ \\r\\n]+ HTTP/1\\.1\\r\\n)");
  std::string result;
  auto from = bytes.cbegin();
  for (auto at = std::sregex_iterator(bytes.begin(), bytes.end(), request_line); at != std::sregex_iterator();
       ++at) {
    const auto end = (*at)[0].second;
    result.append(from, end);
    from = end;
    std::string header(end, bytes.cend());
    header = "\r\n" + header.substr(0, header.find("\r\n\r\n"));
    std::transform(header.begin(), header.end(), header.begin(),
                   [](unsigned char unit) { return std::tolower(unit); });
    if (header.find("\nhost:") == std::string::npos) {
      result += "Host: test\r\n";
    }
  }
  result.append(from, bytes.cend());
  return result;
}

}  // namespace motcua::tests
