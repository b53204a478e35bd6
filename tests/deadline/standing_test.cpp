#include "engine/deadline/standing.hpp"

#include "tests/deadline/standing_samples.hpp"

#include <gtest/gtest.h>

#include <numeric>
#include <string>
#include <vector>

namespace motcua::engine {
namespace {

using Moments = std::vector<std::string>;
using std::chrono::hours;
using std::chrono::minutes;

std::int64_t counted(const Standing& standing) {
  return std::accumulate(standing.derivation.begin(), standing.derivation.end(), std::int64_t{0},
                         [](std::int64_t sum, const auto& one) { return sum + one.counted_seconds; });
}

/// `rule` of each interval, with the time of day at which it ends.
std::string rules(const Standing& standing) {
  std::string text;
  for (const auto& interval : standing.derivation) {
    text += interval.rule + '>' + to_rfc3339(interval.to).substr(5, 11) + ' ';
  }
  return text;
}

TEST(CutOff, At1459TheSameDayAt1501TheNextWorkingDay) {
  const auto limit = before_15h(same_day());
  EXPECT_EQ(due_in_2026(limit, {"2026-03-02T14:59:00"}), "2026-03-02T17:00:00");
  EXPECT_EQ(due_in_2026(limit, {"2026-03-02T15:01:00"}), "2026-03-03T17:00:00");
}

TEST(CutOff, At1500SharpIsNotYetAfter15) {
  const auto limit = before_15h(same_day());
  EXPECT_EQ(due_in_2026(limit, {"2026-03-02T15:00:00"}), "2026-03-02T17:00:00");
  EXPECT_EQ(due_in_2026(limit, {"2026-03-02T15:00:00.000001"}), "2026-03-03T17:00:00");
}

TEST(CutOff, OfALimitInWorkingDaysCountsFromTheNextOpening) {
  const auto limit = before_15h(working_days(3));
  EXPECT_EQ(due_in_2026(limit, {"2026-03-02T14:59:00"}), "2026-03-05T14:59:00");
  EXPECT_EQ(due_in_2026(limit, {"2026-03-02T15:01:00"}), "2026-03-05T17:00:00");
  EXPECT_EQ(due_in_2026(before_15h(whole_days(3)), {"2026-03-02T15:00:00"}), "2026-03-05T17:00:00");
  EXPECT_EQ(due_in_2026(before_15h(whole_days(3)), {"2026-03-02T15:01:00"}), "2026-03-06T17:00:00");
}

TEST(CutOff, OnTheLastDayBeforeTetLeadsOverTet) {
  EXPECT_EQ(due_in_2026(before_15h(same_day()), {"2026-02-13T15:01:00"}), "2026-02-23T17:00:00");
}

TEST(CutOff, CitesTheLawOfTheLimit) {
  const auto standing =
      standing_in(civil_servants_2026(), before_15h(same_day()), ledger({"2026-03-02T15:01:00"}));
  EXPECT_EQ(rules(standing), "after_cutoff>03-02T17:00 outside_hours>03-03T07:00 same_day>03-03T17:00 ");
  EXPECT_EQ(standing.derivation[0].law, "law-1");
  EXPECT_EQ(standing.derivation[1].law, "");
  EXPECT_EQ(standing.derivation[2].law, "law-1");
}

TEST(Receipt, OutOfHoursCountsFromTheNextOpening) {
  for (const auto* at : {"2026-03-02T17:00:00", "2026-03-02T22:00:00", "2026-03-03T06:59:59"}) {
    EXPECT_EQ(due_in_2026(same_day(), {at}), "2026-03-03T17:00:00") << at;
    EXPECT_EQ(due_in_2026(working_days(1), {at}), "2026-03-03T17:00:00") << at;
    EXPECT_EQ(due_in_2026(whole_days(1), {at}), "2026-03-04T17:00:00") << at;
  }
  EXPECT_EQ(due_in_2026(same_day(), {"2026-03-02T12:00:00"}), "2026-03-02T17:00:00");
  EXPECT_EQ(due_in_2026(same_day(), {"2026-02-18T10:00:00"}), "2026-02-23T17:00:00");
}

WorkingCalendar with_saturday_reception() {
  auto calendar = civil_servants_2026();
  calendar.reception[6] = {{hours{7}, hours{11}}};
  return calendar;
}

TEST(Receipt, OnASaturdayMorningOfReceptionCountsFromMondaysOpening) {
  const auto calendar = with_saturday_reception();
  const auto saturday = ledger({"2026-03-07T08:00:00"});
  EXPECT_EQ(due_text(standing_in(calendar, same_day(), saturday)), "2026-03-09T17:00:00");
  EXPECT_EQ(due_text(standing_in(calendar, working_days(1), saturday)), "2026-03-09T17:00:00");
  const auto whole = standing_in(calendar, whole_days(1), saturday);
  EXPECT_EQ(due_text(whole), "2026-03-09T17:00:00") << "Saturday was the day of receipt";
  EXPECT_EQ(rules(whole), "receipt_day>03-08T00:00 rest_day>03-09T00:00 counted_day>03-09T17:00 ");
}

TEST(Receipt, WhileTheOfficeWorksBehindAClosedDeskCountsFromTheDesksOpening) {
  auto calendar = civil_servants_2026();
  for (std::size_t day = 1; day <= 5; ++day) calendar.reception[day] = {{hours{8}, hours{16}}};
  const auto standing = standing_in(calendar, working_days(1), ledger({"2026-03-02T16:30:00"}));
  EXPECT_EQ(due_text(standing), "2026-03-04T08:00:00");
  EXPECT_EQ(rules(standing),
            "reception_closed>03-02T17:00 outside_hours>03-03T07:00 reception_closed>03-03T08:00 "
            "processing_window>03-03T11:30 outside_hours>03-03T13:30 processing_window>03-03T17:00 "
            "outside_hours>03-04T07:00 processing_window>03-04T08:00 ");
}

TEST(WorkingHours, AreCountedFromTheMinute) {
  EXPECT_EQ(due_in_2026(limit_of(2, LimitUnit::working_hour), {"2026-03-02T11:00:00"}),
            "2026-03-02T15:00:00");
  EXPECT_EQ(due_in_2026(limit_of(8, LimitUnit::working_hour), {"2026-03-02T11:00:00"}),
            "2026-03-03T11:00:00");
}

TEST(WholeDays, DoNotCountTheDayOfReceiptAndEndAtTheCloseOfTheLast) {
  EXPECT_EQ(due_in_2026(whole_days(1), {"2026-03-02T07:00:00"}), "2026-03-03T17:00:00");
  EXPECT_EQ(due_in_2026(whole_days(1), {"2026-03-02T16:59:00"}), "2026-03-03T17:00:00");
  EXPECT_EQ(due_in_2026(whole_days(1), {"2026-03-06T08:00:00"}), "2026-03-09T17:00:00");
  EXPECT_EQ(due_in_2026(whole_days(2), {"2026-02-12T08:00:00"}), "2026-02-23T17:00:00") << "over Tết";
  EXPECT_EQ(due_in_2026(whole_days(1), {"2026-08-21T08:00:00"}), "2026-08-22T17:00:00") << "make-up Saturday";
  EXPECT_EQ(due_in_2026(whole_days(0), {"2026-03-02T08:00:00"}), "2026-03-02T17:00:00");
}

TEST(WholeDays, ADayWithAPauseInItsOfficeHoursIsNotCounted) {
  const Limit limit = whole_days(3);
  EXPECT_EQ(due_in_2026(limit, {"2026-03-02T08:00:00"}), "2026-03-05T17:00:00");
  EXPECT_EQ(due_in_2026(limit, {"2026-03-02T08:00:00", "2026-03-03T16:59:00", "2026-03-04T08:00:00"}),
            "2026-03-09T17:00:00");
  EXPECT_EQ(due_in_2026(limit, {"2026-03-02T08:00:00", "2026-03-03T17:00:00", "2026-03-04T07:00:00"}),
            "2026-03-05T17:00:00")
      << "a night is no processing time";
  EXPECT_EQ(due_in_2026(limit, {"2026-03-02T08:00:00", "2026-03-02T09:00:00", "2026-03-02T16:00:00"}),
            "2026-03-05T17:00:00")
      << "the day of receipt is not counted anyway";
  EXPECT_EQ(due_in_2026(limit, {"2026-03-02T08:00:00", "2026-03-03T09:00:00", "2026-03-03T09:00:00"}),
            "2026-03-05T17:00:00")
      << "an empty pause takes no day";
}

TEST(WholeDays, WhilePausedTheDaysNotYetCountedRemain) {
  const auto standing = standing_in(civil_servants_2026(), whole_days(3),
                                    ledger({"2026-03-02T08:00:00", "2026-03-04T09:00:00"}));
  EXPECT_EQ(due_text(standing), "paused 57600");
  EXPECT_EQ(counted(standing), 28'800);
  EXPECT_EQ(rules(standing), "receipt_day>03-03T00:00 counted_day>03-04T00:00 paused_day>03-04T09:00 ");
}

TEST(WholeDays, ShowThePausesWithinADay) {
  const auto standing =
      standing_in(civil_servants_2026(), whole_days(2),
                  ledger({"2026-03-02T08:00:00", "2026-03-03T11:40:00", "2026-03-03T13:00:00",
                          "2026-03-04T09:00:00", "2026-03-04T10:00:00"}));
  EXPECT_EQ(due_text(standing), "2026-03-05T17:00:00") << "a pause over lunch takes no day";
  EXPECT_EQ(counted(standing), 2 * 28'800);
  EXPECT_EQ(
      rules(standing),
      "receipt_day>03-03T00:00 counted_day>03-03T11:40 clock_paused>03-03T13:00 counted_day>03-04T00:00 "
      "paused_day>03-04T09:00 clock_paused>03-04T10:00 paused_day>03-05T00:00 counted_day>03-05T17:00 ");
}

TEST(SameDay, AResumeCountsLikeAReceiptTheCutOffIncluded) {
  const Limit limit = before_15h(same_day());
  EXPECT_EQ(due_in_2026(limit, {"2026-03-02T08:00:00", "2026-03-02T09:00:00"}), "paused 21600");
  EXPECT_EQ(due_in_2026(limit, {"2026-03-02T08:00:00", "2026-03-02T09:00:00", "2026-03-02T10:00:00"}),
            "2026-03-02T17:00:00");
  EXPECT_EQ(due_in_2026(limit, {"2026-03-02T08:00:00", "2026-03-02T09:00:00", "2026-03-02T15:01:00"}),
            "2026-03-03T17:00:00");
  EXPECT_EQ(due_in_2026(limit, {"2026-03-02T08:00:00", "2026-03-02T09:00:00", "2026-03-05T10:00:00"}),
            "2026-03-05T17:00:00");
  EXPECT_EQ(due_in_2026(limit, {"2026-03-02T15:30:00", "2026-03-02T16:00:00"}), "paused 28800")
      << "the day had not begun";
}

TEST(Pause, OverTetLeavesWhatWasLeft) {
  const Moments moments{"2026-02-12T08:00:00", "2026-02-13T10:00:00", "2026-02-24T09:00:00"};
  const auto standing = standing_in(civil_servants_2026(), working_days(5), ledger(moments));
  // 7 h + 3 h were used (12 February from 08:00, 13 February to 10:00): 30 h are left at 24 February 09:00.
  EXPECT_EQ(due_text(standing), "2026-02-27T17:00:00");
  EXPECT_EQ(counted(standing), 5 * 28'800);
  const auto paused = standing_in(civil_servants_2026(), working_days(5), ledger({moments[0], moments[1]}));
  EXPECT_EQ(due_text(paused), "paused 108000");
  EXPECT_EQ(counted(paused), 36'000);
}

TEST(Pause, AfterTheDueInstantMakesNoLateCasePunctual) {
  const Moments late{"2026-03-02T08:00:00", "2026-03-03T08:00:01"};
  for (const Limit& limit : {working_days(1), same_day(), limit_of(2, LimitUnit::working_hour)}) {
    auto moments = late;
    const auto punctual = standing_in(civil_servants_2026(), limit, ledger({late[0]})).legal_due;
    const auto paused = standing_in(civil_servants_2026(), limit, ledger(moments));
    EXPECT_EQ(due_text(paused), "paused 0");
    EXPECT_EQ(paused.used_up_at, punctual);
    moments.push_back("2026-03-10T08:00:00");
    EXPECT_EQ(standing_in(civil_servants_2026(), limit, ledger(moments)).legal_due, punctual);
  }
  const Moments days{"2026-03-02T08:00:00", "2026-03-04T17:30:00", "2026-03-10T08:00:00"};
  EXPECT_EQ(due_in_2026(whole_days(2), days), "2026-03-04T17:00:00");
}

TEST(Pause, InTheNightAfterTheDueInstantMakesNoLateCasePunctual) {
  EXPECT_EQ(
      due_in_2026(working_days(1), {"2026-03-02T07:00:00", "2026-03-02T19:00:00", "2026-03-09T10:00:00"}),
      "2026-03-02T17:00:00");
}

TEST(Pause, HalfSecondsAreNotLost) {
  EXPECT_EQ(due_in_2026(limit_of(1, LimitUnit::working_hour),
                        {"2026-03-02T08:00:00", "2026-03-02T08:00:00.5", "2026-03-02T09:00:00",
                         "2026-03-02T09:00:00.5", "2026-03-02T10:00:00"}),
            "2026-03-02T10:59:59");
}

TEST(Standing, OfAnEndedClockKeepsItsDueInstant) {
  auto entries = ledger({"2026-03-02T08:00:00"});
  entries.push_back({ClockChange::end, "", local("2026-03-02T09:00:00")});
  EXPECT_EQ(due_text(standing_in(civil_servants_2026(), working_days(1), entries)), "2026-03-03T08:00:00");
}

TEST(Standing, IsEmptyBeforeTheClockStartsAndWhereTheLawStatesNoLimit) {
  const auto calendar = civil_servants_2026();
  EXPECT_EQ(due_text(standing_in(calendar, working_days(1), {})), "none");
  EXPECT_EQ(due_text(standing_in(calendar, working_days(1),
                                 {{ClockChange::end, "", local("2026-03-02T08:00:00")}})),
            "none");
  const auto no_limit = limit_of(0, LimitUnit::none);
  EXPECT_FALSE(standing_in(calendar, no_limit, {}).unlimited);
  const auto standing = standing_in(calendar, no_limit, ledger({"2026-03-02T08:00:00"}));
  EXPECT_EQ(due_text(standing), "none");
  EXPECT_TRUE(standing.unlimited);
  EXPECT_TRUE(standing.derivation.empty());
}

TEST(Standing, NeverEndsWhereTheCalendarNeverOpens) {
  const WorkingCalendar empty;
  for (const Limit& limit : {working_days(1), whole_days(2), same_day(), working_days(INT64_MAX),
                             calendar_days(1), calendar_days(20), months(3), months(INT64_MAX)}) {
    const auto standing = standing_in(empty, limit, ledger({"2026-03-02T08:00:00"}));
    EXPECT_EQ(due_text(standing), "9999-12-31T23:59:59");
    EXPECT_TRUE(standing.derivation.empty());
  }
}

TEST(Provisional, BeyondThePublishedDaysTheWeekAndTheFixedHolidaysCount) {
  auto calendar = civil_servants_2026();
  const DayOverride new_year{.name = "Tết Dương lịch", .law = "law-2"};
  calendar.yearly[std::chrono::January / 1] = new_year;
  calendar.yearly[std::chrono::March / 3] = new_year;
  const auto standing = standing_in(calendar, working_days(1), ledger({"2026-12-31T16:00:00"}));
  EXPECT_EQ(due_text(standing), "2027-01-04T16:00:00") << "1 January 2027 is a Friday";
  EXPECT_TRUE(standing.provisional);
  EXPECT_EQ(rules(standing),
            "processing_window>12-31T17:00 outside_hours>01-01T00:00 expected_holiday>01-02T00:00 "
            "rest_day>01-04T00:00 outside_hours>01-04T07:00 processing_window>01-04T11:30 "
            "outside_hours>01-04T13:30 processing_window>01-04T16:00 ");
  EXPECT_FALSE(standing_in(calendar, same_day(), ledger({"2026-12-31T16:00:00"})).provisional);
  EXPECT_EQ(due_text(standing_in(calendar, same_day(), ledger({"2026-03-03T08:00:00"}))),
            "2026-03-03T17:00:00")
      << "within the published days only what was announced is off";
}

}  // namespace
}  // namespace motcua::engine
