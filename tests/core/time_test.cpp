#include "engine/core/time.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <chrono>
#include <string>

namespace motcua::engine {
namespace {

using std::chrono::hours;
using std::chrono::microseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr Instant kMonday8h{seconds{1'772'413'200}};  // 2026-03-02 08:00 in Hanoi

TEST(Rfc3339, IsWrittenWithTheOffsetOfVietnam) {
  EXPECT_EQ(to_rfc3339(kMonday8h), "2026-03-02T08:00:00+07:00");
  EXPECT_EQ(to_rfc3339(Instant{}), "1970-01-01T07:00:00+07:00");
}

TEST(Rfc3339, ShowsAFractionOnlyWhereThereIsOne) {
  EXPECT_EQ(to_rfc3339(kMonday8h + microseconds{50}), "2026-03-02T08:00:00.000050+07:00");
  EXPECT_EQ(to_rfc3339(kMonday8h - microseconds{1}), "2026-03-02T07:59:59.999999+07:00");
}

TEST(Rfc3339, ReadsEveryOffsetAsTheSameMoment) {
  for (const char* text :
       {"2026-03-02T08:00:00+07:00", "2026-03-02T01:00:00Z", "2026-03-02t01:00:00z",
        "2026-03-02T01:00:00.000000+00:00", "2026-03-01T20:30:00-04:30", "2026-03-02T01:00:00.0000009Z"}) {
    EXPECT_EQ(parse_rfc3339(text), kMonday8h) << text;
  }
}

TEST(Rfc3339, ReadsOneToNineDigitsOfAFraction) {
  EXPECT_EQ(parse_rfc3339("2026-03-02T01:00:00.5Z"), kMonday8h + microseconds{500'000});
  EXPECT_EQ(parse_rfc3339("2026-03-02T01:00:00.000001Z"), kMonday8h + microseconds{1});
  EXPECT_EQ(parse_rfc3339("2026-03-02T01:00:00.123456789Z"), kMonday8h + microseconds{123'456});
}

TEST(Rfc3339, RefusesWhatIsNoMoment) {
  for (const char* text : {"",
                           "2026-03-02",
                           "2026-03-02T08:00:00",
                           "2026-03-02T08:00+07:00",
                           "2026-03-02 08:00:00+07:00",
                           "2025-02-29T08:00:00Z",
                           "2026-13-01T08:00:00Z",
                           "2026-00-01T08:00:00Z",
                           "2026-04-31T08:00:00Z",
                           "2026-03-02T24:00:00Z",
                           "2026-03-02T23:60:00Z",
                           "2026-03-02T23:59:60Z",
                           "1899-12-31T23:59:59Z",
                           "2026-03-02T08:00:00.Z",
                           "2026-03-02T08:00:00.1234567890Z",
                           "2026-03-02T08:00:00,5Z",
                           "2026-03-02T08:00:00+24:00",
                           "2026-03-02T08:00:00+07:60",
                           "2026-03-02T08:00:00+0700",
                           "2026-03-02T08:00:00+07",
                           "2026-03-02T08:00:00ZZ",
                           "2026-03-02T08:00:00Z ",
                           " 2026-03-02T08:00:00Z",
                           "2026-3-02T08:00:00Z",
                           "+026-03-02T08:00:00Z",
                           "2026-03-02T-8:00:00Z",
                           "2026-03-02T08:00:00.5"}) {
    EXPECT_EQ(parse_rfc3339(text), std::nullopt) << text;
  }
}

TEST(Rfc3339, KnowsLeapDays) {
  EXPECT_TRUE(parse_rfc3339("2024-02-29T00:00:00+07:00").has_value());
  EXPECT_TRUE(parse_rfc3339("2000-02-29T00:00:00+07:00").has_value());
  EXPECT_FALSE(parse_rfc3339("1900-02-29T00:00:00+07:00").has_value());
}

TEST(LocalDayOfVietnam, BeginsAtSeventeenHoursUtcOfTheDayBefore) {
  const auto midnight = parse_rfc3339("2026-02-28T17:00:00Z");
  ASSERT_TRUE(midnight.has_value());
  EXPECT_EQ(to_iso(local_day(*midnight)), "2026-03-01");
  EXPECT_EQ(time_of_day(*midnight), microseconds{0});
  EXPECT_EQ(to_iso(local_day(*midnight - microseconds{1})), "2026-02-28");
  EXPECT_EQ(time_of_day(*midnight - microseconds{1}), hours{24} - microseconds{1});
}

TEST(LocalDayOfVietnam, HoldsBeforeTheEpochToo) {
  const auto at = parse_rfc3339("1945-09-02T14:00:00+07:00");
  ASSERT_TRUE(at.has_value());
  EXPECT_EQ(to_iso(local_day(*at)), "1945-09-02");
  EXPECT_EQ(time_of_day(*at), hours{14});
}

TEST(LocalDay, IsTheNearestKnownForMomentsThatOnlyDamagedBytesState) {
  EXPECT_EQ(to_rfc3339(Instant::max()), "9999-12-31T23:59:59.999999+07:00");
  EXPECT_EQ(to_rfc3339(Instant::min()), "0001-01-01T00:00:00+07:00");
}

TEST(IsoDay, RefusesDaysThatDoNotExist) {
  EXPECT_TRUE(parse_iso_day("2024-02-29").has_value());
  for (const char* text :
       {"2025-02-29", "2026-06-31", "2026-1-01", "26-01-01", "2026-01-01T", "2026/01/01", ""}) {
    EXPECT_EQ(parse_iso_day(text), std::nullopt) << text;
  }
}

RC_GTEST_PROP(Rfc3339Property, ReadsBackWhatItWrites, ()) {
  // 1900-01-02 to 9999-12-30: whole range, away from the ends where +07:00 changes the year.
  const auto at =
      from_micros(*rc::gen::inRange<std::int64_t>(-2'208'902'400'000'000, 253'402'128'000'000'000));
  RC_ASSERT(parse_rfc3339(to_rfc3339(at)) == at);
}

RC_GTEST_PROP(Rfc3339Property, SplitsAMomentIntoDayAndTimeWithoutLoss,
              (std::int32_t days_, std::uint32_t micros)) {
  const Instant at = Instant{std::chrono::days{days_ % 700'000}} + microseconds{micros} * 20;
  RC_ASSERT(instant_at(local_day(at), time_of_day(at)) == at);
  RC_ASSERT(time_of_day(at) >= microseconds{0});
  RC_ASSERT(time_of_day(at) < hours{24});
}

RC_GTEST_PROP(IsoDayProperty, ReadsBackWhatItWrites, ()) {
  const LocalDay day{std::chrono::days{*rc::gen::inRange(-25'567, 2'932'896)}};
  RC_ASSERT(parse_iso_day(to_iso(day)) == day);
}

RC_GTEST_PROP(Rfc3339Property, NeverFailsOnAnyText, (const std::string& text)) {
  static_cast<void>(parse_rfc3339(text));
  static_cast<void>(parse_iso_day(text));
}

}  // namespace
}  // namespace motcua::engine
