/// Counting of time limits (cách tính thời hạn) in working time. Pure: same calendar, same answer, whatever
/// TZ.
#pragma once

#include "engine/core/time.hpp"
#include "engine/deadline/working_calendar.hpp"

#include <string>
#include <vector>

namespace motcua::engine {

/// Working seconds of one working day (8 hours of processing windows).
inline constexpr std::int64_t kWorkingDaySeconds = 8 * 3600;

/// One interval of a derivation: counted (counted_seconds > 0) or skipped, and by which rule.
struct DerivationInterval {
  Instant from{};
  Instant to{};
  std::int64_t counted_seconds = 0;
  std::string
      rule{};  ///< processing_window | outside_hours | rest_day | holiday | worked_instead | clock_paused
  std::string notice{};  ///< of the day override; empty if none
  std::string law{};     ///< of the day override; empty if none
};

/// The instant at which `amount` of working time after `from` has passed. With amount 0: `from` itself, or
/// the next opening if `from` lies outside every window. A full window ends at its closing minute, not at the
/// next opening.
[[nodiscard]] Instant add_working_time(const WorkingCalendar& calendar, Instant from, WorkingSeconds amount);

/// Working time between two instants; 0 if `to` <= `from`.
[[nodiscard]] WorkingSeconds working_time_between(const WorkingCalendar& calendar, Instant from, Instant to);

/// The counted and skipped intervals from `from` to add_working_time(...), gapless and in order.
[[nodiscard]] std::vector<DerivationInterval> derive(const WorkingCalendar& calendar, Instant from,
                                                     WorkingSeconds amount);

}  // namespace motcua::engine
