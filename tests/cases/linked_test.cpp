/// Linked cases as one case decides about them: what is asked for, when it goes on, and what it tells.
#include "engine/cases/linked.hpp"

#include "engine/cases/decision_parts.hpp"
#include "engine/cases/rows.hpp"
#include "tests/cases/week.hpp"

#include <gtest/gtest.h>

namespace motcua::engine {
namespace {

using nlohmann::json;

const StepName kAppraisal("appraisal");
const StepName kSigning("signing");

LinkedProcedure branch(const char* code, json when = nullptr, bool waits = true) {
  LinkedProcedure one;
  one.code = code;
  one.procedure = ProcedureCode("1.004222");
  one.when = std::move(when);
  one.waits = waits;
  one.values = {{"/person/full_name", {{"var", "data.child.full_name"}}},
                {"/person/absent", {{"var", "data.nothing"}}},
                {"/person/applicant", {{"var", "applicant.full_name"}}}};
  return one;
}

/// Signing opens the branches; when they have ended the case goes back to the appraisal, or where `guard`
/// does not hold stays.
Rules with_branches(std::vector<LinkedProcedure> branches, json guard = nullptr) {
  auto definition = office_definition();
  for (auto& state : definition.machine.states) {
    if (state.name != kSigning) continue;
    state.linked = std::move(branches);
    Transition done;
    done.event = "done";
    done.target = kAppraisal;
    done.guard = std::move(guard);
    state.transitions.push_back(done);
  }
  return rules_with(definition);
}

Scenario at_signing(Rules rules) {
  Scenario scenario(std::move(rules));
  scenario.filed().did(desk_officer(), ReceiveCase{}).did(case_officer(), claim());
  scenario.did(case_officer(), take("submit"));
  return scenario;
}

std::vector<OpenEffect> asked(const Case& current) {
  std::vector<OpenEffect> open;
  for (const auto& effect : current.effects) {
    if (effect.kind == kLinkedCaseEffect) open.push_back(effect);
  }
  return open;
}

LinkedCase opened(const OpenEffect& effect, const std::string& id = "child-1") {
  LinkedCase linked;
  linked.link = effect.subject;
  linked.procedure = ProcedureCode("1.004222");
  linked.case_id = id;
  linked.opened_at = kMonday8h;
  return linked;
}

RecordLinkedEnd end(const std::string& id, const char* as = "resolved") {
  return {id, as, {{"paper", ""}}, json::object()};
}

/// Both branches opened as child-1 and child-2.
Scenario two_open(json guard = nullptr) {
  auto scenario = at_signing(with_branches({branch("one"), branch("two")}, std::move(guard)));
  const auto effects = asked(scenario.state());
  scenario.happened(RecordLinked{effects.at(0).ref, opened(effects.at(0), "child-1")});
  scenario.happened(RecordLinked{effects.at(1).ref, opened(effects.at(1), "child-2")});
  return scenario;
}

TEST(Linked, EnteringTheStepAsksForTheCasesOfItsBranches) {
  const auto scenario = at_signing(with_branches({branch("one"), branch("two")}));
  const auto effects = asked(scenario.state());
  ASSERT_EQ(effects.size(), 2U);
  EXPECT_EQ(effects[0].subject, "one");
  EXPECT_EQ(effects[1].subject, "two");
}

TEST(Linked, WhatIsCarriedOutAmongCasesLiesApartFromLookUps) {
  const auto scenario = at_signing(with_branches({branch("one")}));
  std::size_t inside = 0;
  for (const auto& row : rows(scenario.state())) {
    const auto effect = read_effect_row(row);
    if (!effect) continue;
    const bool apart = row.key.starts_with(inside_effect_prefix());
    const auto& open = scenario.state().effects;
    const auto asked =
        std::find_if(open.begin(), open.end(), [&](const OpenEffect& one) { return one.ref == effect->ref; });
    ASSERT_NE(asked, open.end());
    EXPECT_EQ(apart, asked->kind == kLinkedCaseEffect);
    inside += apart ? 1 : 0;
  }
  EXPECT_EQ(inside, 1U);
}

TEST(Linked, ThePlanSaysWhatIsFiledAndLeavesOutWhatNobodyKnows) {
  const auto scenario = at_signing(with_branches({branch("one")}));
  const auto plan = plan_linked(scenario.view(), asked(scenario.state()).at(0).ref,
                                {scenario.rules(), engine_actor(), scenario.now()});
  ASSERT_TRUE(plan.has_value());
  ASSERT_TRUE(plan->filing.has_value());
  EXPECT_EQ(plan->agency, scenario.state().competent);
  const auto& data = plan->filing->data;
  EXPECT_EQ(data.at("person").at("full_name"), scenario.content().data.at("child").at("full_name"));
  EXPECT_EQ(data.at("person").at("applicant"), scenario.content().applicant.at("full_name"));
  EXPECT_FALSE(data.at("person").contains("absent"));
}

TEST(Linked, ABranchIsNotNeededWhereItsConditionIsFalse) {
  auto scenario = at_signing(with_branches({branch("one", json::parse(R"({"==": [1, 2]})"))}));
  const auto effect = asked(scenario.state()).at(0);
  const auto plan =
      plan_linked(scenario.view(), effect.ref, {scenario.rules(), engine_actor(), scenario.now()});
  ASSERT_TRUE(plan.has_value());
  EXPECT_FALSE(plan->filing.has_value());
  scenario.happened(RecordLinked{effect.ref, not_needed("one", ProcedureCode("1.004222"), scenario.now())});
  EXPECT_EQ(scenario.state().steps, std::vector<StepName>{kAppraisal}) << "nothing is waited for";
}

TEST(Linked, AConditionThatNobodyCanDecideOpensNothing) {
  const auto scenario = at_signing(with_branches({branch("one", json::parse(R"({"var": "data.unknown"})"))}));
  const auto plan = plan_linked(scenario.view(), asked(scenario.state()).at(0).ref,
                                {scenario.rules(), engine_actor(), scenario.now()});
  ASSERT_FALSE(plan.has_value());
  EXPECT_EQ(plan.error().code, RejectionCode::guard_undecided);
  EXPECT_EQ(plan.error().members.at("blocked_by"), json::parse(R"(["/data/unknown"])"));
}

TEST(Linked, TheCaseGoesOnWhenTheLastThatItWaitsForHasEnded) {
  auto scenario = two_open();
  scenario.at(kTuesday8h).happened(end("child-2"));
  EXPECT_EQ(scenario.state().steps, std::vector<StepName>{kSigning});
  EXPECT_EQ(scenario.state().linked[1].ended_at, kTuesday8h);
  EXPECT_EQ(scenario.state().linked[1].outcome, "resolved");
  scenario.happened(end("child-1"));
  EXPECT_EQ(scenario.state().steps, std::vector<StepName>{kAppraisal});
  EXPECT_EQ(scenario.state().clock.state, ClockState::running) << "the overall clock ran all the while";
}

TEST(Linked, AnEndIsRecordedOnceAndOnlyOfACaseThatIsOpen) {
  auto scenario = two_open();
  scenario.happened(end("child-2"));
  scenario.when_engine(end("child-2")).then_rejected(RejectionCode::not_allowed);
  scenario.when_engine(end("child-9")).then_rejected(RejectionCode::not_allowed);
}

TEST(Linked, GuardsReadHowTheCasesEnded) {
  const auto guard = json::parse(R"({"and": [{"==": [{"var": "linked.one.outcome"}, "stopped"]},
                                             {"in": ["paper", {"var": "linked.two.results"}]}]})");
  auto scenario = two_open(guard);
  scenario.happened(end("child-1", "stopped")).happened(end("child-2"));
  EXPECT_EQ(scenario.state().steps, std::vector<StepName>{kAppraisal});
}

