// Definitions that are far too large, go round in circles or mean to keep the linter busy: findings with a
// place, within a bound that does not depend on the machine.
#include "tests/workflows/support.hpp"
#include "workflows/loader/lint.hpp"
#include "workflows/loader/loaded_catalogue.hpp"
#include "workflows/loader/located_json.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace motcua::workflows {
namespace {

std::string clean() { return source_file("tests/workflows/data/lint/procedure/clean.json"); }

const Finding* find(const Findings& findings, const std::string& rule) {
  const auto found =
      std::find_if(findings.begin(), findings.end(), [&](const Finding& each) { return each.rule == rule; });
  return found == findings.end() ? nullptr : &*found;
}

Json way_to(const std::string& target) {
  Json way = Json::parse(R"({"label": {"vi": "x", "en": "x"}})");
  way["target"] = target;
  return way;
}

Json state(const std::string& target) {
  Json made = Json::parse(R"({"label": {"vi": "x", "en": "x"}, "role": "case_officer"})");
  if (!target.empty()) made["on"]["next"] = Json::array({way_to(target)});
  return made;
}

/// `count` steps, 60 in each of as many compound states as that takes, each leading to all of `ways` later
/// ones.
std::string machine_of(int count, int ways) {
  Json document = Json::parse(clean());
  Json states = Json::object();
  const auto name = [](int step) { return "s" + std::to_string(step); };
  for (int group = 0; group * 60 < count; ++group) {
    Json compound = state("");
    compound["initial"] = name(group * 60);
    for (int step = group * 60; step < std::min(count, group * 60 + 60); ++step) {
      Json made = state(step + 1 < count ? name(step + 1) : "issued");
      for (int way = 2; way <= ways; ++way) {
        made["on"]["way" + std::to_string(way)] =
            Json::array({way_to(step + way < count ? name(step + way) : "issued")});
      }
      made["time_limit"] = Json::parse(R"({"amount": 1, "unit": "working_hour", "law": "act-1"})");
      compound["states"][name(step)] = std::move(made);
    }
    states["g" + std::to_string(group)] = std::move(compound);
  }
  states["issued"] = Json::parse(R"({"type": "final", "label": {"vi": "x", "en": "x"}})");
  document["machine"]["initial"] = "g0";
  document["machine"]["states"] = std::move(states);
  document["time_limit"]["amount"] = 9'000;
  return document.dump();
}

TEST(BadInput, AFileOfFiveMegabytesIsRefusedUnread) {
  const auto findings = lint_bytes(FileKind::procedure, std::string(5'000'000, '['), "x");
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings.front().rule, "file-too-large");
}

TEST(BadInput, TenThousandStatesAreSaidToBeTooMany) {
  std::string states;
  for (int i = 0; i < 10'000; ++i) {
    const std::string name = "\"s" + std::to_string(i) + "\": ";
    states +=
        i % 1'000 == 0 ? (i > 0 ? "}}, " : "") + ("\"g" + std::to_string(i)) + "\": {\"states\": {" : ", ";
    states += name + "{}";
  }
  const auto findings = lint_bytes(
      FileKind::procedure,
      R"({"form": {"type": "object", "properties": {"a": {"type": "boolean", "x-source": "citizen"}}}, "machine": {"initial": "g0", "states": {)" +
          states + "}}}}}",
      "x");
  ASSERT_NE(find(findings, "too-large-to-check"), nullptr) << to_text(findings);
  EXPECT_EQ(find(findings, "too-large-to-check")->severity, Severity::error);
  EXPECT_EQ(find(findings, "too-large-to-check")->pointer, "/machine/states");
  EXPECT_LT(findings.size(), 120U);
  EXPECT_NE(findings.front().message.find("9931 more places"), std::string::npos) << findings.front().message;
}

