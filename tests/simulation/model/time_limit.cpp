#include "tests/simulation/model/time_limit.hpp"

#include <algorithm>

namespace motcua::simulation::model {
namespace {

constexpr std::int64_t kWorkingDay = 8 * 3600;

/// A stretch in which the clock ran or was paused; open at the end if it still does.
struct Stretch {
  bool paused = false;
  Micros from = 0;
  std::optional<Micros> to{};
};

std::vector<Stretch> stretches_of(const std::vector<ClockEntry>& ledger) {
  std::vector<Stretch> list;
  for (const auto& entry : ledger) {
    if (entry.change == "end") break;
    if (!list.empty()) list.back().to = entry.at;
    list.push_back({entry.change == "pause", entry.at, {}});
  }
  return list;
}

/// The moment from which a receipt at `at` counts.
Micros counts_from(const TimeLimit& limit, const OfficeCalendar& calendar, Micros at) {
  const Micros opened = calendar.opening(at, Desk::reception);
  if (!limit.cutoff || time_of_day(opened) <= *limit.cutoff) return opened;
  return calendar.opening(at_local(local_day(opened) + 1, 0), Desk::reception);
}

Standing used_up(const std::vector<Stretch>& stretches, Micros due) {
  if (stretches.back().paused) return {std::nullopt, 0};
  return {due, std::nullopt};
}

Standing in_working_time(const TimeLimit& limit, const OfficeCalendar& calendar,
                         const std::vector<Stretch>& stretches) {
  const Micros unit = limit.unit == "working_hour" ? kHour : kWorkingDay * kSecond;
  const Micros first = counts_from(limit, calendar, stretches.front().from);
  Micros left = limit.amount * unit;
  for (const auto& stretch : stretches) {
    if (stretch.paused) continue;
    const Micros from = std::max(stretch.from, first);
    const Micros due = calendar.after(from, left);
    if (!stretch.to || due < *stretch.to) return used_up(stretches, due);
    left -= calendar.between(from, *stretch.to);
  }
  return {std::nullopt, left / kSecond};
}

Standing on_the_same_day(const TimeLimit& limit, const OfficeCalendar& calendar,
                         const std::vector<Stretch>& stretches) {
  std::int64_t left = 0;
  for (const auto& stretch : stretches) {
    if (stretch.paused) continue;
    const Micros from = counts_from(limit, calendar, stretch.from);
    const Micros due = calendar.close_after(from);
    if (!stretch.to || due < *stretch.to) return used_up(stretches, due);
    left = calendar.between(std::max(*stretch.to, from), due) / kSecond;
  }
  return {std::nullopt, left};
}

bool was_paused_within(const std::vector<Stretch>& stretches, const Span& window) {
  return std::any_of(stretches.begin(), stretches.end(), [&](const Stretch& one) {
    if (!one.paused || one.from >= window.to) return false;
    return !one.to || (*one.to > one.from && *one.to > window.from);
  });
}

Standing in_whole_days(const TimeLimit& limit, const OfficeCalendar& calendar,
                       const std::vector<Stretch>& stretches) {
  std::int64_t left = limit.amount;
  const Micros first = counts_from(limit, calendar, stretches.front().from);
  for (std::int64_t day = local_day(first) + 1;; ++day) {
    const auto windows = calendar.windows(day);
    if (windows.empty()) continue;
    const Micros close = windows.back().to;
    if (stretches.back().paused && stretches.back().from < close) return {std::nullopt, left * kWorkingDay};
    const bool touched = std::any_of(windows.begin(), windows.end(), [&](const Span& window) {
      return was_paused_within(stretches, window);
    });
    if (!touched && --left == 0) return used_up(stretches, close);
  }
}

}  // namespace

Standing standing_of(const TimeLimit& limit, const OfficeCalendar& calendar,
                     const std::vector<ClockEntry>& ledger) {
  const auto stretches = stretches_of(ledger);
  if (stretches.empty()) return {};
  if (limit.unit == "same_day" || limit.amount == 0) return on_the_same_day(limit, calendar, stretches);
  if (limit.unit == "working_day" && limit.counting == "civil_code") {
    return in_whole_days(limit, calendar, stretches);
  }
  return in_working_time(limit, calendar, stretches);
}

Micros reception_limit(const OfficeCalendar& calendar, Micros filed_at) {
  return calendar.after(filed_at, kWorkingDay * kSecond, Desk::reception);
}

Micros nearing(const OfficeCalendar& calendar, Micros since, Micros due) {
  const Micros whole = calendar.between(since, due);
  if (whole == 0) return due;
  const Micros lead = std::min(kWorkingDay * kSecond, whole / 2);
  return std::min(due, calendar.after(since, whole - lead));
}

Micros shifted(const OfficeCalendar& calendar, Micros due, Micros paused, Micros resumed) {
  const Micros lost = calendar.between(paused, resumed);
  return due <= paused || lost == 0 ? due : calendar.after(due, lost);
}

}  // namespace motcua::simulation::model
