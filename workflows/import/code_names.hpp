/// Codes made of names that other systems allow: `VERIFY AND FORWARD`, `Đồng ý`.
#pragma once

#include <set>
#include <string>
#include <string_view>

namespace motcua::workflows {

/// `name` as it is if it is a code, else without marks, in small letters, other signs as `_`; empty if
/// nothing is left.
[[nodiscard]] std::string code_of_name(std::string_view name);

/// `code` with `suffix`, of `code` as much as fits.
[[nodiscard]] std::string with_suffix(const std::string& code, const std::string& suffix);

/// Codes of one list, each once.
class TakenCodes {
 public:
  /// `wanted`, or `wanted` with the first suffix `.2`, `.3`, ... that is free.
  [[nodiscard]] std::string take(const std::string& wanted);

 private:
  std::set<std::string> taken_{};
};

}  // namespace motcua::workflows
