#include "tests/import/bpmn_support.hpp"
#include "workflows/loader/lint.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace motcua::workflows {
namespace {

TEST(BpmnImport, MakesStepsEndsChoicesAndWorkSideBySide) {
  const auto report = bpmn_report("permit.bpmn");
  ASSERT_EQ(report.procedures.size(), 1U) << to_text(report.findings);
  EXPECT_EQ(said(report, Severity::error), std::vector<std::string>{});
  EXPECT_EQ(report.procedures[0].code, "building_permit");
  EXPECT_EQ(to_text(lint_bytes(FileKind::procedure, report.procedures[0].text, "it")), "");
  const auto& states = states_of(report);
  EXPECT_EQ(states.at("check").at("label").at("en"), "Kiểm tra hồ sơ");
  EXPECT_EQ(states.at("check").at("on").at("du").at(0).at("target"), "both");
  EXPECT_EQ(states.at("check").at("on").at("khong_du").at(0).at("target"), "refused");
  EXPECT_EQ(states.at("both").at("type"), "parallel");
  EXPECT_EQ(states.at("both").at("on_done").at(0).at("target"), "sign");
  EXPECT_EQ(states.at("both").at("states").size(), 2U);
  EXPECT_EQ(states.at("both").at("states").at("both.branch.1").at("label").at("en"), "Thực địa");
  EXPECT_EQ(states.at("sign").at("x-roles"), Json::array({"lãnh đạo", "phó lãnh đạo"}));
  EXPECT_EQ(states.at("check").at("x-roles"), Json::array({"Phòng chuyên môn"}));
  EXPECT_EQ(states.at("issued").at("type"), "final");
}

TEST(BpmnImport, ItsPathsRunInTheEngine) {
  EXPECT_EQ(run_every_path(bpmn_report("permit.bpmn")),
            (std::set<Path>{
                {"after:check"},
                {"khong_du"},
                {"du", "complete.tax", "dat.survey", "after:pause", "complete"},
                {"du", "complete.tax", "after:pause", "dat.survey", "complete"},
                {"du", "dat.survey", "complete.tax", "after:pause", "complete"},
            }));
  EXPECT_EQ(run_every_path(bpmn_report("choice-first.bpmn")),
            (std::set<Path>{{"an_officer", "complete", "h"},
                            {"an_officer", "complete", "founded.redress"},
                            {"a_decision", "h"},
                            {"a_decision", "founded.redress"}}));
}

TEST(BpmnImport, ConditionsAreReportedKeptAsNotesAndNeverTranslated) {
  const auto report = bpmn_report("permit.bpmn");
  EXPECT_TRUE(says(report, "condition-not-carried", "/building_permit/f_yes"));
  EXPECT_TRUE(says(report, "condition-not-carried", "/building_permit/f_again"));
  const auto& way = states_of(report).at("check").at("on").at("du").at(0);
  EXPECT_FALSE(way.contains("guard"));
  EXPECT_EQ(way.at("x-bpmn-condition"),
            Json::parse(R"([{"language": "not stated", "text": "complete = true and \"x\" < \"y\""}])"));
}

TEST(BpmnImport, TimersOfASampleBecomeTimersOfItsSteps) {
  const auto report = bpmn_report("permit.bpmn");
  EXPECT_TRUE(says(report, "timer-elapsed-time", "/building_permit/check_late"));
  EXPECT_TRUE(says(report, "timer-elapsed-time", "/building_permit/pause"));
  EXPECT_TRUE(says(report, "service-task", "/building_permit/tax"));
  const auto& states = states_of(report);
  EXPECT_EQ(states.at("check").at("after"), Json::parse(R"({
    "amount": 2, "unit": "calendar_day", "law": "unverified", "x-bpmn-timer": "P2D",
    "transitions": [{"target": "refused", "label": {"vi": "[unverified] Quá hạn kiểm tra", "en": "Quá hạn kiểm tra"}}]
  })"));
  const auto& pause = states.at("both").at("states").at("both.branch.2").at("states").at("pause");
  EXPECT_EQ(pause.at("after").at("amount"), 3);
  EXPECT_EQ(pause.at("after").at("unit"), "calendar_day");
  EXPECT_EQ(pause.at("after").at("transitions").at(0).at("target"), "both.branch.2.end");
  EXPECT_FALSE(pause.contains("on"));
}

TEST(BpmnImport, TheLineOfAFindingIsThatOfTheElement) {
  const auto report = bpmn_report("permit.bpmn");
  for (const auto& finding : report.findings) {
    if (finding.pointer != "/building_permit/f_yes") continue;
    const auto bytes = data_file("bpmn/permit.bpmn");
    const auto before = bytes.substr(0, bytes.find("id=\"f_yes\""));
    EXPECT_EQ(finding.line, 1 + std::count(before.begin(), before.end(), '\n'));
  }
}

