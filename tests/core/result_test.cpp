#include "engine/core/result.hpp"

#include "engine/core/ensure.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace motcua::engine {
namespace {

TEST(RejectionName, IsTheProblemTypeOfTheContract) {
  EXPECT_STREQ(name_of(RejectionCode::role_forbidden), "role-forbidden");
  EXPECT_STREQ(name_of(RejectionCode::expected_version_missing), "expected-version-missing");
  EXPECT_STREQ(name_of(RejectionCode::outcome_unknown), "outcome-unknown");
}

TEST(RejectionName, IsUnique) {
  std::set<std::string> names;
  const auto last = static_cast<int>(RejectionCode::outcome_unknown);
  for (int code = 0; code <= last; ++code) names.insert(name_of(static_cast<RejectionCode>(code)));
  EXPECT_EQ(names.size(), static_cast<std::size_t>(last) + 1);
}

TEST(ResultOfTheEngine, ThrowsWhenReadWithoutALook) {
  const Result<int> refused = Rejection{RejectionCode::not_allowed, "no", nlohmann::json::object()};
  EXPECT_TRUE(refused.has_error());
  EXPECT_THROW(static_cast<void>(refused.value()), std::logic_error);
}

TEST(EnsureDeathTest, EndsTheProcessAndNamesTheCondition) {
  EXPECT_DEATH(ENSURE(1 + 1 == 3), "1 \\+ 1 == 3 does not hold");
}

}  // namespace
}  // namespace motcua::engine
