#include "tests/import/support.hpp"
#include "workflows/loader/lint.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace motcua::workflows {
namespace {

/// A business service with one member replaced or added, as text.
std::string service(const std::string& states, const std::string& sla = "172800000") {
  return R"({"BusinessServices": [{"businessService": "Sample", "businessServiceSla": )" + sla +
         R"(, "states": [)" + states + "]}]}";
}
const std::string kStart =
    R"({"state": null, "isStartState": true, "actions": [{"action": "GO", "nextState": "WORK", "roles": ["A"]}]})";
const std::string kWork =
    R"({"state": "WORK", "sla": 86400000, "actions": [{"action": "END", "nextState": "OVER", "roles": ["A"]}]})";
const std::string kOver = R"({"state": "OVER", "isTerminateState": true})";

ImportReport imported(const std::string& text, ImportOptions options = {}) {
  options.file = "sample.json";
  return import_digit(text, options);
}
ImportReport sample(const std::string& work, const std::string& more = "") {
  return imported(service(kStart + "," + work + "," + kOver + more));
}
const Json& state_of(const ImportReport& report, const char* name) {
  return report.procedures.at(0).document.at("machine").at("states").at(name);
}

TEST(DigitImport, MakesOfEveryRealFileADraftThatTheLinterAccepts) {
  for (const auto name : kDigitFiles) {
    const auto report = digit_report(name);
    ASSERT_EQ(report.procedures.size(), 1U) << name << "\n" << to_text(report.findings);
    const auto& made = report.procedures[0];
    EXPECT_EQ(to_text(lint_bytes(FileKind::procedure, made.text, made.file)), "") << name;
    EXPECT_EQ(made.document.at("status"), "draft");
    for (const auto& finding : report.findings) {
      EXPECT_GT(finding.line, 0) << finding.rule << " " << finding.pointer;
      EXPECT_FALSE(finding.message.empty());
    }
  }
}

TEST(DigitImport, SaysOfNineFilesNoErrorAndNamesTheTwoAtFault) {
  for (const auto name : kDigitFiles) {
    const auto errors = said(digit_report(name), Severity::error);
    if (name == "PGR--02") {
      EXPECT_EQ(errors, (std::vector<std::string>{
                            "uuid-reference /BusinessServices/0/states/3/actions/3/nextState",
                            "dead-end /BusinessServices/0/states/8",
                            "uuid-reference /BusinessServices/0/states/8/actions/0/nextState",
                        }));
    } else if (name == "order-managelifecycle--01") {
      EXPECT_EQ(errors, (std::vector<std::string>{
                            "sla-unit /BusinessServices/0/businessServiceSla",
                            "sla-unit /BusinessServices/0/states/2/sla",
                            "sla-unit /BusinessServices/0/states/3/sla",
                            "sla-unit /BusinessServices/0/states/4/sla",
                            "sla-unit /BusinessServices/0/states/5/sla",
                        }));
    } else {
      EXPECT_EQ(errors, std::vector<std::string>{}) << name;
    }
  }
}

TEST(DigitImport, AReferenceThatTheIntegratorExplainsIsFollowed) {
  ImportOptions options;
  options.targets = {{"04752227-e267-43e3-bfd8-6e48bdbfd97a", "PENDINGATSUPERVISOR"},
                     {"e80e3dd6-8336-4586-b84a-c191dcd80c98", "RESOLVEDBYSUPERVISOR"}};
  const auto report = digit_report("PGR--02", options);
  EXPECT_EQ(said(report, Severity::error), std::vector<std::string>{});
  EXPECT_EQ(state_of(report, "PENDINGATSUPERVISOR").at("on").at("RESOLVEBYSUPERVISOR").at(0).at("target"),
            "RESOLVEDBYSUPERVISOR");
  EXPECT_EQ(report.procedures[0].states, 12U) << "CANCELLED stays out: nothing leads there";
}

TEST(DigitImport, UuidsThatStatesCarryAreFollowedAndCounted) {
  const auto report = digit_report("ESTIMATE--01");
  EXPECT_TRUE(says(report, "uuid-resolved", "/BusinessServices/0/states"));
  EXPECT_EQ(state_of(report, "PENDINGFORAPPROVAL").at("on").at("APPROVE").at(0).at("target"), "APPROVED");
  EXPECT_EQ(report.procedures[0].ways, 14U);
}

TEST(DigitImport, WholeDaysOfMillisecondsBecomeDaysAndTheReportSaysSo) {
  const auto report = digit_report("NewTL--03");
  const auto& limit = report.procedures.at(0).document.at("time_limit");
  EXPECT_EQ(limit.at("amount"), 2);
  EXPECT_EQ(limit.at("unit"), "calendar_day");
  EXPECT_EQ(limit.at("law"), "unverified");
  EXPECT_TRUE(says(report, "sla-elapsed-time", "/BusinessServices/0/businessServiceSla"));
  EXPECT_EQ(state_of(report, "FIELDINSPECTION").at("time_limit").at("unit"), "working_day");
  EXPECT_EQ(state_of(report, "FIELDINSPECTION").at("x-digit-sla-ms"), 86400000);
  EXPECT_TRUE(says(report, "sla-elapsed-time", "/BusinessServices/0/states/4/sla"));
  EXPECT_FALSE(state_of(report, "PENDINGAPPROVAL").contains("time_limit")) << "twelve hours are no whole day";
  EXPECT_EQ(state_of(report, "PENDINGAPPROVAL").at("x-digit-sla-ms"), 43200000);
  EXPECT_TRUE(says(report, "sla-not-whole-days", "/BusinessServices/0/states/5/sla"));
}

TEST(DigitImport, WithoutASlaThereIsNoLimitAndItIsToBeFilledIn) {
  const auto report = digit_report("PT.CREATE--01");
  EXPECT_TRUE(report.procedures.at(0).document.at("time_limit").is_null());
  EXPECT_TRUE(says(report, "to-fill-in", "/time_limit"));
}

TEST(DigitImport, LimitsThatAreNoMillisecondsAreNotGuessed) {
  const auto report = digit_report("order-managelifecycle--01");
  EXPECT_TRUE(report.procedures.at(0).document.at("time_limit").is_null());
  EXPECT_FALSE(state_of(report, "PENDINGESIGN").contains("time_limit"));
  EXPECT_TRUE(says(
      sample(
          R"({"state": "WORK", "sla": "30", "actions": [{"action": "END", "nextState": "OVER", "roles": ["A"]}]})"),
      "not-an-sla", "/BusinessServices/0/states/1/sla"));
  EXPECT_TRUE(says(imported(service(kStart + "," + kWork + "," + kOver, "59999")), "sla-unit",
                   "/BusinessServices/0/businessServiceSla"));
  EXPECT_FALSE(says(imported(service(kStart + "," + kWork + "," + kOver, "60000")), "sla-unit",
                    "/BusinessServices/0/businessServiceSla"));
}

TEST(DigitImport, TextBooleansAreTakenForWhatTheySayAndReported) {
  const auto report =
      imported(service(kStart + "," + kWork + R"(,{"state": "OVER", "isTerminateState": "true"})"));
  ASSERT_EQ(report.procedures.size(), 1U);
  EXPECT_EQ(state_of(report, "OVER").at("type"), "final");
  EXPECT_TRUE(says(report, "text-boolean", "/BusinessServices/0/states/2/isTerminateState"));

  const auto other =
      imported(service(kStart + "," + kWork + R"(,{"state": "OVER", "isTerminateState": "yes"})"));
  EXPECT_TRUE(says(other, "not-a-boolean", "/BusinessServices/0/states/2/isTerminateState"));
  EXPECT_TRUE(other.procedures.empty()) << "without an end nothing is left";
  EXPECT_TRUE(says(other, "nothing-left", ""));
}

TEST(DigitImport, ADanglingTargetTakesItsWayOutAndNothingElse) {
  const auto report = sample(
      R"({"state": "WORK", "actions": [{"action": "END", "nextState": "OVER", "roles": ["A"]},
          {"action": "LOSE", "nextState": "NOWHERE", "roles": ["A"]}]})");
  EXPECT_EQ(said(report, Severity::error),
            (std::vector<std::string>{"dangling-target /BusinessServices/0/states/1/actions/1/nextState"}));
  EXPECT_FALSE(state_of(report, "WORK").at("on").contains("LOSE"));
  EXPECT_TRUE(state_of(report, "WORK").at("on").contains("END"));
}

