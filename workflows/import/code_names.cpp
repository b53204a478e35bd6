#include "workflows/import/code_names.hpp"

#include "engine/core/fold.hpp"
#include "engine/procedure/definition_rules.hpp"

#include <algorithm>

namespace motcua::workflows {
namespace {

/// What a code may have, and what is made of a name that is none.
constexpr std::size_t kCodeBytesMax = 64;
constexpr std::size_t kMadeBytesMax = 48;

bool is_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}
char small(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

std::string code_of_name(std::string_view name) {
  if (engine::is_code(name)) return std::string(name);
  std::string code;
  for (const char c : engine::folded(name)) {
    if (is_alphanumeric(c)) {
      code += small(c);
    } else if (!code.empty() && code.back() != '_') {
      code += '_';
    }
    if (code.size() == kMadeBytesMax) break;
  }
  while (!code.empty() && code.back() == '_') code.pop_back();
  return code;
}

std::string with_suffix(const std::string& code, const std::string& suffix) {
  return code.substr(0, kCodeBytesMax - std::min(suffix.size(), kCodeBytesMax)) + suffix;
}

std::string TakenCodes::take(const std::string& wanted) {
  std::string code = wanted;
  for (int suffix = 2; !taken_.insert(code).second; ++suffix) {
    code = with_suffix(wanted, "." + std::to_string(suffix));
  }
  return code;
}

}  // namespace motcua::workflows
