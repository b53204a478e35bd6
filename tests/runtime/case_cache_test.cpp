/// What stays in memory of the cases worked on: bounded by bytes, since a case with long values holds a
/// hundred times what a short one does.
#include "engine/runtime/case_cache.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace motcua::engine {
namespace {

constexpr std::size_t kBytesMax = 1'000'000;
constexpr std::size_t kCasesMin = 4;

CaseId id_of(std::uint8_t number) {
  CaseId id{};
  id.bytes[0] = number;
  return id;
}

CaseHandle a_case(std::uint8_t number, std::size_t value_bytes) {
  auto held = std::make_shared<LoadedCase>();
  held->state.id = id_of(number);
  CaseContent content;
  content.data["note"] = std::string(value_bytes, 'x');
  held->content = content;
  return held;
}

TEST(CaseCache, HoldsFewerCasesTheMoreTheyHold) {
  CaseCache small(kBytesMax, kCasesMin);
  CaseCache large(kBytesMax, kCasesMin);
  for (std::uint8_t number = 0; number < 100; ++number) {
    small.put(a_case(number, 10));
    large.put(a_case(number, 50'000));
  }
  small.trim();
  large.trim();

  EXPECT_EQ(small.cases(), 100U) << "there is room for all";
  EXPECT_LE(large.bytes(), kBytesMax);
  EXPECT_LT(large.cases(), 11U);
  EXPECT_GT(large.cases(), kCasesMin);
  EXPECT_TRUE(large.find(id_of(99))) << "the newest stays";
  EXPECT_FALSE(large.find(id_of(0)));
}

TEST(CaseCache, KeepsWhatAGroupMayStillNeed) {
  CaseCache cache(1, kCasesMin);
  for (std::uint8_t number = 0; number < 10; ++number) cache.put(a_case(number, 50'000));
  cache.trim();
  EXPECT_EQ(cache.cases(), kCasesMin);
  for (std::uint8_t number = 6; number < 10; ++number) EXPECT_TRUE(cache.find(id_of(number)));
}

TEST(CaseCache, DropsWhatWasUsedLongestAgo) {
  CaseCache cache(1, 2);
  for (std::uint8_t number = 0; number < 3; ++number) cache.put(a_case(number, 10));
  EXPECT_TRUE(cache.find(id_of(0)));
  cache.trim();
  EXPECT_TRUE(cache.find(id_of(0)));
  EXPECT_FALSE(cache.find(id_of(1)));
  EXPECT_TRUE(cache.find(id_of(2)));
}

TEST(CaseCache, CountsWhatItHoldsAndForgetsWhatItDrops) {
  CaseCache cache(kBytesMax, 0);
  cache.put(a_case(1, 10));
  const auto before = cache.bytes();
  cache.put(a_case(1, 100'000));
  EXPECT_GE(cache.bytes(), before + 100'000) << "the case grew";
  EXPECT_EQ(cache.bytes(), held_bytes(*cache.find(id_of(1))));
  cache.put(a_case(1, 10));
  EXPECT_EQ(cache.bytes(), before) << "and shrank";
  for (std::uint8_t number = 0; number < 100; ++number) cache.put(a_case(number, 1'000'000));
  cache.trim();
  EXPECT_EQ(cache.cases(), 0U) << "one alone is beyond the bound";
  EXPECT_EQ(cache.bytes(), 0U);
}

}  // namespace
}  // namespace motcua::engine