TEST(DigitImport, ADeadEndIsLeftOutWithTheWaysThatLeadThere) {
  const auto report = sample(
      R"({"state": "WORK", "actions": [{"action": "END", "nextState": "OVER", "roles": ["A"]},
          {"action": "PARK", "nextState": "PARKED", "roles": ["A"]}]})",
      R"(,{"state": "PARKED", "actions": []})");
  EXPECT_TRUE(says(report, "dead-end", "/BusinessServices/0/states/3"));
  EXPECT_TRUE(says(report, "way-left-out", "/BusinessServices/0/states/1/actions/1"));
  EXPECT_FALSE(report.procedures.at(0).document.at("machine").at("states").contains("PARKED"));
}

TEST(DigitImport, AnEndThatCanBeLeftIsAStepWithAWayToItsEnd) {
  const auto report = digit_report("MR--01");
  const auto& approved = state_of(report, "APPROVED");
  EXPECT_FALSE(approved.contains("type"));
  EXPECT_EQ(approved.at("on").at("close").at(0).at("target"), "APPROVED.closed");
  EXPECT_EQ(state_of(report, "APPROVED.closed").at("type"), "final");
  EXPECT_TRUE(says(report, "terminal-with-actions", "/BusinessServices/0/states/3/isTerminateState"));
}

