#include "engine/core/ids.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <array>
#include <string>
#include <type_traits>

namespace motcua::engine {
namespace {

constexpr auto kText = "019389a2-0b1c-7def-8123-456789abcdef";

TEST(TextId, KindsAreNotInterchangeable) {
  EXPECT_FALSE((std::is_convertible_v<AgencyId, ProcedureCode>));
  EXPECT_FALSE((std::is_convertible_v<std::string, AgencyId>));
}

TEST(TextId, ComparesByteByByte) {
  EXPECT_LT(AgencyId("H15.50"), AgencyId("H15.50.05"));
  EXPECT_NE(PaperCode("Q"), PaperCode("q"));
  EXPECT_TRUE(AgencyId().empty());
}

TEST(CaseIdText, IsReadBackAsWritten) {
  const auto id = parse_case_id(kText);
  ASSERT_TRUE(id.has_value());
  EXPECT_EQ(to_text(*id), kText);
}

TEST(CaseIdText, HasOneSpellingOnly) {
  for (const char* text : {"", "019389a20b1c7def8123456789abcdef", "019389A2-0B1C-7DEF-8123-456789ABCDEF",
                           "{019389a2-0b1c-7def-8123-456789abcdef}", "019389a2-0b1c-7def-8123-456789abcdeg",
                           "019389a2-0b1c-7def-81234-56789abcdef", "019389a2-0b1c-7def-8123-456789abcdef ",
                           "019389a2-0b1c-7def-8123-456789abcde"}) {
    EXPECT_EQ(parse_case_id(text), std::nullopt) << text;
  }
}

TEST(Hex, RefusesOddLengthsAndOtherCharacters) {
  EXPECT_EQ(from_hex("0aFf"), std::string("\x0a\xff"));
  EXPECT_EQ(from_hex("0"), std::nullopt);
  EXPECT_EQ(from_hex("0g"), std::nullopt);
  EXPECT_EQ(from_hex("0x"), std::nullopt);
  EXPECT_EQ(digest_from_hex("00"), std::nullopt);
}

RC_GTEST_PROP(CaseIdTextProperty, IsReadBackAsWritten, (const std::array<std::uint8_t, 16>& bytes)) {
  RC_ASSERT(parse_case_id(to_text(CaseId{bytes})) == CaseId{bytes});
}

RC_GTEST_PROP(HexProperty, IsReadBackAsWritten, (const std::string& bytes)) {
  RC_ASSERT(from_hex(to_hex(bytes)) == bytes);
}

// Order of identifiers is order of their text, so that lists by id are lists by time.
RC_GTEST_PROP(CaseIdTextProperty, KeepsTheOrder,
              (const std::array<std::uint8_t, 16>& a, const std::array<std::uint8_t, 16>& b)) {
  RC_ASSERT((CaseId{a} < CaseId{b}) == (to_text(CaseId{a}) < to_text(CaseId{b})));
}

}  // namespace
}  // namespace motcua::engine
