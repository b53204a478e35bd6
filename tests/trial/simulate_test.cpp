/// Trials: the same cases from the same seed, every shipped definition to its end, and what is wrong with one
/// that does not get there.
#include "api/trial/scenario.hpp"
#include "tests/trial/trial_support.hpp"

#include <algorithm>

namespace motcua::api {
namespace {

using nlohmann::json;

TEST(Simulate, TheSameSeedGivesTheSameCases) {
  Trial one(kBirth);
  Trial other(kBirth);
  Trial third(kBirth);
  const auto told = to_json(one.definition(), one.play(plan_of(25, 7))).dump();
  EXPECT_EQ(told, to_json(other.definition(), other.play(plan_of(25, 7))).dump());
  EXPECT_NE(told, to_json(third.definition(), third.play(plan_of(25, 8))).dump());
}

TEST(Simulate, EveryShippedDefinitionIsPlayedToItsEnd) {
  std::size_t definitions = 0;
  for (const auto& entry : std::filesystem::directory_iterator(kWorkflows / "catalogue")) {
    Trial trial((entry.path() / "procedure.json").string());
    const auto figures = trial.play(plan_of(15, 11));
    EXPECT_EQ(figures.cases.size(), 15U) << entry.path();
    EXPECT_TRUE(figures.stuck.empty()) << entry.path() << ": " << figures.stuck.begin()->first;
    definitions += 1;
  }
  EXPECT_GE(definitions, 5U);
}

TEST(Simulate, TellsWhichWaysNobodyTook) {
  const ChangedDefinition changed(kBirth, [](auto& document) {
    auto& check = document["machine"]["states"]["appraisal"]["states"]["check"]["on"]["finish_check"];
    check.front()["guard"] = {{"==", {1, 2}}};
  });
  Trial trial(changed.path());
  const auto figures = trial.play(plan_of(40, 3));
  const auto coverage = coverage_of(trial.definition(), figures);
  EXPECT_EQ(coverage.states_never, std::vector<std::string>{"posting"});
  const TakenWay never{"check", "finish_check", "posting"};
  EXPECT_NE(std::find(coverage.ways_never.begin(), coverage.ways_never.end(), never),
            coverage.ways_never.end());
  const TakenWay taken{"check", "finish_check", "draft"};
  EXPECT_EQ(std::find(coverage.ways_never.begin(), coverage.ways_never.end(), taken),
            coverage.ways_never.end());
}

TEST(Simulate, CountsEachWayUnderTheStateThatGivesIt) {
  Trial trial(kBirth);
  const auto figures = trial.play(plan_of(30, 3));
  std::map<std::string, std::size_t> paths;  // the same, from the paths alone
  for (const auto& each : figures.cases) {
    for (const auto& event : each.path) paths[event] += 1;
  }
  std::map<std::string, std::size_t> counted;
  for (const auto& way : counts_of(trial.definition(), figures)) {
    counted[way["event"]] += way["count"].get<std::size_t>();
    const bool is_check = way["event"] == "finish_check";
    EXPECT_EQ(is_check, way["state"] == "check" && way["event"] != "recheck") << way;
  }
  EXPECT_EQ(counted.size(), 6U);
  for (const auto& [event, count] : counted) EXPECT_EQ(count, paths[event]) << event;
}

TEST(Simulate, NamesTheStepThatCasesDoNotLeave) {
  const ChangedDefinition changed(kBirth, [](auto& document) {
    for (auto& way : document["machine"]["states"]["appraisal"]["states"]["check"]["on"]["finish_check"]) {
      way["guard"] = {{"==", {1, 2}}};
    }
  });
  Trial trial(changed.path());
  const auto figures = trial.play(plan_of(5, 3));
  ASSERT_EQ(figures.stuck.size(), 1U);
  EXPECT_EQ(figures.stuck.begin()->first, "no event is offered in check");
  EXPECT_EQ(figures.stuck.begin()->second, 5U);
}

json label() { return {{"vi", "Tự chuyển"}, {"en", "By itself"}}; }

/// The check is left by itself after two working hours, and may ask for a fee, or pause the clock.
void hurry(nlohmann::ordered_json& document) {
  const std::string law = document["law"][0]["id"];
  document["pause_reasons"].push_back({{"code", "payment"}, {"law", law}, {"name", label()}});
  document["pause_reasons"].push_back(
      {{"code", "verification"}, {"law", law}, {"whose", "other_agency"}, {"name", label()}});
  auto& check = document["machine"]["states"]["appraisal"]["states"]["check"];
  check["after"] = {{"amount", 2},
                    {"unit", "working_hour"},
                    {"law", "unverified"},
                    {"transitions", {{{"target", "signing"}, {"label", label()}}}}};
  const auto to_check = [](const char* member, const json& effect) {
    return json::array({{{"target", "check"}, {"label", label()}, {member, effect}}});
  };
  check["on"]["bill"] = to_check("life_cycle", {{"trigger", "request_payment"}, {"fee", "le_phi_tam_tru"}});
  check["on"]["verify"] = to_check("clock", {{"pause", "verification"}});
  check["on"]["verified"] = to_check("clock", {{"resume", true}});
}

TEST(Simulate, TimersPaymentsAndPausesArePartOfALife) {
  const ChangedDefinition changed("1.004194", hurry);
  Trial trial(changed.path());
  const auto figures = trial.play(plan_of(120, 4));
  EXPECT_TRUE(figures.stuck.empty()) << figures.stuck.begin()->first;
  std::map<std::string, std::size_t> events;
  for (const auto& each : figures.cases) {
    for (const auto& event : each.path) events[event] += 1;
  }
  EXPECT_GT(events["state_timed_out"], 0U);
  EXPECT_GT(events["payment_requested"], 0U);
  EXPECT_EQ(events["payment_requested"], events["payment_recorded"]) << "each is paid once, in full";
  EXPECT_GT(events["verify"], 0U);
  std::size_t timed = 0;
  for (const auto& way : counts_of(trial.definition(), figures)) {
    if (way["event"] == kAfter && way["state"] == "check") timed = way["count"].get<std::size_t>();
  }
  EXPECT_EQ(timed, events["state_timed_out"]);
}

TEST(Simulate, ADraftIsTriedAsIfItWerePublished) {
  const ChangedDefinition changed(kBirth, [](auto& document) {
    document["status"] = "draft";
    document["effective"]["from"] = "9999-12-31";
  });
  Trial trial(changed.path());
  EXPECT_TRUE(trial.play(plan_of(3, 1)).stuck.empty());
}

json birth_scenario() {
  return json::parse(R"({"cases": [{
    "channel": "counter",
    "applicant": {"personal_id": "066090000001", "full_name": "Nguyễn Thị Hoa", "birth_date": "1990-05-01"},
    "data": {"child": {"full_name": "Nguyễn Minh Khôi", "birth_date": "2026-02-20", "sex": "male",
                       "birth_place": "Trạm y tế xã Suối Mẫu"},
             "requester": {"full_name": "Nguyễn Thị Hoa", "relation": "mẹ"}},
    "papers": [{"code": "to_khai"}, {"code": "giay_chung_sinh"}],
    "commands": [{"command": "receive", "after_minutes": 10},
                 {"command": "step", "data": {"event": "submit"}, "after_minutes": 5, "refused": "not-allowed"},
                 {"command": "step", "data": {"event": "finish_check"}, "after_minutes": 20}],
    "expect": {"stage": "in_process", "steps": ["draft"], "late": false}}]})");
}

