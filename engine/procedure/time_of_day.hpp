/// Time of day as a definition writes it (giờ chốt nhận hồ sơ trong ngày).
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace motcua::engine {

/// Seconds of the local day of `HH:MM`, 00:00 to 23:59; nothing for any other text.
[[nodiscard]] inline std::optional<std::chrono::seconds> parse_time_of_day(std::string_view text) {
  const auto digit = [&](std::size_t at) { return text[at] >= '0' && text[at] <= '9'; };
  if (text.size() != 5 || !digit(0) || !digit(1) || text[2] != ':' || !digit(3) || !digit(4)) {
    return std::nullopt;
  }
  const int hours = (text[0] - '0') * 10 + (text[1] - '0');
  const int minutes = (text[3] - '0') * 10 + (text[4] - '0');
  if (hours > 23 || minutes > 59) return std::nullopt;
  return std::chrono::hours(hours) + std::chrono::minutes(minutes);
}

}  // namespace motcua::engine
