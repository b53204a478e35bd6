/// Questions to other agencies: their own time, who sees the case for them, and what ends them.
#include "engine/cases/consultation.hpp"

#include "engine/cases/rights.hpp"
#include "tests/cases/week.hpp"

#include <gtest/gtest.h>

namespace motcua::engine {
namespace {

const AgencyId kAsked{"H15.60.01"};
Identity asked_officer() { return person("case-9", {"case_officer"}, "H15.60.01"); }

/// Asked on Monday 08:00, as version 4: the answer is due after three working days, Wednesday being off.
Scenario asking() {
  auto scenario = running_case();
  return scenario.did(case_officer(), consult("H15.60.01"));
}
constexpr Instant kDue = kFriday8h;
const char* const kAcknowledge = "consultation_acknowledge:4";
const char* const kAnswerTimer = "consultation_due:4";

bool has_timer(const Scenario& scenario, const std::string& kind) {
  const auto& timers = scenario.state().timers;
  return std::any_of(timers.begin(), timers.end(),
                     [&](const CaseTimer& timer) { return timer.kind == kind; });
}

std::vector<std::string> offered(const Scenario& scenario, const Identity& asker) {
  std::vector<std::string> names;
  for (const auto& offer : allowed_commands(scenario.view(), scenario.rules(), asker)) {
    names.emplace_back(offer.command);
  }
  return names;
}

TEST(Consultation, HasTimeLimitsOfItsOwnWhileTheClockAndTheStageStay) {
  auto scenario = running_case();
  const auto before = scenario.state();
  scenario.when(case_officer(), consult("H15.60.01"));
  AgencyConsulted expected;
  expected.agency = kAsked;
  expected.acknowledge_by = kMonday10h;
  expected.due_at = kDue;
  expected.outcome.timers_set = {{kAcknowledge, kMonday10h}, {kAnswerTimer, kDue}};
  scenario.then(expected);
  EXPECT_EQ(scenario.sealed("free-text").at("question"), "Có ý kiến gì?");
  EXPECT_EQ(scenario.state().stage, before.stage);
  EXPECT_EQ(scenario.state().clock, before.clock);
  EXPECT_EQ(scenario.state().due, before.due);
}

TEST(Consultation, FollowsTheDefinitionsRuleForThatAgency) {
  auto definition = office_definition();
  definition.consultations = {{{}, WorkingSeconds{8 * 3600}, WorkingSeconds{3600}},
                              {kAsked, WorkingSeconds{4 * 3600}, WorkingSeconds{1800}}};
  Scenario scenario(rules_with(definition));
  scenario.filed().did(desk_officer(), ReceiveCase{}).did(case_officer(), claim());
  scenario.did(case_officer(), consult("H15.60.01"));
  EXPECT_EQ(scenario.decided<AgencyConsulted>().acknowledge_by, kMonday8h + std::chrono::minutes{30});
  scenario.did(case_officer(), consult("H15"));
  EXPECT_EQ(scenario.decided<AgencyConsulted>().due_at, kTuesday8h);
}

TEST(Consultation, AsksAnotherKnownAgencyAndOneQuestionAtATime) {
  for (const auto* agency : {"H15.50.05", "H99", ""}) {
    auto scenario = running_case();
    scenario.when(case_officer(), consult(agency)).then_rejected(RejectionCode::invalid_data);
  }
  auto scenario = asking();
  scenario.when(case_officer(), consult("H15.60.01")).then_rejected(RejectionCode::not_allowed);
  scenario.did(case_officer(), consult("H15"));
  EXPECT_EQ(scenario.state().consultations.size(), 2U);
  scenario.did(asked_officer(), answer("agreed")).did(case_officer(), consult("H15.60.01"));
  for (const auto stage : {Stage::registered, Stage::awaiting_supplement, Stage::resolved, Stage::stopped}) {
    standing_in(stage).when(case_officer(), consult("H15.60.01")).then_rejected(RejectionCode::not_allowed);
  }
}

TEST(Consultation, ShowsTheCaseToWhoMustAnswerAndLetsThemDoNothingElse) {
  const auto officer = asked_officer();
  const auto chief = person("chief-9", {"supervisor"}, "H15.60.01");
  const auto desk = person("desk-9", {"desk_officer"}, "H15.60.01");
  EXPECT_FALSE(may_see(officer, running_case().state()));
  const auto scenario = asking();
  EXPECT_TRUE(may_see(officer, scenario.state()));
  EXPECT_FALSE(sees_masked(officer, scenario.state()));
  EXPECT_TRUE(may_see(chief, scenario.state()));
  EXPECT_TRUE(sees_masked(chief, scenario.state()));
  EXPECT_FALSE(may_see(desk, scenario.state()));
  const std::vector<std::string> theirs{"acknowledge_consultation", "answer_consultation"};
  EXPECT_EQ(offered(scenario, officer), theirs);
  EXPECT_TRUE(offered(scenario, chief).empty());
  for (const auto name : command_names()) {
    const auto role =
        check_role(officer, scenario.state(), LaterCommand{std::string(name)}, *scenario.rules().definition);
    EXPECT_EQ(role.has_value(), std::find(theirs.begin(), theirs.end(), name) != theirs.end()) << name;
    const auto own = check_role(case_officer(), scenario.state(), LaterCommand{std::string(name)},
                                *scenario.rules().definition);
    if (role.has_value()) {
      EXPECT_TRUE(own.has_error()) << name << " is the other agency's";
    }
  }
}

TEST(Consultation, AcknowledgedInTimeMarksNothing) {
  auto scenario = asking();
  scenario.did(asked_officer(), AcknowledgeConsultation{});
  EXPECT_EQ(scenario.decided<ConsultationAcknowledged>().asked_version, 4U);
  EXPECT_FALSE(has_timer(scenario, kAcknowledge));
  EXPECT_TRUE(has_timer(scenario, kAnswerTimer));
  EXPECT_EQ(scenario.state().consultations.front().acknowledged_at, kMonday8h);
  EXPECT_EQ(offered(scenario, asked_officer()), std::vector<std::string>{"answer_consultation"});
  scenario.when(asked_officer(), AcknowledgeConsultation{}).then_rejected(RejectionCode::not_allowed);
}

TEST(Consultation, SilenceIsMarkedAndTheMarkOfAnUnacknowledgedQuestionGoesWithTheAnswer) {
  auto scenario = asking();
  scenario.at(kMonday10h).timers_fired();
  EXPECT_TRUE(has_flag(scenario.state(), "unacknowledged:H15.60.01"));
  EXPECT_FALSE(has_flag(scenario.state(), "consultation_late:H15.60.01"));
  scenario.at(kDue).timers_fired();
  EXPECT_TRUE(has_flag(scenario.state(), "consultation_late:H15.60.01"));
  scenario.at(kFriday10h).did(asked_officer(), answer("agreed"));
  EXPECT_FALSE(has_flag(scenario.state(), "unacknowledged:H15.60.01"));
  EXPECT_TRUE(has_flag(scenario.state(), "consultation_late:H15.60.01")) << "late stays late";
}

TEST(Consultation, AnAnswerEndsItsTimersAndIsGivenOnce) {
  auto scenario = asking();
  scenario.did(asked_officer(), AnswerConsultation{"agreed", {{"note", "đồng ý"}}});
  EXPECT_EQ(scenario.sealed("free-text").at("opinion").at("note"), "đồng ý");
  const auto event = scenario.decided<ConsultationAnswered>();
  EXPECT_EQ(encode(event).find("đồng"), std::string::npos);
  EXPECT_TRUE(event.outcome.flags_added.empty());
  EXPECT_FALSE(has_timer(scenario, kAcknowledge));
  EXPECT_FALSE(has_timer(scenario, kAnswerTimer));
  EXPECT_EQ(scenario.state().consultations.front().opinion_code, "agreed");
  EXPECT_TRUE(may_see(asked_officer(), scenario.state())) << "who answered still sees what became of it";
  scenario.when(asked_officer(), answer("refused")).then_rejected(RejectionCode::not_allowed);
}

TEST(Consultation, AnAnswerAfterItsTimeIsLateEvenIfTheTimerHasNotFired) {
  auto scenario = asking();
  scenario.at(kDue).when(asked_officer(), answer("agreed"));
  EXPECT_TRUE(scenario.decided<ConsultationAnswered>().outcome.flags_added.empty());
  scenario.at(kDue + kSecond).did(asked_officer(), answer("agreed"));
  EXPECT_TRUE(has_flag(scenario.state(), "consultation_late:H15.60.01"));
}

TEST(Consultation, AnOpinionIsACode) {
  for (const auto* opinion : {"", "Agreed", "a b", "đồng_ý", "x:y"}) {
    auto scenario = asking();
    scenario.when(asked_officer(), answer(opinion)).then_rejected(RejectionCode::invalid_data);
  }
}

TEST(Consultation, IsAnsweredAlsoWhileTheApplicantIsWaitedFor) {
  auto scenario = asking();
  scenario.did(case_officer(), ask_for({"mandate"}));
  EXPECT_TRUE(has_timer(scenario, kAnswerTimer));
  scenario.did(asked_officer(), answer("agreed"));
}

TEST(Consultation, ACaseThatEndsLeavesNoneOpen) {
  auto scenario = asking();
  scenario.did(desk_officer(), WithdrawCase{});
  EXPECT_TRUE(scenario.state().timers.empty());
  EXPECT_EQ(open_consultation(scenario.state(), kAsked), nullptr);
  EXPECT_FALSE(may_see(asked_officer(), scenario.state()));
  scenario.when(asked_officer(), answer("agreed")).then_rejected(RejectionCode::not_allowed);
}

TEST(Consultation, TwoQuestionsHaveTheirOwnTimers) {
  auto scenario = asking();
  scenario.did(case_officer(), consult("H15"));
  scenario.did(asked_officer(), answer("agreed"));
  EXPECT_FALSE(has_timer(scenario, kAnswerTimer));
  EXPECT_TRUE(has_timer(scenario, "consultation_due:5"));
}

}  // namespace
}  // namespace motcua::engine
