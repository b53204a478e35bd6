/// Time as the engine sees it: instants in UTC microseconds, days and hours of Việt Nam (UTC+7, no daylight
/// saving).
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace motcua::engine {

/// A moment, UTC, microseconds since 1970-01-01. The local clock is known for the years 1 to 9999; a moment
/// outside of them, which only damaged bytes can state, has the nearest day within.
using Instant = std::chrono::sys_time<std::chrono::microseconds>;
/// A calendar day of Việt Nam. A date is a date: it is never shifted by a zone.
using LocalDay = std::chrono::local_days;
/// A length of working time (thời gian làm việc), in seconds of processing windows.
struct WorkingSeconds {
  std::int64_t count = 0;
  friend auto operator<=>(const WorkingSeconds&, const WorkingSeconds&) = default;
};

/// Indochina Time. Fixed by law since 1975; the process's TZ is never read.
inline constexpr std::chrono::hours kVietnamOffset{7};

/// The day in Việt Nam on which `at` falls.
[[nodiscard]] LocalDay local_day(Instant at);
/// Microseconds since local midnight.
[[nodiscard]] std::chrono::microseconds time_of_day(Instant at);
/// The moment at which the local clock shows `since_midnight` on `day`.
[[nodiscard]] Instant instant_at(LocalDay day, std::chrono::microseconds since_midnight);

/// RFC 3339 with +07:00; fractional seconds only where they are not zero (six digits).
[[nodiscard]] std::string to_rfc3339(Instant at);
/// Reads RFC 3339 with any offset or Z, years 1900-9999; nullopt for anything else (also 2025-02-29, 24:00,
/// :60).
[[nodiscard]] std::optional<Instant> parse_rfc3339(std::string_view text);
/// `YYYY-MM-DD`.
[[nodiscard]] std::string to_iso(LocalDay day);
[[nodiscard]] std::optional<LocalDay> parse_iso_day(std::string_view text);

[[nodiscard]] inline std::int64_t to_micros(Instant at) { return at.time_since_epoch().count(); }
[[nodiscard]] inline Instant from_micros(std::int64_t micros) {
  return Instant{std::chrono::microseconds{micros}};
}

}  // namespace motcua::engine
