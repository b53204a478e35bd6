/// Procedures that must come first: what is missing until they are found, and that nobody is asked to bring
/// what the engine holds.
#include "engine/cases/prerequisites.hpp"

#include "tests/cases/week.hpp"

#include <gtest/gtest.h>

namespace motcua::engine {
namespace {

using nlohmann::json;

const ProcedureCode kFirst("1.001193");

/// `mandate` proves it too.
Prerequisite first(json when = nullptr) {
  return {kFirst, "birth", PaperCode("mandate"), std::move(when), {}};
}

Rules with_first(Prerequisite one = first()) {
  auto definition = office_definition();
  definition.prerequisites = {std::move(one)};
  return rules_with(definition);
}

const std::vector<MissingItem> kMissing{{"", {}, kFirst}};

EffectRef asked(const Case& current) {
  for (const auto& effect : current.effects) {
    if (effect.kind == kEarlierCaseEffect) return effect.ref;
  }
  ADD_FAILURE() << "nothing is looked for";
  return {};
}

bool asks(const Case& current) {
  return std::any_of(current.effects.begin(), current.effects.end(),
                     [](const OpenEffect& effect) { return effect.kind == kEarlierCaseEffect; });
}

TEST(Prerequisites, AFilingIsLookedForAndCannotBeReceivedBefore) {
  Scenario scenario(with_first());
  scenario.filed();
  EXPECT_EQ(scenario.state().missing, kMissing);
  scenario.when(desk_officer(), ReceiveCase{}).then_rejected(RejectionCode::invalid_data);
  EXPECT_EQ(scenario.rejection().members.at("missing"), json::parse(R"([{"procedure": "1.001193"}])"));
  scenario.happened(
      RecordEarlier{asked(scenario.state()), {kFirst, true, "case-9", "H15.50.05-260102-0007"}});
  EXPECT_TRUE(scenario.state().missing.empty());
  EXPECT_FALSE(asks(scenario.state()));
  ASSERT_EQ(scenario.state().earlier.size(), 1U);
  EXPECT_EQ(scenario.state().earlier[0].code, "H15.50.05-260102-0007");
  scenario.did(desk_officer(), ReceiveCase{});
  EXPECT_EQ(scenario.state().stage, Stage::received);
}

TEST(Prerequisites, WhatIsNotFoundStaysMissingUntilThePaperProvesIt) {
  Scenario scenario(with_first());
  scenario.filed().happened(RecordEarlier{asked(scenario.state()), {kFirst, false, "", ""}});
  EXPECT_EQ(scenario.state().missing, kMissing);
  scenario.did(desk_officer(), ask_for({"mandate"})).did(desk_officer(), supply({"mandate"}));
  EXPECT_TRUE(scenario.state().missing.empty());
  EXPECT_FALSE(asks(scenario.state())) << "the paper is enough";
}

TEST(Prerequisites, ASupplementLooksAgain) {
  Scenario scenario(with_first());
  scenario.filed().happened(RecordEarlier{asked(scenario.state()), {kFirst, false, "", ""}});
  scenario.did(desk_officer(), ask_for({"/remark"}));
  scenario.did(desk_officer(), supply({}, {{"remark", "đã đăng ký khai sinh"}}));
  scenario.happened(RecordEarlier{asked(scenario.state()), {kFirst, true, "case-9", "code"}});
  EXPECT_TRUE(scenario.state().missing.empty());
  EXPECT_EQ(scenario.state().earlier.size(), 1U) << "what is known now replaces what was known";
}

TEST(Prerequisites, OneThatDoesNotApplyOrIsNotDecidedIsNotDemanded) {
  for (const char* when : {R"({"==": [{"var": "channel"}, "online"]})", R"({"var": "data.unknown"})"}) {
    Scenario scenario(with_first(first(json::parse(when))));
    scenario.filed();
    EXPECT_TRUE(scenario.state().missing.empty()) << when;
    EXPECT_FALSE(asks(scenario.state())) << when;
  }
}

TEST(Prerequisites, AnswersThatNobodyWaitsForAreRefused) {
  Scenario scenario(with_first());
  scenario.filed();
  const auto effect = asked(scenario.state());
  scenario.happened(RecordEarlier{effect, {kFirst, true, "case-9", "code"}});
  scenario.when_engine(RecordEarlier{effect, {kFirst, false, "", ""}})
      .then_rejected(RejectionCode::not_allowed);
}

TEST(Prerequisites, ACaseMayBeAcceptedWithoutForAReason) {
  Scenario scenario(with_first());
  scenario.filed();
  scenario.did(desk_officer(), ReceiveCase{true}, "giấy tờ đến sau");
  EXPECT_EQ(scenario.state().missing, kMissing);
}

}  // namespace
}  // namespace motcua::engine