TEST(Linked, WhereNoWayLeadsOnAPersonIsAsked) {
  auto scenario = two_open(json::parse(R"({"==": [{"var": "linked.one.outcome"}, "stopped"]})"));
  scenario.happened(end("child-1")).happened(end("child-2"));
  EXPECT_EQ(scenario.state().steps, std::vector<StepName>{kSigning});
  ASSERT_EQ(scenario.state().tasks.size(), 1U);
  EXPECT_EQ(scenario.state().tasks[0].kind, kIncidentTask);
  EXPECT_EQ(scenario.state().tasks[0].pointer, "done:signing");
  scenario.did(signatory(), claim()).did(signatory(), take("send_back"));
  EXPECT_TRUE(scenario.state().tasks.empty()) << "the step is left";
}

TEST(Linked, NobodyFiresWhatTheEngineFires) {
  auto scenario = two_open();
  scenario.did(signatory(), claim());
  scenario.when(signatory(), take("done")).then_rejected(RejectionCode::not_allowed);
  const auto facts = facts_of(scenario.state(), scenario.content().data);
  for (const auto& offer :
       offered_events(scenario.rules().definition->machine, scenario.state().steps, facts)) {
    EXPECT_NE(offer.transition->event, "done");
  }
}

TEST(Linked, ACaseThatStandsStillIsToldLater) {
  auto scenario = two_open();
  scenario.happened(end("child-1")).did(signatory(), ask_for({"mandate"}));
  ASSERT_EQ(scenario.state().stage, Stage::awaiting_supplement);
  scenario.when_engine(end("child-2")).then_rejected(RejectionCode::not_allowed);
  scenario.did(desk_officer(), supply({"mandate"})).happened(end("child-2"));
  EXPECT_EQ(scenario.state().steps, std::vector<StepName>{kAppraisal});
}