TEST(BpmnImport, AChoiceBeforeAnyStepBecomesAStep) {
  const auto report = bpmn_report("choice-first.bpmn");
  EXPECT_TRUE(says(report, "decision-step", "/choice/start"));
  EXPECT_EQ(report.procedures.at(0).document.at("machine").at("initial"), "start.choice");
  EXPECT_EQ(states_of(report).at("start.choice").at("label").at("en"), "About whom?");
  EXPECT_EQ(states_of(report).at("read").at("on").at("founded.again").at(0).at("target"), "read");
}

TEST(BpmnImport, BranchesThatCrossAreRefusedAndTheRestIsKept) {
  const auto report = bpmn_report("crossed.bpmn");
  EXPECT_TRUE(says(report, "not-block-structured", "/crossed/split"));
  EXPECT_TRUE(says(report, "way-left-out", "/crossed/f_hard"));
  EXPECT_TRUE(says(report, "dead-end", "/crossed/left")) << to_text(report.findings);
  EXPECT_EQ(states_of(report).size(), 3U);
  EXPECT_EQ(run_every_path(report), (std::set<Path>{{"simple", "complete"}}));
}

TEST(BpmnImport, WhatLiesOutsideTheSubsetIsNamedAndLeftOut) {
  const auto report = bpmn_report("outside.bpmn");
  for (const auto& [rule, pointer] :
       std::vector<std::pair<const char*, const char*>>{{"message-flow", "/talk"},
                                                        {"not-executable", "/outside"},
                                                        {"element-not-carried", "/outside/paper"},
                                                        {"event-definition", "/outside/start"},
                                                        {"plain-task", "/outside/write"},
                                                        {"timer-not-carried", "/outside/remind"},
                                                        {"unsupported-element", "/outside/calculate"},
                                                        {"unsupported-element", "/outside/inclusive"},
                                                        {"unsupported-element", "/outside/inner"},
                                                        {"unsupported-element", "/outside/send_both"},
                                                        {"implicit-split", "/outside/send_both"},
                                                        {"missing-reference", "/outside/f5b"},
                                                        {"way-left-out", "/outside/f2"},
                                                        {"way-left-out", "/outside/f3"},
                                                        {"event-definition", "/outside/end"}}) {
    EXPECT_TRUE(says(report, rule, pointer)) << rule << " " << pointer << "\n" << to_text(report.findings);
  }
  EXPECT_EQ(run_every_path(report), (std::set<Path>{{"finish"}}));
}

struct Refusal {
  const char* what;
  const char* rule;
  std::string elements;
};

TEST(BpmnImport, OnlyBlocksRunSideBySide) {
  const std::string begin =
      "<startEvent id=\"s\"/><userTask id=\"a\"/><userTask id=\"b\"/><userTask id=\"c\"/>"
      "<endEvent id=\"e\"/><parallelGateway id=\"x\"/><parallelGateway id=\"y\"/>\n" +
      flow("1", "s", "x") + flow("2", "x", "a") + flow("3", "x", "b");
  const std::vector<Refusal> refusals{
      {"a branch ends by itself", "not-block-structured",
       flow("4", "a", "y") + flow("5", "b", "e") + flow("6", "c", "y") + flow("7", "y", "e")},
      {"nothing joins", "not-block-structured", flow("4", "a", "c") + flow("5", "b", "c")},
      {"the join waits for a third", "not-block-structured",
       flow("4", "a", "y") + flow("5", "b", "y") + flow("6", "c", "y") + flow("7", "y", "e")},
      {"a flow leads in", "not-block-structured",
       flow("4", "a", "y") + flow("5", "b", "y") + flow("6", "c", "b") + flow("7", "y", "e")},
      {"a split inside", "nested-parallel",
       "<parallelGateway id=\"z\"/>" + flow("4", "a", "z") + flow("5", "z", "c") + flow("6", "z", "y") +
           flow("7", "b", "y") + flow("8", "c", "y") + flow("9", "y", "e")},
      {"one branch is empty", "not-block-structured",
       flow("4", "a", "y") + flow("5", "b", "y") + flow("7", "y", "e")},
  };
  for (const auto& refusal : refusals) {
    std::string elements = begin + refusal.elements;
    if (std::string_view(refusal.what) == "one branch is empty") {
      elements =
          "<startEvent id=\"s\"/><userTask id=\"a\"/><endEvent id=\"e\"/><parallelGateway id=\"x\"/>"
          "<parallelGateway id=\"y\"/>" +
          flow("1", "s", "x") + flow("2", "x", "a") + flow("3", "x", "y") + flow("4", "a", "y") +
          flow("5", "y", "e");
    }
    const auto report = imported(process(elements));
    EXPECT_TRUE(says(report, refusal.rule, "/p/x")) << refusal.what << "\n" << to_text(report.findings);
    EXPECT_TRUE(report.procedures.empty()) << refusal.what;
    EXPECT_TRUE(says(report, "nothing-left", "")) << refusal.what;
  }
  const auto sound = imported(
      process(begin + flow("4", "a", "y") + flow("5", "b", "c") + flow("6", "c", "y") + flow("7", "y", "e")));
  EXPECT_EQ(said(sound, Severity::error), std::vector<std::string>{});
  EXPECT_EQ(run_every_path(sound).size(), 3U);
}

