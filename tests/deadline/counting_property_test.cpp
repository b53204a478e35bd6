#include "engine/deadline/counting.hpp"
#include "engine/deadline/derivation.hpp"
#include "engine/deadline/limit.hpp"
#include "tests/deadline/sample_calendars.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <chrono>

namespace motcua::engine {
namespace {

using std::chrono::microseconds;

/// 0 to about twelve working days; often the edges of windows.
WorkingSeconds any_amount() {
  const auto amount =
      rc::gen::oneOf(rc::gen::resize(100, rc::gen::inRange<std::int64_t>(0, 12 * kWorkingDaySeconds)),
                     rc::gen::element<std::int64_t>(0, 1, 12'600, 16'200, 28'799, 28'800, 28'801, 57'600));
  return {*amount};
}

RC_GTEST_PROP(CountingProperty, WorkingTimeToTheDueInstantIsTheAmount, ()) {
  const auto calendar = *any_calendar();
  const auto from = *any_instant() + microseconds{*rc::gen::element(0, 1, 500'000, 999'999)};
  const auto amount = any_amount();
  RC_ASSERT(working_time_between(calendar, from, add_working_time(calendar, from, amount)) == amount);
}

RC_GTEST_PROP(CountingProperty, ADueInstantLiesInAWindowOrAtItsClosingMinute, ()) {
  const auto calendar = *any_calendar();
  const auto amount = any_amount();
  RC_PRE(amount.count > 0);
  const auto due = add_working_time(calendar, *any_instant(), amount);
  const auto day = local_day(due - microseconds{1});
  const auto windows = calendar.windows_on(day);
  RC_ASSERT(std::any_of(windows.begin(), windows.end(), [&](const Window& window) {
    return instant_at(day, window.from) < due && due <= instant_at(day, window.to);
  }));
}

RC_GTEST_PROP(CountingProperty, NothingAddedIsTheMomentItselfOrTheNextOpening, ()) {
  const auto calendar = *any_calendar();
  const auto from = *any_instant();
  const auto start = add_working_time(calendar, from, {0});
  const auto windows = calendar.windows_on(local_day(start));
  RC_ASSERT(start >= from);
  RC_ASSERT(working_time_between(calendar, from, start).count == 0);
  RC_ASSERT(std::any_of(windows.begin(), windows.end(), [&](const Window& window) {
    const auto opens = instant_at(local_day(start), window.from);
    return start == from ? opens <= start && start < instant_at(local_day(start), window.to) : opens == start;
  }));
}

RC_GTEST_PROP(CountingProperty, MoreTimeOrALaterStartIsNeverDueEarlier, ()) {
  const auto calendar = *any_calendar();
  const auto from = *any_instant();
  const auto later = from + std::chrono::seconds{*rc::gen::resize(100, rc::gen::inRange(0, 300'000))};
  const auto amount = any_amount();
  const auto due = add_working_time(calendar, from, amount);
  RC_ASSERT(add_working_time(calendar, from, {amount.count + 1}) > due);
  RC_ASSERT(add_working_time(calendar, later, amount) >= due);
}

RC_GTEST_PROP(CountingProperty, CountingInTwoPartsIsCountingAtOnce, ()) {
  const auto calendar = *any_calendar();
  const auto from = *any_instant();
  const auto first = any_amount();
  const auto second = any_amount();
  RC_PRE(second.count > 0);
  const auto between = add_working_time(calendar, from, first);
  RC_ASSERT(add_working_time(calendar, between, second) ==
            add_working_time(calendar, from, {first.count + second.count}));
}

RC_GTEST_PROP(CountingProperty, ADayTurnedOffNeverMakesADueInstantEarlier, ()) {
  auto calendar = *any_calendar();
  const auto from = *any_instant();
  const auto amount = any_amount();
  const auto due = add_working_time(calendar, from, amount);
  calendar.overrides[local_day(from) + std::chrono::days{*rc::gen::inRange(0, 20)}] = DayOverride{};
  RC_ASSERT(add_working_time(calendar, from, amount) >= due);
}

RC_GTEST_PROP(DeriveProperty, IsGaplessAndItsCountedSecondsSumToTheAmount, ()) {
  const auto calendar = *any_calendar();
  const auto from = *any_instant() + microseconds{*rc::gen::element(0, 1, 500'000, 999'999)};
  const auto amount = any_amount();
  Instant reached = from;
  std::int64_t counted = 0;
  for (const auto& interval : derive(calendar, from, amount)) {
    RC_ASSERT(interval.from == reached);
    RC_ASSERT(interval.to > interval.from);
    reached = interval.to;
    counted += interval.counted_seconds;
  }
  RC_ASSERT(reached == add_working_time(calendar, from, amount));
  RC_ASSERT(counted == amount.count);
}

RC_GTEST_PROP(DeriveProperty, CountsExactlyTheIntervalsThatAreOpen, ()) {
  const auto calendar = *any_calendar();
  for (const auto& interval : derive(calendar, *any_instant(), any_amount())) {
    const bool counts = interval.rule == "processing_window" || interval.rule == "worked_instead";
    RC_ASSERT(counts == (interval.counted_seconds > 0));
    RC_ASSERT(working_time_between(calendar, interval.from, interval.to).count == interval.counted_seconds);
  }
}

}  // namespace
}  // namespace motcua::engine