TEST(DigitImport, NamesThatAreNoCodesAreChangedAndTheLabelKeepsThem) {
  const auto report = digit_report("MR--01");
  const auto& way = state_of(report, "SUBMITTED").at("on").at("verify_and_forward").at(0);
  EXPECT_EQ(way.at("label").at("en"), "VERIFY AND FORWARD");
  EXPECT_EQ(way.at("label").at("vi"), "[unverified] VERIFY AND FORWARD");
  EXPECT_TRUE(says(report, "name-changed", "/BusinessServices/0/states/1/actions/0/action"));
}

TEST(DigitImport, RolesAreNotesUntilTheIntegratorSaysWhoseTheyAre) {
  auto report = digit_report("NewTL--03");
  EXPECT_EQ(state_of(report, "PENDINGAPPROVAL").at("role"), "case_officer");
  EXPECT_TRUE(says(report, "role-not-mapped", "/BusinessServices/0/states/5"));
  EXPECT_EQ(state_of(report, "PENDINGAPPROVAL").at("on").at("APPROVE").at(0).at("x-roles"),
            Json::array({"TL_APPROVER"}));

  ImportOptions options;
  options.roles = {{"TL_APPROVER", "signatory"}, {"CITIZEN", "portal"}, {"TL_CEMP", "desk_officer"}};
  report = digit_report("NewTL--03", options);
  EXPECT_EQ(state_of(report, "PENDINGAPPROVAL").at("role"), "signatory");
  EXPECT_FALSE(says(report, "role-not-mapped", "/BusinessServices/0/states/5"));
  EXPECT_TRUE(says(report, "several-roles", "/BusinessServices/0/states/1")) << "citizen and counter";
  EXPECT_TRUE(says(report, "roles-by-action", "/BusinessServices/0/states/9/actions"));
}

TEST(DigitImport, ARoleThatTokensDoNotCarryIsRefusedByTheLinter) {
  ImportOptions options;
  options.roles = {{"A", "emperor"}};
  const auto report = imported(service(kStart + "," + kWork + "," + kOver), options);
  EXPECT_TRUE(report.procedures.empty());
  EXPECT_TRUE(says(report, "unknown-role", "/machine/states/WORK/role"));
}

