/// Timers of states: a state that nobody has left is left by itself, its working time stands still with the
/// clock, and what cannot be decided becomes a person's task.
#include "engine/cases/state_timers.hpp"

#include "tests/cases/week.hpp"

#include <gtest/gtest.h>

namespace motcua::engine {
namespace {

using std::chrono::hours;

const StepName kAppraisal("appraisal");
const StepName kSigning("signing");
const char* const kTimer = "after:appraisal";

StateTimer timer(std::int64_t amount, LimitUnit unit, const char* target, nlohmann::json guard = nullptr) {
  StateTimer one;
  one.after.amount = amount;
  one.after.unit = unit;
  one.after.law = "unverified";
  Transition way;
  way.event = "after";
  way.target = StepName(target);
  way.guard = std::move(guard);
  one.ways = {way};
  return one;
}

/// The appraisal is left by itself after four working hours.
Rules rules_with(StateTimer one) {
  auto definition = office_definition();
  definition.machine.states[0].timer = std::move(one);
  return engine::rules_with(definition);
}
Rules four_hours() { return rules_with(timer(4, LimitUnit::working_hour, "signing")); }

/// Received on Monday 08:00: four hours end at 14:00, behind the midday break of two hours.
constexpr Instant kDue = kMonday8h + hours{6};

Scenario received(Rules rules = four_hours()) {
  Scenario scenario(std::move(rules));
  scenario.filed().did(desk_officer(), ReceiveCase{});
  return scenario;
}

std::optional<Instant> due_of(const Case& current, const std::string& kind = kTimer) {
  std::optional<Instant> due;
  for (const auto& each : current.timers) {
    if (each.kind != kind) continue;
    EXPECT_FALSE(due.has_value()) << "one timer of a kind";
    due = each.due_at;
  }
  return due;
}

TEST(StateTimers, AStateThatNobodyLeavesIsLeftByItself) {
  auto scenario = received();
  scenario.did(case_officer(), claim());
  EXPECT_EQ(due_of(scenario.state()), kDue);
  scenario.at(kDue - kSecond).timers_fired();
  EXPECT_EQ(scenario.state().steps, std::vector<StepName>{kAppraisal});
  scenario.at(kDue).timers_fired();
  const auto event = scenario.decided<StateTimedOut>();
  EXPECT_EQ(event.state, kAppraisal);
  EXPECT_EQ(event.due_at, kDue);
  EXPECT_EQ(scenario.state().steps, std::vector<StepName>{kSigning});
  EXPECT_EQ(scenario.state().stage, Stage::in_process);
  EXPECT_TRUE(scenario.state().assignees.empty());
  EXPECT_EQ(due_of(scenario.state()), std::nullopt);
  EXPECT_TRUE(scenario.state().after_due.empty());
}

TEST(StateTimers, NobodyHasCompletedAStepThatATimerLeft) {
  auto scenario = received();
  scenario.did(case_officer(), claim()).at(kDue).timers_fired();
  EXPECT_TRUE(scenario.state().completions.empty());
}

TEST(StateTimers, AMoveByATimerMakesTheOfficersVersionStale) {
  auto scenario = received();
  scenario.at(kDue).timers_fired();
  EXPECT_EQ(scenario.state().foreground_version, scenario.state().version);
}

TEST(StateTimers, LeavingTheStateCancelsThem) {
  auto scenario = received();
  scenario.at(kMonday10h).did(case_officer(), take("submit"));
  EXPECT_EQ(due_of(scenario.state()), std::nullopt);
  EXPECT_TRUE(scenario.state().after_due.empty());
  scenario.when_engine(FireTimer{kTimer, kDue}).then_rejected(RejectionCode::not_allowed);
}

TEST(StateTimers, ComingBackBeginsAnew) {
  auto scenario = received();
  scenario.at(kMonday10h).did(case_officer(), take("submit"));
  scenario.at(kTuesday8h).did(signatory(), take("send_back"));
  EXPECT_EQ(due_of(scenario.state()), kTuesday8h + hours{6});
}

TEST(StateTimers, WorkingTimeStandsStillWhileTheClockIsPaused) {
  for (const bool by_supplement : {false, true}) {
    auto scenario = received();
    scenario.did(case_officer(), claim()).at(kMonday10h);
    by_supplement ? scenario.did(case_officer(), ask_for({"mandate"}))
                  : scenario.did(case_officer(), PauseClock{"verification"});
    EXPECT_EQ(due_of(scenario.state()), std::nullopt);
    scenario.at(kThursday10h);
    by_supplement ? scenario.did(desk_officer(), supply({"mandate"}))
                  : scenario.did(case_officer(), ResumeClock{});
    // Two of four hours were used: two are left on Thursday 10:00, with the midday break.
    EXPECT_EQ(due_of(scenario.state()), kThursday10h + hours{4});
  }
}

TEST(StateTimers, AStateEnteredWhileTheClockIsPausedHasItsWholeTimeFromTheResume) {
  auto scenario = received();
  scenario.did(case_officer(), take("submit")).at(kMonday10h).did(case_officer(), PauseClock{"verification"});
  scenario.at(kTuesday8h).did(signatory(), take("send_back"));
  EXPECT_EQ(due_of(scenario.state()), std::nullopt);
  scenario.at(kThursday8h).did(case_officer(), ResumeClock{});
  EXPECT_EQ(due_of(scenario.state()), kThursday8h + hours{6});
}

TEST(StateTimers, DaysOfTheCalendarGoOnWhileTheClockIsPaused) {
  // Wednesday is off: the second day ends with Thursday.
  auto scenario = received(rules_with(timer(2, LimitUnit::calendar_day, "signing")));
  const auto due = kThursday8h + hours{9} + std::chrono::minutes{30};
  EXPECT_EQ(due_of(scenario.state()), due);
  scenario.at(kMonday10h).did(case_officer(), PauseClock{"verification"});
  EXPECT_EQ(due_of(scenario.state()), due);
  scenario.at(due).timers_fired();
  EXPECT_EQ(scenario.state().steps, std::vector<StepName>{kSigning});
}

TEST(StateTimers, DaysThatPassWhileTheApplicantIsWaitedForHavePassedOnReturn) {
  auto scenario = received(rules_with(timer(1, LimitUnit::calendar_day, "signing")));
  scenario.did(case_officer(), ask_for({"mandate"}));
  EXPECT_EQ(due_of(scenario.state()), std::nullopt);
  scenario.at(kFriday8h).did(desk_officer(), supply({"mandate"}));
  EXPECT_EQ(scenario.state().steps, std::vector<StepName>{kAppraisal});
  scenario.timers_fired();
  EXPECT_EQ(scenario.state().steps, std::vector<StepName>{kSigning});
}

TEST(StateTimers, AWayThatIsNotDecidedBecomesATaskUntilAPersonMovesTheCase) {
  auto scenario =
      received(rules_with(timer(4, LimitUnit::working_hour, "signing", {{"var", "data.absent"}})));
  scenario.at(kDue).timers_fired();
  EXPECT_EQ(scenario.state().steps, std::vector<StepName>{kAppraisal});
  ASSERT_EQ(scenario.state().tasks.size(), 1U);
  EXPECT_EQ(scenario.state().tasks[0].kind, "incident");
  EXPECT_EQ(scenario.state().tasks[0].pointer, kTimer);
  EXPECT_EQ(due_of(scenario.state()), std::nullopt);
  EXPECT_LT(scenario.state().foreground_version, scenario.state().version);
  scenario.did(case_officer(), take("submit"));
  EXPECT_TRUE(scenario.state().tasks.empty());
}

TEST(StateTimers, AWayWhoseConditionIsFalseIsNotTakenAndTheTimerIsUsedUp) {
  auto scenario = received(rules_with(timer(4, LimitUnit::working_hour, "signing", false)));
  scenario.at(kDue).timers_fired();
  EXPECT_EQ(scenario.state().steps, std::vector<StepName>{kAppraisal});
  EXPECT_TRUE(scenario.state().tasks.empty());
  EXPECT_EQ(due_of(scenario.state()), std::nullopt);
  // A pause does not bring it back.
  scenario.did(case_officer(), PauseClock{"verification"}).at(kTuesday8h).did(case_officer(), ResumeClock{});
  EXPECT_EQ(due_of(scenario.state()), std::nullopt);
}

TEST(StateTimers, ATimerMayFinishTheSteps) {
  auto scenario = received(rules_with(timer(4, LimitUnit::working_hour, "done")));
  scenario.at(kDue).timers_fired();
  EXPECT_TRUE(scenario.state().steps_final);
  scenario.did(case_officer(), resolve({"certificate"}));
}

TEST(StateTimers, TheEndOfTheCaseIsTheirs) {
  auto scenario = received();
  scenario.did(desk_officer(), WithdrawCase{});
  EXPECT_TRUE(scenario.state().timers.empty());
  EXPECT_TRUE(scenario.state().after_due.empty());
}

TEST(StateTimers, AStateAroundOthersKeepsItsTimerWhileTheyChange) {
  auto definition = office_definition();
  auto& states = definition.machine.states;
  MachineState outer;
  outer.name = StepName("office");
  outer.kind = StateKind::compound;
  outer.initial = 1;
  outer.timer = timer(4, LimitUnit::working_hour, "done");
  states.insert(states.begin(), outer);
  states[1].parent = states[2].parent = 0;
  auto scenario = received(engine::rules_with(definition));
  scenario.at(kMonday10h).did(case_officer(), take("submit"));
  EXPECT_EQ(due_of(scenario.state(), "after:office"), kDue);
  scenario.at(kDue).timers_fired();
  EXPECT_TRUE(scenario.state().steps_final);
}

}  // namespace
}  // namespace motcua::engine
