/// Whom the register is asked about: at filing, with look-ups made before, and when identifiers come or
/// change.
#include "tests/cases/family.hpp"

#include <gtest/gtest.h>

namespace motcua::engine {
namespace {

constexpr EffectRef kFirst{1, 0};

/// Pointer of the first finding of a refusal.
std::string pointer_of(const Scenario& scenario) {
  const auto members = scenario.rejection().members;
  return members.contains("pointers") ? members["pointers"][0]["pointer"].get<std::string>() : "";
}

TEST(Filing, AsksAboutEverybodyWithAllThreeIdentifiers) {
  const auto scenario = asking_about_the_mother();
  ASSERT_EQ(scenario.state().effects.size(), 1U);
  EXPECT_EQ(scenario.state().effects.front(),
            (OpenEffect{kFirst, "population_lookup", "/mother", kMonday8h, false}));
  for (const auto* pointer : {"/mother/full_name", "/mother/residence", "/mother/ethnicity"}) {
    EXPECT_EQ(class_of(scenario, pointer), "PENDING") << pointer;
  }
  EXPECT_EQ(class_of(scenario, "/child/full_name"), "");
  EXPECT_EQ(class_of(scenario, "/contact"), "-") << "the applicant has no date of birth";
}

TEST(Filing, AsksAboutNobodyWhoLacksAnIdentifier) {
  for (const auto* member : {"personal_id", "full_name", "birth_date"}) {
    auto filing = mothers_filing();
    filing.data["mother"].erase(member);
    EXPECT_TRUE(asking_about_the_mother(filing).state().effects.empty()) << member;
    filing.data["mother"][member] = "";
    EXPECT_TRUE(asking_about_the_mother(filing).state().effects.empty()) << member;
  }
}

TEST(Filing, ThePersonNamedTwiceIsAskedForOnceAndBothWait) {
  auto scenario = registry_office();
  scenario.filed(fathers_filing());
  EXPECT_EQ(asked_about(scenario), Texts{"/applicant"});
  EXPECT_EQ(class_of(scenario, "/contact"), "PENDING");
  EXPECT_EQ(class_of(scenario, "/father/residence"), "PENDING");
  scenario.happened(RecordAnswer{kFirst, match("/applicant", father())});
  EXPECT_EQ(value_of(scenario, "/contact"), "12 Hàng Bạc");
  EXPECT_EQ(value_of(scenario, "/father/residence"), "12 Hàng Bạc");
}

TEST(Filing, TwoPeopleAreTwoEffectsOfTheOneEvent) {
  auto filing = fathers_filing();
  filing.data["mother"] = mother();
  auto scenario = registry_office();
  scenario.filed(filing);
  EXPECT_EQ(asked_about(scenario), (Texts{"/applicant", "/mother"}));
  EXPECT_EQ(scenario.state().effects.back().ref, (EffectRef{1, 1}));
}

TEST(FilingWithLookups, CopiesValuesAndOriginAndAsksNobodyAgain) {
  auto scenario = registry_office();
  scenario.filed(mothers_filing(), desk_officer(), {match("/mother", mother())});
  EXPECT_TRUE(scenario.state().effects.empty());
  EXPECT_EQ(value_of(scenario, "/mother/residence"), "12 Hàng Bạc");
  EXPECT_EQ(scenario.state().provenance->at("/mother/residence"),
            (Provenance{"population", "MATCH", kDataTime, "lookup-mother", false}));
  EXPECT_EQ(value_of(scenario, "/child/ethnicity"), "Kinh");
  EXPECT_FALSE(has_flag(scenario.state(), "overridden"));
}

TEST(FilingWithLookups, ServeASecondSubjectWithTheSameIdentifiers) {
  auto scenario = registry_office();
  scenario.filed(fathers_filing(), desk_officer(), {match("/applicant", father())});
  EXPECT_TRUE(scenario.state().effects.empty());
  EXPECT_EQ(value_of(scenario, "/father/residence"), "12 Hàng Bạc");
}

TEST(FilingWithLookups, ADifferingValueNeedsAReasonAndItsPointerIsNamed) {
  auto filing = mothers_filing();
  filing.data["mother"]["residence"] = "1 Tràng Tiền";
  const auto answers = std::vector<PersonAnswer>{match("/mother", mother())};
  for (const auto& reason : {std::optional<std::string>{}, std::optional<std::string>{""}}) {
    filing.reason = reason;
    auto scenario = registry_office();
    scenario.when_filed(filing, desk_officer(), answers).then_rejected(RejectionCode::invalid_data);
    EXPECT_EQ(pointer_of(scenario), "/data/mother/residence");
    EXPECT_EQ(scenario.rejection().members.dump().find("Hàng Bạc"), std::string::npos);
  }
  filing.reason = "mới chuyển nhà";
  auto scenario = registry_office();
  scenario.filed(filing, desk_officer(), answers);
  EXPECT_EQ(value_of(scenario, "/mother/residence"), "1 Tràng Tiền");
  EXPECT_EQ(scenario.content().registered.at("/mother/residence"), "12 Hàng Bạc");
  EXPECT_TRUE(is_overridden(scenario, "/mother/residence"));
  EXPECT_TRUE(has_flag(scenario.state(), "overridden"));
  EXPECT_TRUE(scenario.state().tasks.empty()) << "the reason has answered it";
  EXPECT_EQ(scenario.sealed("free-text"), (nlohmann::json{{"reason", "mới chuyển nhà"}}));
}

TEST(FilingWithLookups, AnotherPersonsNumberIsRefused) {
  auto other = mother();
  other["personal_id"] = "001190000099";
  auto scenario = registry_office();
  scenario.when_filed(mothers_filing(), desk_officer(), {match("/mother", other)});
  scenario.then_rejected(RejectionCode::invalid_data);
  EXPECT_EQ(pointer_of(scenario), "/lookups/0/lookup_id");
}

TEST(FilingWithLookups, TheApplicantsNumberIsLookedAtToo) {
  auto scenario = registry_office();
  scenario.when_filed(fathers_filing(), desk_officer(), {match("/applicant", mother())});
  EXPECT_EQ(pointer_of(scenario), "/lookups/0/lookup_id");
}

TEST(FilingWithLookups, ASubjectThatTheFormDoesNotLookUpIsRefused) {
  for (const auto* subject : {"/child", "/nobody", "", "mother"}) {
    auto scenario = registry_office();
    auto answer = match("/mother", mother());
    answer.subject = subject;
    scenario.when_filed(mothers_filing(), desk_officer(), {match("/mother", mother()), answer});
    EXPECT_EQ(pointer_of(scenario), "/lookups/1/subject") << subject;
  }
}

TEST(FilingWithLookups, OneWithoutAMatchIsAskedAgain) {
  for (const auto* answer_class : {"NO_MATCH", "UNAVAILABLE", "REFUSED", "MALFORMED"}) {
    auto scenario = registry_office();
    scenario.filed(mothers_filing(), desk_officer(), {no_match("/mother", answer_class)});
    EXPECT_EQ(asked_about(scenario), Texts{"/mother"}) << answer_class;
    EXPECT_EQ(class_of(scenario, "/mother/residence"), "PENDING");
  }
}

TEST(FilingWithLookups, WhatTheRegisterSaidIsSealedUnderItsSubject) {
  auto scenario = registry_office();
  scenario.when_filed(mothers_filing(), desk_officer(), {match("/mother", mother())});
  EXPECT_EQ(scenario.sealed("/mother").at("data").at("mother").at("residence"), "12 Hàng Bạc");
  EXPECT_EQ(encode((*scenario.result())->event).find("Hàng"), std::string::npos);
}

/// Waiting for a supplement before reception; the mother lacks her date of birth.
Scenario lacking_a_birth_date() {
  auto filing = mothers_filing();
  filing.data["mother"].erase("birth_date");
  auto scenario = registry_office();
  scenario.filed(filing).did(desk_officer(), ask_for({"/mother/birth_date"}));
  return scenario;
}

TEST(Supply, ThatCompletesSomebodysIdentifiersAsksOnce) {
  auto scenario = lacking_a_birth_date();
  EXPECT_TRUE(scenario.state().effects.empty());
  scenario.did(desk_officer(), supply({}, {{"mother", {{"birth_date", "1990-05-06"}}}}));
  EXPECT_EQ(asked_about(scenario), Texts{"/mother"});
  EXPECT_EQ(class_of(scenario, "/mother/residence"), "PENDING");
  const EffectRef ref{3, 0};
  EXPECT_EQ(scenario.state().effects.front().ref, ref);
  scenario.did(desk_officer(), correct("/remark", "x"));
  EXPECT_EQ(asked_about(scenario), Texts{"/mother"}) << "other values ask nobody again";
  scenario.happened(RecordAnswer{ref, match("/mother", mother())});
  scenario.did(desk_officer(), correct("/remark", "y"));
  EXPECT_TRUE(scenario.state().effects.empty());
}

TEST(Supply, OfSomebodyWhoIsBeingAskedForAsksNobody) {
  auto filing = fathers_filing();
  filing.data.erase("father");
  auto scenario = registry_office();
  scenario.filed(filing).did(desk_officer(), ask_for({"/father"}));
  scenario.did(desk_officer(), supply({}, {{"father", father()}}));
  EXPECT_EQ(asked_about(scenario), Texts{"/applicant"});
  scenario.happened(RecordAnswer{kFirst, match("/applicant", father())});
  EXPECT_EQ(value_of(scenario, "/father/residence"), "12 Hàng Bạc");
}

TEST(Supply, OfSomebodyAlreadyAnsweredForIsAskedForAndDoesNotWaitForEver) {
  auto filing = fathers_filing();
  filing.data.erase("father");
  auto scenario = registry_office();
  scenario.filed(filing).happened(RecordAnswer{kFirst, match("/applicant", father())});
  scenario.did(desk_officer(), ask_for({"/father"}));
  scenario.did(desk_officer(), supply({}, {{"father", father()}}));
  ASSERT_EQ(asked_about(scenario), Texts{"/applicant"});
  EXPECT_EQ(class_of(scenario, "/contact"), "MATCH") << "what was confirmed stays so";
  const auto ref = scenario.state().effects.front().ref;
  scenario.happened(RecordAnswer{ref, match("/applicant", father())});
  EXPECT_EQ(class_of(scenario, "/father/residence"), "MATCH");
  EXPECT_TRUE(provisional_pointers(scenario.view()).empty());
}

constexpr const char* kOtherNumber = "001190000077";

nlohmann::json other_mother() {
  auto other = mother();
  other["personal_id"] = kOtherNumber;
  return other;
}

TEST(ChangedIdentifiers, TheOldQuestionIsClosedAndANewOneAsked) {
  auto scenario = asking_about_the_mother();
  scenario.did(desk_officer(), correct("/mother/personal_id", kOtherNumber));
  ASSERT_EQ(scenario.state().effects.size(), 1U);
  EXPECT_EQ(scenario.state().effects.front().ref, (EffectRef{2, 0}));
}

TEST(ChangedIdentifiers, AnAnswerAboutThePersonBeforeIsIgnored) {
  auto scenario = asking_about_the_mother();
  scenario.did(desk_officer(), correct("/mother/personal_id", kOtherNumber));
  scenario.happened(RecordAnswer{kFirst, match("/mother", mother(), "99 Hàng Đào")});
  EXPECT_EQ(value_of(scenario, "/mother/residence"), nullptr);
  scenario.happened(RecordAnswer{{2, 0}, match("/mother", other_mother())});
  EXPECT_EQ(value_of(scenario, "/mother/residence"), "12 Hàng Bạc");
}

TEST(ChangedIdentifiers, WhatWasConfirmedAboutThePersonBeforeWaitsAgain) {
  auto scenario = asking_about_the_mother();
  scenario.happened(RecordAnswer{kFirst, match("/mother", mother())});
  scenario.did(desk_officer(), correct("/mother/personal_id", kOtherNumber));
  EXPECT_EQ(class_of(scenario, "/mother/full_name"), "PENDING");
  EXPECT_EQ(class_of(scenario, "/mother/residence"), "PENDING");
  const auto ref = scenario.state().effects.front().ref;
  scenario.happened(RecordAnswer{ref, match("/mother", other_mother(), "99 Hàng Đào")});
  EXPECT_EQ(tasks_of(scenario), Texts{"/mother/residence"})
      << "the value of the person before is not replaced in silence";
}

TEST(ChangedIdentifiers, TheTaskAndTheRegistersValueOfThePersonBeforeGo) {
  auto filing = mothers_filing();
  filing.data["mother"]["residence"] = "1 Tràng Tiền";
  auto scenario = asking_about_the_mother(filing);
  scenario.happened(RecordAnswer{kFirst, match("/mother", mother())});
  ASSERT_EQ(tasks_of(scenario), Texts{"/mother/residence"});
  scenario.did(desk_officer(), correct("/mother/personal_id", kOtherNumber));
  EXPECT_TRUE(scenario.state().tasks.empty());
  EXPECT_TRUE(scenario.content().registered.at("/mother/residence").is_null());
  const auto ref = scenario.state().effects.front().ref;
  scenario.happened(RecordAnswer{ref, match("/mother", other_mother(), "1 Tràng Tiền")});
  EXPECT_TRUE(scenario.state().tasks.empty());
  EXPECT_EQ(class_of(scenario, "/mother/residence"), "MATCH");
}

TEST(ChangedIdentifiers, AfterResolutionTheQuestionIsClosedByTheReturn) {
  auto scenario = asking_about_the_mother();
  scenario.did(desk_officer(), ReceiveCase{}).did(case_officer(), take("submit"));
  scenario.did(signatory(), take("sign")).did(signatory(), resolve({"certificate"}));
  scenario.did(desk_officer(), correct("/mother/personal_id", kOtherNumber));
  EXPECT_EQ(asked_about(scenario), Texts{"/mother"});
  scenario.did(desk_officer(), ReturnResult{"counter", ""});
  EXPECT_TRUE(scenario.state().effects.empty());
}

TEST(ChangedIdentifiers, ThatAreNoLongerCompleteAskNobodyAndNobodyWaits) {
  auto scenario = asking_about_the_mother();
  scenario.did(desk_officer(), correct("/mother/personal_id", ""));
  EXPECT_TRUE(scenario.state().effects.empty());
  EXPECT_EQ(class_of(scenario, "/mother/residence"), "");
  EXPECT_TRUE(provisional_pointers(scenario.view()).empty());
}

TEST(ChangedIdentifiers, OfOneOfTwoWithTheSameAskForThatOneOnly) {
  auto scenario = registry_office();
  scenario.filed(fathers_filing());
  scenario.did(desk_officer(), correct("/father/personal_id", "001090000055"));
  EXPECT_EQ(asked_about(scenario), (Texts{"/applicant", "/father"}));
  scenario.happened(RecordAnswer{kFirst, match("/applicant", father())});
  EXPECT_EQ(value_of(scenario, "/contact"), "12 Hàng Bạc");
  EXPECT_EQ(value_of(scenario, "/father/residence"), nullptr);
}

TEST(ChangedIdentifiers, AnOverrideOfThePersonBeforeIsForgottenByTheNext) {
  auto filing = mothers_filing();
  filing.data["mother"]["residence"] = "1 Tràng Tiền";
  filing.reason = "mới chuyển nhà";
  auto scenario = registry_office();
  scenario.filed(filing, desk_officer(), {match("/mother", mother())});
  scenario.did(desk_officer(), correct("/mother/personal_id", kOtherNumber));
  EXPECT_FALSE(is_overridden(scenario, "/mother/residence"));
  scenario.did(desk_officer(), correct("/mother/residence", "5 Tràng Thi"));
  EXPECT_FALSE(is_overridden(scenario, "/mother/residence")) << "the register has not spoken about her yet";
  EXPECT_EQ(class_of(scenario, "/mother/residence"), "PENDING");
}

TEST(ARepeatedAnswer, ThatAgreesNowClosesTheTaskOfTheEarlierOne) {
  auto filing = fathers_filing();
  filing.data.erase("father");
  filing.data["contact"] = "1 Tràng Tiền";
  auto scenario = registry_office();
  scenario.filed(filing).happened(RecordAnswer{kFirst, match("/applicant", father())});
  ASSERT_EQ(tasks_of(scenario), Texts{"/contact"});
  // Asked again for the father's sake; meanwhile the register has been put right.
  scenario.did(desk_officer(), ask_for({"/father"})).did(desk_officer(), supply({}, {{"father", father()}}));
  const auto ref = scenario.state().effects.front().ref;
  scenario.happened(RecordAnswer{ref, match("/applicant", father(), "1 Tràng Tiền")});
  EXPECT_TRUE(scenario.state().tasks.empty());
  EXPECT_EQ(scenario.content().registered.at("/contact"), "1 Tràng Tiền");
}

TEST(ARepeatedAnswer, ThatDiffersOtherwiseReplacesTheTask) {
  auto filing = fathers_filing();
  filing.data.erase("father");
  filing.data["contact"] = "1 Tràng Tiền";
  auto scenario = registry_office();
  scenario.filed(filing).happened(RecordAnswer{kFirst, match("/applicant", father())});
  scenario.did(desk_officer(), ask_for({"/father"})).did(desk_officer(), supply({}, {{"father", father()}}));
  const auto ref = scenario.state().effects.front().ref;
  scenario.happened(RecordAnswer{ref, match("/applicant", father(), "99 Hàng Đào")});
  EXPECT_EQ(tasks_of(scenario), Texts{"/contact"});
  EXPECT_EQ(scenario.content().registered.at("/contact"), "99 Hàng Đào");
}

}  // namespace
}  // namespace motcua::engine
