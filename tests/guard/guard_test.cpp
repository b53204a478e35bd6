#include "engine/procedure/guard.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>
#include <vector>

namespace motcua::engine {
namespace {

using nlohmann::json;
using Pointers = std::vector<std::string>;

const json kFacts = R"({"data": {"child": {"sex": "male", "foundling": false, "age": 3},
                                 "list": [{"n": 1}, {"n": 2}, {"m": 3}]},
                        "channel": "counter", "papers": ["P1"]})"_json;

GuardAnswer ask(const char* rule, const Pointers& provisional = {}) {
  return evaluate(json::parse(rule), kFacts, provisional);
}

void expect_value(const char* rule, const json& value, const Pointers& provisional = {}) {
  const auto answer = ask(rule, provisional);
  const auto* decided = std::get_if<Decided>(&answer);
  ASSERT_NE(decided, nullptr) << rule;
  EXPECT_EQ(decided->value, value) << rule;
}

void expect_undecided(const char* rule, const Pointers& pointers, const Pointers& provisional = {}) {
  const auto answer = ask(rule, provisional);
  const auto* undecided = std::get_if<Undecided>(&answer);
  ASSERT_NE(undecided, nullptr) << rule;
  EXPECT_EQ(undecided->pointers, pointers) << rule;
}

void expect_error(const json& rule) {
  EXPECT_TRUE(std::holds_alternative<GuardError>(evaluate(rule, kFacts))) << rule.dump().substr(0, 120);
}

TEST(Guard, ReadingAnAbsentPointerIsUndecidedAndNamesIt) {
  expect_undecided(R"({"var": "data.mother.full_name"})", {"/data/mother/full_name"});
  expect_undecided(R"({"==": [{"var": "data.x"}, {"var": "data.y"}]})", {"/data/x", "/data/y"});
  expect_undecided(R"({"!": [{"var": "data.x"}]})", {"/data/x"});
  expect_undecided(R"([{"var": "data.x"}, 1])", {"/data/x"});
}

TEST(Guard, ADefaultOrMissingDecidesAboutAnAbsentPointer) {
  expect_value(R"({"var": ["data.mother.full_name", "none"]})", "none");
  expect_value(R"({"missing": ["data.x", "channel"]})", json::array({"data.x"}));
  expect_value(R"({"missing_some": [1, ["data.x", "channel"]]})", json::array());
  expect_value(R"({"if": [{"missing": ["data.x"]}, "ask", {"var": "data.x"}]})", "ask");
}

TEST(Guard, AProvisionalValueIsUndecidedAndSoIsEverythingBelowIt) {
  expect_value(R"({"var": "data.child.sex"})", "male");
  expect_undecided(R"({"var": "data.child.sex"})", {"/data/child/sex"}, {"/data/child/sex"});
  expect_undecided(R"({"var": "data.child.sex"})", {"/data/child/sex"}, {"/data/child"});
  expect_value(R"({"var": "data.child.sex"})", "male", {"/data/child/se"});
  expect_value(R"({"var": ["data.child.sex", "unknown"]})", "unknown", {"/data/child/sex"});
}

TEST(Guard, ElementsOfAListKeepTheirPointers) {
  expect_undecided(R"({"map": [{"var": "data.list"}, {"var": "n"}]})", {"/data/list/2/n"});
  expect_undecided(R"({"map": [{"var": "data.list"}, {"var": ["n", 0]}]})", {"/data/list"}, {"/data/list"});
  expect_value(R"({"map": [{"var": "data.list"}, {"var": ["n", 0]}]})", json::array({1, 0, 0}),
               {"/data/list/1"});
}

TEST(Guard, FalseAndUndecidedIsFalseAndTrueOrUndecidedIsTrueInAnyOrder) {
  expect_value(R"({"and": [false, {"var": "data.x"}]})", false);
  expect_value(R"({"and": [{"var": "data.x"}, false]})", false);
  expect_value(R"({"or": [{"var": "data.x"}, true]})", true);
  expect_undecided(R"({"and": [{"var": "data.x"}, true]})", {"/data/x"});
  expect_undecided(R"({"or": [false, {"var": "data.x"}, {"var": "data.y"}]})", {"/data/x", "/data/y"});
}

