#include "engine/cases/decision_parts.hpp"
#include "tests/support/scenario.hpp"

#include <gtest/gtest.h>

namespace motcua::engine {
namespace {

constexpr auto kDay = std::chrono::hours{24};

CaseFiled complete_case_filed() {
  CaseFiled event;
  event.code = {"one-stop", "H15.50.05-260302-0001"};
  event.pins = {ProcedureCode("9.000001"), 1, office_definition().hash, office_calendar().hash,
                office_organisation().hash};
  event.channel = "counter";
  event.received_by = AgencyId("H15.50.05");
  event.competent = AgencyId("H15.50.05");
  event.outcome.stage = Stage::registered;
  event.outcome.clock_state = ClockState::not_started;
  event.outcome.missing = std::vector<MissingItem>{};
  event.outcome.papers_added = complete_papers();
  for (const auto* pointer : {"/child/full_name", "/child/birth_date", "/mother/full_name"}) {
    event.outcome.provenance[pointer] = {"citizen", "", kMonday8h};
  }
  // Eight working hours after Monday 08:00: Tuesday 08:00.
  event.outcome.timers_set = {{"reception_limit", kMonday8h + kDay}};
  return event;
}

TEST(Filing, StatesTheCodeThePinsTheAgencyAndTheReceptionTimer) {
  Scenario().when_filed(complete_filing()).then(complete_case_filed());
}

TEST(Filing, SealsTheApplicantAndEachSubjectUnderItsOwnKeyAndNothingElse) {
  auto filing = complete_filing();
  filing.data["remark"] = "lời nhắn";
  Scenario scenario;
  scenario.when_filed(filing);

  EXPECT_EQ(scenario.sealed("applicant"), (nlohmann::json{{"applicant", filing.applicant}}));
  EXPECT_EQ(scenario.sealed("/child"), (nlohmann::json{{"data", {{"child", filing.data["child"]}}}}));
  EXPECT_EQ(scenario.sealed("/mother"), (nlohmann::json{{"data", {{"mother", filing.data["mother"]}}}}));
  EXPECT_EQ(scenario.sealed("data"), (nlohmann::json{{"data", {{"remark", "lời nhắn"}}}}));
  ASSERT_TRUE((*scenario.result()).has_value());
  EXPECT_EQ((*scenario.result())->personal.size(), 4U);
}

TEST(Filing, ContentFoldsBackToWhatWasGiven) {
  Scenario scenario;
  scenario.filed();

  EXPECT_EQ(scenario.content().data, complete_data());
  EXPECT_EQ(scenario.content().applicant, complete_filing().applicant);
  EXPECT_EQ(scenario.state().version, 1U);
  EXPECT_EQ(scenario.state().filed_by, desk_officer().sub);
  EXPECT_EQ(scenario.state().created_at, kMonday8h);
}

std::vector<std::string> missing_after(const FileCase& filing) {
  Scenario scenario;
  scenario.filed(filing);
  std::vector<std::string> names;
  for (const auto& item : scenario.state().missing) {
    names.push_back(item.paper.empty() ? item.pointer : item.paper.value);
  }
  return names;
}

TEST(Filing, WhatIsAbsentStandsInMissingLeavesFirstThenPapers) {
  FileCase bare = complete_filing();
  bare.data = nlohmann::json::object();
  bare.papers = {};
  EXPECT_EQ(missing_after(bare),
            (std::vector<std::string>{"/child/full_name", "declaration", "birth_notice"}));
}

TEST(Filing, ALeafWithinAnAbsentObjectIsNotMissing) {
  auto filing = complete_filing();
  filing.data["mother"] = {{"personal_id", "001190000002"}};
  EXPECT_EQ(missing_after(filing), std::vector<std::string>{"/mother/full_name"});
  filing.data.erase("mother");
  EXPECT_EQ(missing_after(filing), std::vector<std::string>{});
}

TEST(Filing, APaperWithAConditionIsMissingOnlyWhereTheConditionIsTrue) {
  auto filing = complete_filing();
  filing.papers = {{PaperCode("declaration"), ""}};
  EXPECT_EQ(missing_after(filing), std::vector<std::string>{"birth_notice"});
  filing.data["child"]["foundling"] = true;
  EXPECT_EQ(missing_after(filing), std::vector<std::string>{});
}

TEST(Filing, APaperWhoseConditionNobodyCanDecideIsNotDemanded) {
  auto definition = office_definition();
  definition.papers.back().required_when = nlohmann::json::parse(R"({"==": [{"var": "data.remark"}, "x"]})");
  auto rules = office_rules();
  rules.definition = std::make_shared<const Definition>(definition);
  Scenario scenario(rules);
  scenario.filed();
  EXPECT_TRUE(scenario.state().missing.empty()) << "the remark is absent: the condition is undecided";
  scenario.did(desk_officer(), correct("/remark", "x"));
  EXPECT_EQ(scenario.state().missing, (std::vector<MissingItem>{{"", PaperCode("mandate")}}));
}

TEST(Filing, AnEmptyTextCountsAsAbsent) {
  auto filing = complete_filing();
  filing.data["child"]["full_name"] = "";
  EXPECT_EQ(missing_after(filing), std::vector<std::string>{"/child/full_name"});
}

TEST(Filing, AnAgencyOutsideTheOrganisationFileMayNotFile) {
  Scenario()
      .when_filed(complete_filing(), person("desk-1", {"desk_officer"}, "H99"))
      .then_rejected(RejectionCode::role_forbidden);
}

/// Pointer of the first finding.
std::string pointer_of(const Scenario& scenario) {
  return scenario.rejection().members.at("pointers").at(0).at("pointer").get<std::string>();
}

TEST(Filing, RefusalsNameThePointerAndComeInOrder) {
  auto filing = complete_filing();
  filing.data["stranger"] = 1;
  EXPECT_EQ(pointer_of(Scenario().when_filed(filing).then_rejected(RejectionCode::invalid_data)),
            "/data/stranger");
  filing.papers.push_back(filing.papers.front());
  EXPECT_EQ(pointer_of(Scenario().when_filed(filing).then_rejected(RejectionCode::invalid_data)),
            "/papers/2/code");
  filing.papers = {{PaperCode("no_such"), ""}};
  EXPECT_EQ(pointer_of(Scenario().when_filed(filing).then_rejected(RejectionCode::invalid_data)),
            "/papers/0/code");
  filing.channel = "post";
  EXPECT_EQ(pointer_of(Scenario().when_filed(filing).then_rejected(RejectionCode::invalid_data)), "/channel");
}

TEST(Filing, OutsideHoursTheReceptionTimerCountsFromTheNextOpening) {
  Scenario scenario;
  scenario.at(kMonday8h - std::chrono::hours{8}).when_filed(complete_filing());
  // Midnight: a full working day from 07:30 ends when the day closes.
  EXPECT_EQ(scenario.decided<CaseFiled>().outcome.timers_set.front().due_at,
            kMonday8h + std::chrono::hours{9} + std::chrono::minutes{30});
}

TEST(Correction, ChangesOneLeafAndRecomputesWhatIsMissing) {
  auto filing = complete_filing();
  filing.data["child"]["full_name"] = "";
  DataCorrected expected;
  expected.pointer = "/child/full_name";
  expected.outcome.missing = std::vector<MissingItem>{};
  expected.outcome.provenance["/child/full_name"] = {"officer", "", kMonday8h};

  Scenario scenario;
  scenario.filed(filing).when(desk_officer(), correct("/child/full_name", "Nguyễn Thị Ánh")).then(expected);

  EXPECT_EQ(scenario.content().data["child"]["full_name"], "Nguyễn Thị Ánh");
  EXPECT_EQ(scenario.content().data["child"]["birth_date"], "2026-02-20");
  EXPECT_EQ(scenario.state().stage, Stage::registered);
}

TEST(Correction, SealsTheValueUnderItsSubject) {
  Scenario scenario;
  scenario.filed().when(desk_officer(), correct("/mother/full_name", "Lê Thị Dung"), "đọc nhầm");
  EXPECT_EQ(scenario.sealed("/mother"),
            (nlohmann::json{{"data", {{"mother", {{"full_name", "Lê Thị Dung"}}}}}}));
  EXPECT_EQ(scenario.sealed("free-text"), (nlohmann::json{{"reason", "đọc nhầm"}}));
}

TEST(Correction, RefusesWhatIsNoLeafAndWhatHasNotItsShape) {
  Scenario filed;
  filed.filed();
  for (const auto* pointer : {"/child", "/nobody", "", "child/full_name"}) {
    EXPECT_EQ(pointer_of(Scenario(filed)
                             .when(desk_officer(), correct(pointer, "x"))
                             .then_rejected(RejectionCode::invalid_data)),
              "/data/pointer");
  }
  EXPECT_EQ(pointer_of(Scenario(filed)
                           .when(desk_officer(), correct("/child/full_name", 7))
                           .then_rejected(RejectionCode::invalid_data)),
            "/data/value");
}

TEST(Note, IsSealedAndMovesNothingAlsoOnACaseThatIsOver) {
  for (const auto stage : {Stage::registered, Stage::withdrawn, Stage::returned}) {
    auto scenario = standing_in(stage);
    auto before = scenario.state();
    scenario.when(desk_officer(), AddNote{"gọi lại sau"}).then(NoteAdded{});
    EXPECT_EQ(scenario.sealed("free-text"), (nlohmann::json{{"note", "gọi lại sau"}}));
    before.version = scenario.state().version;
    before.foreground_version = scenario.state().foreground_version;
    before.moves = scenario.state().moves;
    EXPECT_EQ(scenario.state(), before);
  }
}

TEST(CommandNames, AreThoseOfTheContract) { EXPECT_EQ(command_names().size(), 24U); }

TEST(CheckShape, LooksAtWhatSupplyAndStepGiveAndAtNothingElse) {
  const auto rules = office_rules();
  EXPECT_TRUE(check_shape({supply({"mandate"}, complete_data()), {}}, rules).has_value());
  EXPECT_TRUE(check_shape({supply({"mandate", "mandate"}), {}}, rules).has_error());
  EXPECT_TRUE(check_shape({supply({"no_such"}), {}}, rules).has_error());
  EXPECT_TRUE(check_shape({supply({}, {{"stranger", 1}}), {}}, rules).has_error());
  EXPECT_TRUE(check_shape({take("no_such", {{"remark", 1}}), {}}, rules).has_error());
  EXPECT_TRUE(check_shape({take("no_such", {{"remark", "x"}}), {}}, rules).has_value());
  EXPECT_TRUE(check_shape({WithdrawCase{}, {}}, rules).has_value());
}

}  // namespace
}  // namespace motcua::engine
