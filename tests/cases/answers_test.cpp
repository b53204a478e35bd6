/// Answers of the register to open effects: what each class does, and that nothing a person typed is lost.
#include "tests/cases/family.hpp"

#include <gtest/gtest.h>

namespace motcua::engine {
namespace {

constexpr EffectRef kFirst{1, 0};

TEST(Answer, AMatchFillsAbsentLeavesWithTheirOrigin) {
  auto scenario = asking_about_the_mother();
  scenario.happened(RecordAnswer{kFirst, match("/mother", mother())});
  EXPECT_EQ(value_of(scenario, "/mother/residence"), "12 Hàng Bạc");
  EXPECT_EQ(scenario.state().provenance->at("/mother/residence"),
            (Provenance{"population", "MATCH", kDataTime, "lookup-mother", false}));
  EXPECT_TRUE(scenario.state().effects.empty());
  EXPECT_TRUE(scenario.state().tasks.empty());
}

TEST(Answer, IsStatedInFull) {
  auto scenario = asking_about_the_mother();
  scenario.when_engine(RecordAnswer{kFirst, match("/mother", mother())});
  const auto event = scenario.decided<LookupAnswered>();
  EXPECT_EQ(event.effect, kFirst);
  EXPECT_EQ(event.subject, "/mother");
  EXPECT_EQ(event.answer_class, "MATCH");
  EXPECT_EQ(event.lookup, "lookup-mother");
  EXPECT_EQ(event.outcome.effects_closed, std::vector<EffectRef>{kFirst});
}

TEST(Answer, WhatTheRegisterSaysIsSealedUnderItsSubjectAndNowhereElse) {
  auto scenario = asking_about_the_mother();
  scenario.when_engine(RecordAnswer{kFirst, match("/mother", mother())});
  EXPECT_EQ(scenario.sealed("/mother"),
            (nlohmann::json{{"data", {{"mother", {{"residence", "12 Hàng Bạc"}, {"ethnicity", "Kinh"}}}}}}));
  EXPECT_EQ(encode((*scenario.result())->event).find("Hàng"), std::string::npos);
}

TEST(Answer, IsAboutWhomTheQuestionWasWhateverItSaysItself) {
  auto filing = mothers_filing();
  filing.data["father"] = father();
  auto scenario = asking_about_the_mother(filing);
  scenario.happened(RecordAnswer{kFirst, match("/father", mother())});
  EXPECT_EQ(value_of(scenario, "/mother/residence"), "12 Hàng Bạc");
  EXPECT_EQ(class_of(scenario, "/father/residence"), "PENDING");
}

TEST(Answer, WhatFollowsFromAFilledLeafIsDerived) {
  auto scenario = asking_about_the_mother();
  scenario.happened(RecordAnswer{kFirst, match("/mother", mother())});
  EXPECT_EQ(value_of(scenario, "/child/ethnicity"), "Kinh");
  EXPECT_EQ(source_of(scenario, "/child/ethnicity"), "derived");
}

TEST(Answer, AgreementIsSilentAndNamesAreComparedFolded) {
  auto filing = mothers_filing();
  filing.data["mother"]["full_name"] = "NGUYỄN  thị bình";
  auto scenario = asking_about_the_mother(filing);
  scenario.happened(RecordAnswer{kFirst, match("/mother", mother())});
  EXPECT_EQ(value_of(scenario, "/mother/full_name"), "NGUYỄN  thị bình") << "kept byte by byte";
  EXPECT_EQ(class_of(scenario, "/mother/full_name"), "MATCH");
  EXPECT_EQ(source_of(scenario, "/mother/full_name"), "citizen");
  EXPECT_TRUE(scenario.state().tasks.empty());
  EXPECT_TRUE(scenario.content().registered.empty());
}

/// The mother typed where she lives, and the register says otherwise.
Scenario differing() {
  auto filing = mothers_filing();
  filing.data["mother"]["residence"] = "1 Tràng Tiền";
  auto scenario = asking_about_the_mother(filing);
  scenario.happened(RecordAnswer{kFirst, match("/mother", mother())});
  return scenario;
}

TEST(Answer, ADifferenceOpensOneTaskAndKeepsTheTypedValue) {
  const auto scenario = differing();
  EXPECT_EQ(scenario.state().tasks,
            (std::vector<CaseTask>{{"difference", "/mother/residence", "lookup-mother", kMonday8h}}));
  EXPECT_EQ(value_of(scenario, "/mother/residence"), "1 Tràng Tiền");
  EXPECT_EQ(scenario.content().registered, (nlohmann::json{{"/mother/residence", "12 Hàng Bạc"}}));
  EXPECT_FALSE(is_overridden(scenario, "/mother/residence"));
}

TEST(Answer, ADifferenceBlocksNobody) {
  auto scenario = differing();
  scenario.did(desk_officer(), ReceiveCase{}).did(case_officer(), take("confirm"));
}

TEST(Answer, EveryOtherClassMarksWhatWasWaiting) {
  for (const auto* answer_class : {"NO_MATCH", "REFUSED", "MALFORMED"}) {
    auto scenario = asking_about_the_mother();
    scenario.happened(RecordAnswer{kFirst, no_match("/mother", answer_class)});
    for (const auto* pointer : {"/mother/full_name", "/mother/residence", "/mother/ethnicity"}) {
      EXPECT_EQ(class_of(scenario, pointer), answer_class) << pointer;
    }
    EXPECT_EQ(source_of(scenario, "/mother/full_name"), "citizen");
    EXPECT_EQ(source_of(scenario, "/mother/residence"), "population") << "where it would have come from";
    EXPECT_EQ(value_of(scenario, "/mother/residence"), nullptr);
    EXPECT_TRUE(scenario.state().effects.empty());
    EXPECT_TRUE(scenario.state().tasks.empty());
    EXPECT_TRUE(provisional_pointers(scenario.view()).empty()) << "it is answered, nobody waits";
  }
}

TEST(Answer, LeavesThatTheRegisterDoesNotKnowWaitForNobodyAfterAMatch) {
  auto scenario = asking_about_the_mother();
  auto answer = match("/mother", mother());
  answer.person.erase("permanent_residence");
  scenario.happened(RecordAnswer{kFirst, answer});
  EXPECT_EQ(value_of(scenario, "/mother/residence"), nullptr);
  EXPECT_EQ(class_of(scenario, "/mother/residence"), "MATCH");
  EXPECT_TRUE(provisional_pointers(scenario.view()).empty());
}

TEST(Answer, FillsWhatWasMissing) {
  auto definition = register_definition();
  for (auto& leaf : definition.leaves) leaf.required = leaf.required || leaf.pointer == "/mother/residence";
  Scenario scenario(rules_with(definition));
  scenario.filed(mothers_filing());
  EXPECT_EQ(scenario.state().missing, (std::vector<MissingItem>{{"/mother/residence", {}}}));
  scenario.happened(RecordAnswer{kFirst, match("/mother", mother())});
  EXPECT_TRUE(scenario.state().missing.empty());
}

TEST(Answer, MayPutTheCaseUnderAnotherLimit) {
  auto definition = register_definition();
  definition.time_limits.front().when =
      nlohmann::json::parse(R"({"==": [{"var": "data.mother.residence"}, "12 Hàng Bạc"]})");
  Scenario scenario(rules_with(definition));
  scenario.filed(mothers_filing()).did(desk_officer(), ReceiveCase{});
  EXPECT_EQ(scenario.state().due.due_at, kThursday8h);
  scenario.happened(RecordAnswer{kFirst, match("/mother", mother())});
  EXPECT_EQ(scenario.state().due.due_at, kTuesday8h);
  EXPECT_EQ(scenario.state().promises.size(), 1U);
  EXPECT_TRUE(has_flag(scenario.state(), "limit_changed"));
}

TEST(Answer, MayCompleteSomebodyElsesIdentifiersWhoIsThenAskedFor) {
  auto definition = register_definition();
  PrefillRule fathers_name;
  fathers_name.field = "/father/full_name";
  fathers_name.source = "population";
  fathers_name.subject = "/mother";
  fathers_name.attribute = "spouse.full_name";
  definition.prefill.push_back(fathers_name);
  auto filing = mothers_filing();
  filing.data["father"] = {{"personal_id", "001090000001"}, {"birth_date", "1990-01-01"}};
  Scenario scenario(rules_with(definition));
  scenario.filed(filing);
  EXPECT_EQ(asked_about(scenario), Texts{"/mother"});
  auto answer = match("/mother", mother());
  answer.person["spouse"] = {{"full_name", "Trần Văn Cường"}};
  scenario.happened(RecordAnswer{kFirst, answer});
  EXPECT_EQ(asked_about(scenario), Texts{"/father"});
  EXPECT_EQ(class_of(scenario, "/father/residence"), "PENDING");
}

TEST(Failure, TheFirstIsRecordedAndTheEffectStaysOpen) {
  auto scenario = asking_about_the_mother();
  LookupUnavailable expected;
  expected.effect = kFirst;
  expected.subject = "/mother";
  expected.detail = "timeout";
  expected.outcome.effects_failed = {kFirst};
  expected.outcome.provenance["/mother/full_name"] = {"citizen", "UNAVAILABLE", kMonday8h, "", false};
  for (const auto* pointer : {"/mother/residence", "/mother/ethnicity"}) {
    expected.outcome.provenance[pointer] = {"population", "UNAVAILABLE", kMonday8h, "", false};
  }
  scenario.when_engine(RecordFailure{kFirst, "timeout"}).then(expected);
  ASSERT_EQ(scenario.state().effects.size(), 1U);
  EXPECT_TRUE(scenario.state().effects.front().failed_once);
}

TEST(Failure, AnotherOneIsNothingToRecord) {
  auto scenario = asking_about_the_mother();
  scenario.happened(RecordFailure{kFirst, "timeout"});
  scenario.when_engine(RecordFailure{kFirst, "refused"}).then_rejected(RejectionCode::not_allowed);
}

TEST(Failure, OfAClosedOrUnknownEffectIsNothingToRecord) {
  auto scenario = asking_about_the_mother();
  scenario.when_engine(RecordFailure{{7, 0}, "timeout"}).then_rejected(RejectionCode::not_allowed);
  scenario.happened(RecordAnswer{kFirst, match("/mother", mother())});
  scenario.when_engine(RecordFailure{kFirst, "timeout"}).then_rejected(RejectionCode::not_allowed);
}

TEST(Failure, ALaterMatchHeals) {
  auto scenario = asking_about_the_mother();
  scenario.happened(RecordFailure{kFirst, "timeout"});
  EXPECT_EQ(class_of(scenario, "/mother/residence"), "UNAVAILABLE");
  scenario.happened(RecordAnswer{kFirst, match("/mother", mother())});
  EXPECT_EQ(class_of(scenario, "/mother/residence"), "MATCH");
  EXPECT_EQ(class_of(scenario, "/mother/full_name"), "MATCH");
  EXPECT_EQ(value_of(scenario, "/mother/residence"), "12 Hàng Bạc");
  EXPECT_TRUE(scenario.state().effects.empty());
}

/// Everything but what every event moves.
Case without_moves(Case current) {
  current.version = 0;
  current.moves.clear();
  return current;
}

TEST(LateAnswer, IsRecordedAsIgnoredAndChangesNothing) {
  auto scenario = asking_about_the_mother();
  scenario.happened(RecordAnswer{kFirst, match("/mother", mother())});
  const auto before = scenario.state();
  const auto content = scenario.content();
  AnswerIgnored expected;
  expected.effect = kFirst;
  expected.answer_class = "MATCH";
  const auto other = match("/mother", mother(), "99 Hàng Đào");
  scenario.when_engine(RecordAnswer{kFirst, other}).then(expected);
  EXPECT_EQ(without_moves(scenario.state()), without_moves(before));
  EXPECT_EQ(scenario.content(), content);
  EXPECT_EQ(scenario.state().foreground_version, before.foreground_version);
}

TEST(LateAnswer, ToACaseThatIsOverIsIgnored) {
  auto scenario = asking_about_the_mother();
  scenario.did(desk_officer(), WithdrawCase{});
  scenario.when_engine(RecordAnswer{kFirst, match("/mother", mother())});
  EXPECT_EQ(scenario.decided<AnswerIgnored>().effect, kFirst);
  EXPECT_TRUE((*scenario.result())->personal.empty());
}

TEST(LateAnswer, ToAnEffectThatNobodyAskedForIsIgnored) {
  auto scenario = asking_about_the_mother();
  scenario.when_engine(RecordAnswer{{9, 9}, match("/mother", mother())});
  EXPECT_EQ(scenario.decided<AnswerIgnored>().effect, (EffectRef{9, 9}));
}

TEST(Closing, EveryWayOutClosesTheOpenEffects) {
  const std::vector<std::pair<Identity, CommandBody>> ways{{desk_officer(), RefuseReception{"duplicate"}},
                                                           {desk_officer(), WithdrawCase{}}};
  for (const auto& [by, body] : ways) {
    auto scenario = asking_about_the_mother();
    scenario.did(by, body);
    EXPECT_TRUE(scenario.state().effects.empty()) << name_of(body);
  }
  auto scenario = asking_about_the_mother();
  scenario.did(desk_officer(), ReceiveCase{});
  EXPECT_FALSE(scenario.state().effects.empty());
  EXPECT_TRUE(Scenario(scenario).did(signatory(), StopCase{"law-1"}).state().effects.empty());
  scenario.did(case_officer(), take("submit")).did(signatory(), take("sign"));
  EXPECT_TRUE(scenario.did(signatory(), resolve({"certificate"})).state().effects.empty());
}

TEST(Task, ACorrectionToTheRegistersValueClosesItUnmarked) {
  auto scenario = differing();
  scenario.did(desk_officer(), correct("/mother/residence", "12 Hàng Bạc"));
  EXPECT_TRUE(scenario.state().tasks.empty());
  EXPECT_FALSE(is_overridden(scenario, "/mother/residence"));
  EXPECT_FALSE(has_flag(scenario.state(), "overridden"));
  EXPECT_EQ(source_of(scenario, "/mother/residence"), "officer");
}

TEST(Task, ACorrectionThatStandsAgainstTheRegisterClosesItMarked) {
  auto scenario = differing();
  scenario.did(desk_officer(), correct("/mother/residence", "1 Tràng Tiền"));
  EXPECT_TRUE(scenario.state().tasks.empty());
  EXPECT_TRUE(is_overridden(scenario, "/mother/residence"));
  EXPECT_TRUE(has_flag(scenario.state(), "overridden"));
  EXPECT_EQ(scenario.content().registered.at("/mother/residence"), "12 Hàng Bạc") << "both are kept";
}

TEST(Task, ACorrectionElsewhereLeavesItOpen) {
  auto scenario = differing();
  scenario.did(desk_officer(), correct("/remark", "x"));
  EXPECT_EQ(tasks_of(scenario), Texts{"/mother/residence"});
}

TEST(Task, ASupplyOfTheValueClosesItToo) {
  auto scenario = differing();
  scenario.did(desk_officer(), ask_for({"/mother/residence"}));
  scenario.did(desk_officer(), supply({}, {{"mother", {{"residence", "12 Hàng Bạc"}}}}));
  EXPECT_TRUE(scenario.state().tasks.empty());
}

Scenario waiting_in_process(bool failed) {
  auto scenario = asking_about_the_mother();
  if (failed) scenario.happened(RecordFailure{kFirst, "timeout"});
  scenario.did(desk_officer(), ReceiveCase{}).did(case_officer(), claim());
  return scenario;
}

TEST(Provisional, ValuesBlockOnlyTheConditionsThatReadThem) {
  for (const bool failed : {false, true}) {
    auto scenario = waiting_in_process(failed);
    scenario.when(case_officer(), take("confirm")).then_rejected(RejectionCode::guard_undecided);
    scenario.did(case_officer(), take("submit"));
  }
}

TEST(Provisional, AGivenValueIsProvisionalUntilTheRegisterHasAnswered) {
  auto filing = mothers_filing();
  filing.data["mother"]["residence"] = "12 Hàng Bạc";
  auto scenario = asking_about_the_mother(filing);
  scenario.did(desk_officer(), ReceiveCase{}).did(case_officer(), claim());
  Scenario(scenario).when(case_officer(), take("confirm")).then_rejected(RejectionCode::guard_undecided);
  scenario.happened(RecordAnswer{kFirst, match("/mother", mother())}).did(case_officer(), take("confirm"));
}

TEST(Provisional, ASupplyOfTheCitizenDoesNotMakeItCertain) {
  auto scenario = waiting_in_process(true);
  scenario.did(case_officer(), ask_for({"/mother/residence"}));
  scenario.did(desk_officer(), supply({}, {{"mother", {{"residence", "1 Tràng Tiền"}}}}));
  EXPECT_EQ(class_of(scenario, "/mother/residence"), "UNAVAILABLE");
  scenario.when(case_officer(), take("confirm")).then_rejected(RejectionCode::guard_undecided);
}

TEST(Provisional, WhatAnOfficerTypedBlocksNobodyAndIsStillCompared) {
  auto scenario = waiting_in_process(false);
  scenario.did(case_officer(), correct("/mother/residence", "1 Tràng Tiền"));
  EXPECT_EQ(class_of(scenario, "/mother/residence"), "PENDING");
  Scenario(scenario).did(case_officer(), take("confirm"));
  scenario.happened(RecordFailure{kFirst, "timeout"});
  Scenario(scenario).did(case_officer(), take("confirm"));
  scenario.happened(RecordAnswer{kFirst, match("/mother", mother())});
  EXPECT_EQ(tasks_of(scenario), Texts{"/mother/residence"});
}

TEST(Background, AnswersMakeNoExpectedVersionStale) {
  auto scenario = asking_about_the_mother();
  scenario.happened(RecordFailure{kFirst, "timeout"});
  scenario.happened(RecordAnswer{kFirst, match("/mother", mother())});
  scenario.happened(RecordAnswer{kFirst, match("/mother", mother())});
  EXPECT_EQ(scenario.state().version, 4U);
  EXPECT_EQ(scenario.state().foreground_version, 1U);
}

}  // namespace
}  // namespace motcua::engine
