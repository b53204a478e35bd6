// What is said of conditions by trying them, and of machines by following them. The samples of the linter
// show each rule; here is what they leave open.
#include "engine/procedure/model_check.hpp"

#include "engine/procedure/condition_trial.hpp"
#include "engine/procedure/guard.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace motcua::engine {
namespace {

using nlohmann::json;

OrderedJson document() {
  return OrderedJson::parse(R"({"channels": ["counter", "online"], "papers": [{"code": "P1"}, {"code": "P2"}],
    "form": {"type": "object", "properties": {
      "urgent": {"type": "boolean"}, "days": {"type": "integer", "minimum": 0, "maximum": 30},
      "kind": {"type": "string", "enum": ["rented", "own"]}, "born": {"type": "string"}, "text": {"type": "string"}}}})");
}

std::vector<FormLeaf> leaves() {
  const auto leaf = [](const char* name, bool required, const char* kind) {
    FormLeaf made;
    made.pointer = std::string("/") + name;
    made.required = required;
    made.kind = kind;
    return made;
  };
  return {leaf("urgent", false, ""), leaf("days", true, "number"), leaf("kind", true, "code"),
          leaf("born", true, "date"), leaf("text", true, "text")};
}

Trial attempt(const std::vector<std::string>& rules) {
  std::vector<json> parsed;
  for (const auto& rule : rules) parsed.push_back(json::parse(rule));
  TrialBudget budget{kConditionPartsMax};
  return try_conditions(document(), leaves(), parsed, budget);
}

TEST(ConditionTrial, FindsTheNumberAtWhichTwoGuardsMeet) {
  const auto apart = attempt({R"({"<": [{"var": "data.days"}, 7]})", R"({">=": [{"var": "data.days"}, 7]})"});
  EXPECT_FALSE(apart.none);
  EXPECT_FALSE(apart.conditions[1].overlap);
  const auto both = attempt({R"({"<=": [{"var": "data.days"}, 7]})", R"({">=": [{"var": "data.days"}, 7]})"});
  ASSERT_TRUE(both.conditions[1].overlap);
  EXPECT_EQ(both.conditions[1].overlap->second, "data.days = 7");
  const auto neither =
      attempt({R"({"<": [{"var": "data.days"}, 7]})", R"({">": [{"var": "data.days"}, 7]})"});
  EXPECT_EQ(neither.none, "data.days = 7");
}

TEST(ConditionTrial, FindsTheDayAtWhichTwoGuardsMeet) {
  EXPECT_EQ(attempt({R"({"<": [{"var": "data.born"}, "2025-07-01"]})",
                     R"({">": [{"var": "data.born"}, "2025-07-01"]})"})
                .none,
            "data.born = \"2025-07-01\"");
  EXPECT_FALSE(attempt({R"({"<": [{"var": "data.born"}, "2025-07-01"]})",
                        R"({">=": [{"var": "data.born"}, "2025-07-01"]})"})
                   .none);
}

TEST(ConditionTrial, KnowsClosedListsAndBounds) {
  EXPECT_FALSE(
      attempt({R"({"==": [{"var": "data.kind"}, "rented"]})", R"({"==": [{"var": "data.kind"}, "own"]})"})
          .none);
  EXPECT_FALSE(attempt({R"({"==": [{"var": "data.kind"}, "leased"]})"}).conditions[0].holds);
  EXPECT_FALSE(attempt({R"({">": [{"var": "data.days"}, 30]})"}).conditions[0].holds);
  EXPECT_TRUE(attempt({R"({"!=": [{"var": "data.text"}, "x"]})"}).conditions[0].holds);
  EXPECT_FALSE(attempt({R"({"in": [{"var": "channel"}, ["counter", "online"]]})"}).none);
  EXPECT_FALSE(attempt({R"({"in": ["P3", {"var": "papers"}]})"}).conditions[0].holds);
  EXPECT_TRUE(attempt({R"({"in": ["P2", {"var": "papers"}]})"}).conditions[0].holds);
}

TEST(ConditionTrial, TriesAbsenceOnlyWhereTheFormAllowsIt) {
  EXPECT_TRUE(attempt({R"({"==": [{"var": "data.urgent"}, true]})"}).conditions[0].undecided);
  EXPECT_FALSE(attempt({R"({"==": [{"var": "data.kind"}, "own"]})"}).conditions[0].undecided);
  EXPECT_FALSE(attempt({R"({"==": [{"var": ["data.urgent", false]}, true]})"}).conditions[0].undecided);
}

