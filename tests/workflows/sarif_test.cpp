// SARIF 2.1.0: what the format demands of the members that are written, and that every finding is in it.
#include "workflows/loader/sarif.hpp"

#include "tests/workflows/support.hpp"
#include "workflows/loader/lint.hpp"
#include "workflows/loader/lint_rules.hpp"
#include "workflows/loader/schema_check.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>

namespace motcua::workflows {
namespace {

using nlohmann::json;

Findings some_findings() {
  return {{"a folder/ấp.json", "/machine/states/limbo", 81, "dead-end", Severity::error, "no way out"},
          {"b.json", "", 0, "unreadable-file", Severity::warning, "gone"},
          {"b.json", "/x", 3, "guards-not-checked", Severity::note, "computes"}};
}

TEST(Sarif, KeepsTheFormatsRules) {
  const json schema = json::parse(source_file("tests/workflows/data/sarif-members.schema.json"));
  const auto lint_of_all = [] {
    Findings all;
    for (const auto& entry : std::filesystem::directory_iterator(std::string(SOURCE_DIR) +
                                                                 "/tests/workflows/data/lint/procedure")) {
      const auto name = "tests/workflows/data/lint/procedure/" + entry.path().filename().string();
      const auto found = lint_bytes(FileKind::procedure, source_file(name), name);
      all.insert(all.end(), found.begin(), found.end());
    }
    return all;
  };
  for (const Findings& findings : {Findings{}, some_findings(), lint_of_all()}) {
    for (const auto& violation : violations_of(schema, to_sarif(findings))) {
      ADD_FAILURE() << violation.pointer << ": " << violation.message;
    }
  }
}

TEST(Sarif, PlacesEachFindingWithRuleLevelFileLineAndPointer) {
  const json run = to_sarif(some_findings()).at("runs").at(0);
  const json& first = run.at("results").at(0);
  const json& place = first.at("locations").at(0);
  EXPECT_EQ(first.at("ruleId"), "dead-end");
  EXPECT_EQ(first.at("level"), "error");
  EXPECT_EQ(first.at("message").at("text"), "no way out");
  EXPECT_EQ(place.at("physicalLocation").at("artifactLocation").at("uri"), "a%20folder/%E1%BA%A5p.json");
  EXPECT_EQ(place.at("physicalLocation").at("region").at("startLine"), 81);
  EXPECT_EQ(place.at("logicalLocations").at(0).at("fullyQualifiedName"), "/machine/states/limbo");
  EXPECT_FALSE(run.at("results").at(1).at("locations").at(0).at("physicalLocation").contains("region"));
  EXPECT_EQ(run.at("results").at(2).at("level"), "note");
}

TEST(Sarif, LeadsFromEachResultToThePageOfItsRule) {
  const json run = to_sarif(some_findings()).at("runs").at(0);
  const json& rules = run.at("tool").at("driver").at("rules");
  for (const json& result : run.at("results")) {
    const json& rule = rules.at(result.at("ruleIndex").get<std::size_t>());
    EXPECT_EQ(rule.at("id"), result.at("ruleId"));
    EXPECT_TRUE(
        std::filesystem::exists(std::string(SOURCE_DIR) + "/" + rule.at("helpUri").get<std::string>()))
        << rule.at("helpUri");
  }
  EXPECT_EQ(rules.size(), lint_rules().size());
}

}  // namespace
}  // namespace motcua::workflows
