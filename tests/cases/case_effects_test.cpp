/// What a step does to the case itself: each effect is the command of its name, behind the step, all or
/// nothing, and says no as the command does.
#include "tests/cases/week.hpp"

#include <gtest/gtest.h>

namespace motcua::engine {
namespace {

using std::chrono::hours;
using Kind = CaseEffect::Kind;

const StepName kAppraisal("appraisal");
const StepName kSigning("signing");

Transition way(const char* event, const char* target, Kind kind, std::string code = {},
               std::vector<std::string> items = {}) {
  Transition one;
  one.event = event;
  one.target = StepName(target);
  one.effect = CaseEffect{kind, std::move(code), std::move(items)};
  return one;
}

/// Steps of the appraisal that do something to the case, one for each effect.
Rules effects() {
  auto definition = office_definition();
  auto& ways = definition.machine.states[0].transitions;
  ways.push_back(way("ask", "appraisal", Kind::request_supplement, "", {"mandate", "/remark"}));
  ways.push_back(way("ask_for_nothing_known", "appraisal", Kind::request_supplement, "", {"no_such_paper"}));
  ways.push_back(way("give_up", "done", Kind::withdraw));
  ways.push_back(way("dismiss", "done", Kind::stop, "law-1"));
  ways.push_back(way("verify", "signing", Kind::pause, "verification"));
  ways.push_back(way("verified", "signing", Kind::resume));
  return rules_with(definition);
}

Scenario in_process() {
  Scenario scenario(effects());
  scenario.filed().did(desk_officer(), ReceiveCase{}).did(case_officer(), claim()).at(kMonday10h);
  return scenario;
}

TEST(CaseEffects, AStepAsksForASupplementAsTheCommandDoes) {
  auto scenario = in_process();
  scenario.when(case_officer(), take("ask"));
  ASSERT_TRUE(scenario.result()->has_value());
  const auto& decision = **scenario.result();
  ASSERT_EQ(decision.then.size(), 1U);
  EXPECT_EQ(type_of(decision.event), "case.step_taken");
  EXPECT_EQ(type_of(decision.then[0].event), "case.supplement_requested");

  auto by_command = in_process();
  by_command.did(case_officer(), ask_for({"mandate", "/remark"}));
  scenario.did(case_officer(), take("ask"));
  const auto& state = scenario.state();
  EXPECT_EQ(state.stage, Stage::awaiting_supplement);
  EXPECT_EQ(state.clock, by_command.state().clock);
  EXPECT_EQ(state.due, by_command.state().due);
  EXPECT_EQ(state.supplement_open, by_command.state().supplement_open);
  EXPECT_EQ(state.supplement_requests, 1);
  EXPECT_EQ(state.version, by_command.state().version + 1);
}

TEST(CaseEffects, TheStepsGoOnWhereTheyStandWhenTheApplicantHasAnswered) {
  auto scenario = in_process();
  scenario.did(case_officer(), take("ask")).at(kTuesday8h);
  scenario.did(desk_officer(), supply({"mandate"}, {{"remark", "đã bổ sung"}}));
  EXPECT_EQ(scenario.state().stage, Stage::in_process);
  EXPECT_EQ(scenario.state().steps, std::vector<StepName>{kAppraisal});
  scenario.did(case_officer(), take("submit"));
}

TEST(CaseEffects, TheStepIsNotTakenIfTheCaseDoesNotAllowWhatItDoes) {
  auto scenario = in_process();
  scenario.when(case_officer(), take("ask_for_nothing_known")).then_rejected(RejectionCode::invalid_data);
  scenario.when(case_officer(), take("verified")).then_rejected(RejectionCode::not_allowed);
  EXPECT_EQ(scenario.rejection().members.at("stage"), "in_process");
  EXPECT_EQ(scenario.state().steps, std::vector<StepName>{kAppraisal});
  // Two notices are allowed, whoever asked for them.
  for (int notice = 0; notice < 2; ++notice) {
    scenario.did(case_officer(), take("ask"));
    scenario.did(desk_officer(), supply({"mandate"}, {{"remark", "đã bổ sung"}}));
  }
  scenario.when(case_officer(), take("ask")).then_rejected(RejectionCode::not_allowed);
}

TEST(CaseEffects, AStepPausesAndResumesTheClock) {
  auto scenario = in_process();
  scenario.did(case_officer(), take("verify"));
  EXPECT_EQ(scenario.state().clock.state, ClockState::paused);
  EXPECT_EQ(scenario.state().clock.reason, "verification");
  EXPECT_EQ(scenario.state().stage, Stage::in_process);
  scenario.at(kTuesday8h).did(signatory(), take("send_back"));
  scenario.when(case_officer(), take("verify")).then_rejected(RejectionCode::not_allowed);
  scenario.did(case_officer(), take("verified"));
  EXPECT_EQ(scenario.state().clock.state, ClockState::running);
  EXPECT_EQ(scenario.state().promises.back().basis, "resume");
}

TEST(CaseEffects, AStepEndsTheCase) {
  for (const auto& [event, stage, type] : {std::tuple{"give_up", Stage::withdrawn, "case.withdrawn"},
                                           std::tuple{"dismiss", Stage::stopped, "case.stopped"}}) {
    auto scenario = in_process();
    scenario.did(case_officer(), take(event));
    EXPECT_EQ(scenario.state().stage, stage);
    EXPECT_EQ(scenario.state().moves.back().type, type);
    EXPECT_EQ(scenario.state().clock.state, ClockState::ended);
    EXPECT_TRUE(scenario.state().steps.empty());
    EXPECT_TRUE(scenario.state().timers.empty());
  }
}

TEST(CaseEffects, AReceivedCaseIsInProcessBeforeItWaits) {
  Scenario scenario(effects());
  scenario.filed().did(desk_officer(), ReceiveCase{}).did(case_officer(), take("ask"));
  EXPECT_EQ(scenario.state().stage, Stage::awaiting_supplement);
}

TEST(CaseEffects, TheRoleStandsOnEachEvent) {
  auto scenario = in_process();
  scenario.when(case_officer(), take("ask"));
  auto decision = **scenario.result();
  name_role(decision, "case_officer");
  EXPECT_EQ(outcome_of(decision.event).role, "case_officer");
  EXPECT_EQ(outcome_of(decision.then[0].event).role, "case_officer");
}

/// The appraisal ends after four working hours: at 14:00.
Rules timed(CaseEffect effect) {
  auto definition = office_definition();
  auto one = way("after", "done", effect.kind, effect.code, effect.items);
  definition.machine.states[0].timer = StateTimer{{}, {one}};
  definition.machine.states[0].timer->after.amount = 4;
  definition.machine.states[0].timer->after.unit = LimitUnit::working_hour;
  return rules_with(definition);
}

TEST(CaseEffects, ATimerDoesThemToo) {
  Scenario scenario(timed({Kind::stop, "law-1", {}}));
  scenario.filed().did(desk_officer(), ReceiveCase{}).did(case_officer(), claim());
  scenario.at(kMonday8h + hours{6}).timers_fired();
  EXPECT_EQ(scenario.state().stage, Stage::stopped);
  EXPECT_EQ(scenario.state().moves.back().type, "case.stopped");
}

TEST(CaseEffects, WhatATimerMayNotDoIsAnIncident) {
  Scenario scenario(timed({Kind::resume, "", {}}));
  scenario.filed().did(desk_officer(), ReceiveCase{}).did(case_officer(), claim());
  scenario.at(kMonday8h + hours{6}).timers_fired();
  EXPECT_EQ(scenario.state().steps, std::vector<StepName>{kAppraisal});
  ASSERT_EQ(scenario.state().tasks.size(), 1U);
  EXPECT_EQ(scenario.state().tasks[0].kind, "incident");
}

TEST(CaseEffects, OneEventChangesTheCaseItselfOnce) {
  auto definition = office_definition();
  auto& states = definition.machine.states;
  MachineState outer;
  outer.name = StepName("office");
  outer.kind = StateKind::compound;
  outer.initial = 1;
  outer.transitions = {way("done", "signing", Kind::pause, "verification")};
  states.insert(states.begin(), outer);
  states[1].parent = 0;
  MachineState over;
  over.name = StepName("over");
  over.kind = StateKind::final;
  over.parent = 0;
  states.insert(states.begin() + 2, over);
  states[1].transitions.push_back(way("twice", "over", Kind::request_supplement, "", {"mandate"}));
  Transition plain;
  plain.event = "once";
  plain.target = StepName("over");
  states[1].transitions.push_back(plain);
  Scenario scenario(rules_with(definition));
  scenario.filed().did(desk_officer(), ReceiveCase{}).did(case_officer(), claim());
  scenario.when(case_officer(), take("twice")).then_rejected(RejectionCode::not_allowed);
  scenario.did(case_officer(), take("once"));
  EXPECT_EQ(scenario.state().clock.reason, "verification");
  EXPECT_EQ(scenario.state().steps, std::vector<StepName>{kSigning});
}

}  // namespace
}  // namespace motcua::engine
