#include "api/json/problem.hpp"

#include <gtest/gtest.h>

namespace motcua::tests {
namespace {

using api::Problem;
using nlohmann::json;

TEST(Problem, CarriesTypeTitleStatusDetailAndRequestId) {
  const auto response =
      api::problem_response(Problem::version_conflict, "Moved on.", "abc", {{"version", 7}});

  EXPECT_EQ(response.status, 409U);
  EXPECT_EQ(response.content_type, "application/problem+json");
  EXPECT_EQ(json::parse(response.body), (json{{"type", "/problems/version-conflict"},
                                              {"title", "The case has moved on since you read it."},
                                              {"status", 409},
                                              {"detail", "Moved on."},
                                              {"request_id", "abc"},
                                              {"version", 7}}));
}

TEST(Problem, MembersOfARejectionCannotReplaceTheNamedOnes) {
  const engine::Rejection rejection{
      engine::RejectionCode::not_found, "No.", {{"status", 200}, {"type", "x"}}};

  const auto body = json::parse(api::problem_response(rejection, "abc").body);

  EXPECT_EQ(body["status"], 404);
  EXPECT_EQ(body["type"], "/problems/not-found");
}

TEST(Problem, HasTheStatusOfTheContractForEveryName) {
  const std::vector<std::pair<std::string, unsigned>> contract{{"bad-json", 400},
                                                               {"duplicate-key", 400},
                                                               {"bad-request", 400},
                                                               {"idempotency-key-missing", 400},
                                                               {"unauthenticated", 401},
                                                               {"role-forbidden", 403},
                                                               {"not-found", 404},
                                                               {"method-not-allowed", 405},
                                                               {"version-conflict", 409},
                                                               {"idempotency-key-reused", 409},
                                                               {"too-large", 413},
                                                               {"unsupported-media-type", 415},
                                                               {"invalid-data", 422},
                                                               {"not-allowed", 422},
                                                               {"guard-undecided", 422},
                                                               {"same-person", 422},
                                                               {"expected-version-missing", 422},
                                                               {"too-many-requests", 429},
                                                               {"not-durable", 503},
                                                               {"outcome-unknown", 503},
                                                               {"clock-suspect", 503},
                                                               {"overloaded", 503}};
  ASSERT_EQ(contract.size(), static_cast<std::size_t>(Problem::overloaded) + 1);
  for (std::size_t index = 0; index < contract.size(); ++index) {
    EXPECT_EQ(api::name_of(static_cast<Problem>(index)), contract[index].first);
    EXPECT_EQ(api::status_of(static_cast<Problem>(index)), contract[index].second);
  }
}

TEST(Problem, OfARejectionHasTheSameName) {
  for (int code = 0; code <= static_cast<int>(engine::RejectionCode::outcome_unknown); ++code) {
    const auto rejection = static_cast<engine::RejectionCode>(code);
    EXPECT_STREQ(api::name_of(api::problem_of(rejection)), engine::name_of(rejection));
  }
}

TEST(DumpJson, EscapesWhatCouldTurnALineAroundAndNothingElse) {
  EXPECT_EQ(api::dump_json(json{{"a", "x\xE2\x80\xAEy\xE2\x81\xA9\xD8\x9C\xE2\x80\x8E\xE2\x80\xA8"}}),
            R"({"a":"x\u202ey\u2069\u061c\u200e\u2028"})");
  EXPECT_EQ(api::dump_json(json("\x7F\xC2\x9F\x01\n")), R"("\u007f\u009f\u0001\n")");
  const std::string kept =
      "Nguyễn Thị Đào – “hồ sơ” \xC2\xA0\xD8\x9D\xE2\x80\x8D\xE2\x80\xA7\xE2\x80\xAF\xE2\x81\xA5\xE2\x81\xAA";
  EXPECT_EQ(api::dump_json(json(kept)), "\"" + kept + "\"");
}

TEST(DumpJson, EscapedTextReadsBackAsTheSameBytes) {
  for (std::uint32_t code = 1; code < 0x3000; ++code) {
    std::string text;
    if (code < 0x80) {
      text = {static_cast<char>(code)};
    } else if (code < 0x800) {
      text = {static_cast<char>(0xC0U | (code >> 6U)), static_cast<char>(0x80U | (code & 0x3FU))};
    } else {
      text = {static_cast<char>(0xE0U | (code >> 12U)), static_cast<char>(0x80U | ((code >> 6U) & 0x3FU)),
              static_cast<char>(0x80U | (code & 0x3FU))};
    }
    const json value{{text + "k", "a" + text + text}};
    ASSERT_EQ(json::parse(api::dump_json(value)), value) << code;
  }
}

TEST(DumpJson, ReplacesBytesThatAreNotUtf8) {
  EXPECT_EQ(api::dump_json(json("a\xFFz")), "\"a\xEF\xBF\xBDz\"");
}

}  // namespace
}  // namespace motcua::tests