TEST(Scenario, WhatComesTrueIsNoFinding) {
  Trial trial(kBirth);
  const auto outcome = play_scenario(trial.office(), trial.definition(), birth_scenario());
  for (const auto& finding : outcome.findings) ADD_FAILURE() << finding.pointer << ": " << finding.message;
  ASSERT_EQ(outcome.figures.cases.size(), 1U);
  EXPECT_EQ(outcome.figures.cases.front().stage, "in_process");
}

json written(const char* name) {
  std::ifstream file(std::filesystem::path(SOURCE_DIR) / "tests/trial/data" / name);
  return json::parse(file);
}

TEST(Scenario, TheLinkedBirthGroupGoesOnAsItsBranchesEnd) {
  Trial trial("3.000722");
  const auto outcome = play_scenario(trial.office(), trial.definition(), written("linked-birth.json"));
  for (const auto& finding : outcome.findings) ADD_FAILURE() << finding.pointer << ": " << finding.message;
  ASSERT_EQ(outcome.figures.cases.size(), 4U);
}

TEST(Scenario, TheLinkedDeathGroupGoesOnAsItsBranchesEnd) {
  Trial trial("2.002913");
  const auto outcome = play_scenario(trial.office(), trial.definition(), written("linked-death.json"));
  for (const auto& finding : outcome.findings) ADD_FAILURE() << finding.pointer << ": " << finding.message;
  ASSERT_EQ(outcome.figures.cases.size(), 2U);
}

