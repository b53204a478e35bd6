/// Delegation, substitution and take-over: who may do a step that another officer holds, in whose name, and
/// until when.
#include "engine/cases/rights.hpp"
#include "tests/cases/week.hpp"

#include <gtest/gtest.h>

namespace motcua::engine {
namespace {

constexpr LocalDay kTuesday = LocalDay{std::chrono::year{2026} / 3 / 3};
const StepName kAppraisal{"appraisal"};

/// The first officer of a case in process is case-1, who holds the appraisal.
Scenario delegated(std::optional<LocalDay> until = {}) {
  auto scenario = standing_in(Stage::in_process);
  return scenario.did(supervisor(), delegate("case-2", until));
}

/// case-2 stands in for case-1 from Monday to Tuesday.
Substitution leave_of_case_1() {
  Substitution leave;
  leave.agency = AgencyId("H15.50.05");
  leave.absent = ActorId("case-1");
  leave.substitute = ActorId("case-2");
  leave.roles = {"case_officer"};
  leave.from = instant_at(kTuesday - std::chrono::days{1}, {});
  leave.until = instant_at(kTuesday + std::chrono::days{1}, {});
  return leave;
}

std::string pointer_of(const Scenario& scenario) {
  return scenario.rejection().members["pointers"][0]["pointer"].get<std::string>();
}

bool offers(const Scenario& scenario, const Identity& asker, const std::string& command) {
  const auto list = allowed_commands(scenario.view(), scenario.rules(), asker, scenario.attendance());
  return std::any_of(list.begin(), list.end(), [&](const AllowedCommand& offer) {
    return offer.command == command && offer.blocked_by.is_null();
  });
}

TEST(Delegation, StatesHolderDelegateAndEnd) {
  auto scenario = standing_in(Stage::in_process);
  scenario.when(supervisor(), delegate("case-2", kTuesday));
  StepDelegated expected;
  expected.step = kAppraisal;
  expected.from = ActorId("case-1");
  expected.to = ActorId("case-2");
  expected.until = instant_at(kTuesday + std::chrono::days{1}, {});
  scenario.then(expected);
  EXPECT_EQ(scenario.state().assignees.at(kAppraisal), ActorId("case-1")) << "the holder keeps the step";
}

TEST(Delegation, TheDelegateWorksInTheHoldersNameAndTheHolderStillMay) {
  auto scenario = delegated();
  auto holder = scenario;
  scenario.did(other_case_officer(), take("submit"));
  EXPECT_EQ((*scenario.result())->on_behalf_of, "case-1");
  EXPECT_EQ(scenario.decided<StepTaken>().outcome.standing, "delegation");
  EXPECT_EQ(scenario.state().completions.back(), (StepCompletion{kAppraisal, ActorId("case-2"), "case-1"}));
  EXPECT_TRUE(scenario.state().delegations.empty()) << "it ends with the step";
  holder.did(case_officer(), take("submit"));
  EXPECT_EQ((*holder.result())->on_behalf_of, "");
  EXPECT_EQ(holder.decided<StepTaken>().outcome.standing, "");
}

TEST(Delegation, EndsWithItsLastDayAndTheRefusalSaysWhen) {
  auto scenario = delegated(kTuesday);
  const auto end = instant_at(kTuesday + std::chrono::days{1}, {});
  scenario.at(end - kSecond);
  EXPECT_TRUE(offers(scenario, other_case_officer(), "step"));
  scenario.at(end);
  EXPECT_FALSE(offers(scenario, other_case_officer(), "step"));
  scenario.when(other_case_officer(), take("submit")).then_rejected(RejectionCode::not_allowed);
  EXPECT_NE(scenario.rejection().detail.find(to_rfc3339(end)), std::string::npos);
  scenario.did(case_officer(), take("submit"));
}

TEST(Delegation, GoesToAnotherOfficerOfTheAgencyWithTheRoleOnly) {
  const auto refused = [](const std::string& officer) {
    auto scenario = standing_in(Stage::in_process);
    scenario.when(supervisor(), delegate(officer)).then_rejected(RejectionCode::invalid_data);
    EXPECT_EQ(pointer_of(scenario), "/data/to") << officer;
  };
  for (const auto* officer : {"case-1", "sign-1", "case-9", "nobody", ""}) refused(officer);
  auto late = standing_in(Stage::in_process);
  late.at(kThursday8h).when(supervisor(), delegate("case-2", kTuesday));
  EXPECT_EQ(pointer_of(late), "/data/until");
}

TEST(Delegation, NeedsAHolder) {
  standing_in(Stage::received)
      .when(supervisor(), delegate("case-2"))
      .then_rejected(RejectionCode::not_allowed);
}

TEST(Delegation, KeepsWhoAppraisedFromSigningAlsoOnBehalf) {
  auto scenario = standing_in(Stage::in_process);
  scenario.did(case_officer(), release()).did(supervisor(), assign("both-1"));
  scenario.did(all_rounder(), take("submit")).did(signatory(), claim());
  scenario.when(supervisor(), delegate("both-1")).then_rejected(RejectionCode::same_person);
}

TEST(Delegation, OnBehalfOfWhoAppraisedNobodySigns) {
  auto scenario = standing_in(Stage::in_process);
  scenario.did(supervisor(), delegate("both-1")).did(all_rounder(), take("submit"));
  for (const auto* officer : {"both-1", "case-1"}) {
    auto signing = scenario;
    signing.when(person(officer, {"signatory"}), claim()).then_rejected(RejectionCode::same_person);
  }
}

TEST(Delegation, IsTheSupervisorsAndTheHoldersToGive) {
  const auto scenario = standing_in(Stage::in_process);
  const auto role = [&](const Identity& asker) {
    const auto held = check_role(asker, scenario.state(), delegate("case-2"), *scenario.rules().definition);
    return held ? std::string(*held) : "forbidden";
  };
  EXPECT_EQ(role(supervisor()), "supervisor");
  EXPECT_EQ(role(case_officer()), "case_officer");
  EXPECT_EQ(role(other_case_officer()), "forbidden");
  EXPECT_EQ(role(signatory()), "forbidden");
  EXPECT_TRUE(offers(scenario, case_officer(), "delegate"));
  EXPECT_FALSE(offers(scenario, other_case_officer(), "delegate"));
}

TEST(Delegation, GivesTheStepAloneNotItsRelease) {
  auto scenario = delegated();
  EXPECT_TRUE(offers(scenario, other_case_officer(), "step"));
  EXPECT_FALSE(offers(scenario, other_case_officer(), "release"));
  scenario.when(other_case_officer(), release()).then_rejected(RejectionCode::not_allowed);
  scenario.did(case_officer(), release());
  EXPECT_TRUE(scenario.state().delegations.empty());
}

TEST(Substitution, LetsTheSubstituteDoAndReleaseTheAbsentOfficersWorkInTheirName) {
  auto scenario = standing_in(Stage::in_process);
  scenario.with(leave_of_case_1());
  for (const auto* command : {"step", "release"})
    EXPECT_TRUE(offers(scenario, other_case_officer(), command));
  auto released = scenario;
  released.did(other_case_officer(), release());
  EXPECT_EQ((*released.result())->on_behalf_of, "case-1");
  EXPECT_EQ(released.decided<StepReleased>().outcome.standing, "substitution");
  scenario.did(other_case_officer(), take("submit"));
  EXPECT_EQ((*scenario.result())->on_behalf_of, "case-1");
  EXPECT_EQ(scenario.decided<StepTaken>().outcome.standing, "substitution");
  scenario.when(person("case-1", {"signatory"}), claim()).then_rejected(RejectionCode::same_person);
  scenario.when(person("case-2", {"signatory"}), claim()).then_rejected(RejectionCode::same_person);
}

TEST(Substitution, HoldsInItsDaysForItsRolesAndItsAgencyOnly) {
  const auto may = [](const Substitution& leave, Instant at) {
    auto scenario = standing_in(Stage::in_process);
    scenario.with(leave).at(at).when(other_case_officer(), take("submit"));
    return scenario.result()->has_value();
  };
  const auto leave = leave_of_case_1();
  EXPECT_TRUE(may(leave, leave.from));
  EXPECT_TRUE(may(leave, leave.until - kSecond));
  EXPECT_FALSE(may(leave, leave.until));
  EXPECT_FALSE(may(leave, leave.from - kSecond));
  auto other = leave;
  other.roles = {"signatory"};
  EXPECT_FALSE(may(other, kTuesday8h));
  other = leave;
  other.agency = AgencyId("H15.60.01");
  EXPECT_FALSE(may(other, kTuesday8h));
  other = leave;
  other.ended_at = kTuesday8h;
  EXPECT_TRUE(may(other, kTuesday8h - kSecond));
  EXPECT_FALSE(may(other, kTuesday8h));
}

TEST(Substitution, WorkIsNotAssignedToTheAbsentUnlessOnPurpose) {
  auto scenario = standing_in(Stage::received);
  scenario.with(leave_of_case_1());
  scenario.when(supervisor(), assign("case-1")).then_rejected(RejectionCode::invalid_data);
  EXPECT_EQ(pointer_of(scenario), "/data/assignee");
  EXPECT_EQ(scenario.rejection().members["substitutes"], nlohmann::json::array({"case-2"}));
  scenario.did(supervisor(), AssignStep{std::nullopt, ActorId("case-1"), true});
  auto back = standing_in(Stage::received);
  back.with(leave_of_case_1()).at(leave_of_case_1().until).did(supervisor(), assign("case-1"));
}

TEST(TakeOver, NamesWhoHeldTheStepUntilItsNextEvent) {
  auto scenario = standing_in(Stage::in_process);
  scenario.did(supervisor(), assign("case-2"));
  const auto event = scenario.decided<StepAssigned>();
  EXPECT_EQ(event.taken_from, ActorId("case-1"));
  EXPECT_EQ(event.outcome.standing, "takeover");
  const auto& taken = scenario.state().taken_over;
  ASSERT_TRUE(taken.has_value());
  EXPECT_EQ(*taken, (TakeOver{kAppraisal, ActorId("case-1"), ActorId("chief-1"), kMonday8h}));
  scenario.did(case_officer(), AddNote{"x"});
  EXPECT_TRUE(scenario.state().taken_over.has_value()) << "a note is no event of the step";
  scenario.did(other_case_officer(), take("submit"));
  EXPECT_FALSE(scenario.state().taken_over.has_value());
}

TEST(TakeOver, AFreeStepOrTheHoldersOwnIsTakenFromNobody) {
  auto free = standing_in(Stage::received);
  free.did(supervisor(), assign("case-1"));
  EXPECT_TRUE(free.decided<StepAssigned>().taken_from.empty());
  auto own = standing_in(Stage::in_process);
  own.did(supervisor(), assign("case-1"));
  EXPECT_TRUE(own.decided<StepAssigned>().taken_from.empty());
  EXPECT_FALSE(own.state().taken_over.has_value());
}

TEST(TakeOver, EndsADelegation) {
  auto scenario = delegated();
  scenario.did(supervisor(), assign("both-1"));
  EXPECT_TRUE(scenario.state().delegations.empty());
  scenario.when(other_case_officer(), take("submit")).then_rejected(RejectionCode::not_allowed);
}

}  // namespace
}  // namespace motcua::engine