TEST(DigitImport, ActionsGivenTwiceOrSwitchedOffAreSaid) {
  const auto order = digit_report("order-managelifecycle--01");
  EXPECT_TRUE(says(order, "duplicate-action", "/BusinessServices/0/states/2/actions/3"));
  EXPECT_EQ(state_of(order, "PENDINGESIGN").at("on").at("ABANDON").at(0).at("x-roles"),
            Json::array({"ORDER_DELETE", "WORKFLOW_ABANDON"}));

  const auto report = sample(
      R"({"state": "WORK", "actions": [{"action": "END", "nextState": "OVER", "roles": ["A"]},
          {"action": "END", "nextState": "WORK", "roles": ["B"]},
          {"action": "OLD", "nextState": "OVER", "roles": ["A"], "active": false}]})");
  EXPECT_TRUE(says(report, "ambiguous-action", "/BusinessServices/0/states/1/actions/1"));
  EXPECT_TRUE(says(report, "inactive-action", "/BusinessServices/0/states/1/actions/2/active"));
  EXPECT_EQ(report.procedures.at(0).ways, 2U);
}

TEST(DigitImport, WhatHasNoCounterpartIsNamed) {
  const auto order = digit_report("order-managelifecycle--01");
  EXPECT_TRUE(says(order, "documents-required", "/BusinessServices/0/states/1/docUploadRequired"));
  EXPECT_TRUE(says(order, "state-updatable", "/BusinessServices/0/states/1/isStateUpdatable"));
  EXPECT_TRUE(says(order, "several-start-states", "/BusinessServices/0/states/1/isStartState"));
  EXPECT_TRUE(says(order, "nameless-state", "/BusinessServices/0/states/0"));
  EXPECT_TRUE(says(order, "sla-on-final-state", "/BusinessServices/0/states/3/sla"));
  EXPECT_TRUE(says(order, "attribute-not-carried", "/BusinessServices/0/tenantId"));
  EXPECT_TRUE(
      says(digit_report("ESTIMATE--01"), "attribute-not-carried", "/BusinessServices/0/auditDetails"));
  EXPECT_TRUE(says(
      sample(
          R"({"state": "WORK", "escalateTo": "BOSS", "actions": [{"action": "END", "nextState": "OVER", "roles": ["A"]}]})"),
      "attribute-not-carried", "/BusinessServices/0/states/1/escalateTo"));
}

TEST(DigitImport, WhatNoFileSaysIsMarkedAndListed) {
  const auto report = digit_report("FSM--01");
  const auto& document = report.procedures.at(0).document;
  EXPECT_EQ(document.at("law").at(0).at("act"), "unverified");
  EXPECT_EQ(document.at("effective").at("from"), "9999-12-31")
      << "a draft that nobody finished never takes force";
  EXPECT_EQ(document.at("name").at("vi"), "[unverified] FSM");
  for (const char* place : {"/name", "/level", "/effective/from", "/law", "/channels", "/form", "/papers",
                            "/results", "/machine/states"}) {
    EXPECT_TRUE(says(report, "to-fill-in", place)) << place;
  }
}

TEST(DigitImport, RefusesWhatIsNoBusinessService) {
  const auto rule_of = [](const std::string& text) {
    const auto report = imported(text);
    EXPECT_TRUE(report.procedures.empty()) << text;
    return report.findings.empty() ? std::string() : report.findings[0].rule;
  };
  EXPECT_EQ(rule_of(""), "not-json");
  EXPECT_EQ(rule_of("[1, 2"), "not-json");
  EXPECT_EQ(rule_of("{}"), "not-business-services");
  EXPECT_EQ(rule_of("[]"), "not-business-services");
  EXPECT_EQ(rule_of("7"), "not-business-services");
  EXPECT_EQ(rule_of(R"({"BusinessServices": {}})"), "not-business-services");
  EXPECT_EQ(rule_of(R"({"businessService": "A"})"), "nothing-left");
  EXPECT_TRUE(says(imported(R"({"businessService": "A"})"), "no-states", "/states"));
  EXPECT_TRUE(says(imported(service(kWork + "," + kOver)), "no-start-state", "/BusinessServices/0/states"));
  EXPECT_TRUE(
      says(imported(service(kStart + "," + kStart)), "duplicate-state", "/BusinessServices/0/states/1"));
  EXPECT_TRUE(says(imported(service(kStart + "," + kOver + "," + kOver)), "duplicate-state",
                   "/BusinessServices/0/states/2/state"));
  EXPECT_TRUE(
      says(imported(service(kStart + R"(,{"state": 5})")), "bad-name", "/BusinessServices/0/states/1"));
}

}  // namespace
}  // namespace motcua::workflows