TEST(Linked, WhatIsNotWaitedForHoldsUpNothing) {
  auto scenario = at_signing(with_branches({branch("one"), branch("two", nullptr, false)}));
  const auto effects = asked(scenario.state());
  scenario.happened(RecordLinked{effects.at(1).ref, opened(effects.at(1), "child-2")});
  scenario.happened(RecordLinked{effects.at(0).ref, opened(effects.at(0), "child-1")});
  scenario.happened(end("child-1"));
  EXPECT_EQ(scenario.state().steps, std::vector<StepName>{kAppraisal});
}

TEST(Linked, ACaseThatWasOpenedIsRecordedAlsoWhereTheStepStandsStill) {
  auto scenario = at_signing(
      with_branches({branch("one"), branch("two", nullptr, false)}, json::parse(R"({"==": [1, 2]})")));
  const auto effects = asked(scenario.state());
  scenario.happened(RecordLinked{effects.at(0).ref, opened(effects.at(0), "child-1")});
  scenario.happened(end("child-1")).did(signatory(), ask_for({"mandate"}));
  ASSERT_EQ(scenario.state().stage, Stage::awaiting_supplement);
  scenario.happened(RecordLinked{effects.at(1).ref, opened(effects.at(1), "child-2")});
  EXPECT_EQ(scenario.state().linked.size(), 2U);
}

TEST(Linked, WhatIsNotWaitedForAsksNobodyTwice) {
  auto scenario = at_signing(
      with_branches({branch("one"), branch("two", nullptr, false)}, json::parse(R"({"==": [1, 2]})")));
  const auto effects = asked(scenario.state());
  scenario.happened(RecordLinked{effects.at(0).ref, opened(effects.at(0), "child-1")});
  scenario.happened(end("child-1"));
  ASSERT_EQ(scenario.state().tasks.size(), 1U);
  scenario.happened(RecordLinked{effects.at(1).ref, opened(effects.at(1), "child-2")})
      .happened(end("child-2"));
  EXPECT_EQ(scenario.state().tasks.size(), 1U);
}

