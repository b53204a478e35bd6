/// Limits of steps: when a step is due, that its clock stands still with the case's, and that being late
/// marks it and does nothing else.
#include "engine/cases/step_limits.hpp"

#include "tests/cases/week.hpp"

#include <gtest/gtest.h>

namespace motcua::engine {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

const StepName kAppraisal("appraisal");
const StepName kSigning("signing");

Limit hours_of(std::int64_t amount) {
  Limit limit;
  limit.amount = amount;
  limit.unit = LimitUnit::working_hour;
  limit.law = "unverified";
  return limit;
}

/// Appraisal in four working hours, signing in one working day.
Rules rules_with_step_limits(std::optional<std::chrono::seconds> cutoff = {}) {
  auto definition = office_definition();
  definition.machine.states[0].time_limit = hours_of(4);
  definition.machine.states[1].time_limit = hours_of(8);
  definition.time_limits.front().limit.cutoff = cutoff;
  return rules_with(definition);
}

/// Received on Monday 08:00: four hours end at 14:00, behind the midday break of two hours.
constexpr Instant kAppraisalDue = kMonday8h + hours{6};

Scenario received() {
  Scenario scenario(rules_with_step_limits());
  scenario.filed().did(desk_officer(), ReceiveCase{}).did(case_officer(), claim());
  return scenario;
}

bool has_timer(const Case& current, const CaseTimer& timer) {
  return std::find(current.timers.begin(), current.timers.end(), timer) != current.timers.end();
}

std::size_t step_timers(const Case& current) {
  return static_cast<std::size_t>(
      std::count_if(current.timers.begin(), current.timers.end(),
                    [](const CaseTimer& timer) { return timer.kind.starts_with("step_due:"); }));
}

TEST(StepLimits, AStepIsDueFromTheReceptionOnAndTheNextFromItsEntry) {
  auto scenario = received();
  EXPECT_EQ(scenario.state().step_due, (std::map<StepName, Instant>{{kAppraisal, kAppraisalDue}}));
  EXPECT_TRUE(has_timer(scenario.state(), {"step_due:appraisal", kAppraisalDue + kSecond}));
  scenario.at(kMonday10h).did(case_officer(), take("submit"));
  EXPECT_EQ(scenario.state().step_due, (std::map<StepName, Instant>{{kSigning, kTuesday10h}}));
  EXPECT_EQ(step_timers(scenario.state()), 1U);
}

TEST(StepLimits, AReceiptAfterTheCutOffStartsTheStepWithTheLimit) {
  Scenario scenario(rules_with_step_limits(hours{15}));
  scenario.at(kMonday8h + hours{8}).filed().did(desk_officer(), ReceiveCase{});
  EXPECT_EQ(scenario.state().step_due.at(kAppraisal), kTuesday8h + hours{3} + minutes{30});
}

TEST(StepLimits, TakePartInNoLegalDate) {
  const auto with = received().state();
  const auto without = standing_in(Stage::received).state();
  EXPECT_EQ(with.due, without.due);
  EXPECT_EQ(with.promises, without.promises);
}

TEST(StepLimits, ALateStepIsMarkedAndOpensNoDuty) {
  auto scenario = received();
  scenario.at(kAppraisalDue + kSecond).timers_fired();
  EXPECT_TRUE(has_flag(scenario.state(), "step_late:appraisal"));
  EXPECT_FALSE(has_flag(scenario.state(), "overdue"));
  EXPECT_TRUE(scenario.state().duties.empty());
  EXPECT_EQ(step_timers(scenario.state()), 0U);
}

TEST(StepLimits, AStepLeftAtItsDueInstantWasInTime) {
  auto scenario = received();
  scenario.at(kAppraisalDue).timers_fired().did(case_officer(), take("submit"));
  EXPECT_FALSE(has_flag(scenario.state(), "step_late:appraisal"));
}

TEST(StepLimits, AStepLeftLateIsMarkedEvenIfNoTimerHasFired) {
  for (const auto& [by, body] : {std::pair{case_officer(), take("submit")},
                                 std::pair{case_officer(), CommandBody{PauseClock{"verification"}}},
                                 std::pair{desk_officer(), CommandBody{WithdrawCase{}}}}) {
    auto scenario = received();
    scenario.at(kAppraisalDue + kSecond).did(by, body);
    EXPECT_TRUE(has_flag(scenario.state(), "step_late:appraisal")) << name_of(body);
    EXPECT_FALSE(has_timer(scenario.state(), {"step_due:appraisal", kAppraisalDue + kSecond}));
  }
}

TEST(StepLimits, StandStillWhileTheClockIsPaused) {
  for (const bool by_supplement : {false, true}) {
    auto scenario = received();
    scenario.at(kMonday10h);
    by_supplement ? scenario.did(case_officer(), ask_for({"mandate"}))
                  : scenario.did(case_officer(), PauseClock{"verification"});
    EXPECT_EQ(step_timers(scenario.state()), 0U);
    scenario.at(kThursday10h);
    by_supplement ? scenario.did(desk_officer(), supply({"mandate"}))
                  : scenario.did(case_officer(), ResumeClock{});
    // Two of four hours were used: two are left on Thursday 10:00, with the midday break.
    EXPECT_EQ(scenario.state().step_due.at(kAppraisal), kThursday10h + hours{4});
    EXPECT_TRUE(has_timer(scenario.state(), {"step_due:appraisal", kThursday10h + hours{4} + kSecond}));
    EXPECT_FALSE(has_flag(scenario.state(), "step_late:appraisal"));
  }
}

TEST(StepLimits, AStepEnteredWhileTheClockIsPausedGetsItsWholeTimeAtTheResume) {
  auto scenario = received();
  scenario.at(kMonday10h).did(case_officer(), PauseClock{"verification"}).did(case_officer(), take("submit"));
  EXPECT_TRUE(scenario.state().step_due.empty());
  EXPECT_EQ(step_timers(scenario.state()), 0U);
  scenario.at(kThursday10h).did(case_officer(), ResumeClock{});
  EXPECT_EQ(scenario.state().step_due, (std::map<StepName, Instant>{{kSigning, kFriday10h}}));
}

TEST(StepLimits, ALateStepStaysLateThroughAPause) {
  auto scenario = received();
  scenario.at(kTuesday8h).timers_fired().did(case_officer(), PauseClock{"verification"});
  scenario.at(kThursday10h).did(case_officer(), ResumeClock{});
  EXPECT_EQ(scenario.state().step_due.at(kAppraisal), kAppraisalDue);
  EXPECT_EQ(step_timers(scenario.state()), 0U);
}

TEST(StepLimits, AStepThatIsEnteredAgainBeginsAnew) {
  auto scenario = received();
  scenario.at(kMonday10h).did(case_officer(), take("submit"));
  scenario.at(kTuesday8h).did(signatory(), take("send_back"));
  EXPECT_EQ(scenario.state().step_due, (std::map<StepName, Instant>{{kAppraisal, kTuesday8h + hours{6}}}));
}

TEST(StepLimits, ACaseThatIsOverHasNone) {
  auto scenario = received();
  scenario.did(case_officer(), take("submit")).did(signatory(), take("sign"));
  EXPECT_TRUE(scenario.state().step_due.empty());
  auto withdrawn = received();
  withdrawn.did(desk_officer(), WithdrawCase{});
  EXPECT_TRUE(withdrawn.state().step_due.empty());
  EXPECT_TRUE(withdrawn.state().timers.empty());
}

TEST(StepLimits, OnlyAStepsTimerHasAMarkOfItsOwn) {
  EXPECT_EQ(late_step_flag("step_due:check"), "step_late:check");
  EXPECT_EQ(late_step_flag("due"), std::nullopt);
}

}  // namespace
}  // namespace motcua::engine