TEST(Guard, OnlyTheBranchThatIsTakenCanBeUndecided) {
  expect_value(R"({"if": [true, 1, {"var": "data.x"}]})", 1);
  expect_value(R"({"?:": [false, {"var": "data.x"}, 2]})", 2);
  expect_undecided(R"({"if": [{"var": "data.x"}, 1, 1]})", {"/data/x"});
}

TEST(Guard, OneSettlingElementOutweighsUndecidedOnes) {
  expect_value(R"({"all": [{"var": "data.list"}, {"<": [{"var": "n"}, 2]}]})", false);
  expect_undecided(R"({"all": [{"var": "data.list"}, {">": [{"var": "n"}, 0]}]})", {"/data/list/2/n"});
  expect_value(R"({"some": [{"var": "data.list"}, {"==": [{"var": "n"}, 2]}]})", true);
  expect_value(R"({"none": [{"var": "data.list"}, {"==": [{"var": "n"}, 1]}]})", false);
  expect_undecided(R"({"none": [{"var": "data.list"}, {"==": [{"var": "n"}, 9]}]})", {"/data/list/2/n"});
  expect_undecided(R"({"filter": [{"var": "data.list"}, {"==": [{"var": "n"}, 1]}]})", {"/data/list/2/n"});
}

TEST(Guard, ElementAndAccumulatorExistEvenIfTheyAreNull) {
  expect_value(R"({"map": [[1, null], {"var": ""}]})", json::array({1, nullptr}));
  expect_value(R"({"reduce": [[1, 2], {"if": [{"var": "accumulator"}, 5, {"var": "current"}]}, null]})", 5);
  expect_value(R"({"reduce": [[1, 2], {"+": [{"var": "accumulator"}, {"var": "current"}]}, 0]})", 3);
}

TEST(Guard, WrongConditionsAreErrors) {
  expect_error(R"({"no_such_operator": [1]})"_json);
  expect_error(R"({"+": ["three", 1]})"_json);
  expect_error(R"({"+": [true, 1]})"_json);
  expect_error(R"({"/": [1, 0]})"_json);
  expect_error(R"({"%": [1, 0]})"_json);
  expect_error(R"({"<": ["a", 1]})"_json);
  expect_error(R"({"map": ["text", 1]})"_json);
  expect_error(R"({"max": []})"_json);
  expect_error(R"({"cat": [[1]]})"_json);
  expect_error(R"({"substr": ["abc"]})"_json);
  expect_error(R"({"and": [{"+": ["x"]}, false]})"_json);
}

TEST(Guard, ArithmeticNeverOverflows) {
  expect_value(R"({"-": [-9223372036854775808]})", 9223372036854775808.0);
  expect_value(R"({"+": [9223372036854775807, 1]})", 9223372036854775808.0);
  expect_value(R"({"%": [-9223372036854775808, -1]})", 0);
  expect_value(R"({"/": [-9223372036854775808, -1]})", 9223372036854775808.0);
  expect_error(R"({"*": [1e308, 10]})"_json);
  expect_value(R"({"substr": ["abc", -9223372036854775808, -9223372036854775808]})", "");
  expect_value(R"({"substr": ["abc", 9223372036854775807, 9223372036854775807]})", "");
}

TEST(Guard, SubstringsCountLettersNotBytes) { expect_value(R"({"substr": ["Đắk Lắk", 1, 2]})", "ắk"); }

TEST(Guard, ARuleNestedDeeperThan32IsAnError) {
  json rule = true;
  for (int i = 0; i < 31; ++i) {
    rule = json{{"!", json::array({rule})}};
  }
  EXPECT_TRUE(std::holds_alternative<Decided>(evaluate(rule, kFacts)));
  EXPECT_EQ(depth_of(rule), 32);
  rule = json{{"!", json::array({rule})}};
  expect_error(rule);
  EXPECT_EQ(depth_of(rule), 33);
  for (int i = 0; i < 20'000; ++i) {
    rule = json{{"!", std::move(rule)}};
  }
  expect_error(rule);
  EXPECT_TRUE(unknown_operators(rule).empty());
  EXPECT_TRUE(pointers_read(rule).empty());
  EXPECT_EQ(depth_of(rule), 33);
}

