/// The request cases of llhttp's test suite (data/llhttp, MIT), read from their Markdown.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace motcua::tests {

struct LlhttpCase {
  std::string name{};        ///< `file: title`, with ` (2)` for a title used again
  std::string bytes{};       ///< what the client sends
  bool is_strict = false;    ///< the case runs the strict parser
  bool has_error = false;    ///< the log ends in an error (a pause is none)
  std::size_t complete = 0;  ///< messages completed before the end or the error
};

[[nodiscard]] std::vector<LlhttpCase> read_llhttp_cases(const std::string& folder);

/// The same request with a Host field where HTTP/1.1 asks for one and the case, being older, leaves it out.
[[nodiscard]] std::string with_host(const std::string& bytes);

}  // namespace motcua::tests