TEST(Linked, ABranchThatHasItsResultIsKeptWhenTheStepIsEnteredAgain) {
  auto scenario = two_open(json::parse(R"({"==": [1, 1]})"));
  scenario.happened(end("child-1")).happened(end("child-2", "stopped"));
  scenario.did(case_officer(), claim()).did(case_officer(), take("submit"));
  const auto effects = asked(scenario.state());
  ASSERT_EQ(effects.size(), 2U);
  const CommandContext context{scenario.rules(), engine_actor(), scenario.now()};
  const auto kept = plan_linked(scenario.view(), effects[0].ref, context);
  const auto anew = plan_linked(scenario.view(), effects[1].ref, context);
  ASSERT_TRUE(kept.has_value() && anew.has_value());
  ASSERT_TRUE(kept->kept.has_value());
  EXPECT_EQ(kept->kept->case_id, "child-1");
  EXPECT_TRUE(anew->filing.has_value());
  scenario.happened(RecordLinked{effects[0].ref, *kept->kept});
  EXPECT_EQ(scenario.state().linked.size(), 2U) << "the same case is no second entry";
}

TEST(Linked, AFailureIsATaskOnceAndEndsWhenTheCaseIsOpened) {
  auto scenario = at_signing(with_branches({branch("one")}));
  const auto effect = asked(scenario.state()).at(0);
  scenario.happened(RecordLinkFailure{effect.ref, "not_in_force"});
  ASSERT_EQ(scenario.state().tasks.size(), 1U);
  EXPECT_EQ(scenario.state().tasks[0].pointer, "linked:one");
  EXPECT_EQ(asked(scenario.state()).size(), 1U) << "it is tried again";
  scenario.when_engine(RecordLinkFailure{effect.ref, "not_in_force"})
      .then_rejected(RejectionCode::not_allowed);
  scenario.happened(RecordLinked{effect.ref, opened(effect)});
  EXPECT_TRUE(scenario.state().tasks.empty());
}

TEST(Linked, TheCaseThatWasOpenedSaysForWhichAndReportsItsEndOnce) {
  Scenario scenario;
  const Identity agency{ActorId("motcua"), "", {}, desk_officer().agency, {}};
  auto decision =
      file_linked(complete_filing(), "counter", {"parent", "H15.50.05-260302-0001", "one"},
                  {scenario.rules(), agency, kMonday8h}, scenario_case(), "H15.50.05-260302-0002");
  ASSERT_TRUE(decision.has_value());
  ASSERT_EQ(decision->then.size(), 1U) << "complete: received at once";
  scenario.given(*decision, agency);
  EXPECT_EQ(scenario.state().stage, Stage::received);
  EXPECT_EQ(scenario.state().clock.state, ClockState::running);
  ASSERT_EQ(scenario.state().codes.size(), 2U);
  EXPECT_EQ(scenario.state().codes[1], (CaseCode{"linked", "H15.50.05-260302-0001"}));
  const auto listed = rows(scenario.state());
  const auto parent = case_code_key("H15.50.05-260302-0001");
  EXPECT_TRUE(std::none_of(listed.begin(), listed.end(), [&](const Row& row) { return row.key == parent; }))
      << "that code finds the other case";
  scenario.did(desk_officer(), WithdrawCase{});
  const auto& effects = scenario.state().effects;
  ASSERT_EQ(effects.size(), 1U);
  EXPECT_EQ(effects[0].kind, kLinkedReportEffect);
  scenario.happened(RecordReported{effects[0].ref});
  EXPECT_TRUE(scenario.state().effects.empty());
}

TEST(Linked, AnIncompleteFileWaitsForTheDeskOfItsAgency) {
  Scenario scenario;
  auto filing = complete_filing();
  filing.papers.clear();
  const Identity agency{ActorId("motcua"), "", {}, desk_officer().agency, {}};
  const auto decision =
      file_linked(filing, "counter", {"parent", "code", "one"}, {scenario.rules(), agency, kMonday8h},
                  scenario_case(), "H15.50.05-260302-0002");
  ASSERT_TRUE(decision.has_value());
  EXPECT_TRUE(decision->then.empty());
}

}  // namespace
}  // namespace motcua::engine