TEST(Guard, BudgetEndsLongConditions) {
  json list = json::array();
  for (int i = 0; i < 200; ++i) {
    list.push_back(i);
  }
  const json facts{{"list", list}};
  const auto product = R"({"map": [{"var": "list"}, {"+": [{"var": ""}, 1]}]})"_json;
  EXPECT_TRUE(std::holds_alternative<Decided>(evaluate(product, facts)));
  const auto square = json{{"map", {list, {{"map", {list, {{"var", ""}}}}}}}};
  EXPECT_TRUE(std::holds_alternative<GuardError>(evaluate(square, facts)));
}

TEST(Guard, TextsAndListsThatDoubleEndInAnErrorNotInMemory) {
  json list(std::vector<int>(1000, 1));
  expect_error(json{
      {"reduce", {list, R"({"cat": [{"var": "accumulator"}, {"var": "accumulator"}]})"_json, "xxxxxxxx"}}});
  expect_error(json{
      {"reduce", {list, R"({"merge": [{"var": "accumulator"}, {"var": "accumulator"}]})"_json, {1, 2}}}});
  expect_error(json{{"reduce", {list, R"([{"var": "accumulator"}])"_json, 1}}});
}

TEST(Guard, TheLinterSeesOperatorsAndPointers) {
  const auto rule = R"({"and": [{"nand": [1]}, {"==": [{"var": ["data.child.sex", ""]}, "male"]},
                       {"missing": ["data.a", "data.b"]}, {"missing_some": [1, ["data.c"]]},
                       {"map": [{"var": "data.list"}, {"var": "n"}]}, {"a": 1, "b": 2}]})"_json;
  EXPECT_EQ(unknown_operators(rule), Pointers{"nand"});
  EXPECT_EQ(pointers_read(rule),
            (Pointers{"/data/child/sex", "/data/a", "/data/b", "/data/c", "/data/list"}));
}

json random_rule(int depth) {
  static const std::vector<std::string> names{
      "!",    "!!",  "!=",     "!==",   "%",      "*",       "+",
      "-",    "/",   "<",      "<=",    "==",     "===",     ">",
      ">=",   "?:",  "all",    "and",   "cat",    "filter",  "if",
      "in",   "map", "max",    "merge", "min",    "missing", "missing_some",
      "none", "or",  "reduce", "some",  "substr", "var",     "nope"};
  const int kind = *rc::gen::element(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11) % (depth <= 0 ? 5 : 12);
  switch (kind) {
    case 0:
      return *rc::gen::arbitrary<std::int64_t>();
    case 1:
      return *rc::gen::element<std::string>("", "data", "data.child", "data.list", "data.list.0.n",
                                            "accumulator", "ắ");
    case 2:
      return *rc::gen::element(json(nullptr), json(true), json(1.5), json(-1), json::object(), json(1e300));
    case 3:
      return *rc::gen::element(json(0), json("12"), json(std::vector<int>{1, 2}));
    case 4:
      return json{{"var", *rc::gen::element<std::string>("data.list", "channel", "data.none", "")}};
    default:
      break;
  }
  json arguments = json::array();
  for (int i = *rc::gen::element(0, 1, 2, 3); i > 0; --i) {
    arguments.push_back(random_rule(depth - 1));
  }
  return kind == 5 ? arguments : json{{*rc::gen::elementOf(names), std::move(arguments)}};
}

// Any rule gets one of the three answers, and the same one each time.
RC_GTEST_PROP(GuardProperty, NeverThrowsWhateverTheRule, ()) {
  const json rule = random_rule(5);
  const auto first = evaluate(rule, kFacts);
  const auto second = evaluate(rule, kFacts);
  RC_ASSERT(first.index() == second.index());
  RC_CLASSIFY(std::holds_alternative<Decided>(first), "decided");
  RC_CLASSIFY(std::holds_alternative<Undecided>(first), "undecided");
  const auto lenient = evaluate_lenient(rule, kFacts);
  RC_ASSERT(!std::holds_alternative<Undecided>(lenient));
}

}  // namespace
}  // namespace motcua::engine
