/// Who sees a case, who may command what, and that what is offered is what is accepted.
#include "engine/cases/rights.hpp"

#include "tests/support/scenario.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

namespace motcua::engine {
namespace {

const std::vector<std::string> kRoles{"desk_officer", "case_officer", "signatory", "supervisor", "integrator",
                                      "auditor",      "leader",       "portal",    "admin"};

struct Asker {
  std::string name{};
  Identity identity{};
  bool sees = false;
  bool masked = true;
};

std::vector<Asker> askers() {
  return {{"own desk", desk_officer(), true, false},
          {"own case officer", case_officer(), true, false},
          {"own leader", person("lead-1", {"leader"}), true, false},
          {"other agency", person("case-9", {"case_officer"}, "H15.60.01"), false, true},
          {"supervisor above", person("chief-0", {"supervisor"}, "H15"), true, false},
          {"leader above", person("lead-0", {"leader"}, "H15"), true, false},
          {"case officer above", person("case-0", {"case_officer"}, "H15"), false, true},
          {"supervisor below", person("chief-2", {"supervisor"}, "H15.50.05.01"), false, true},
          {"supervisor of a like-named agency", person("chief-3", {"supervisor"}, "H15.5"), false, true},
          {"supervisor of another agency", person("chief-9", {"supervisor"}, "H15.60.01"), false, true},
          {"auditor of another agency", person("audit-1", {"auditor"}, "H99"), true, true},
          {"own auditor", person("audit-2", {"auditor"}), true, true},
          {"auditor who also works here", person("audit-3", {"auditor", "case_officer"}), true, false},
          {"own integrator", person("int-1", {"integrator"}), false, true},
          {"portal that filed it", person("desk-1", {"portal"}, "G22"), true, false},
          {"portal that did not", person("portal-2", {"portal"}), false, true},
          {"nobody's roles", person("x", {}), false, true},
          {"no agency", person("x", {"supervisor"}, ""), false, true}};
}

TEST(MaySee, FollowsAgencyDescentAuditAndFiling) {
  const auto scenario = standing_in(Stage::in_process);
  for (const auto& asker : askers()) {
    EXPECT_EQ(may_see(asker.identity, scenario.state()), asker.sees) << asker.name;
    EXPECT_EQ(sees_masked(asker.identity, scenario.state()), asker.masked) << asker.name;
  }
}

TEST(MaySee, TheCompetentAgencySeesWhatAnotherReceived) {
  auto state = standing_in(Stage::in_process).state();
  state.received_by = AgencyId("H15.60.01");
  EXPECT_TRUE(may_see(case_officer(), state));
  EXPECT_TRUE(may_see(person("desk-9", {"desk_officer"}, "H15.60.01"), state));
}

TEST(CheckRole, WhoeverSeesMaskedOrNothingMayCommandNothing) {
  const auto scenario = standing_in(Stage::in_process);
  for (const auto& asker : askers()) {
    if (!asker.masked) continue;
    for (const auto name : command_names()) {
      const auto allowed = check_role(asker.identity, scenario.state(), LaterCommand{std::string(name)},
                                      *scenario.rules().definition);
      ASSERT_TRUE(allowed.has_error()) << asker.name << ' ' << name;
      EXPECT_EQ(allowed.error().code, RejectionCode::role_forbidden);
    }
    EXPECT_TRUE(allowed_commands(scenario.view(), scenario.rules(), asker.identity).empty()) << asker.name;
  }
}

/// The contract's table; steps ask for the role of the step, here the appraisal.
const std::map<std::string, std::set<std::string>>& contract() {
  static const std::map<std::string, std::set<std::string>> kTable{
      {"receive", {"desk_officer"}},
      {"refuse_reception", {"desk_officer"}},
      {"supply", {"desk_officer", "portal"}},
      {"withdraw", {"desk_officer", "portal"}},
      {"record_payment", {"desk_officer", "portal"}},
      {"return_result", {"desk_officer"}},
      {"request_supplement", {"desk_officer", "case_officer"}},
      {"correct", {"desk_officer", "case_officer"}},
      {"note", {"desk_officer", "case_officer"}},
      {"consult", {"case_officer"}},
      {"pause", {"case_officer"}},
      {"resume", {"case_officer"}},
      {"request_payment", {"case_officer"}},
      {"assign", {"supervisor"}},
      {"delegate", {"supervisor"}},
      {"migrate", {"supervisor"}},
      {"claim", {"case_officer"}},
      {"release", {"case_officer"}},
      {"step", {"case_officer"}},
      {"stop", {"signatory"}},
      {"extend", {"signatory"}},
      {"resolve", {"case_officer", "signatory"}}};
  return kTable;
}

TEST(CheckRole, EachCommandBelongsToTheRolesOfTheContract) {
  const auto scenario = standing_in(Stage::in_process);
  for (const auto& [name, roles] : contract()) {
    for (const auto& role : kRoles) {
      // The portal acts on what it filed itself: desk-1 filed this one.
      const auto asker = person(role == "portal" ? "desk-1" : "someone", {role});
      const auto allowed =
          check_role(asker, scenario.state(), LaterCommand{name}, *scenario.rules().definition);
      EXPECT_EQ(allowed.has_value(), roles.contains(role)) << name << ' ' << role;
    }
  }
}

TEST(CheckRole, AStepAsksForTheRoleOfTheStepMeant) {
  auto scenario = standing_in(Stage::in_process);
  const auto& definition = *scenario.rules().definition;
  const auto may = [&](const Identity& asker, const CommandBody& body) {
    return check_role(asker, scenario.state(), body, definition).has_value();
  };
  EXPECT_TRUE(may(case_officer(), claim()));
  EXPECT_FALSE(may(signatory(), claim()));
  EXPECT_TRUE(may(signatory(), claim("signing"))) << "the law, not the role, says that the case is not there";
  EXPECT_FALSE(may(case_officer(), claim("signing")));
  EXPECT_FALSE(may(signatory(), take("submit")));
  scenario.did(case_officer(), take("submit"));
  EXPECT_TRUE(may(signatory(), take("sign")));
  EXPECT_FALSE(may(case_officer(), take("sign")));
}

TEST(CheckRole, WithoutAStepWhoWorksOnSomeStepIsToldTheLaw) {
  const auto scenario = standing_in(Stage::registered);
  const auto& definition = *scenario.rules().definition;
  EXPECT_TRUE(check_role(case_officer(), scenario.state(), claim(), definition).has_value());
  EXPECT_TRUE(check_role(signatory(), scenario.state(), claim(), definition).has_value());
  EXPECT_TRUE(check_role(desk_officer(), scenario.state(), claim(), definition).has_error());
}

TEST(CheckMayFile, DeskOfficersAndThePortalOnly) {
  for (const auto& role : kRoles) {
    EXPECT_EQ(check_may_file(person("x", {role})).has_value(), role == "desk_officer" || role == "portal")
        << role;
  }
}

/// A body for each command that the case could accept as it stands.
std::vector<CommandBody> candidates(const Case& current) {
  const bool signing = current.steps == std::vector<StepName>{StepName("signing")};
  return {ReceiveCase{},
          RefuseReception{"duplicate"},
          ask_for({"mandate"}),
          supply({"mandate"}),
          assign(signing ? "sign-1" : "case-2"),
          claim(),
          release(),
          take("submit"),
          take("sign"),
          take("send_back"),
          WithdrawCase{},
          StopCase{"law-1"},
          resolve({"certificate"}),
          ReturnResult{"counter", ""},
          PauseClock{"verification"},
          ResumeClock{},
          extend(kMonday8h + std::chrono::hours{96}),
          correct("/remark", "x"),
          AddNote{"x"},
          consult("H15.60.01"),
          AcknowledgeConsultation{},
          answer("agreed")};
}

std::vector<Situation> all_situations() {
  auto list = situations();
  auto signing = standing_in(Stage::received);
  signing.did(all_rounder(), take("submit"));
  list.push_back({"signing, appraised by both-1", signing});
  list.push_back({"signing, held by sign-1", signing.did(signatory(), claim())});
  auto incomplete = complete_filing();
  incomplete.papers = {};
  Scenario lacking;
  list.push_back({"something missing", lacking.filed(incomplete)});
  auto open = complete_filing();
  open.data["child"].erase("birth_date");
  Scenario undecided;
  auto asking = standing_in(Stage::in_process);
  list.push_back({"another agency is asked", asking.did(case_officer(), consult("H15"))});
  list.push_back({"guard undecided", undecided.filed(open).did(desk_officer(), ReceiveCase{})});
  return list;
}

TEST(AllowedCommands, OfferUnblockedExactlyWhatIsAccepted) {
  for (const auto& situation : all_situations()) {
    for (const auto& asker : {desk_officer(), case_officer(), other_case_officer(), signatory(),
                              all_rounder(), supervisor(), person("desk-1", {"portal"}, "G22"),
                              person("lead-1", {"leader"}), person("case-0", {"case_officer"}, "H15")}) {
      auto scenario = situation.scenario;
      const auto offers = allowed_commands(scenario.view(), scenario.rules(), asker);
      for (const auto& body : candidates(scenario.state())) {
        const auto* step = std::get_if<TakeStep>(&body);
        const auto name = std::string(name_of(body));
        SCOPED_TRACE(situation.name + " / " + asker.sub.value + " / " + name +
                     (step ? ' ' + step->event : ""));
        const bool offered = std::any_of(offers.begin(), offers.end(), [&](const AllowedCommand& offer) {
          return offer.command == name && offer.blocked_by.is_null() && (!step || offer.event == step->event);
        });
        const bool role = check_role(asker, scenario.state(), body, *scenario.rules().definition).has_value();
        scenario.when(asker, body);
        EXPECT_EQ(offered, role && scenario.result()->has_value());
      }
    }
  }
}

TEST(AllowedCommands, SayWhyWhatIsOfferedCannotBeDoneNow) {
  const auto blocked = [](const Situation& situation, const Identity& asker, const std::string& command) {
    for (const auto& offer : allowed_commands(situation.scenario.view(), situation.scenario.rules(), asker)) {
      if (offer.command == command) return offer.blocked_by;
    }
    return nlohmann::json("not offered");
  };
  std::map<std::string, Situation> by_name;
  for (const auto& situation : all_situations()) by_name[situation.name] = situation;

  EXPECT_EQ(blocked(by_name.at("something missing"), desk_officer(), "receive"),
            nlohmann::json::parse(R"({"missing": ["declaration", "birth_notice"]})"));
  EXPECT_EQ(blocked(by_name.at("guard undecided"), case_officer(), "step"),
            nlohmann::json::parse(R"(["/data/child/birth_date"])"));
  EXPECT_EQ(blocked(by_name.at("signing, appraised by both-1"), all_rounder(), "claim"),
            nlohmann::json::parse(R"({"same_person": "appraisal"})"));
  EXPECT_EQ(blocked(by_name.at("signing, held by sign-1"), person("sign-2", {"signatory"}), "step"),
            nlohmann::json::parse(R"({"held_by": "sign-1"})"));
}

TEST(AllowedCommands, ComeInTheOrderOfTheContract) {
  const auto everything = person("case-1", {"desk_officer", "case_officer", "signatory", "supervisor"});
  const auto& names = command_names();
  for (const auto& situation : all_situations()) {
    std::ptrdiff_t last = 0;
    for (const auto& offer :
         allowed_commands(situation.scenario.view(), situation.scenario.rules(), everything)) {
      const auto at = std::find(names.begin(), names.end(), offer.command) - names.begin();
      EXPECT_LE(last, at) << situation.name << ": " << offer.command;
      last = at;
    }
  }
}

TEST(AllowedCommands, HaveLabelsInBothLanguages) {
  for (const auto& situation : all_situations()) {
    for (const auto& offer :
         allowed_commands(situation.scenario.view(), situation.scenario.rules(),
                          person("x", {"desk_officer", "case_officer", "signatory", "supervisor"}))) {
      EXPECT_FALSE(offer.label->vi.empty()) << offer.command;
      EXPECT_FALSE(offer.label->en.empty()) << offer.command;
    }
  }
}

}  // namespace
}  // namespace motcua::engine
