#include "api/cli/load_parts.hpp"

#include <charconv>
#include <cstring>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <sys/resource.h>
#include <unistd.h>

namespace motcua::api {
namespace {

/// End of the JSON string that opens at `at`: the position after its closing quote.
std::size_t after_string(std::string_view text, std::size_t at) {
  for (++at; at < text.size(); ++at) {
    if (text[at] == '\\') {
      ++at;
    } else if (text[at] == '"') {
      return at + 1;
    }
  }
  return text.size();
}

}  // namespace

std::size_t find_member(std::string_view text, std::string_view name) {
  int depth = 0;
  std::size_t at = 0;
  while (at < text.size()) {
    const char c = text[at];
    if (c == '"') {
      const std::size_t end = after_string(text, at);
      if (depth == 1 && end - at == name.size() + 2 && text.compare(at + 1, name.size(), name) == 0) {
        std::size_t value = end;
        while (value < text.size() && text[value] == ' ') {
          ++value;
        }
        if (value < text.size() && text[value] == ':') {
          ++value;
          return text.find_first_not_of(' ', value);
        }
      }
      at = end;
      continue;
    }
    depth += c == '{' || c == '[' ? 1 : (c == '}' || c == ']' ? -1 : 0);
    ++at;
  }
  return std::string_view::npos;
}

std::string string_member(std::string_view text, std::string_view name) {
  const std::size_t at = find_member(text, name);
  if (at == std::string_view::npos || text[at] != '"') {
    return {};
  }
  return std::string(text.substr(at + 1, after_string(text, at) - at - 2));
}

std::uint64_t version_member(std::string_view text, std::size_t& last_position) {
  constexpr std::string_view kMark = "\"version\":";
  if (last_position < kMark.size() || last_position >= text.size() ||
      text.substr(last_position - kMark.size(), kMark.size()) != kMark) {
    last_position = find_member(text, "version");
  }
  std::uint64_t version = 0;
  if (last_position < text.size()) {
    std::from_chars(text.data() + last_position, text.data() + text.size(), version);
  }
  return version;
}

std::optional<Answer> complete_answer(std::string_view text) {
  const std::size_t head_end = text.find("\r\n\r\n");
  if (head_end == std::string_view::npos || text.size() < 12) {
    return std::nullopt;
  }
  const std::string_view head = text.substr(0, head_end + 2);
  std::size_t at = head.find("ontent-Length:");
  if (at == std::string_view::npos) {
    at = head.find("ontent-length:");
  }
  Answer answer;
  std::from_chars(text.data() + 9, text.data() + 12, answer.status);
  if (at == std::string_view::npos) {
    throw std::runtime_error("the server's answer has no Content-Length");
  }
  std::size_t length = 0;
  at = head.find_first_not_of(' ', at + std::strlen("ontent-Length:"));
  std::from_chars(head.data() + at, head.data() + head.size(), length);
  if (text.size() < head_end + 4 + length) {
    return std::nullopt;
  }
  answer.body = text.substr(head_end + 4, length);
  answer.bytes = head_end + 4 + length;
  return answer;
}

double processor_time_us() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  const auto us = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_usec);
  };
  return us(used.ru_utime) + us(used.ru_stime);
}

double processor_time_us(int pid) {
  std::ifstream in("/proc/" + std::to_string(pid) + "/stat");
  const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  const std::size_t name_end = text.rfind(')');
  if (name_end == std::string::npos) {
    return 0;
  }
  std::istringstream fields(text.substr(name_end + 1));
  std::string skipped;
  for (int i = 0; i < 11; ++i) {
    fields >> skipped;
  }
  double user = 0;
  double system = 0;
  fields >> user >> system;
  return (user + system) * 1e6 / static_cast<double>(sysconf(_SC_CLK_TCK));
}

}  // namespace motcua::api