TEST(Scenario, ALinkedCaseThatIsNotOpenIsAFinding) {
  auto scenario = written("linked-birth.json");
  scenario["cases"] = json::array({scenario["cases"][0]});
  scenario["cases"][0]["commands"][2]["linked"] = "residence";
  Trial trial("3.000722");
  const auto outcome = play_scenario(trial.office(), trial.definition(), scenario);
  ASSERT_FALSE(outcome.findings.empty());
  EXPECT_EQ(outcome.findings.front().pointer, "/cases/0/commands/2/linked");
}

TEST(Scenario, WhatDoesNotComeTrueIsFoundByPointer) {
  auto scenario = birth_scenario();
  auto& written = scenario["cases"][0];
  written["commands"][1].erase("refused");
  written["expect"]["steps"] = {"signing"};
  written["expect"]["colour"] = "blue";
  Trial trial(kBirth);
  const auto outcome = play_scenario(trial.office(), trial.definition(), scenario);
  std::vector<std::string> pointers;
  for (const auto& finding : outcome.findings) pointers.push_back(finding.pointer);
  EXPECT_EQ(pointers, (std::vector<std::string>{"/cases/0/commands/1", "/cases/0/expect/colour",
                                                "/cases/0/expect/steps"}));
}

TEST(Scenario, MalformedOnesAreFindingsToo) {
  const std::vector<std::pair<json, std::string>> malformed{
      {json::array(), ""},
      {{{"cases", json::array({1})}}, "/cases/0"},
      {{{"cases", json::array({{{"at", "yesterday"}}})}}, "/cases/0/at"},
  };
  for (const auto& [scenario, pointer] : malformed) {
    Trial trial(kBirth);
    const auto outcome = play_scenario(trial.office(), trial.definition(), scenario);
    ASSERT_FALSE(outcome.findings.empty()) << scenario;
    EXPECT_EQ(outcome.findings.front().pointer, pointer);
  }
}

TEST(Simulate, WaysThatEndARegionAreCounted) {
  Trial trial(std::string(SOURCE_DIR) + "/tests/workflows/data/lint/procedure/clean-parallel.json");
  const auto figures = trial.play(plan_of(60, 5));
  EXPECT_TRUE(figures.stuck.empty());
  const auto coverage = coverage_of(trial.definition(), figures);
  EXPECT_TRUE(coverage.states_never.empty());
  EXPECT_TRUE(coverage.ways_never.empty()) << coverage.ways_never.front().event;
}

TEST(Simulate, LinkedBranchesEndAndTheCaseGoesOn) {
  Trial trial(std::string(SOURCE_DIR) + "/tests/workflows/data/lint/procedure/clean-linked.json");
  const auto figures = trial.play(plan_of(80, 5));
  EXPECT_TRUE(figures.stuck.empty());
  std::map<std::string, std::size_t> to;
  for (const auto& [way, count] : figures.ways) {
    if (way.event == kDone) to[way.to] += count;
  }
  EXPECT_GT(to["signing"], 0U) << "resolved, or not needed";
  EXPECT_GT(to["check"], 0U) << "stopped";
  EXPECT_TRUE(coverage_of(trial.definition(), figures).ways_never.empty());
}

}  // namespace
}  // namespace motcua::api