TEST(ConditionTrial, SaysWhatItCannotDecide) {
  EXPECT_NE(attempt({R"({">": [{"+": [{"var": "data.days"}, 1]}, 7]})"}).obstacle, "");
  EXPECT_NE(attempt({R"({">": [{"var": "data.days"}, 1.5]})"}).obstacle, "");
  EXPECT_NE(attempt({R"({"var": {"var": "data.kind"}})"}).obstacle, "");
  EXPECT_EQ(attempt({R"({"and": [{"var": "data.days"}, {"!": {"missing": ["data.urgent"]}}]})"}).obstacle,
            "");
}

// Whatever two bounds are compared with, what is said of them is what every number would show.
RC_GTEST_PROP(ConditionTrialProperty, AgreesWithTryingEveryNumber, ()) {
  const auto operation = [] { return *rc::gen::element<std::string>("<", "<=", ">", ">=", "==", "!="); };
  const json first{{operation(), {{{"var", "data.days"}}, *rc::gen::inRange(-2, 34)}}};
  const json second{{operation(), {{{"var", "data.days"}}, *rc::gen::inRange(-2, 34)}}};
  bool overlap = false;
  bool gap = false;
  for (int days = 0; days <= 30; ++days) {
    const json facts{{"data", {{"days", days}}}};
    const bool one = truthy(std::get<Decided>(evaluate(first, facts)).value);
    const bool other = truthy(std::get<Decided>(evaluate(second, facts)).value);
    overlap = overlap || (one && other);
    gap = gap || (!one && !other);
  }
  const auto trial = attempt({first.dump(), second.dump()});
  RC_ASSERT(trial.conditions[1].overlap.has_value() == overlap);
  RC_ASSERT(trial.none.has_value() == gap);
}

RuleFindings flow(const std::string& states) {
  return check_flow(OrderedJson::parse(R"({"machine": {"initial": "a", "states": )" + states + "}}"), {});
}

std::string spell(const RuleFindings& findings) {
  std::string text;
  for (const auto& each : findings) text += each.rule + " " + each.pointer + "\n";
  return text;
}

TEST(Flow, NamesACircleOnceAndTheWayRound) {
  const auto findings = flow(R"({"a": {"on": {"x": [{"target": "b"}], "y": [{"target": "end"}]}},
    "b": {"on": {"x": [{"target": "c"}]}}, "c": {"on": {"x": [{"target": "b"}]}}, "end": {"type": "final"}})");
  EXPECT_EQ(spell(findings), "livelock /machine/states/b\n");
  EXPECT_NE(findings.front().message.find("b -> c -> b"), std::string::npos) << findings.front().message;
}

TEST(Flow, ACircleThatCanBeLeftIsNone) {
  EXPECT_EQ(spell(flow(R"({"a": {"on": {"x": [{"target": "b"}]}},
    "b": {"on": {"x": [{"target": "a"}], "y": [{"target": "end"}]}}, "end": {"type": "final"}})")),
            "");
}

TEST(Flow, AStepThatLeadsOnlyToItselfIsACircle) {
  EXPECT_EQ(
      spell(flow(R"({"a": {"on": {"x": [{"target": "a"}], "y": [{"target": "b"}]}},
    "b": {"on": {"x": [{"target": "b"}]}}, "end": {"type": "final"}})")),
      "unreachable-state /machine/states/end\nlivelock /machine/states/a\nlivelock /machine/states/b\n");
}

TEST(Flow, OnDoneThatLeadsBackWithoutAnEventIsACircle) {
  EXPECT_EQ(spell(flow(R"({"a": {"initial": "w", "on_done": [{"target": "f"}],
      "states": {"w": {"on": {"x": [{"target": "f"}], "y": [{"target": "end"}]}}, "f": {"type": "final"}}},
    "end": {"type": "final"}})")),
            "livelock /machine/states/a/states/f\n");
}

TEST(Flow, AMachineThatBeginsInAnInnerFinalStateStandsStill) {
  EXPECT_EQ(spell(flow(
                R"({"a": {"initial": "f", "on_done": [{"target": "end"}], "states": {"f": {"type": "final"}}},
    "end": {"type": "final"}})")),
            "dead-end /machine/states/a/states/f\n");
}

}  // namespace
}  // namespace motcua::engine
