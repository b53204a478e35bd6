#include "engine/deadline/derivation.hpp"

#include "engine/deadline/counting.hpp"

#include <algorithm>
#include <utility>

namespace motcua::engine {
namespace {

using std::chrono::days;
using std::chrono::microseconds;
using std::chrono::seconds;

bool same_reason(const DerivationInterval& a, const DerivationInterval& b) {
  return a.rule == b.rule && a.notice == b.notice && a.law == b.law && a.reason == b.reason &&
         a.name == b.name && a.counted_seconds == 0 && b.counted_seconds == 0;
}

/// One day of explain_span, up to `midnight`.
void explain_day(Derivation& derivation, const WorkingCalendar& calendar, LocalDay day, Instant end,
                 std::string_view window_rule) {
  const Instant midnight = std::min(instant_at(day + days{1}, microseconds{0}), end);
  const DayOverride* const override_ = calendar.override_on(day);
  const auto& windows = calendar.windows_on(day);
  if (windows.empty()) {
    derivation.skip(midnight, rule_of_closed_day(calendar, day), override_);
    return;
  }
  for (const Window& window : windows) {
    const Instant closes = std::min(instant_at(day, window.to), end);
    derivation.skip(std::min(instant_at(day, window.from), end), rule::outside_hours);
    if (window_rule.empty()) {
      derivation.count(closes, override_ != nullptr ? rule::worked_instead : rule::processing_window,
                       override_);
    } else {
      derivation.skip(closes, window_rule);
    }
  }
  derivation.skip(midnight, rule::outside_hours);
}

}  // namespace

DerivationInterval Derivation::next(Instant to, std::string_view rule, const DayOverride* day) {
  DerivationInterval interval{at_, std::max(at_, std::min(to, end_)), 0, std::string(rule)};
  if (day != nullptr) {
    interval.notice = day->notice;
    interval.law = day->law;
    interval.name = day->name;
    interval.name_en = day->name_en;
    interval.replaces = day->replaces;
  }
  at_ = interval.to;
  return interval;
}

void Derivation::join(DerivationInterval interval) {
  if (!intervals_.empty() && same_reason(intervals_.back(), interval)) {
    intervals_.back().to = interval.to;
  } else {
    intervals_.push_back(std::move(interval));
  }
}

void Derivation::skip(Instant to, std::string_view rule, const DayOverride* day) {
  auto interval = next(to, rule, day);
  if (interval.from < interval.to) join(std::move(interval));
}

void Derivation::pause(Instant to, const std::string& reason) {
  auto interval = next(to, rule::clock_paused, nullptr);
  interval.reason = reason;
  join(std::move(interval));
}

void Derivation::count(Instant to, std::string_view rule, const DayOverride* day) {
  auto interval = next(to, rule, day);
  if (interval.from >= interval.to) return;
  const auto before = std::chrono::floor<seconds>(counted_);
  counted_ += interval.to - interval.from;
  interval.counted_seconds = (std::chrono::floor<seconds>(counted_) - before).count();
  intervals_.push_back(std::move(interval));
}

void Derivation::count_fixed(Instant to, std::int64_t counted, std::string_view rule,
                             const DayOverride* day) {
  auto interval = next(to, rule, day);
  if (interval.from >= interval.to) return;
  interval.counted_seconds = counted;
  intervals_.push_back(std::move(interval));
}

std::string_view rule_of_closed_day(const WorkingCalendar& calendar, LocalDay day) {
  const auto* const override_ = calendar.override_on(day);
  if (override_ == nullptr) return rule::rest_day;
  return calendar.overrides.contains(day) ? rule::holiday : rule::expected_holiday;
}

void explain_span(Derivation& derivation, const WorkingCalendar& calendar, Instant end,
                  std::string_view window_rule) {
  while (!derivation.complete() && derivation.at() < end) {
    explain_day(derivation, calendar, local_day(derivation.at()), end, window_rule);
  }
}

std::vector<DerivationInterval> derive(const WorkingCalendar& calendar, Instant from, WorkingSeconds amount) {
  const Instant end = add_working_time(calendar, from, amount);
  if (end == no_opening()) return {};
  Derivation derivation(from, end);
  explain_span(derivation, calendar, end);
  return derivation.take();
}

}  // namespace motcua::engine
