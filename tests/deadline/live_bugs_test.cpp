// The seven faults that were read in the deadline code of a live system, each as the promise that it broke.
#include "engine/deadline/standing.hpp"
#include "tests/deadline/standing_samples.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace motcua::engine {
namespace {

TEST(LiveDeadlineBug, OneAMakeUpSaturdayIsAWorkingDay) {
  EXPECT_EQ(due_in_2026(working_days(1), {"2026-08-21T16:00:00"}), "2026-08-22T16:00:00");
}

TEST(LiveDeadlineBug, TwoALimitOverNewYearSeesTheHolidaysOfBothYears) {
  // 1 January, the day in exchange on the 2nd, the weekend, then the worked Saturday and Tết of that year.
  EXPECT_EQ(due_in_2026(working_days(1), {"2025-12-31T16:00:00"}), "2026-01-05T16:00:00");
  EXPECT_EQ(due_in_2026(working_days(32), {"2025-12-31T16:00:00"}), "2026-02-23T16:00:00");
}

TEST(LiveDeadlineBug, ThreeAReturnFromSupplementAddsProcessingTimeNotCalendarDays) {
  // Three calendar days away, of which one hour on Friday and two on Monday were office hours.
  const std::vector<std::string> moments{"2026-03-06T08:00:00", "2026-03-06T16:00:00", "2026-03-09T09:00:00"};
  EXPECT_EQ(due_in_2026(working_days(2), {moments[0]}), "2026-03-10T08:00:00");
  EXPECT_EQ(due_in_2026(working_days(2), moments), "2026-03-10T11:00:00");
}

TEST(LiveDeadlineBug, FourAtTheLunchEdgeAShortLimitGoesOnInTheAfternoon) {
  EXPECT_EQ(due_in_2026(limit_of(1, LimitUnit::working_hour), {"2026-03-02T11:30:00"}),
            "2026-03-02T14:30:00");
}

TEST(LiveDeadlineBug, FiveWhatIsCarriedOverSkipsLunchAndTheWeekend) {
  EXPECT_EQ(due_in_2026(limit_of(7, LimitUnit::working_hour), {"2026-03-06T16:00:00"}),
            "2026-03-09T15:00:00");
  EXPECT_EQ(due_in_2026(limit_of(2, LimitUnit::working_hour), {"2026-03-07T08:00:00"}),
            "2026-03-09T09:00:00");
}

TEST(LiveDeadlineBug, SixWhatCannotBeCountedHasNoDueInstantRatherThanADefaultOne) {
  EXPECT_EQ(due_in_2026(limit_of(1, LimitUnit::none), {"2026-03-02T08:00:00"}), "none");
  const auto never = standing_in(WorkingCalendar{}, working_days(1), ledger({"2026-03-02T08:00:00"}));
  EXPECT_EQ(due_text(never), "9999-12-31T23:59:59");
}

TEST(LiveDeadlineBug, SevenHolidaysAreSkippedByTheCalendarOfTheCaseNotByAGlobalSwitch) {
  auto without_tet = civil_servants_2026();
  for (auto it = without_tet.overrides.begin(); it != without_tet.overrides.end();) {
    it = it->second.name == "Tết Nguyên đán" ? without_tet.overrides.erase(it) : std::next(it);
  }
  const auto entries = ledger({"2026-02-13T16:00:00"});
  for (int round = 0; round < 2; ++round) {
    EXPECT_EQ(due_text(standing_in(civil_servants_2026(), whole_days(1), entries)), "2026-02-23T17:00:00");
    EXPECT_EQ(due_text(standing_in(without_tet, whole_days(1), entries)), "2026-02-16T17:00:00");
  }
}

}  // namespace
}  // namespace motcua::engine
