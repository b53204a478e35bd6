#include "engine/deadline/counting.hpp"

#include "engine/core/ensure.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

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

/// Answer where the calendar never opens again: the last second of the year 9999. It can be formatted and
/// compared, and nobody takes it for a promise. The loader refuses calendars whose week is empty; this is the
/// second guard.
Instant no_opening() { return instant_at(kLastDay, days{1} - seconds{1}); }

/// A window on the time line, half-open [from, to).
struct Opening {
  Instant from{};
  Instant to{};
};

/// Calls `visit` with every window at or after `from` (the first one cut at `from`), ascending, until it
/// answers true. False if the days run out first.
template <class Visit>
bool find_opening(const WorkingCalendar& calendar, Instant from, Visit visit) {
  LocalDay last_open = std::max(local_day(from), kFirstDay);
  for (LocalDay day = last_open; day <= kLastDay && day - last_open <= kSearchDaysMax; day += days{1}) {
    for (const Window& window : calendar.windows_on(day)) {
      const Opening opening{std::max(instant_at(day, window.from), from), instant_at(day, window.to)};
      last_open = day;
      if (opening.from < opening.to && visit(opening)) return true;
    }
  }
  return false;
}

/// Builds a derivation: cuts at `end`, joins neighbours skipped for the same reason, and counts whole seconds
/// so that they sum to the whole seconds of the sum.
class Derivation {
 public:
  Derivation(Instant from, Instant end) : at_(from), end_(end) {}

  [[nodiscard]] bool complete() const { return at_ >= end_; }
  [[nodiscard]] std::vector<DerivationInterval> take() { return std::move(intervals_); }

  /// Skips up to `to` for the reason given.
  void skip(Instant to, const char* rule, const DayOverride* reason) {
    auto interval = next(to, rule, reason);
    if (interval.from >= interval.to) return;
    if (!intervals_.empty() && same_reason(intervals_.back(), interval)) {
      intervals_.back().to = interval.to;
    } else {
      intervals_.push_back(std::move(interval));
    }
  }

  /// Counts up to `to`.
  void count(Instant to, const char* rule, const DayOverride* reason) {
    auto interval = next(to, rule, reason);
    if (interval.from >= interval.to) return;
    const auto before = std::chrono::floor<seconds>(counted_);
    counted_ += interval.to - interval.from;
    interval.counted_seconds = (std::chrono::floor<seconds>(counted_) - before).count();
    intervals_.push_back(std::move(interval));
  }

 private:
  DerivationInterval next(Instant to, const char* rule, const DayOverride* reason) {
    DerivationInterval interval{at_, std::min(to, end_), 0, rule, {}, {}};
    if (reason != nullptr) {
      interval.notice = reason->notice;
      interval.law = reason->law;
    }
    at_ = std::max(at_, interval.to);
    return interval;
  }

  static bool same_reason(const DerivationInterval& a, const DerivationInterval& b) {
    return a.rule == b.rule && a.notice == b.notice && a.law == b.law;
  }

  Instant at_{};
  Instant end_{};
  microseconds counted_{0};
  std::vector<DerivationInterval> intervals_{};
};

void derive_day(const WorkingCalendar& calendar, LocalDay day, Derivation& derivation) {
  const auto found = calendar.overrides.find(day);
  const DayOverride* const override_ = found == calendar.overrides.end() ? nullptr : &found->second;
  const Instant midnight = instant_at(day + days{1}, microseconds{0});
  if (override_ != nullptr && override_->kind == DayKind::off) {
    derivation.skip(midnight, "holiday", override_);
    return;
  }
  const auto windows = calendar.windows_on(day);
  const char* const gap = windows.empty() ? "rest_day" : "outside_hours";
  const char* const worked = override_ != nullptr ? "worked_instead" : "processing_window";
  for (const Window& window : windows) {
    derivation.skip(instant_at(day, window.from), gap, nullptr);
    derivation.count(instant_at(day, window.to), worked, override_);
  }
  derivation.skip(midnight, gap, nullptr);
}

}  // namespace

Instant add_working_time(const WorkingCalendar& calendar, Instant from, WorkingSeconds amount) {
  ENSURE(amount.count >= 0);
  // More seconds than the searched days hold would overflow microseconds; they end beyond the last day
  // anyway.
  const seconds searched = kLastDay - kFirstDay + days{1};
  microseconds remaining = std::min(seconds{amount.count}, searched);
  Instant due{};
  const bool found = find_opening(calendar, from, [&](const Opening& opening) {
    const microseconds length = opening.to - opening.from;
    due = opening.from + std::min(remaining, length);
    if (remaining <= length) return true;
    remaining -= length;
    return false;
  });
  return found ? due : no_opening();
}

WorkingSeconds working_time_between(const WorkingCalendar& calendar, Instant from, Instant to) {
  microseconds counted{0};
  const LocalDay last = std::min(local_day(to), kLastDay);
  for (LocalDay day = std::max(local_day(from), kFirstDay); day <= last; day += days{1}) {
    for (const Window& window : calendar.windows_on(day)) {
      const Instant opens = std::max(instant_at(day, window.from), from);
      const Instant closes = std::min(instant_at(day, window.to), to);
      counted += std::max(closes - opens, microseconds{0});
    }
  }
  return {std::chrono::floor<seconds>(counted).count()};
}

std::vector<DerivationInterval> derive(const WorkingCalendar& calendar, Instant from, WorkingSeconds amount) {
  const Instant end = add_working_time(calendar, from, amount);
  // Nothing explains a due date that does not exist.
  if (end == no_opening()) return {};
  Derivation derivation{from, end};
  for (LocalDay day = local_day(from); !derivation.complete(); day += days{1}) {
    derive_day(calendar, day, derivation);
  }
  return derivation.take();
}

}  // namespace motcua::engine
