#include "workflows/loader/located_json.hpp"

#include <gtest/gtest.h>

#include <string>

namespace motcua::workflows {
namespace {

TEST(LocatedJson, KnowsTheLineOfEveryMemberAndElement) {
  const auto located =
      parse_located("{\n \"a\":\n  1,\n \"b\": [\n  1\n  ,2\n  ,\n  {\"c/d\": true}\n ]\n}", "x");
  ASSERT_TRUE(located.readable);
  EXPECT_EQ(located.line_of(""), 1);
  EXPECT_EQ(located.line_of("/a"), 2);
  EXPECT_EQ(located.line_of("/b"), 4);
  EXPECT_EQ(located.line_of("/b/0"), 5);
  EXPECT_EQ(located.line_of("/b/1"), 6);
  EXPECT_EQ(located.line_of("/b/2"), 8);
  EXPECT_EQ(located.line_of("/b/2/c~1d"), 8);
}

TEST(LocatedJson, PointsAtTheNearestPlaceThatIsThere) {
  const auto located = parse_located("{\n \"a\": {\n }\n}", "x");
  EXPECT_EQ(located.line_of("/a/b/c"), 2);
  EXPECT_EQ(located.line_of("/z"), 1);
}

TEST(LocatedJson, ANumberBelongsToItsOwnLineThoughTheReaderLooksAhead) {
  const auto located = parse_located("[\n1.5\n,\n2.5\n]", "x");
  ASSERT_EQ(located.findings.size(), 2U);
  EXPECT_EQ(located.findings[0].line, 2);
  EXPECT_EQ(located.findings[1].line, 4);
  EXPECT_EQ(located.findings[1].pointer, "/1");
}

TEST(LocatedJson, KeepsTheOrderOfMembers) {
  EXPECT_EQ(parse_located(R"({"z": 1, "a": {"y": 2, "b": 3}})", "x").document.dump(),
            R"({"z":1,"a":{"y":2,"b":3}})");
}

TEST(LocatedJson, FractionsStandInConditionsOnly) {
  EXPECT_TRUE(parse_located(R"({"guard": {"<": [{"var": "x"}, 1.5]}})", "x").findings.empty());
  EXPECT_EQ(parse_located(R"({"guard": {"<": [1.5]}, "after": 1.5})", "x").findings.at(0).pointer, "/after");
}

TEST(LocatedJson, AZeroByteDoesNotEndTheText) {
  EXPECT_FALSE(parse_located(std::string("{}\0[", 4), "x").readable);
  EXPECT_FALSE(parse_located(std::string("{}\0", 3), "x").readable);
}

}  // namespace
}  // namespace motcua::workflows
