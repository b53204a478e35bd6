/// Steps of a case in another version: side by side with others, and the times that go on.
#include "tests/cases/migration_cases.hpp"

#include <gtest/gtest.h>

namespace motcua::engine {
namespace {

using std::chrono::hours;

// --- side by side

const StepMap kApart = map_of({{"appraisal", {"read", "survey"}}});
const StepMap kTogether = map_of({{"read", {"appraisal"}}, {"survey", {"appraisal"}}});

TEST(MigratedSideBySide, OneStepMayBecomeAllThatGoOnBesideEachOther) {
  auto scenario = running(side_by_side());
  const auto before = scenario.state();
  scenario.did(supervisor(), to_second(kApart));
  EXPECT_EQ(scenario.state().steps, steps({"read", "survey"}));
  EXPECT_EQ(scenario.state().assignees.size(), 2U);
  scenario.did(supervisor(), to_first(kTogether));
  EXPECT_EQ(standing(scenario.state()), standing(before));
}

TEST(MigratedSideBySide, AllRegionsAreEnteredOrNone) {
  expect_refused(running(side_by_side()), to_second(map_of({{"appraisal", {"read"}}})),
                 obstacle::steps_not_together, {"/data/map"});
  expect_refused(running(side_by_side()), to_second(map_of({{"appraisal", {"read", "survey", "signing"}}})),
                 obstacle::steps_not_together, {"/data/map"});
}

TEST(MigratedSideBySide, ARegionThatIsOverStaysOver) {
  auto third = side_by_side();
  third.version = 3;
  third.hash = Digest{1, 3};
  rename(third.machine, "survey", "measure");
  auto scenario = running(side_by_side());
  scenario.version(third).did(supervisor(), to_second(kApart)).did(case_officer(), take("read"));
  EXPECT_EQ(scenario.state().steps, steps({"survey"}));
  const MigrateCase move{3, map_of({{"survey", {"measure"}}}), MigratedLimit::kept, "law-2"};
  scenario.did(supervisor(), move);
  EXPECT_EQ(scenario.state().steps, steps({"measure"}));
  scenario.did(case_officer(), take("surveyed"));
  EXPECT_EQ(scenario.state().steps, steps({"signing"}));
}

TEST(MigratedSideBySide, StepsOfTwoOfficersThatBecomeOneAreNobodys) {
  auto scenario = running(side_by_side());
  scenario.did(supervisor(), to_second(kApart));
  scenario.did(supervisor(), assign("case-2", "survey")).did(supervisor(), to_first(kTogether));
  EXPECT_EQ(scenario.state().steps, steps({"appraisal"}));
  EXPECT_TRUE(scenario.state().assignees.empty());
}

// --- times of steps and states

TEST(MigratedTimers, TheTimeOfAStepGoesOnUnderItsNewName) {
  const Limit four{4, LimitUnit::working_hour, LimitCounting::working_time, {}, "", {}};
  auto first = office_definition();
  first.machine.states[0].time_limit = four;
  auto target = second();
  target.machine.states[0].time_limit =
      Limit{8, LimitUnit::working_hour, LimitCounting::working_time, {}, "", {}};
  Scenario scenario(rules_with(first));
  scenario.version(target).filed().did(desk_officer(), ReceiveCase{}).did(case_officer(), claim());
  const auto due = scenario.state().step_due.at(StepName("appraisal"));
  const auto before = scenario.state();
  scenario.at(kMonday10h).did(supervisor(), to_second());
  EXPECT_EQ(scenario.state().step_due, (std::map<StepName, Instant>{{StepName("review"), due}}));
  EXPECT_TRUE(timers_of(scenario.state()).contains({"step_due:review", due + kSecond}));
  EXPECT_FALSE(timers_of(scenario.state()).contains({"step_due:appraisal", due + kSecond}));
  auto back = scenario;
  back.did(supervisor(), to_first());
  EXPECT_EQ(standing(back.state()), standing(before));
  EXPECT_EQ(timers_of(back.state()), timers_of(before));
  scenario.at(due + hours{1}).timers_fired();
  EXPECT_TRUE(has_flag(scenario.state(), "step_late:review"));
  scenario.did(supervisor(), to_first());
  EXPECT_TRUE(has_flag(scenario.state(), "step_late:appraisal"));
  EXPECT_FALSE(has_flag(scenario.state(), "step_late:review"));
}

TEST(MigratedTimers, AStepThatHadNoTimeGetsThatOfTheTarget) {
  auto target = second();
  target.machine.states[0].time_limit =
      Limit{4, LimitUnit::working_hour, LimitCounting::working_time, {}, "", {}};
  auto scenario = running(target);
  scenario.at(kTuesday8h).did(supervisor(), to_second());
  EXPECT_EQ(scenario.state().step_due.at(StepName("review")), kTuesday8h + hours{6});
}

Definition with_timer(Definition definition, std::int64_t amount) {
  StateTimer timer;
  timer.after.amount = amount;
  timer.after.unit = LimitUnit::working_hour;
  timer.ways = {way("after", "signing")};
  definition.machine.states[0].timer = timer;
  return definition;
}

TEST(MigratedTimers, TheTimerOfAStateGoesOnUnderItsNewName) {
  Scenario scenario(rules_with(with_timer(office_definition(), 4)));
  scenario.version(with_timer(second(), 40)).filed().did(desk_officer(), ReceiveCase{});
  const auto due = kMonday8h + hours{6};
  const auto before = scenario.state();
  scenario.at(kMonday10h).did(supervisor(), to_second());
  EXPECT_EQ(scenario.state().after_due, (std::map<StepName, Instant>{{StepName("review"), due}}));
  EXPECT_EQ(timers_of(scenario.state()).count({"after:review", due}), 1U);
  auto back = scenario;
  back.did(supervisor(), to_first());
  EXPECT_EQ(standing(back.state()), standing(before));
  EXPECT_EQ(timers_of(back.state()), timers_of(before));
  scenario.at(due).timers_fired();
  EXPECT_EQ(scenario.state().steps, steps({"signing"}));
}

TEST(MigratedTimers, OneThatTheTargetDoesNotHaveIsCancelledAndOneThatItHasBegins) {
  Scenario scenario(rules_with(with_timer(office_definition(), 4)));
  scenario.version(second()).filed().did(desk_officer(), ReceiveCase{}).did(supervisor(), to_second());
  EXPECT_TRUE(scenario.state().after_due.empty());
  for (const auto& [kind, due] : timers_of(scenario.state()))
    EXPECT_FALSE(kind.starts_with("after:")) << kind;
  scenario.at(kTuesday8h).did(supervisor(), to_first());
  EXPECT_EQ(scenario.state().after_due.at(StepName("appraisal")), kTuesday8h + hours{6});
}

TEST(MigratedTimers, WhileTheClockIsPausedNothingRuns) {
  Scenario scenario(rules_with(with_timer(office_definition(), 4)));
  scenario.version(with_timer(second(), 4)).filed().did(desk_officer(), ReceiveCase{});
  scenario.at(kMonday10h).did(case_officer(), PauseClock{"verification"}).did(supervisor(), to_second());
  EXPECT_TRUE(timers_of(scenario.state()).empty());
  scenario.at(kTuesday8h).did(case_officer(), ResumeClock{});
  EXPECT_EQ(scenario.state().after_due.at(StepName("review")), kTuesday8h + hours{2});
}

}  // namespace
}  // namespace motcua::engine
