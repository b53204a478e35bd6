// The public compatibility suite of JsonLogic (json-logic/compat-tables, Apache-2.0; licence beside the
// data).
#include "engine/procedure/guard.hpp"

#include <gtest/gtest.h>

#include <fstream>

namespace motcua::engine {
namespace {

TEST(GuardCompatibility, AnswersAll278CasesOfThePublicSuite) {
  std::ifstream file(SOURCE_DIR "/tests/guard/data/compatible.json");
  const auto cases = nlohmann::json::parse(file);
  int checked = 0;
  for (const auto& each : cases) {
    if (!each.is_object()) {
      continue;  // a heading
    }
    const auto answer = evaluate_lenient(each.at("rule"), each.value("data", nlohmann::json()));
    const auto* decided = std::get_if<Decided>(&answer);
    ASSERT_NE(decided, nullptr) << each.at("description");
    EXPECT_EQ(decided->value, each.at("result")) << each.at("description");
    EXPECT_TRUE(unknown_operators(each.at("rule")).empty()) << each.at("description");
    ++checked;
  }
  EXPECT_EQ(checked, 278);
}

}  // namespace
}  // namespace motcua::engine
