/// Timers of BPMN: what becomes a timer of a state, what stays with an officer, and what is refused.
#include "tests/import/bpmn_support.hpp"
#include "workflows/loader/lint.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace motcua::workflows {
namespace {

std::string definition_of(const std::string& time, const std::string& kind) {
  return "<timerEventDefinition><" + kind + ">" + time + "</" + kind + "></timerEventDefinition>";
}
/// An intermediate event.
std::string waiting(const std::string& id, const std::string& time,
                    const std::string& kind = "timeDuration") {
  return "<intermediateCatchEvent id=\"" + id + "\">" + definition_of(time, kind) +
         "</intermediateCatchEvent>\n";
}
/// A boundary event of a task; `more`: attributes.
std::string boundary(const std::string& id, const std::string& host, const std::string& time,
                     const std::string& more = "") {
  return "<boundaryEvent id=\"" + id + "\" attachedToRef=\"" + host + "\"" + more + ">" +
         definition_of(time, "timeDuration") + "</boundaryEvent>\n";
}
std::string tasks(const std::vector<std::string>& ids) {
  std::string text = "<startEvent id=\"s\"/><endEvent id=\"e\"/>\n";
  for (const auto& id : ids) text += "<userTask id=\"" + id + "\"/>\n";
  return text;
}

/// `wait` between a task and the end; the timer stands in line 5.
ImportReport with_wait(const std::string& time, const std::string& kind = "timeDuration") {
  return imported(process(tasks({"a"}) + waiting("wait", time, kind) + flow("1", "s", "a") +
                          flow("2", "a", "wait") + flow("3", "wait", "e")));
}
/// Tasks `a` and `late`, which only the timer `t` of `a` leads to.
ImportReport with_boundary(const std::string& timers, const std::string& more = "") {
  return imported(process(tasks({"a", "late"}) + timers + flow("1", "s", "a") + flow("2", "a", "e") +
                          flow("3", "t", "late") + flow("4", "late", "e") + more));
}

const Finding& finding_of(const ImportReport& report, const std::string& rule) {
  static const Finding none{};
  const auto found = std::find_if(report.findings.begin(), report.findings.end(),
                                  [&](const Finding& finding) { return finding.rule == rule; });
  EXPECT_NE(found, report.findings.end()) << rule << "\n" << to_text(report.findings);
  return found == report.findings.end() ? none : *found;
}

struct Carried {
  std::string time{};
  int amount = 0;
  std::string unit{};
};

TEST(BpmnTimer, DurationsOfOneUnitBecomeTimersAndTheReportNamesBothUnits) {
  for (const auto& [time, amount, unit] : std::vector<Carried>{{"P3D", 3, "calendar_day"},
                                                               {"P1W", 7, "calendar_day"},
                                                               {"PT72H", 3, "calendar_day"},
                                                               {"P1DT24H", 2, "calendar_day"},
                                                               {"P10000D", 10'000, "calendar_day"},
                                                               {"PT1H", 1, "working_hour"},
                                                               {"PT8H", 8, "working_hour"},
                                                               {"PT1H120M", 3, "working_hour"},
                                                               {"PT3600S", 1, "working_hour"},
                                                               {"P2M", 2, "month"},
                                                               {"P1Y2M", 14, "month"}}) {
    SCOPED_TRACE(time);
    const auto report = with_wait(time);
    ASSERT_EQ(report.procedures.size(), 1U) << to_text(report.findings);
    EXPECT_EQ(said(report, Severity::error), std::vector<std::string>{});
    const auto& wait = states_of(report).at("wait");
    EXPECT_EQ(wait.at("after").at("amount"), amount);
    EXPECT_EQ(wait.at("after").at("unit"), unit);
    EXPECT_EQ(wait.at("after").at("law"), "unverified");
    EXPECT_EQ(wait.at("after").at("x-bpmn-timer"), time);
    EXPECT_FALSE(wait.contains("on"));
    const auto& finding = finding_of(report, "timer-elapsed-time");
    EXPECT_EQ(finding.severity, Severity::warning);
    EXPECT_EQ(finding.pointer, "/p/wait");
    EXPECT_EQ(finding.line, 5);
    EXPECT_NE(finding.message.find(time + " of elapsed time"), std::string::npos) << finding.message;
    EXPECT_NE(finding.message.find(std::to_string(amount) + " " + unit), std::string::npos)
        << finding.message;
    EXPECT_FALSE(says(report, "timer-by-hand", "/p/wait"));
    EXPECT_EQ(run_every_path(report), (std::set<Path>{{"complete", "after:wait"}}));
  }
}

void expect_by_hand(const ImportReport& report, const std::string& time, const std::string& why) {
  SCOPED_TRACE(time);
  ASSERT_EQ(report.procedures.size(), 1U) << to_text(report.findings);
  EXPECT_EQ(said(report, Severity::error), std::vector<std::string>{});
  const auto& wait = states_of(report).at("wait");
  EXPECT_FALSE(wait.contains("after"));
  EXPECT_EQ(wait.at("on").at("elapsed").at(0).at("x-bpmn-timer"), time);
  const auto& finding = finding_of(report, "timer-by-hand");
  EXPECT_EQ(finding.pointer, "/p/wait");
  EXPECT_EQ(finding.line, 5);
  EXPECT_NE(finding.message.find(why), std::string::npos) << finding.message;
  EXPECT_EQ(run_every_path(report), (std::set<Path>{{"complete", "elapsed"}}));
}

TEST(BpmnTimer, WhatNoUnitSaysStaysWithAnOfficerWithTheReason) {
  const std::vector<std::pair<const char*, const char*>> durations{
      {"P1DT4H", "neither whole days"},
      {"PT28H", "neither whole days"},
      {"PT9H", "neither whole days"},
      {"PT90M", "parts of an hour"},
      {"PT30S", "parts of an hour"},
      {"P1DT1S", "parts of an hour"},
      {"P1M1D", "no unit in common"},
      {"P1YT4H", "no unit in common"},
      {"P0D", "no time"},
      {"PT0S", "no time"},
      {"P10001D", "more than 10000 calendar_day"},
      {"P99999999999D", "ISO 8601"},
      {"P0.5D", "ISO 8601"},
      {"-P1D", "ISO 8601"},
      {"P-1D", "ISO 8601"},
      {"P", "ISO 8601"},
      {"PT", "ISO 8601"},
      {"P1DT", "ISO 8601"},
      {"P1", "ISO 8601"},
      {"P4H", "ISO 8601"},
      {"PT1D", "ISO 8601"},
      {"P1D1D", "ISO 8601"},
      {"P1D2M", "ISO 8601"},
      {"3 days", "ISO 8601"},
      {"${patience}", "ISO 8601"},
      {"= duration(\"P1D\")", "ISO 8601"},
      {"", "does not say"},
  };
  for (const auto& [time, why] : durations) expect_by_hand(with_wait(time), time, why);
  expect_by_hand(with_wait("2026-03-02T08:00:00+07:00", "timeDate"), "2026-03-02T08:00:00+07:00",
                 "an instant");
  expect_by_hand(with_wait("P3D", "timeDate"), "P3D", "an instant");
  expect_by_hand(with_wait("R3/P1D", "timeCycle"), "R3/P1D", "repeats");
}

TEST(BpmnTimer, OnATaskItStandsBesideTheEventsOfTheTask) {
  const auto report = with_boundary(boundary("t", "a", "P5D"));
  EXPECT_EQ(said(report, Severity::error), std::vector<std::string>{});
  const auto& a = states_of(report).at("a");
  EXPECT_EQ(a.at("after").at("amount"), 5);
  EXPECT_EQ(a.at("after").at("transitions").at(0).at("target"), "late");
  EXPECT_EQ(a.at("on").size(), 1U);
  EXPECT_EQ(report.procedures.at(0).ways, 3U);
  EXPECT_TRUE(says(report, "timer-elapsed-time", "/p/t"));
  EXPECT_EQ(to_text(lint_bytes(FileKind::procedure, report.procedures[0].text, "it")), "");
  EXPECT_EQ(run_every_path(report), (std::set<Path>{{"complete"}, {"after:a", "complete"}}));
}

TEST(BpmnTimer, OnATaskThatNobodySaysMoreAboutItIsAnEventByHand) {
  const auto report = with_boundary(boundary("t", "a", "P1DT4H"));
  EXPECT_TRUE(says(report, "timer-by-hand", "/p/t"));
  EXPECT_FALSE(states_of(report).at("a").contains("after"));
  EXPECT_EQ(run_every_path(report), (std::set<Path>{{"complete"}, {"elapsed.t", "complete"}}));
}

TEST(BpmnTimer, OneThatDoesNotEndItsTaskIsAnErrorAndLeftOut) {
  for (const char* no : {"false", "0"}) {
    const auto report =
        with_boundary(boundary("t", "a", "P5D", " cancelActivity=\"" + std::string(no) + "\""));
    EXPECT_EQ(said(report, Severity::error), std::vector<std::string>{"timer-not-carried /p/t"}) << no;
    EXPECT_TRUE(says(report, "unreachable-state", "/p/late")) << no;
    EXPECT_FALSE(states_of(report).at("a").contains("after")) << no;
    EXPECT_EQ(run_every_path(report), (std::set<Path>{{"complete"}})) << no;
  }
  const auto ends = with_boundary(boundary("t", "a", "P5D", " cancelActivity=\"true\""));
  EXPECT_EQ(said(ends, Severity::error), std::vector<std::string>{});
}

TEST(BpmnTimer, OfSeveralOnOneTaskTheFirstToComeIsTheTimer) {
  const auto report =
      with_boundary(boundary("month", "a", "P1M") + boundary("t", "a", "PT4H") + boundary("day", "a", "P1D"),
                    flow("5", "month", "e") + flow("6", "day", "e"));
  EXPECT_EQ(said(report, Severity::error), std::vector<std::string>{});
  const auto& a = states_of(report).at("a");
  EXPECT_EQ(a.at("after").at("unit"), "working_hour");
  EXPECT_EQ(a.at("after").at("transitions").size(), 1U);
  EXPECT_TRUE(says(report, "timer-elapsed-time", "/p/t"));
  EXPECT_TRUE(says(report, "timer-by-hand", "/p/month"));
  EXPECT_TRUE(says(report, "timer-by-hand", "/p/day"));
  EXPECT_NE(finding_of(report, "timer-by-hand").message.find("`t` comes before it"), std::string::npos);
  EXPECT_EQ(run_every_path(report),
            (std::set<Path>{{"complete"}, {"elapsed.day"}, {"elapsed.month"}, {"after:a", "complete"}}));
}

TEST(BpmnTimer, AChoiceBehindItIsMadeByAnOfficer) {
  const auto report =
      imported(process(tasks({"a"}) + "<exclusiveGateway id=\"x\" name=\"Again?\"/>\n" +
                       boundary("t", "a", "P5D") + flow("1", "s", "a") + flow("2", "a", "e") +
                       flow("3", "t", "x") + flow("again", "x", "a") + flow("enough", "x", "e")));
  EXPECT_EQ(said(report, Severity::error), std::vector<std::string>{});
  EXPECT_TRUE(says(report, "decision-step", "/p/t"));
  EXPECT_EQ(states_of(report).at("a").at("after").at("transitions").at(0).at("target"), "t.choice");
  EXPECT_EQ(run_every_path(report), (std::set<Path>{{"complete"}, {"after:a", "enough"}}));
}

TEST(BpmnTimer, MayLeadBackToItsOwnTaskOrBeTheOnlyWayOut) {
  const auto back = imported(process(tasks({"a"}) + boundary("t", "a", "P5D") + flow("1", "s", "a") +
                                     flow("2", "a", "e") + flow("3", "t", "a")));
  EXPECT_EQ(states_of(back).at("a").at("after").at("transitions").at(0).at("target"), "a");
  EXPECT_EQ(run_every_path(back), (std::set<Path>{{"complete"}}));

  const auto only =
      imported(process(tasks({"a"}) + boundary("t", "a", "P5D") + flow("1", "s", "a") + flow("2", "t", "e")));
  EXPECT_EQ(said(only, Severity::error), std::vector<std::string>{});
  EXPECT_EQ(run_every_path(only), (std::set<Path>{{"after:a"}}));
}

TEST(BpmnTimer, MayBeTheFirstThingOfACaseAndKeepsTheConditionOfItsFlow) {
  const auto report = imported(process(
      "<startEvent id=\"s\"/><endEvent id=\"e\"/>\n" + waiting("wait", "P3D") + flow("1", "s", "wait") +
      "<sequenceFlow id=\"2\" name=\"Still here\" sourceRef=\"wait\" targetRef=\"e\">"
      "<conditionExpression language=\"FEEL\">here</conditionExpression></sequenceFlow>\n"));
  EXPECT_TRUE(says(report, "condition-not-carried", "/p/2"));
  const auto& way = states_of(report).at("wait").at("after").at("transitions").at(0);
  EXPECT_EQ(way.at("label").at("en"), "Still here");
  EXPECT_EQ(way.at("x-bpmn-condition"), Json::parse(R"([{"language": "FEEL", "text": "here"}])"));
  EXPECT_EQ(run_every_path(report), (std::set<Path>{{"after:wait"}}));
}

TEST(BpmnTimer, ItsWayIsLeftOutWithWhatItLeadsTo) {
  const auto lost =
      imported(process(tasks({"a"}) + "<subProcess id=\"inner\"/>\n" + boundary("t", "a", "P5D") +
                       flow("1", "s", "a") + flow("2", "a", "e") + flow("3", "t", "inner")));
  EXPECT_TRUE(says(lost, "way-left-out", "/p/3"));
  EXPECT_FALSE(says(lost, "timer-elapsed-time", "/p/t")) << "nothing waits";
  EXPECT_FALSE(states_of(lost).at("a").contains("after"));
  EXPECT_EQ(run_every_path(lost), (std::set<Path>{{"complete"}}));

  const auto dead = imported(process(tasks({"a", "late"}) + boundary("t", "a", "P5D") + flow("1", "s", "a") +
                                     flow("2", "a", "e") + flow("3", "t", "late")));
  EXPECT_TRUE(says(dead, "dead-end", "/p/late"));
  EXPECT_TRUE(says(dead, "way-left-out", "/p/3"));
  EXPECT_FALSE(states_of(dead).at("a").contains("after"));

  const auto nowhere =
      imported(process(tasks({"a"}) + boundary("t", "a", "P5D") + flow("1", "s", "a") + flow("2", "a", "e")));
  EXPECT_EQ(said(nowhere, Severity::error), std::vector<std::string>{"timer-not-carried /p/t"});

  const auto homeless = with_boundary(boundary("t", "nobody", "P5D"));
  EXPECT_EQ(said(homeless, Severity::error), std::vector<std::string>{"missing-reference /p/t"});
}

TEST(BpmnTimer, RunsInsideBranchesWhichGoOnSideBySide) {
  const auto report =
      imported(process(tasks({"a", "b"}) + "<parallelGateway id=\"x\"/><parallelGateway id=\"y\"/>\n" +
                       "<exclusiveGateway id=\"m\"/>\n" + boundary("t", "a", "PT2H") +
                       waiting("wait", "P3D") + flow("1", "s", "x") + flow("2", "x", "a") +
                       flow("3", "x", "b") + flow("4", "a", "m") + flow("5", "t", "m") + flow("6", "m", "y") +
                       flow("7", "b", "wait") + flow("8", "wait", "y") + flow("9", "y", "e")));
  EXPECT_EQ(said(report, Severity::error), std::vector<std::string>{});
  const auto& branches = states_of(report).at("x").at("states");
  EXPECT_EQ(branches.at("x.branch.1").at("states").at("a").at("after").at("unit"), "working_hour");
  EXPECT_EQ(branches.at("x.branch.2").at("states").at("wait").at("after").at("amount"), 3);
  EXPECT_EQ(run_every_path(report), (std::set<Path>{
                                        {"complete.a", "complete.b", "after:wait"},
                                        {"complete.b", "complete.a", "after:wait"},
                                        {"complete.b", "after:wait", "complete.a"},
                                        {"after:a", "complete.b", "after:wait"},
                                        {"complete.b", "after:a", "after:wait"},
                                        {"complete.b", "after:wait", "after:a"},
                                    }));
}

TEST(BpmnTimer, AWayOfThatNameIsCalledOtherwise) {
  const auto report =
      imported(process(tasks({"a", "late"}) + "<exclusiveGateway id=\"x\"/>\n" + boundary("t", "a", "P5D") +
                       flow("1", "s", "a") + flow("2", "a", "x") + flow("after", "x", "e") +
                       flow("other", "x", "late") + flow("3", "t", "late") + flow("4", "late", "e")));
  EXPECT_EQ(run_every_path(report),
            (std::set<Path>{{"way_after"}, {"other", "complete"}, {"after:a", "complete"}}));
}

}  // namespace
}  // namespace motcua::workflows