TEST(BadInput, AThousandStatesAreFollowedToTheirEnd) {
  const auto findings = lint_bytes(FileKind::procedure, machine_of(1'000, 1), "x");
  EXPECT_EQ(find(findings, "too-large-to-check"), nullptr) << to_text(findings);
  EXPECT_EQ(find(findings, "dead-end"), nullptr);
}

TEST(BadInput, MorePathsThanCanBeFollowedAreAFinding) {
  const auto findings = lint_bytes(FileKind::procedure, machine_of(50, 8), "x");
  ASSERT_NE(find(findings, "too-large-to-check"), nullptr) << to_text(findings);
  EXPECT_FALSE(has_errors(findings)) << to_text(findings);
}

TEST(BadInput, CalendarsThatNameEachOtherAsParentAreRefused) {
  const std::string one = R"({"code": "a", "version": 1, "parent": "b", "parent_version": 1})";
  const std::string other = R"({"code": "b", "version": 1, "parent": "a", "parent_version": 1})";
  for (const auto& bytes : {one, other}) {
    EXPECT_TRUE(has_errors(lint_bytes(FileKind::calendar, bytes, "x")));
  }
}

TEST(BadInput, AReferenceInAFormIsRefusedWhateverItLeadsTo) {
  const auto findings = lint_bytes(
      FileKind::procedure, with(clean(), "\"urgent\": {", "\"urgent\": {\"$ref\": \"#/form\", "), "x");
  ASSERT_NE(find(findings, "form-keyword"), nullptr) << to_text(findings);
  EXPECT_GT(find(findings, "form-keyword")->line, 0);
}

TEST(BadInput, AConditionAsWideAsTheFileComesToAnEnd) {
  std::string wide = "{\"or\": [";
  for (int i = 0; i < 20'000; ++i)
    wide += std::string(i > 0 ? ", " : "") + R"({"var": ["data.urgent", false]})";
  const auto findings = lint_bytes(
      FileKind::procedure,
      with(clean(), R"("required": {"var": ["data.urgent", false]})", "\"required\": " + wide + "]}"), "x");
  EXPECT_FALSE(has_errors(findings)) << to_text(findings);
}

TEST(BadInput, AWrongUnitIsNamedWithItsLine) {
  const auto findings = lint_bytes(FileKind::procedure, with(clean(), "working_day", "working_week"), "x");
  ASSERT_NE(find(findings, "schema"), nullptr);
  EXPECT_EQ(find(findings, "schema")->pointer, "/time_limit/unit");
  EXPECT_EQ(find(findings, "schema")->line, 14);
}

// Lines are counted as editors count them: a carriage return before the line feed changes nothing, tabs
// neither.
TEST(BadInput, LinesAreThoseOfTheEditorWhateverEndsAndIndentsThem) {
  std::string wrong = with(clean(), "\"amount\": 3", "\"amount\": 0");
  std::string carriage_returns;
  for (const char c : wrong) carriage_returns += c == '\n' ? std::string("\r\n") : std::string(1, c);
  std::string tabs = wrong;
  std::replace(tabs.begin(), tabs.end(), ' ', '\t');
  for (const auto& bytes : {wrong, carriage_returns, "\xEF\xBB\xBF" + wrong}) {
    const auto findings = lint_bytes(FileKind::procedure, bytes, "x");
    ASSERT_EQ(findings.size(), 1U) << to_text(findings);
    EXPECT_EQ(findings.front().pointer, "/time_limit/amount");
    EXPECT_EQ(findings.front().line, 13);
  }
  // Inside a text a tab must be escaped, as JSON has it: the first one is in a name.
  const auto findings = lint_bytes(FileKind::procedure, tabs, "x");
  ASSERT_EQ(findings.size(), 1U) << to_text(findings);
  EXPECT_EQ(findings.front().rule, "not-json");
  EXPECT_EQ(findings.front().line, 4);
}

TEST(BadInput, PointersEscapeWhatNamesMayHold) {
  const auto findings = lint_bytes(
      FileKind::procedure,
      with(clean(), "\"role\": \"signatory\"", "\"role\": \"signatory\", \"a/b~c\": \"\", \"khẩn\": \"\""),
      "x");
  ASSERT_EQ(findings.size(), 2U) << to_text(findings);
  EXPECT_EQ(findings[0].pointer, "/machine/states/signing/a~1b~0c");
  EXPECT_EQ(findings[1].pointer, "/machine/states/signing/khẩn");
  for (const Finding& finding : findings) EXPECT_EQ(finding.line, 70);
}

TEST(BadInput, AMemberGivenTwiceIsFoundAtAnyDepthAndHoweverItIsWritten) {
  const auto findings = lint_bytes(
      FileKind::procedure,
      with(clean(), "\"role\": \"signatory\"", "\"role\": \"signatory\", \"r\\u006fle\": \"leader\""), "x");
  ASSERT_EQ(findings.size(), 1U) << to_text(findings);
  EXPECT_EQ(findings.front().rule, "duplicate-key");
  EXPECT_EQ(findings.front().pointer, "/machine/states/signing/role");
  EXPECT_EQ(findings.front().line, 70);
}

TEST(BadInput, NumbersThatJsonDoesNotHaveAreRefusedWithTheirLine) {
  for (const char* number : {"NaN", "-Infinity", "03", "+3", "0x3", ".5"}) {
    const auto findings = lint_bytes(
        FileKind::procedure, with(clean(), "\"amount\": 3", std::string("\"amount\": ") + number), "x");
    ASSERT_EQ(findings.size(), 1U) << number << to_text(findings);
    EXPECT_EQ(findings.front().rule, "not-json") << number;
    EXPECT_EQ(findings.front().line, 13) << number;
  }
}

}  // namespace
}  // namespace motcua::workflows
