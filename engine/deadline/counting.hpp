/// Counting of time limits (cách tính thời hạn) in working time. Pure: same calendar, same answer, whatever
/// TZ.
#pragma once

#include "engine/core/time.hpp"
#include "engine/deadline/working_calendar.hpp"

#include <chrono>
#include <cstdint>

namespace motcua::engine {

/// Answer where the calendar never opens again: the last second of the year 9999. It can be formatted and
/// compared, and nobody takes it for a promise.
[[nodiscard]] Instant no_opening();

/// The instant at which `amount` of working time after `from` has passed. With amount 0: `from` itself, or
/// the next opening if `from` lies outside every window. A full window ends at its closing minute, not at the
/// next opening. `amount` is 0 or more.
[[nodiscard]] Instant add_working_time(const WorkingCalendar& calendar, Instant from, WorkingSeconds amount,
                                       Hours hours = Hours::processing);
/// The same to the microsecond.
[[nodiscard]] Instant add_working_micros(const WorkingCalendar& calendar, Instant from,
                                         std::chrono::microseconds amount, Hours hours = Hours::processing);

/// Working time between two instants, whole seconds; 0 if `to` <= `from`.
[[nodiscard]] WorkingSeconds working_time_between(const WorkingCalendar& calendar, Instant from, Instant to,
                                                  Hours hours = Hours::processing);
/// The same to the microsecond.
[[nodiscard]] std::chrono::microseconds working_micros_between(const WorkingCalendar& calendar, Instant from,
                                                               Instant to, Hours hours = Hours::processing);

/// `from` itself if it lies in a window, else the next opening. An office that closes at 17:00 is closed at
/// 17:00:00.
[[nodiscard]] Instant opening_at_or_after(const WorkingCalendar& calendar, Instant from,
                                          Hours hours = Hours::processing);
/// The day with the number of `day`, `months` later; the last day of a month that has no such day (29
/// February, 31st). `months` is 0 or more. @law deadline/calendar-days
[[nodiscard]] LocalDay same_day_of_month_after(LocalDay day, std::int64_t months);
/// The first close of a working day (hết giờ làm việc) after `from`.
[[nodiscard]] Instant close_of_business_after(const WorkingCalendar& calendar, Instant from);
/// Whether a date can stand at `at`: the last instant of a window belongs to it, work is due at its close.
[[nodiscard]] bool lies_in_a_window(const WorkingCalendar& calendar, Instant at);

}  // namespace motcua::engine