TEST(BpmnImport, RefusesWhatIsNoProcess) {
  const auto rule_of = [](const std::string& text) {
    const auto report = imported(text);
    EXPECT_TRUE(report.procedures.empty()) << text.substr(0, 100);
    return report.findings.empty() ? std::string() : report.findings[0].rule;
  };
  EXPECT_EQ(rule_of(""), "not-xml");
  EXPECT_EQ(rule_of("<a><b></a>"), "not-xml");
  EXPECT_EQ(rule_of("<definitions/>"), "not-bpmn") << "no namespace";
  EXPECT_EQ(rule_of("<process xmlns=\"http://www.omg.org/spec/BPMN/20100524/MODEL\"/>"), "not-bpmn");
  EXPECT_EQ(rule_of("<definitions xmlns=\"http://www.omg.org/spec/BPMN/20100524/MODEL\"/>"), "no-process");
  EXPECT_EQ(rule_of(std::string(2 * 1024 * 1024, ' ')), "file-too-large");
  EXPECT_EQ(rule_of(process("<userTask id=\"a\" name=\"\xff\xfe\"/>")), "not-utf-8");
  EXPECT_TRUE(says(imported(process("<userTask id=\"a\"/>")), "no-start-event", "/p"));
  EXPECT_TRUE(says(imported(process("<startEvent id=\"a\"/><startEvent id=\"b\"/>")), "several-start-events",
                   "/p/b"));
  EXPECT_TRUE(says(imported(process("<startEvent id=\"a\"/><endEvent id=\"a\"/>")), "duplicate-id", "/p/a"));
  const auto circle =
      imported(process("<startEvent id=\"s\"/><exclusiveGateway id=\"x\"/><exclusiveGateway id=\"y\"/>" +
                       flow("1", "s", "x") + flow("2", "x", "y") + flow("3", "y", "x")));
  EXPECT_TRUE(says(circle, "gateway-circle", "/p/x")) << to_text(circle.findings);
}

/// Forty gateways in a row, each with two flows to the next, are 2^40 ways.
TEST(BpmnImport, GivesUpOnMoreWaysThanCanBeFollowedAndSaysSo) {
  std::string elements = "<startEvent id=\"s\"/><userTask id=\"t\"/><endEvent id=\"e\"/>" +
                         flow("in", "s", "t") + flow("out", "t", "g0");
  for (int i = 0; i < 40; ++i) {
    const std::string at = "g" + std::to_string(i);
    elements += "<exclusiveGateway id=\"" + at + "\"/>";
    for (const char* side : {"a", "b"})
      elements += flow(at + side, at, i < 39 ? "g" + std::to_string(i + 1) : "e");
  }
  const auto report = imported(process(elements));
  const auto errors = said(report, Severity::error);
  EXPECT_FALSE(errors.empty());
  for (const auto& error : errors) EXPECT_EQ(error.rfind("too-many-ways /p/g", 0), 0U) << error;
}

TEST(BpmnImport, AFileOfThousandsOfTasksIsAnsweredAndRefused) {
  std::string elements = "<startEvent id=\"s\"/><endEvent id=\"e\"/>" + flow("f", "s", "t0");
  constexpr int kTasks = 8'000;
  for (int i = 0; i < kTasks; ++i) {
    const std::string next = i + 1 < kTasks ? "t" + std::to_string(i + 1) : "e";
    elements += "<userTask id=\"t" + std::to_string(i) + "\"/>" +
                flow("f" + std::to_string(i), "t" + std::to_string(i), next);
  }
  const auto report = imported(process(elements));
  EXPECT_TRUE(report.procedures.empty());
  EXPECT_TRUE(has_errors(report.findings));
}

TEST(BpmnImport, ExpandsNoEntityAndSurvivesDeepNesting) {
  const auto report =
      imported("<!DOCTYPE d [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;\">]>" +
               process("<startEvent id=\"s\"/><userTask id=\"t\" name=\"&b;\"/><endEvent id=\"e\"/>" +
                       flow("1", "s", "t") + flow("2", "t", "e")));
  ASSERT_EQ(report.procedures.size(), 1U) << to_text(report.findings);
  EXPECT_EQ(states_of(report).at("t").at("label").at("en"), "&b;");

  std::string deep;
  for (int i = 0; i < 300'000; ++i) deep += "<a>";
  EXPECT_TRUE(imported(deep).procedures.empty());
}

}  // namespace
}  // namespace motcua::workflows
