#include "engine/deadline/counting.hpp"

#include "engine/core/ensure.hpp"

#include <algorithm>

namespace motcua::engine {
namespace {

using std::chrono::days;
using std::chrono::microseconds;
using std::chrono::seconds;

/// Counting looks at these days only: the years that parse_rfc3339 reads. Both ends inclusive.
constexpr LocalDay kFirstDay{std::chrono::year{1900} / 1 / 1};
constexpr LocalDay kLastDay{std::chrono::year{9999} / 12 / 31};

/// Days without a single window after which the search for an opening ends: twenty years.
constexpr days kSearchDaysMax{7305};

/// A window on the time line, half-open [from, to).
struct Opening {
  Instant from{};
  Instant to{};
};

/// Calls `visit` with every window at or after `from` (the first one cut at `from`), ascending, until it
/// answers true. False if the days run out first.
template <class Visit>
bool find_opening(const WorkingCalendar& calendar, Hours hours, Instant from, Visit visit) {
  LocalDay last_open = std::max(local_day(from), kFirstDay);
  for (LocalDay day = last_open; day <= kLastDay && day - last_open <= kSearchDaysMax; day += days{1}) {
    for (const Window& window : calendar.windows_on(day, hours)) {
      const Opening opening{std::max(instant_at(day, window.from), from), instant_at(day, window.to)};
      last_open = day;
      if (opening.from < opening.to && visit(opening)) return true;
    }
  }
  return false;
}

}  // namespace

/// The loader refuses calendars whose week is empty; this is the second guard.
Instant no_opening() { return instant_at(kLastDay, days{1} - seconds{1}); }

Instant add_working_micros(const WorkingCalendar& calendar, Instant from, microseconds amount, Hours hours) {
  ENSURE(amount.count() >= 0);
  microseconds remaining = amount;
  Instant due{};
  const bool found = find_opening(calendar, hours, from, [&](const Opening& opening) {
    const microseconds length = opening.to - opening.from;
    due = opening.from + std::min(remaining, length);
    if (remaining <= length) return true;
    remaining -= length;
    return false;
  });
  return found ? due : no_opening();
}

Instant add_working_time(const WorkingCalendar& calendar, Instant from, WorkingSeconds amount, Hours hours) {
  ENSURE(amount.count >= 0);
  // More seconds than the searched days hold would overflow microseconds; they end beyond the last day
  // anyway.
  const seconds searched = kLastDay - kFirstDay + days{1};
  return add_working_micros(calendar, from, std::min(seconds{amount.count}, searched), hours);
}

microseconds working_micros_between(const WorkingCalendar& calendar, Instant from, Instant to, Hours hours) {
  microseconds counted{0};
  const LocalDay last = std::min(local_day(to), kLastDay);
  for (LocalDay day = std::max(local_day(from), kFirstDay); day <= last; day += days{1}) {
    for (const Window& window : calendar.windows_on(day, hours)) {
      const Instant opens = std::max(instant_at(day, window.from), from);
      const Instant closes = std::min(instant_at(day, window.to), to);
      counted += std::max(closes - opens, microseconds{0});
    }
  }
  return counted;
}

WorkingSeconds working_time_between(const WorkingCalendar& calendar, Instant from, Instant to, Hours hours) {
  return {std::chrono::floor<seconds>(working_micros_between(calendar, from, to, hours)).count()};
}

Instant opening_at_or_after(const WorkingCalendar& calendar, Instant from, Hours hours) {
  return add_working_micros(calendar, from, microseconds{0}, hours);
}

LocalDay same_day_of_month_after(LocalDay day, std::int64_t months) {
  const std::chrono::year_month_day date{day};
  const auto searched = (int{std::chrono::year_month_day{kLastDay}.year()} - int{date.year()} + 1) * 12;
  const auto month =
      date.year() / date.month() + std::chrono::months{std::min<std::int64_t>(months, std::max(searched, 0))};
  const LocalDay last{month / std::chrono::last};
  return std::min(LocalDay{month / std::chrono::day{1}} + days{unsigned{date.day()} - 1}, last);
}

Instant close_of_business_after(const WorkingCalendar& calendar, Instant from) {
  const Instant opens = opening_at_or_after(calendar, from);
  if (opens == no_opening()) return opens;
  const LocalDay day = local_day(opens);
  return instant_at(day, calendar.windows_on(day).back().to);
}

bool lies_in_a_window(const WorkingCalendar& calendar, Instant at) {
  const auto day = local_day(at);
  const auto& windows = calendar.windows_on(day);
  return std::any_of(windows.begin(), windows.end(), [&](const Window& window) {
    return instant_at(day, window.from) <= at && at <= instant_at(day, window.to);
  });
}

}  // namespace motcua::engine
