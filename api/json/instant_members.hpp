/// Which members of public payloads hold instants, as microseconds; readers are shown RFC 3339.
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

namespace motcua::api {

/// True for a member that is an instant.
[[nodiscard]] constexpr bool is_instant(std::string_view member) {
  constexpr std::array<std::string_view, 12> kInstants{
      "acknowledge_by", "at",        "data_time", "due_at",    "ended_at", "expected_at",
      "extended_to",    "legal_due", "made_at",   "opened_at", "until",    "wall_at"};
  return std::find(kInstants.begin(), kInstants.end(), member) != kInstants.end();
}

/// True for an object each of whose members is an instant.
[[nodiscard]] constexpr bool holds_instants(std::string_view member) {
  return member == "step_due" || member == "after_due";
}

}  // namespace motcua::api
