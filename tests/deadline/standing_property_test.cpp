#include "engine/deadline/counting.hpp"
#include "engine/deadline/receipt.hpp"
#include "engine/deadline/standing.hpp"
#include "tests/deadline/standing_samples.hpp"

#include <rapidcheck/gtest.h>

#include <algorithm>
#include <vector>

namespace motcua::engine {
namespace {

using std::chrono::days;
using std::chrono::microseconds;
using std::chrono::seconds;

Limit any_limit() {
  Limit limit;
  limit.unit = *rc::gen::element(LimitUnit::same_day, LimitUnit::working_hour, LimitUnit::working_day,
                                 LimitUnit::calendar_day, LimitUnit::month);
  limit.counting = *rc::gen::element(LimitCounting::working_time, LimitCounting::civil_code);
  limit.amount = limit.unit == LimitUnit::same_day ? 0 : *rc::gen::resize(100, rc::gen::inRange(0, 12));
  if (*rc::gen::arbitrary<bool>()) {
    limit.cutoff = seconds{*rc::gen::element(0, 9, 11, 15, 17, 23) * 3600};
  }
  limit.law = "law-1";
  return limit;
}

/// Start and up to six pauses and resumes, some of them empty.
std::vector<Instant> moments_of(int more) {
  std::vector<Instant> moments{*any_instant() + microseconds{*rc::gen::element(0, 1, 500'000)}};
  for (int i = 0; i < more; ++i) {
    const auto wait = *rc::gen::oneOf(rc::gen::resize(100, rc::gen::inRange<std::int64_t>(0, 400'000)),
                                      rc::gen::element<std::int64_t>(0, 1, 3600, 86'400));
    moments.push_back(moments.back() + seconds{wait} + microseconds{*rc::gen::element(0, 0, 1, 700'000)});
  }
  return moments;
}
std::vector<Instant> any_moments() { return moments_of(*rc::gen::resize(100, rc::gen::inRange(0, 7))); }
/// Ends with a resume.
std::vector<Instant> any_resumed_moments() { return moments_of(2 * *rc::gen::element(1, 1, 2, 3)); }

/// The calendar with a desk that opens at other hours and days.
WorkingCalendar any_office() {
  auto calendar = *any_calendar();
  if (*rc::gen::arbitrary<bool>()) {
    for (auto& day : calendar.reception) {
      day = *rc::gen::element(std::vector<Window>{}, std::vector<Window>{{seconds{28'800}, seconds{57'600}}},
                              std::vector<Window>{{seconds{25'200}, seconds{39'600}}});
    }
    calendar.reception[2] = {{seconds{28'800}, seconds{61'200}}};
  }
  return calendar;
}

std::int64_t limit_seconds(const Limit& limit, Instant counts_from) {
  if (limit.unit == LimitUnit::same_day) return 0;
  if (limit.unit == LimitUnit::month) {
    const auto received = local_day(counts_from);
    return (same_day_of_month_after(received, limit.amount) - received).count() * kWorkingDaySeconds;
  }
  return limit.amount * (limit.unit == LimitUnit::working_hour ? 3600 : kWorkingDaySeconds);
}

std::int64_t limit_seconds(const Limit& limit, const WorkingCalendar& calendar, Instant start) {
  return limit_seconds(limit, receipt_of(limit, calendar, start).counts_from);
}

RC_GTEST_PROP(StandingProperty, ADueInstantLiesInAWindowOrAtItsClosingMinute, ()) {
  const auto calendar = any_office();
  const auto limit = any_limit();
  const auto standing = standing_in(calendar, limit, ledger_of(any_moments()));
  RC_PRE(standing.legal_due.has_value());
  const auto at = [&](Instant inside) {
    const auto& windows = calendar.windows_on(local_day(inside));
    return std::any_of(windows.begin(), windows.end(), [&](const Window& window) {
      return instant_at(local_day(inside), window.from) <= inside &&
             inside < instant_at(local_day(inside), window.to);
    });
  };
  RC_ASSERT(at(*standing.legal_due - microseconds{1}) || at(*standing.legal_due));
}

RC_GTEST_PROP(StandingProperty, AWholeDayLimitEndsAtACloseOfBusiness, ()) {
  const auto calendar = any_office();
  const auto limit = any_limit();
  RC_PRE(counts_whole_days(limit));
  const auto due = standing_in(calendar, limit, ledger_of(any_moments())).legal_due;
  RC_PRE(due.has_value());
  const auto day = local_day(*due - microseconds{1});
  RC_ASSERT(instant_at(day, calendar.windows_on(day).back().to) == *due);
}

RC_GTEST_PROP(StandingProperty, MoreTimeOrALaterReceiptIsNeverDueEarlier, ()) {
  const auto calendar = any_office();
  const auto limit = any_limit();
  const auto start = *any_instant();
  const auto later = start + seconds{*rc::gen::resize(100, rc::gen::inRange(0, 300'000))};
  const auto due = standing_in(calendar, limit, ledger_of({start})).legal_due;
  RC_ASSERT((standing_in(calendar, limit, ledger_of({later})).legal_due >= due));
  auto more = limit;
  more.amount += 1;
  RC_ASSERT((standing_in(calendar, more, ledger_of({start})).legal_due >= due));
}

RC_GTEST_PROP(StandingProperty, APauseNeverMakesTheDueInstantEarlierNorSavesALateCase, ()) {
  const auto calendar = any_office();
  const auto limit = any_limit();
  auto moments = any_resumed_moments();
  const auto with_pause = standing_in(calendar, limit, ledger_of(moments)).legal_due;
  const auto paused_at = moments[moments.size() - 2];
  moments.resize(moments.size() - 2);
  const auto without = standing_in(calendar, limit, ledger_of(moments)).legal_due;
  RC_ASSERT((with_pause >= without));
  if (without < paused_at) RC_ASSERT((with_pause == without));
}

RC_GTEST_PROP(StandingProperty, ALaterResumeIsNeverDueEarlier, ()) {
  const auto calendar = any_office();
  const auto limit = any_limit();
  auto moments = any_resumed_moments();
  const auto due = standing_in(calendar, limit, ledger_of(moments)).legal_due;
  moments.back() += seconds{*rc::gen::resize(100, rc::gen::inRange(0, 300'000))};
  RC_ASSERT((standing_in(calendar, limit, ledger_of(moments)).legal_due >= due));
}

RC_GTEST_PROP(StandingProperty, TheDerivationIsGaplessAndSumsToTheLimitOrToWhatWasUsed, ()) {
  const auto calendar = any_office();
  const auto limit = any_limit();
  const auto moments = any_moments();
  const auto standing = standing_in(calendar, limit, ledger_of(moments));
  const auto whole = limit_seconds(limit, calendar, moments.front());
  Instant reached = moments.front();
  std::int64_t counted = 0;
  for (const auto& interval : standing.derivation) {
    RC_ASSERT(interval.from == reached);
    RC_ASSERT(interval.to >= interval.from);
    RC_ASSERT(interval.to > interval.from || interval.rule == rule::clock_paused);
    reached = interval.to;
    counted += interval.counted_seconds;
  }
  const auto end = standing.legal_due    ? standing.legal_due
                   : standing.used_up_at ? standing.used_up_at
                                         : std::optional(moments.back());
  RC_ASSERT(reached == *end);
  if (standing.legal_due || standing.used_up_at) {
    RC_ASSERT(counted == whole);
  } else if (limit.unit != LimitUnit::same_day && limit.amount > 0) {
    // What is left is cut to whole seconds, and so is what was used.
    RC_ASSERT(whole - counted - standing.remaining->count <= 1);
    RC_ASSERT(whole - counted - standing.remaining->count >= 0);
  }
}

RC_GTEST_PROP(StandingProperty, AnotherDayOffNeverMakesADateEarlier, ()) {
  const auto calendar = any_office();
  const auto limit = any_limit();
  const auto moments = any_resumed_moments();
  const auto due = standing_in(calendar, limit, ledger_of(moments)).legal_due;
  auto more = calendar;
  const auto near = local_day(moments.front()) + days{*rc::gen::resize(100, rc::gen::inRange(-2, 40))};
  more.overrides[*rc::gen::element(near, local_day(*due))] = DayOverride{};
  RC_ASSERT((standing_in(more, limit, ledger_of(moments)).legal_due >= due));
}

RC_GTEST_PROP(StandingProperty, APauseShiftsALimitInWorkingTimeByTheWorkingTimeThatPassed, ()) {
  const auto calendar = any_office();
  const auto limit = any_limit();
  RC_PRE(!counts_whole_days(limit));
  const auto moments = moments_of(2);
  const auto from = receipt_of(limit, calendar, moments[0]).counts_from;
  const auto without = standing_in(calendar, limit, ledger_of({moments[0]})).legal_due;
  RC_PRE(moments[1] <= *without);
  const auto due = standing_in(calendar, limit, ledger_of(moments)).legal_due;
  const auto lost = working_micros_between(calendar, std::max(from, moments[1]), moments[2]);
  RC_ASSERT(working_micros_between(calendar, from, *due) == seconds{limit_seconds(limit, from)} + lost);
}

/// A day that a pause takes from a limit in days of the calendar.
bool is_lost(const WorkingCalendar& calendar, LocalDay day, Instant paused, Instant resumed) {
  const auto midnight = instant_at(day, microseconds{0});
  if (paused == resumed) return false;
  if (calendar.windows_on(day).empty()) return paused < midnight + days{1} && resumed > midnight;
  return working_micros_between(calendar, std::max(paused, midnight), std::min(resumed, midnight + days{1}))
             .count() > 0;
}

RC_GTEST_PROP(StandingProperty, APauseShiftsALimitInDaysOfTheCalendarByTheDaysThatItTook, ()) {
  const auto calendar = any_office();
  const auto limit = any_limit();
  RC_PRE(counts_days_off(limit) && limit.amount > 0);
  const auto moments = moments_of(2);
  const auto from = receipt_of(limit, calendar, moments[0]).counts_from;
  auto left = limit_seconds(limit, from) / kWorkingDaySeconds;
  const auto without = standing_in(calendar, limit, ledger_of({moments[0]})).legal_due;
  RC_PRE(moments[1] < *without);
  LocalDay day = local_day(from);
  while (left > 0) {
    day += days{1};
    left -= is_lost(calendar, day, moments[1], moments[2]) ? 0 : 1;
  }
  while (calendar.windows_on(day).empty() || is_lost(calendar, day, moments[1], moments[2])) day += days{1};
  const auto due = standing_in(calendar, limit, ledger_of(moments)).legal_due;
  RC_ASSERT(*due == instant_at(day, calendar.windows_on(day).back().to));
}

RC_GTEST_PROP(StandingProperty, TheInstantsAreTheSameWithoutIntervals, ()) {
  const auto calendar = any_office();
  const auto limit = any_limit();
  const auto entries = ledger_of(any_moments());
  const auto with = standing_of(limit, calendar, calendar, entries);
  const auto without = standing_of(limit, calendar, calendar, entries, Detail::instants);
  RC_ASSERT((with.legal_due == without.legal_due));
  RC_ASSERT((with.remaining == without.remaining));
  RC_ASSERT((with.used_up_at == without.used_up_at));
  RC_ASSERT(without.derivation.empty());
}

}  // namespace
}  // namespace motcua::engine
