/// A version that takes open cases along: a case follows it by itself, or stays behind with a task, once.
#include "tests/cases/migration_cases.hpp"

namespace motcua::engine {
namespace {

/// Version 2 with the steps of the first: every case fits it.
Definition following() {
  auto definition = second();
  definition.machine = office_definition().machine;
  definition.switches_open_cases = true;
  definition.effective_law = "law-2";
  return definition;
}

/// Version 2 calls the appraisal `review`, and there is no map: a case in appraisal does not fit.
Definition renaming() {
  auto definition = second();
  definition.switches_open_cases = true;
  definition.effective_law = "law-2";
  return definition;
}

SwitchCase to(std::int64_t version, const Scenario& scenario) { return {version, scenario.state().version}; }

bool has_switch_task(const Scenario& scenario) {
  const auto& tasks = scenario.state().tasks;
  return std::any_of(tasks.begin(), tasks.end(), [](const CaseTask& task) {
    return task.kind == "incident" && task.pointer == "switch";
  });
}

Scenario left_behind() {
  auto scenario = running(renaming());
  return scenario.happened(to(2, scenario));
}

TEST(SwitchCase, IsAMigrationWithoutAMapThatKeepsTheLimit) {
  auto target = following();
  target.time_limits.front().limit.amount = 9;
  auto scenario = running(target);
  const auto before = scenario.state();
  scenario.at(kTuesday8h).when_engine(to(2, scenario));
  const auto event = scenario.decided<CaseMigrated>();
  EXPECT_EQ(event.from_version, 1);
  EXPECT_EQ(event.law, "law-2");
  EXPECT_TRUE(event.map.empty());
  scenario.happened(to(2, scenario));
  EXPECT_EQ(scenario.state().pins.procedure_version, 2);
  EXPECT_EQ(scenario.state().pins.limit_hash, office_definition().hash);
  EXPECT_EQ(scenario.state().steps, before.steps);
  EXPECT_EQ(scenario.state().assignees, before.assignees);
  EXPECT_EQ(scenario.state().due, before.due);
  EXPECT_TRUE(has_flag(scenario.state(), "migrated"));
  EXPECT_TRUE(scenario.state().tasks.empty());
}

TEST(SwitchCase, WhatDoesNotFitIsSaidAndBecomesATask) {
  auto scenario = running(renaming());
  const auto before = scenario.state();
  scenario.when_engine(to(2, scenario));
  const auto event = scenario.decided<SwitchRefused>();
  EXPECT_EQ(event.version, 2);
  EXPECT_EQ(event.obstacle, "step_unknown");
  scenario.happened(to(2, scenario));
  EXPECT_TRUE(has_switch_task(scenario));
  EXPECT_EQ(scenario.state().pins, before.pins);
  EXPECT_EQ(scenario.state().steps, before.steps);
  EXPECT_EQ(scenario.state().foreground_version, before.foreground_version)
      << "an officer's version is not stale";
}

TEST(SwitchCase, TheTaskIsDoneWhenAPersonMovesTheCaseOrItEnds) {
  auto moved = left_behind();
  moved.did(supervisor(), to_second());
  EXPECT_FALSE(has_switch_task(moved));
  auto stopped = left_behind();
  stopped.did(desk_officer(), WithdrawCase{}, "Không còn nhu cầu");
  EXPECT_FALSE(has_switch_task(stopped));
  auto resolved = left_behind();
  resolved.did(case_officer(), take("submit"));
  EXPECT_TRUE(has_switch_task(resolved));
}

TEST(SwitchCase, OfSeveralVersionsThatItDoesNotFitOneTaskIsOpen) {
  auto scenario = left_behind();
  auto third = renaming();
  third.version = 3;
  third.hash = Digest{1, 3};
  scenario.version(third).happened(to(3, scenario));
  EXPECT_EQ(scenario.state().tasks.size(), 1U);
  auto fourth = following();
  fourth.version = 4;
  fourth.hash = Digest{1, 4};
  scenario.version(fourth).happened(to(4, scenario));
  EXPECT_EQ(scenario.state().pins.procedure_version, 4);
  EXPECT_TRUE(scenario.state().tasks.empty());
}

TEST(SwitchCase, NoCaseIsMovedTwiceBackwardsOrToWhatNobodyPublished) {
  auto scenario = running(following());
  scenario.when_engine(SwitchCase{3, scenario.state().version}).then_rejected(RejectionCode::not_allowed);
  scenario.when_engine(SwitchCase{1, scenario.state().version}).then_rejected(RejectionCode::not_allowed);
  scenario.happened(to(2, scenario));
  scenario.when_engine(to(2, scenario)).then_rejected(RejectionCode::not_allowed);
  scenario.when_engine(to(1, scenario)).then_rejected(RejectionCode::not_allowed);
}

// Between the look and the command somebody has acted: perhaps taken the case back.
TEST(SwitchCase, ACaseThatHasMovedSinceItWasLookedAtIsLookedAtAgain) {
  auto scenario = running(following());
  const auto seen = to(2, scenario);
  scenario.did(case_officer(), AddNote{"ghi chú"})
      .when_engine(seen)
      .then_rejected(RejectionCode::not_allowed);
  scenario.happened(to(2, scenario));
}

TEST(SwitchCase, WhoIsNotReceivedOrHasAResultIsNoTask) {
  Scenario filed;
  filed.version(following()).filed().when_engine(to(2, filed)).then_rejected(RejectionCode::not_allowed);
  auto resolved = standing_in(Stage::resolved);
  resolved.version(following()).when_engine(to(2, resolved)).then_rejected(RejectionCode::not_allowed);
}

TEST(SwitchCase, AVersionThatIsNotYetInForceIsWaitedFor) {
  auto target = renaming();
  target.effective_from = local_day(kTuesday8h);
  auto scenario = running(target);
  scenario.at(kMonday10h).when_engine(to(2, scenario)).then_rejected(RejectionCode::not_allowed);
  scenario.at(kTuesday8h).happened(to(2, scenario));
  EXPECT_TRUE(has_switch_task(scenario));
}

}  // namespace
}  // namespace motcua::engine
