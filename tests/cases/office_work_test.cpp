/// Routing, steps and the ends of a case.
#include "tests/support/scenario.hpp"

#include <gtest/gtest.h>

namespace motcua::engine {
namespace {

const StepName kAppraisal{"appraisal"};
const StepName kSigning{"signing"};
const StepName kDone{"done"};
const std::vector<std::string> kTimersOfTheLimit{"nearing", "due", "overdue"};

Scenario received() { return standing_in(Stage::received); }

/// Appraised by case-1, waiting to be signed.
Scenario to_be_signed() { return received().did(case_officer(), take("submit")); }

Scenario finished() { return to_be_signed().did(signatory(), take("sign")); }

TEST(Claim, TheFirstTakesAReceivedCaseIntoProcess) {
  StepClaimed expected;
  expected.step = kAppraisal;
  expected.outcome.stage = Stage::in_process;
  expected.outcome.assigned[kAppraisal] = ActorId("case-1");
  auto scenario = received();
  scenario.when(case_officer(), claim()).then(expected);
  EXPECT_EQ(scenario.state().assignees.at(kAppraisal).value, "case-1");
}

TEST(Claim, ALaterOneLeavesTheStage) {
  auto scenario = received().did(case_officer(), claim()).did(case_officer(), release());
  StepClaimed expected;
  expected.step = kAppraisal;
  expected.outcome.assigned[kAppraisal] = ActorId("case-2");
  scenario.when(other_case_officer(), claim("appraisal")).then(expected);
}

TEST(Claim, AHeldStepIsNotTakenFromItsHolder) {
  auto scenario = received().did(case_officer(), claim());
  Scenario(scenario).when(other_case_officer(), claim()).then_rejected(RejectionCode::not_allowed);
  Scenario(scenario).when(case_officer(), claim()).then_rejected(RejectionCode::not_allowed);
}

TEST(Claim, AStepInWhichTheCaseDoesNotStandIsRefused) {
  auto scenario = received();
  Scenario(scenario).when(signatory(), claim("signing")).then_rejected(RejectionCode::not_allowed);
  Scenario(scenario).when(case_officer(), claim("no_such")).then_rejected(RejectionCode::not_allowed);
}

TEST(Claim, WhoAppraisedMayNotSign) {
  auto scenario = received().did(all_rounder(), take("submit"));
  scenario.when(all_rounder(), claim()).then_rejected(RejectionCode::same_person);
  EXPECT_EQ(scenario.rejection().members.at("completed_step"), "appraisal");
  EXPECT_EQ(scenario.rejection().members.at("step"), "signing");
  scenario.did(signatory(), claim());
}

TEST(Assign, GivesTheStepToAnOfficerOfTheCompetentAgencyWithItsRole) {
  StepAssigned expected;
  expected.step = kAppraisal;
  expected.assignee = ActorId("case-2");
  expected.outcome.stage = Stage::in_process;
  expected.outcome.assigned[kAppraisal] = ActorId("case-2");
  received().when(supervisor(), assign("case-2")).then(expected);
}

TEST(Assign, TakesAHeldStepFromItsHolder) {
  auto scenario = received().did(case_officer(), claim()).did(supervisor(), assign("case-2", "appraisal"));
  EXPECT_EQ(scenario.state().assignees.at(kAppraisal).value, "case-2");
  scenario.when(case_officer(), take("submit")).then_rejected(RejectionCode::not_allowed);
}

TEST(Assign, RefusesStrangersOfficersOfOtherAgenciesAndWrongRoles) {
  for (const auto* who : {"nobody", "", "case-9", "sign-1", "desk-1"}) {
    received().when(supervisor(), assign(who)).then_rejected(RejectionCode::invalid_data);
  }
  received().when(supervisor(), assign("case-1", "signing")).then_rejected(RejectionCode::not_allowed);
}

TEST(Assign, WhoAppraisedMayNotBeGivenTheSigning) {
  received()
      .did(all_rounder(), take("submit"))
      .when(supervisor(), assign("both-1"))
      .then_rejected(RejectionCode::same_person);
}

TEST(Release, GivesTheStepBackToTheQueueOnlyByItsHolder) {
  auto scenario = received().did(case_officer(), claim());
  Scenario(scenario).when(other_case_officer(), release()).then_rejected(RejectionCode::not_allowed);
  StepReleased expected;
  expected.step = kAppraisal;
  expected.outcome.unassigned = {kAppraisal};
  scenario.when(case_officer(), release()).then(expected);
  EXPECT_TRUE(scenario.state().assignees.empty());
  EXPECT_EQ(scenario.state().stage, Stage::in_process);
  scenario.when(case_officer(), release()).then_rejected(RejectionCode::not_allowed);
}

TEST(Step, MovesTheMachineRecordsWhoCompletedAndFreesTheStep) {
  StepTaken expected;
  expected.step = kAppraisal;
  expected.event = "submit";
  expected.outcome.steps = std::vector<StepName>{kSigning};
  expected.outcome.step_roles = {"signatory"};
  expected.outcome.steps_left = {kAppraisal};
  expected.outcome.steps_entered = {kSigning};
  expected.outcome.steps_final = false;
  expected.outcome.unassigned = {kAppraisal};
  auto scenario = received().did(case_officer(), claim());
  scenario.when(case_officer(), take("submit")).then(expected);
  EXPECT_EQ(scenario.state().completions, (std::vector<StepCompletion>{{kAppraisal, ActorId("case-1"), ""}}));
  EXPECT_TRUE(scenario.state().assignees.empty());
}

TEST(Step, MayBeTheFirstWorkOnAReceivedCase) {
  auto scenario = to_be_signed();
  EXPECT_EQ(scenario.state().stage, Stage::in_process);
  EXPECT_EQ(scenario.state().steps, std::vector<StepName>{kSigning});
}

TEST(Step, GivesDataThatGuardAndRequiredPointersSee) {
  auto filing = complete_filing();
  filing.data["child"] = {{"foundling", false}};
  Scenario scenario;
  scenario.filed(filing).did(desk_officer(), ReceiveCase{true}, "gấp");

  Scenario(scenario).when(case_officer(), take("submit")).then_rejected(RejectionCode::guard_undecided);
  scenario.when(case_officer(), take("submit", {{"child", {{"birth_date", "2026"}}}}));
  scenario.then_rejected(RejectionCode::invalid_data);
  EXPECT_EQ(scenario.rejection().members.at("pointers")[0].at("pointer"), "/data/data/child/full_name");

  const nlohmann::json given{{"child", {{"birth_date", "2026"}, {"full_name", "An"}}}};
  scenario.did(case_officer(), take("submit", given));
  EXPECT_EQ(scenario.state().provenance->at("/child/full_name").source, "officer");
  EXPECT_EQ(scenario.content().data["child"]["full_name"], "An");
  EXPECT_TRUE(scenario.state().missing.empty());
}

TEST(Step, AnUndecidedGuardSaysWhatItLacks) {
  auto filing = complete_filing();
  filing.data["child"].erase("birth_date");
  Scenario scenario;
  scenario.filed(filing).did(desk_officer(), ReceiveCase{});
  scenario.when(case_officer(), take("submit")).then_rejected(RejectionCode::guard_undecided);
  EXPECT_EQ(scenario.rejection().members.at("blocked_by"),
            nlohmann::json::parse(R"(["/data/child/birth_date"])"));
}

TEST(Step, AFalseGuardAndAnUnknownEventAreNotAllowed) {
  auto filing = complete_filing();
  filing.data["child"]["birth_date"] = "unknown";
  Scenario scenario;
  scenario.filed(filing).did(desk_officer(), ReceiveCase{});
  Scenario(scenario).when(case_officer(), take("submit")).then_rejected(RejectionCode::not_allowed);
  Scenario(scenario).when(case_officer(), take("sign")).then_rejected(RejectionCode::not_allowed);
  Scenario(scenario).when(case_officer(), take("")).then_rejected(RejectionCode::not_allowed);
}

TEST(Step, AnotherOfficersStepIsNotTaken) {
  received()
      .did(case_officer(), claim())
      .when(other_case_officer(), take("submit"))
      .then_rejected(RejectionCode::not_allowed);
}

TEST(Step, WhoAppraisedMayNotSignAlsoAfterItWasSentBackAndForth) {
  auto scenario = received().did(all_rounder(), take("submit"));
  Scenario(scenario).when(all_rounder(), take("sign")).then_rejected(RejectionCode::same_person);
  scenario.did(signatory(), take("send_back")).did(other_case_officer(), take("submit"));
  scenario.when(all_rounder(), take("sign")).then_rejected(RejectionCode::same_person);
  scenario.did(signatory(), take("sign"));
}

TEST(Step, ASendBackReentersTheEarlierStepAndKeepsTheClockRunning) {
  auto scenario = to_be_signed().did(signatory(), claim());
  StepTaken expected;
  expected.step = kSigning;
  expected.event = "send_back";
  expected.outcome.steps = std::vector<StepName>{kAppraisal};
  expected.outcome.step_roles = {"case_officer"};
  expected.outcome.steps_left = {kSigning};
  expected.outcome.steps_entered = {kAppraisal};
  expected.outcome.steps_final = false;
  expected.outcome.unassigned = {kSigning};
  scenario.when(signatory(), take("send_back")).then(expected);
  EXPECT_EQ(scenario.state().clock.state, ClockState::running);
  scenario.did(case_officer(), claim());
}

TEST(Step, TheFinalStateIsNobodysWork) {
  auto scenario = finished();
  EXPECT_TRUE(scenario.state().steps_final);
  EXPECT_EQ(scenario.state().step_roles, std::vector<std::string>{""});
  for (const auto& body : {claim(), assign("case-1"), release(), take("sign")}) {
    Scenario(scenario).when(all_rounder(), body).then_rejected(RejectionCode::not_allowed);
  }
}

TEST(Withdraw, BeforeReceptionEndsAClockThatNeverStarted) {
  CaseWithdrawn expected;
  expected.outcome.stage = Stage::withdrawn;
  expected.outcome.steps = std::vector<StepName>{};
  expected.outcome.timers_cancelled = {"reception_limit"};
  expected.outcome.clock = LedgerEntry{ClockChange::end, "", kMonday8h};
  expected.outcome.clock_state = ClockState::ended;
  Scenario scenario;
  scenario.filed().when(desk_officer(), WithdrawCase{}).then(expected);
  EXPECT_TRUE(scenario.state().promises.empty());
}

TEST(Withdraw, InProcessLeavesTheStepFreesItAndEndsTheClock) {
  CaseWithdrawn expected;
  expected.outcome.stage = Stage::withdrawn;
  expected.outcome.steps = std::vector<StepName>{};
  expected.outcome.steps_left = {kAppraisal};
  expected.outcome.unassigned = {kAppraisal};
  expected.outcome.timers_cancelled = kTimersOfTheLimit;
  expected.outcome.clock = LedgerEntry{ClockChange::end, "", kMonday8h};
  expected.outcome.clock_state = ClockState::ended;
  auto scenario = received().did(case_officer(), claim());
  scenario.when(desk_officer(), WithdrawCase{}, "đã tự giải quyết").then(expected);
  EXPECT_EQ(scenario.sealed("free-text"), (nlohmann::json{{"reason", "đã tự giải quyết"}}));
  EXPECT_TRUE(scenario.state().completions.empty()) << "who was interrupted has completed nothing";
}

TEST(Withdraw, WhileASupplementIsAwaitedEndsThePausedClock) {
  auto scenario = standing_in(Stage::awaiting_supplement);
  scenario.did(desk_officer(), WithdrawCase{});
  EXPECT_EQ(scenario.state().clock.state, ClockState::ended);
  EXPECT_EQ(scenario.state().clock.reason, "");
}

TEST(Stop, NeedsALawThatTheProcedureCites) {
  auto scenario = received();
  Scenario(scenario).when(signatory(), StopCase{"law-9"}).then_rejected(RejectionCode::invalid_data);
  Scenario(scenario).when(signatory(), StopCase{""}).then_rejected(RejectionCode::invalid_data);
  CaseStopped expected;
  expected.law = "law-1";
  expected.outcome.stage = Stage::stopped;
  expected.outcome.steps = std::vector<StepName>{};
  expected.outcome.steps_left = {kAppraisal};
  expected.outcome.timers_cancelled = kTimersOfTheLimit;
  expected.outcome.clock = LedgerEntry{ClockChange::end, "", kMonday8h};
  expected.outcome.clock_state = ClockState::ended;
  scenario.when(signatory(), StopCase{"law-1"}).then(expected);
}

TEST(Resolve, NeedsTheMachineInAFinalState) {
  received()
      .did(case_officer(), claim())
      .when(signatory(), resolve({"certificate"}))
      .then_rejected(RejectionCode::not_allowed);
  to_be_signed().when(signatory(), resolve({"certificate"})).then_rejected(RejectionCode::not_allowed);
}

TEST(Resolve, StatesTheResultsEndsTheClockAndSealsWhatWasTyped) {
  CaseResolved expected;
  expected.results = {{"certificate", "doc-9"}};
  expected.outcome.stage = Stage::resolved;
  expected.outcome.steps = std::vector<StepName>{};
  expected.outcome.steps_left = {kDone};
  expected.outcome.timers_cancelled = kTimersOfTheLimit;
  expected.outcome.clock = LedgerEntry{ClockChange::end, "", kMonday8h};
  expected.outcome.clock_state = ClockState::ended;
  expected.outcome.duties_opened = {"delivery"};
  auto scenario = finished();
  scenario.when(signatory(), ResolveCase{{{"certificate", "doc-9", {{"number", "12/2026"}}}}}).then(expected);
  EXPECT_EQ(scenario.sealed("data"),
            (nlohmann::json{{"results", {{"certificate", {{"number", "12/2026"}}}}}}));
  EXPECT_EQ(scenario.state().resolved_at, kMonday8h);
  EXPECT_EQ(scenario.content().results["certificate"]["number"], "12/2026");
}

TEST(Resolve, RefusesNoResultAnUnknownOneAndOneTwice) {
  for (const auto& results : std::vector<std::vector<std::string>>{
           {}, {"no_such"}, {"certificate", "certificate"}, {"certificate", ""}}) {
    finished().when(signatory(), resolve(results)).then_rejected(RejectionCode::invalid_data);
  }
}

TEST(ReturnResult, ClosesTheCaseAndSealsWhoReceivedIt) {
  auto scenario = standing_in(Stage::resolved);
  Scenario(scenario)
      .when(desk_officer(), ReturnResult{"pigeon", "x"})
      .then_rejected(RejectionCode::invalid_data);
  ResultReturned expected;
  expected.channel = "post";
  expected.outcome.stage = Stage::returned;
  expected.outcome.duties_closed = {"delivery"};
  scenario.when(desk_officer(), ReturnResult{"post", "Trần Văn Cường"}).then(expected);
  EXPECT_EQ(scenario.sealed("free-text"), (nlohmann::json{{"to", "Trần Văn Cường"}}));
  EXPECT_EQ(scenario.state().returned_at, kMonday8h);
}

}  // namespace
}  // namespace motcua::engine
