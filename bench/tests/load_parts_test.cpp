#include "api/cli/load_parts.hpp"

#include "api/cli/load_generator.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

namespace motcua::api {
namespace {

constexpr const char* kCase =
    R"({"data":{"version":7,"id":"no"},"text":"a \"version\":8, b","id":"yes","procedure":{"version":9},"version":12})";

TEST(LoadAnswer, ReadsTheOutermostMembersOnly) {
  std::size_t position = 0;

  EXPECT_EQ(version_member(kCase, position), 12U);
  EXPECT_EQ(string_member(kCase, "id"), "yes");
  EXPECT_EQ(find_member(kCase, "absent"), std::string::npos);
}

TEST(LoadAnswer, FindsTheVersionAgainWhenTheLayoutHasMoved) {
  std::size_t position = 0;
  (void)version_member(kCase, position);

  EXPECT_EQ(version_member(R"({"id":"a longer one than before","version":13})", position), 13U);
  EXPECT_EQ(version_member("{}", position), 0U);
}

TEST(LoadAnswer, IsCompleteOnlyWithItsWholeBody) {
  const std::string text = "HTTP/1.1 201 Created\r\nServer: x\r\nContent-Length: 4\r\n\r\nbody";
  for (std::size_t size = 0; size < text.size(); ++size) {
    EXPECT_FALSE(complete_answer(text.substr(0, size)).has_value()) << size;
  }
  const auto answer = complete_answer(text);
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(answer->status, 201);
  EXPECT_EQ(answer->body, "body");
  EXPECT_THROW((void)complete_answer("HTTP/1.1 200 OK\r\nA: b\r\n\r\n"), std::runtime_error);
}

TEST(LoadHistogram, QuantilesAreWithinOnePercent) {
  Histogram latencies;
  for (std::uint64_t value = 1; value <= 100'000; ++value) {
    latencies.add(value);
  }

  EXPECT_NEAR(latencies.quantile(0.5), 50'000, 500);
  EXPECT_NEAR(latencies.quantile(0.99), 99'000, 990);
  EXPECT_EQ(latencies.max(), 100'000);
  std::uint64_t counted = 0;
  double last = -1;
  for (const auto& [bound, count] : latencies.buckets()) {
    EXPECT_GT(bound, last);
    last = bound;
    counted += count;
  }
  EXPECT_EQ(counted, 100'000U);
}

TEST(LoadScript, TheBirthRegistrationGoesFromReceptionToReturn) {
  const auto script = birth_script();

  ASSERT_FALSE(script.steps.empty());
  EXPECT_EQ(script.steps.front().command, "receive");
  EXPECT_EQ(script.steps.back().command, "return_result");
  EXPECT_THROW((void)read_script(R"({"filing_role": "x", "filing": {}, "steps": []})"), std::runtime_error);
}

TEST(LoadReport, AcceptsOneFailureInAThousandAndNoMore) {
  LoadReport report;
  EXPECT_FALSE(report.acceptable());
  report.requests = 999;
  report.errors = 1;
  EXPECT_TRUE(report.acceptable());
  report.errors = 2;
  EXPECT_FALSE(report.acceptable());
}

}  // namespace
}  // namespace motcua::api
