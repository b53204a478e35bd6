// What only several definitions together show.
#include "tests/workflows/support.hpp"
#include "workflows/loader/lint.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <unistd.h>

namespace motcua::workflows {
namespace {

namespace fs = std::filesystem;

std::string clean() { return source_file("tests/workflows/data/lint/procedure/clean.json"); }

/// The linter's findings about files of these texts.
Findings lint_together(const std::vector<std::string>& texts) {
  const fs::path folder = fs::temp_directory_path() / ("motcua-together-" + std::to_string(::getpid()));
  fs::remove_all(folder);
  for (std::size_t i = 0; i < texts.size(); ++i) {
    fs::create_directories(folder / "catalogue" / std::to_string(i));
    std::ofstream(folder / "catalogue" / std::to_string(i) / "procedure.json", std::ios::binary) << texts[i];
  }
  const auto findings = lint({folder});
  fs::remove_all(folder);
  return findings;
}

std::string birth(bool reusable) {
  const std::string result = R"({"vi": "Giấy khai sinh", "en": "Birth certificate"}, "reusable": )";
  return with(with(clean(), "9.000001", "9.000002"), R"({"vi": "Kết quả", "en": "Result"})",
              result + (reusable ? "true" : "false"));
}

std::string asks(const std::string& paper) {
  return with(clean(), R"({"vi": "Giấy một", "en": "Paper one"})",
              "{\"vi\": \"" + paper + "\", \"en\": \"x\"}");
}

TEST(OnceOnlyResult, APaperThatAnEarlierResultIsIsFoundWithTheLaw) {
  const auto findings = lint_together({asks("Bản sao giấy khai sinh"), birth(true)});
  ASSERT_EQ(findings.size(), 1U) << to_text(findings);
  EXPECT_EQ(findings.front().rule, "once-only-result");
  EXPECT_EQ(findings.front().pointer, "/papers/0");
  EXPECT_EQ(findings.front().line, 47);
  EXPECT_EQ(findings.front().severity, Severity::warning);
  EXPECT_NE(findings.front().message.find("224/2026"), std::string::npos);
}

TEST(OnceOnlyResult, AQuestionAboutAnEarlierResultIsFound) {
  const auto findings = lint_together(
      {with(
           clean(), R"("urgent": {)",
           R"("birth_number": {"type": "string", "x-source": "citizen", "x-label": {"vi": "Số giấy khai sinh", "en": "x"}}, "urgent": {)"),
       birth(true)});
  ASSERT_EQ(findings.size(), 1U) << to_text(findings);
  EXPECT_EQ(findings.front().pointer, "/form/properties/birth_number");
}

TEST(OnceOnlyResult, IsSilentAboutWhatIsLookedUpOrNotKept) {
  EXPECT_EQ(to_text(lint_together({asks("Bản sao giấy khai sinh"), birth(false)})), "");
  EXPECT_EQ(to_text(lint_together({asks("Giấy khai thuế"), birth(true)})), "");
  EXPECT_EQ(to_text(lint_together({with(asks("Bản sao giấy khai sinh"), "\"required\": true",
                                        "\"required\": true, \"look_up_first\": [\"civil_status\"]"),
                                   birth(true)})),
            "");
  EXPECT_EQ(to_text(lint_together({with(asks("Giấy khai sinh"), "\"required\": true",
                                        "\"required\": true, \"replaced_by\": \"birth_form\""),
                                   birth(true)})),
            "");
  EXPECT_EQ(to_text(lint_together(
                {with(asks("Giấy khai sinh"), "\"required\": true", "\"required\": false"), birth(true)})),
            "");
  // Two of its three words are another paper; whether there is one is no part of it.
  EXPECT_EQ(to_text(lint_together({asks("Giấy khai"), birth(true)})), "");
  EXPECT_EQ(
      to_text(lint_together(
          {with(
               clean(), R"("urgent": {)",
               R"("has_birth": {"type": "boolean", "x-source": "citizen", "x-label": {"vi": "Có giấy khai sinh", "en": "x"}}, "urgent": {)"),
           birth(true)})),
      "");
  // A procedure does not ask for its own result.
  EXPECT_EQ(to_text(lint_together({with(birth(true), "Giấy một", "Giấy khai sinh cũ")})), "");
}

TEST(VersionTaken, TwoFilesOfOneVersionWithDifferentTextAreRefused) {
  const auto findings = lint_together({clean(), asks("Giấy khác")});
  ASSERT_EQ(findings.size(), 1U) << to_text(findings);
  EXPECT_EQ(findings.front().rule, "version-taken");
  EXPECT_EQ(findings.front().pointer, "/version");
  EXPECT_EQ(findings.front().line, 3);
  EXPECT_TRUE(has_errors(findings));
  EXPECT_EQ(to_text(lint_together({clean(), clean()})), "");
  const std::string next = with(asks("Giấy khác"), "\"version\": 1", "\"version\": 2");
  EXPECT_EQ(to_text(lint_together({clean(), next})), "");
}

/// A definition with a branch that opens cases of 9.000002.
std::string opens(const std::string& field, const std::string& paper) {
  const auto linked = source_file("tests/workflows/data/lint/procedure/clean-linked.json");
  return with(with(with(linked, "9.000077", "9.000002"), R"("/note")", "\"" + field + "\""),
              R"({"code": "P1", "from": "P1"})", "{\"code\": \"" + paper + "\", \"from\": \"P1\"}");
}

std::string opened() { return with(clean(), "9.000001", "9.000002"); }

std::vector<std::string> rules_of(const Findings& findings) {
  std::vector<std::string> rules;
  for (const auto& finding : findings) rules.push_back(finding.rule + " " + finding.pointer);
  return rules;
}

TEST(Linked, WhatABranchFillsAndHandsOverIsThereInTheOtherDefinition) {
  const std::vector<std::string> other{"linked-unknown /linked/1/procedure"};
  EXPECT_EQ(rules_of(lint_together({opens("/person/personal_id", "P2"), opened()})), other);
  EXPECT_EQ(rules_of(lint_together({opened(), opens("/person/nickname", "P9")})),
            (std::vector<std::string>{"linked-field /linked/0/data_map/~1person~1nickname",
                                      "linked-field /linked/0/papers/0/code", other.front()}));
}

TEST(Linked, ACatalogueThatHasWhatItsBranchesNameIsSilent) {
  const auto findings =
      lint_together({opens("/person/personal_id", "P1"), opened(), with(clean(), "9.000001", "9.000078")});
  EXPECT_TRUE(findings.empty()) << to_text(findings);
}

TEST(Linked, OneDefinitionAloneSaysNothingAboutOthers) {
  EXPECT_TRUE(lint_together({opens("/person/nickname", "P9")}).empty());
}

TEST(Linked, ProceduresThatOpenEachOthersCasesAreACircle) {
  const auto first = opens("/person/personal_id", "P1");
  const auto back =
      with(with(with(first, "9.000002", "9.000003"), "9.000001", "9.000002"), "9.000003", "9.000001");
  const auto rules = rules_of(lint_together({first, back}));
  EXPECT_EQ(std::count(rules.begin(), rules.end(), "linked-circle /linked/0/procedure"), 2);
  EXPECT_EQ(std::count(rules.begin(), rules.end(), "linked-circle /linked/1/procedure"), 0);
}

}  // namespace
}  // namespace motcua::workflows
