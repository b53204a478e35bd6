#include "engine/deadline/counting.hpp"

#include "engine/deadline/derivation.hpp"
#include "engine/deadline/limit.hpp"
#include "tests/deadline/sample_calendars.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <ctime>
#include <string>
#include <vector>

namespace motcua::engine {
namespace {

constexpr std::int64_t kHour = 3600;

Instant at(const std::string& local) {
  const auto instant = parse_rfc3339(local + "+07:00");
  EXPECT_TRUE(instant.has_value()) << local;
  return instant.value_or(Instant{});
}

struct Count {
  const char* claim = "";
  const char* from = "";
  std::int64_t seconds = 0;
  const char* due = "";
};

// Computed by hand from the announced calendar. Weeks: 13/2, 21/8 and 28/8/2026 are Fridays.
const std::vector<Count> kCounts{
    {"nothing, inside a window", "2026-03-02T08:00:00", 0, "2026-03-02T08:00:00"},
    {"nothing, at the opening", "2026-03-02T07:00:00", 0, "2026-03-02T07:00:00"},
    {"nothing, before the opening", "2026-03-02T06:00:00", 0, "2026-03-02T07:00:00"},
    {"nothing, at the lunch edge", "2026-03-02T11:30:00", 0, "2026-03-02T13:30:00"},
    {"nothing, at the closing on Friday", "2026-03-06T17:00:00", 0, "2026-03-09T07:00:00"},
    {"nothing, on a Saturday off", "2026-08-15T08:00:00", 0, "2026-08-17T07:00:00"},
    {"nothing, on a worked Saturday", "2026-08-22T08:00:00", 0, "2026-08-22T08:00:00"},
    {"a full morning ends at its closing minute", "2026-03-02T07:00:00", 16'200, "2026-03-02T11:30:00"},
    {"one second more falls after lunch", "2026-03-02T07:00:00", 16'201, "2026-03-02T13:30:01"},
    {"a full day ends at its closing minute", "2026-03-02T07:00:00", 8 * kHour, "2026-03-02T17:00:00"},
    {"a day from the minute", "2026-03-02T08:00:00", 8 * kHour, "2026-03-03T08:00:00"},
    {"from the lunch edge", "2026-03-02T11:30:00", 2 * kHour, "2026-03-02T15:30:00"},
    {"from the middle of lunch", "2026-03-02T12:15:00", 2 * kHour, "2026-03-02T15:30:00"},
    {"over a weekend", "2026-03-06T16:00:00", 8 * kHour, "2026-03-09T16:00:00"},
    {"over Tết", "2026-02-13T16:00:00", 8 * kHour, "2026-02-23T16:00:00"},
    {"five days over Tết", "2026-02-13T07:00:00", 40 * kHour, "2026-02-26T17:00:00"},
    {"from inside Tết", "2026-02-18T10:00:00", 1, "2026-02-23T07:00:01"},
    {"the make-up Saturday counts", "2026-08-21T16:00:00", 8 * kHour, "2026-08-22T16:00:00"},
    {"the swapped Monday and National Day do not", "2026-08-28T16:00:00", 8 * kHour, "2026-09-03T16:00:00"},
    {"over the year boundary and its swap", "2025-12-31T16:00:00", 8 * kHour, "2026-01-05T16:00:00"},
    {"onto the worked 10 January", "2026-01-09T17:00:00", kHour, "2026-01-10T08:00:00"},
    {"half seconds are kept", "2026-03-02T08:00:00.5", kHour, "2026-03-02T09:00:00.5"},
    {"half seconds cross lunch", "2026-03-02T11:29:59.5", 1, "2026-03-02T13:30:00.5"},
};

TEST(AddWorkingTime, AgreesWithTheTableComputedByHand) {
  const auto calendar = civil_servants_2026();
  for (const Count& count : kCounts) {
    EXPECT_EQ(to_rfc3339(add_working_time(calendar, at(count.from), {count.seconds})),
              to_rfc3339(at(count.due)))
        << count.claim;
  }
}

TEST(WorkingTimeBetween, AgreesWithTheTableComputedByHand) {
  const auto calendar = civil_servants_2026();
  for (const Count& count : kCounts) {
    EXPECT_EQ(working_time_between(calendar, at(count.from), at(count.due)).count, count.seconds)
        << count.claim;
  }
}

TEST(WorkingTimeBetween, IsZeroWhereNothingIsOpenOrTimeRunsBackwards) {
  const auto calendar = civil_servants_2026();
  EXPECT_EQ(working_time_between(calendar, at("2026-08-29T00:00:00"), at("2026-09-03T07:00:00")).count, 0);
  EXPECT_EQ(working_time_between(calendar, at("2026-03-02T09:00:00"), at("2026-03-02T08:00:00")).count, 0);
  EXPECT_EQ(working_time_between(calendar, at("2026-03-09T09:00:00"), at("2026-03-02T08:00:00")).count, 0);
  EXPECT_EQ(working_time_between(calendar, at("2026-03-02T09:00:00"), at("2026-03-02T09:00:00")).count, 0);
}

TEST(WorkingCalendarWindows, AWorkedSaturdayHasTheWindowsOfTheDayItReplaces) {
  const auto calendar = civil_servants_2026();
  const auto saturday = local_day(at("2026-08-22T00:00:00"));
  EXPECT_EQ(calendar.windows_on(saturday), calendar.processing[1]);
  EXPECT_TRUE(calendar.windows_on(saturday + std::chrono::days{1}).empty());
  EXPECT_TRUE(calendar.windows_on(saturday + std::chrono::days{9}).empty());
}

TEST(WorkingCalendarWindows, AWorkedDayThatReplacesNothingKeepsItsOwnPattern) {
  auto calendar = civil_servants_2026();
  const auto monday = local_day(at("2026-03-02T00:00:00"));
  calendar.overrides[monday] = DayOverride{.kind = DayKind::work};
  EXPECT_EQ(calendar.windows_on(monday), calendar.processing[1]);
}

TEST(Derive, ExplainsEveryIntervalOfADueDateOverTet) {
  const auto intervals = derive(civil_servants_2026(), at("2026-02-13T16:00:00"), {8 * kHour});

  struct Expected {
    const char* to = "";
    std::int64_t counted = 0;
    const char* rule = "";
    const char* notice = "";
  };
  const std::vector<Expected> expected{
      {"2026-02-13T17:00:00", kHour, "processing_window", ""},
      {"2026-02-14T00:00:00", 0, "outside_hours", ""},
      {"2026-02-16T00:00:00", 0, "rest_day", ""},
      {"2026-02-21T00:00:00", 0, "holiday", "TB 9441/TB-BNV"},
      {"2026-02-23T00:00:00", 0, "rest_day", ""},
      {"2026-02-23T07:00:00", 0, "outside_hours", ""},
      {"2026-02-23T11:30:00", 16'200, "processing_window", ""},
      {"2026-02-23T13:30:00", 0, "outside_hours", ""},
      {"2026-02-23T16:00:00", 9'000, "processing_window", ""},
  };
  ASSERT_EQ(intervals.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_EQ(to_rfc3339(intervals[i].to), to_rfc3339(at(expected[i].to))) << i;
    EXPECT_EQ(intervals[i].counted_seconds, expected[i].counted) << i;
    EXPECT_EQ(intervals[i].rule, expected[i].rule) << i;
    EXPECT_EQ(intervals[i].notice, expected[i].notice) << i;
  }
  EXPECT_EQ(intervals[3].law, "Bộ luật Lao động 2019, Điều 112");
}

TEST(Derive, NamesTheNoticeOfADayWorkedInstead) {
  const auto intervals = derive(civil_servants_2026(), at("2026-08-22T07:00:00"), {kHour});
  ASSERT_EQ(intervals.size(), 1U);
  EXPECT_EQ(intervals[0].rule, "worked_instead");
  EXPECT_EQ(intervals[0].notice, "TB 9441/TB-BNV");
  EXPECT_EQ(intervals[0].counted_seconds, kHour);
}

TEST(Derive, CountsWholeSecondsThatSumToTheAmount) {
  const auto intervals = derive(civil_servants_2026(), at("2026-03-02T11:29:58.5"), {2});
  ASSERT_EQ(intervals.size(), 3U);
  EXPECT_EQ(intervals[0].counted_seconds, 1);
  EXPECT_EQ(intervals[2].counted_seconds, 1);
}

TEST(Counting, AnEmptyCalendarEndsAtTheLastSecondOfTheYear9999) {
  const WorkingCalendar empty;
  const auto from = at("2026-03-02T08:00:00");
  EXPECT_EQ(to_rfc3339(add_working_time(empty, from, {1})), "9999-12-31T23:59:59+07:00");
  EXPECT_EQ(to_rfc3339(add_working_time(empty, from, {0})), "9999-12-31T23:59:59+07:00");
  EXPECT_TRUE(derive(empty, from, {1}).empty());
  EXPECT_EQ(working_time_between(empty, from, at("2126-03-02T08:00:00")).count, 0);
}

TEST(Counting, AnAmountBeyondTheYear9999EndsThereToo) {
  const auto due = add_working_time(civil_servants_2026(), at("2026-03-02T08:00:00"), {INT64_MAX});
  EXPECT_EQ(to_rfc3339(due), "9999-12-31T23:59:59+07:00");
}

TEST(Counting, ALongWayWithoutOpeningsIsNotTheEnd) {
  auto calendar = civil_servants_2026();
  for (auto& weekday : calendar.processing) weekday.clear();
  calendar.processing[1] = {{std::chrono::hours{8}, std::chrono::hours{9}}};
  const auto first = local_day(at("2026-03-03T00:00:00"));
  for (int day = 0; day < 7'000; ++day) calendar.overrides[first + std::chrono::days{day}] = DayOverride{};
  const auto due = add_working_time(calendar, at("2026-03-03T08:00:00"), {kHour});
  EXPECT_EQ(to_rfc3339(due), "2045-05-08T09:00:00+07:00");
}

TEST(Counting, TenThousandWorkingDaysTakeNoTime) {
  const auto calendar = civil_servants_2026();
  const auto from = at("2026-03-02T07:00:00");
  const std::clock_t before = std::clock();
  const auto due = add_working_time(calendar, from, {10'000 * kWorkingDaySeconds});
  EXPECT_EQ(working_time_between(calendar, from, due).count, 10'000 * kWorkingDaySeconds);
  EXPECT_LT(std::clock() - before, CLOCKS_PER_SEC / 5) << "processor time";
}

TEST(CountingDeathTest, RefusesANegativeAmountAsABug) {
  EXPECT_DEATH(static_cast<void>(add_working_time(civil_servants_2026(), Instant{}, {-1})),
               "amount.count >= 0");
}

/// Puts TZ back when the test ends, however it ends.
class Zone {
 public:
  explicit Zone(const char* name) {
    if (const char* before = std::getenv("TZ"); before != nullptr) before_ = before;
    ::setenv("TZ", name, 1);
    ::tzset();
  }
  Zone(const Zone&) = delete;
  Zone& operator=(const Zone&) = delete;
  ~Zone() {
    if (before_) {
      ::setenv("TZ", before_->c_str(), 1);
    } else {
      ::unsetenv("TZ");
    }
    ::tzset();
  }

 private:
  std::optional<std::string> before_{};
};

std::string everything_counted() {
  const auto calendar = civil_servants_2026();
  std::string text;
  for (const Count& count : kCounts) {
    text += to_rfc3339(add_working_time(calendar, at(count.from), {count.seconds})) + '\n';
    for (const auto& interval : derive(calendar, at(count.from), {count.seconds})) {
      text += to_rfc3339(interval.to) + ' ' + interval.rule + '\n';
    }
  }
  return text;
}

TEST(Counting, GivesTheSameAnswersWhateverTheZoneOfTheProcess) {
  std::vector<std::string> answers;
  std::vector<int> hours_shown;
  for (const char* name : {"UTC", "Asia/Ho_Chi_Minh", "America/New_York"}) {
    const Zone zone(name);
    const std::time_t moment = 1'772'413'200;
    std::tm shown{};
    hours_shown.push_back(::localtime_r(&moment, &shown)->tm_hour);
    answers.push_back(everything_counted());
  }
  EXPECT_NE(hours_shown[0], hours_shown[2])
      << "the zones of this machine are the same: the test proves nothing";
  EXPECT_EQ(answers[0], answers[1]);
  EXPECT_EQ(answers[0], answers[2]);
}

}  // namespace
}  // namespace motcua::engine
