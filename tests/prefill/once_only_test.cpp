#include "engine/prefill/once_only.hpp"

#include "tests/prefill/samples.hpp"

#include <gtest/gtest.h>

#include <map>
#include <string>

namespace motcua::engine {
namespace {

using nlohmann::json;

FieldState state(const json& data, const FieldOrigin& origin) {
  const auto report = once_only(tests::small(), data, {{"/a", origin}});
  EXPECT_EQ(report.fields.at(3).pointer, "/a");
  return report.fields.at(3).state;
}

TEST(OnceOnly, AFieldIsCreditedToWhoeverGaveIt) {
  const json given = {{"a", "x"}};
  EXPECT_EQ(state(given, {"citizen", "", {}, false}), FieldState::asked);
  EXPECT_EQ(state(given, {"papers", "", {}, false}), FieldState::asked);
  EXPECT_EQ(state(given, {"", "", {}, false}), FieldState::asked);
  EXPECT_EQ(state(given, {"population", "MATCH", {}, false}), FieldState::prefilled);
  EXPECT_EQ(state(given, {"earlier_case", "", {}, false}), FieldState::prefilled);
  EXPECT_EQ(state(given, {"derived", "", {}, false}), FieldState::derived);
  EXPECT_EQ(state(given, {"citizen", "MATCH", {}, true}), FieldState::overridden);
}

TEST(OnceOnly, WhatTheRegisterDidNotConfirmIsNotCalledPrefilled) {
  const json given = {{"a", "x"}};
  EXPECT_EQ(state(given, {"population", "PENDING", {}, false}), FieldState::pending);
  EXPECT_EQ(state(given, {"population", "UNAVAILABLE", {}, false}), FieldState::unavailable);
  EXPECT_EQ(state(given, {"population", "NO_MATCH", {}, false}), FieldState::asked);
  EXPECT_EQ(state({}, {"population", "PENDING", {}, false}), FieldState::pending);
  EXPECT_EQ(state({}, {"population", "REFUSED", {}, false}), FieldState::unavailable);
  EXPECT_EQ(state({}, {"population", "MALFORMED", {}, false}), FieldState::unavailable);
  EXPECT_EQ(state({}, {"population", "NO_MATCH", {}, false}), FieldState::absent);
  EXPECT_EQ(state({}, {"", "", {}, false}), FieldState::absent);
}

TEST(OnceOnly, CountsEveryLeafAndNeverShowsItsValue) {
  const auto report = once_only(
      tests::small(), R"({"a": "x", "b": "y", "person": {"full_name": "z", "residence": "w"}})"_json,
      {{"/a", {"derived", "", {}, false}},
       {"/person/full_name", {"population", "MATCH", Instant{}, false}},
       {"/person/residence", {"citizen", "", Instant{}, true}}});
  EXPECT_EQ(report.leaves, 5U);
  EXPECT_EQ(report.asked, 1U);  // /b, of which nobody knows
  EXPECT_EQ(report.prefilled, 1U);
  EXPECT_EQ(report.derived, 1U);
  EXPECT_EQ(report.overridden, 1U);
  EXPECT_EQ(report.fields[0].answer_class, "MATCH");
  EXPECT_EQ(report.fields[0].label.vi, "Trường");
  EXPECT_EQ(report.fields[1].source, "population");  // absent: where it would come from
  EXPECT_EQ(name_of(report.fields[1].state), "absent");
}

}  // namespace
}  // namespace motcua::engine
