// Days of the calendar and months, by hand from the Civil Code (Bộ luật Dân sự 2015, Điều 147-148) and the
// civil servants' calendar of 2026.
#include "engine/deadline/counting.hpp"
#include "engine/deadline/sentences.hpp"
#include "tests/deadline/standing_samples.hpp"

#include <gtest/gtest.h>

#include <numeric>
#include <string>
#include <vector>

namespace motcua::engine {
namespace {

using std::chrono::days;
using std::chrono::year;

constexpr const char* kMonday = "2026-03-02T08:00:00";

struct Counted {
  Limit limit{};
  std::vector<std::string> moments{};  ///< receipt, then pauses and resumes in turn
  std::string due{};
  std::string why{};
};

void expect(const std::vector<Counted>& table) {
  for (const auto& row : table) EXPECT_EQ(due_in_2026(row.limit, row.moments), row.due) << row.why;
}

TEST(CalendarDays, CountDaysOffAndEndOnAWorkingDay) {
  expect({{calendar_days(1), {kMonday}, "2026-03-03T17:00:00", "the day of receipt is not counted"},
          {calendar_days(10), {kMonday}, "2026-03-12T17:00:00", "a weekend lies within"},
          {calendar_days(5), {kMonday}, "2026-03-09T17:00:00", "the fifth day is a Saturday"},
          {calendar_days(6), {kMonday}, "2026-03-09T17:00:00", "the sixth is the Sunday"},
          {calendar_days(7), {kMonday}, "2026-03-09T17:00:00", "the seventh is the Monday"},
          {calendar_days(10), {"2026-02-06T08:00:00"}, "2026-02-23T17:00:00", "16 February is a day of Tết"},
          {calendar_days(18), {"2026-02-06T08:00:00"}, "2026-02-24T17:00:00", "Tết lies within"},
          {calendar_days(10), {"2026-08-12T08:00:00"}, "2026-08-22T17:00:00", "a Saturday that is worked"},
          {calendar_days(10), {"2026-08-21T08:00:00"}, "2026-09-03T17:00:00", "31 August is off in exchange"},
          {calendar_days(1), {"2026-12-31T08:00:00"}, "2027-01-01T17:00:00", "nobody announced it off"}});
}

TEST(CalendarDays, AReceiptOutOfHoursOrAfterTheCutOffIsOfTheNextDay) {
  expect({{calendar_days(3), {"2026-03-07T10:00:00"}, "2026-03-12T17:00:00", "Saturday: as on Monday"},
          {calendar_days(3), {"2026-03-02T17:00:00"}, "2026-03-06T17:00:00", "closed: as on Tuesday"},
          {before_15h(calendar_days(3)), {"2026-03-02T15:00:00"}, "2026-03-05T17:00:00", "15:00 sharp"},
          {before_15h(calendar_days(3)), {"2026-03-02T15:01:00"}, "2026-03-06T17:00:00", "after 15:00"}});
}

TEST(Months, EndOnTheSameDayNumberOrTheLastDayOfTheMonth) {
  expect({{months(1), {kMonday}, "2026-04-02T17:00:00", "2 March, 2 April"},
          {months(1), {"2026-01-30T08:00:00"}, "2026-03-02T17:00:00", "28 February is a Saturday"},
          {months(2), {"2026-07-31T08:00:00"}, "2026-09-30T17:00:00", "September has no 31st"},
          {months(1), {"2026-03-31T08:00:00"}, "2026-04-30T17:00:00", "April has no 31st"},
          {months(1), {"2028-01-31T08:00:00"}, "2028-02-29T17:00:00", "a leap year"},
          {months(12), {"2028-02-29T08:00:00"}, "2029-02-28T17:00:00", "a year that has no 29 February"},
          {months(6), {"2026-02-23T08:00:00"}, "2026-08-24T17:00:00", "23 August is a Sunday"},
          {months(13), {"2026-12-31T08:00:00"}, "2028-01-31T17:00:00", "over two years"}});
}

TEST(Months, TheLastDayOfAMonthIsFoundWithoutACalendar) {
  const auto day = [](int y, unsigned m, unsigned d) { return LocalDay{year{y} / m / d}; };
  EXPECT_EQ(same_day_of_month_after(day(2026, 1, 29), 1), day(2026, 2, 28));
  EXPECT_EQ(same_day_of_month_after(day(2024, 1, 31), 1), day(2024, 2, 29));
  EXPECT_EQ(same_day_of_month_after(day(2026, 10, 31), 4), day(2027, 2, 28));
  EXPECT_EQ(same_day_of_month_after(day(2026, 2, 28), 1), day(2026, 3, 28)) << "not the end of March";
  EXPECT_EQ(same_day_of_month_after(day(2026, 5, 15), 0), day(2026, 5, 15));
}

TEST(CalendarDays, ADayThatAPauseTouchesIsNotCounted) {
  expect({{calendar_days(10),
           {kMonday, "2026-03-05T09:00:00", "2026-03-06T10:00:00"},
           "2026-03-16T17:00:00",
           "two days taken: 14 March, a Saturday"},
          {calendar_days(10),
           {kMonday, "2026-03-05T17:30:00", "2026-03-06T06:00:00"},
           "2026-03-12T17:00:00",
           "a night takes no day"},
          {calendar_days(10),
           {kMonday, "2026-03-05T11:40:00", "2026-03-05T13:00:00"},
           "2026-03-12T17:00:00",
           "nor does lunch"},
          {calendar_days(10),
           {kMonday, "2026-03-07T09:00:00", "2026-03-07T10:00:00"},
           "2026-03-13T17:00:00",
           "a day off has no office hours: any pause in it takes it"},
          {calendar_days(10),
           {kMonday, "2026-03-06T17:30:00", "2026-03-09T06:00:00"},
           "2026-03-16T17:00:00",
           "a weekend takes its two days"},
          {calendar_days(10),
           {kMonday, "2026-03-02T09:00:00", "2026-03-02T16:00:00"},
           "2026-03-12T17:00:00",
           "the day of receipt is not counted anyway"},
          {months(1),
           {kMonday, "2026-03-05T09:00:00", "2026-03-06T10:00:00"},
           "2026-04-06T17:00:00",
           "two days after 2 April: 4 April, a Saturday"}});
}

TEST(CalendarDays, APauseOverTetTakesEveryDayOfIt) {
  expect({{calendar_days(20), {"2026-02-09T08:00:00"}, "2026-03-02T17:00:00", "1 March is a Sunday"},
          {calendar_days(20),
           {"2026-02-09T08:00:00", "2026-02-13T10:00:00"},
           "paused 489600",
           "17 days of eight hours are left"},
          {calendar_days(20),
           {"2026-02-09T08:00:00", "2026-02-13T10:00:00", "2026-02-24T09:00:00"},
           "2026-03-13T17:00:00",
           "13 to 24 February are not counted"}});
}

TEST(CalendarDays, TheWorkingDayOnWhichALimitEndsIsStillToCome) {
  const Limit limit = calendar_days(5);  // 7 March is a Saturday
  expect({{limit, {kMonday, "2026-03-09T10:00:00"}, "paused 28800", "paused on the Monday"},
          {limit,
           {kMonday, "2026-03-09T10:00:00", "2026-03-11T14:00:00"},
           "2026-03-12T17:00:00",
           "Wednesday was paused for a part"},
          {limit,
           {kMonday, "2026-03-09T17:30:00", "2026-03-11T14:00:00"},
           "2026-03-09T17:00:00",
           "it had ended"}});
}

std::string rules(const Standing& standing) {
  std::string text;
  for (const auto& interval : standing.derivation) {
    text += interval.rule + '>' + to_rfc3339(interval.to).substr(5, 11) + ' ';
  }
  return text;
}

TEST(CalendarDays, ShowEachDayCountedAndWhereTheEndMoved) {
  const auto standing = standing_in(civil_servants_2026(), calendar_days(5), ledger({kMonday}));
  EXPECT_EQ(rules(standing),
            "receipt_day>03-03T00:00 calendar_day>03-04T00:00 calendar_day>03-05T00:00 "
            "calendar_day>03-06T00:00 calendar_day>03-07T00:00 ends_on_day_off>03-09T00:00 "
            "calendar_day>03-09T17:00 ");
  for (const auto& interval : standing.derivation) EXPECT_EQ(interval.law, "law-1");
}

TEST(CalendarDays, ShowThePausesWithinADay) {
  const auto standing = standing_in(civil_servants_2026(), calendar_days(2),
                                    ledger({kMonday, "2026-03-03T17:30:00", "2026-03-04T06:00:00",
                                            "2026-03-04T09:00:00", "2026-03-04T10:00:00"}));
  EXPECT_EQ(rules(standing),
            "receipt_day>03-03T00:00 calendar_day>03-03T17:30 clock_paused>03-04T06:00 "
            "paused_day>03-04T09:00 clock_paused>03-04T10:00 paused_day>03-05T00:00 "
            "calendar_day>03-05T17:00 ");
}

TEST(CalendarDays, AreToldInBothLanguages) {
  const auto limit = calendar_days(5);
  const auto told = sentences_of(limit, standing_in(civil_servants_2026(), limit, ledger({kMonday})));
  EXPECT_EQ(
      told.vi,
      (std::vector<std::string>{
          "Ngày thứ Hai 02/03/2026: không tính, là ngày tiếp nhận.",
          "Từ thứ Ba 03/03/2026 đến thứ Sáu 06/03/2026: tính 4 ngày, kể cả ngày nghỉ.",
          "Từ thứ Bảy 07/03/2026 đến Chủ nhật 08/03/2026: nghỉ hằng tuần; thời hạn không kết thúc vào "
          "ngày nghỉ mà vào ngày làm việc tiếp theo.",
          "Ngày thứ Hai 09/03/2026: tính 1 ngày.", "Vì vậy hạn giải quyết là 17:00 thứ Hai 09/03/2026."}));
  EXPECT_EQ(
      told.en,
      (std::vector<std::string>{
          "Monday 2 March 2026: not counted, the day of receipt.",
          "From Tuesday 3 March 2026 to Friday 6 March 2026: 4 days, days off included.",
          "From Saturday 7 March 2026 to Sunday 8 March 2026: weekly rest; the limit does not end on a "
          "day off but on the next working day.",
          "Monday 9 March 2026: 1 day.", "The time limit therefore ends at 17:00 on Monday 9 March 2026."}));
}

TEST(CalendarDays, AHolidayAtTheEndNamesItsNotice) {
  const auto limit = calendar_days(10);
  const auto told =
      sentences_of(limit, standing_in(civil_servants_2026(), limit, ledger({"2026-02-06T08:00:00"})));
  EXPECT_EQ(told.en[2],
            "From Monday 16 February 2026 to Friday 20 February 2026: day off “Tết Nguyên đán” by notice TB "
            "9441/TB-BNV; the limit does not end on a day off but on the next working day.");
}

TEST(CalendarDays, WhatIsLeftIsToldInDays) {
  const auto limit = calendar_days(20);
  const auto told = sentences_of(limit, standing_in(civil_servants_2026(), limit,
                                                    ledger({"2026-02-09T08:00:00", "2026-02-13T10:00:00"})));
  EXPECT_EQ(told.vi.back(), "Thời hạn đang tạm dừng, còn lại 17 ngày.");
  EXPECT_EQ(told.en.back(), "The time limit is paused with 17 days left.");
}

TEST(NoLimit, IsToldInOneSentence) {
  const auto limit = limit_of(0, LimitUnit::none);
  const auto told = sentences_of(limit, standing_in(civil_servants_2026(), limit, ledger({kMonday})));
  EXPECT_EQ(told.vi, (std::vector<std::string>{"Pháp luật không quy định thời hạn giải quyết thủ tục này nên "
                                               "không hẹn ngày trả kết quả."}));
  EXPECT_EQ(told.en.size(), 1U);
  EXPECT_TRUE(sentences_of(limit, standing_in(civil_servants_2026(), limit, {})).vi.empty());
}

Limit eight_and_ten(LimitCounting counting) {
  auto limit = limit_of(8, LimitUnit::working_day, counting);
  limit.added = {{10, "law-2", "Nghị định 101/2024/NĐ-CP"}};
  return limit;
}

TEST(AddedTime, IsCountedOnTopOfTheLimit) {
  // Eighteen working days from Monday 2 March: three weeks and three days.
  EXPECT_EQ(due_in_2026(eight_and_ten(LimitCounting::working_time), {kMonday}), "2026-03-26T08:00:00");
  EXPECT_EQ(due_in_2026(eight_and_ten(LimitCounting::civil_code), {kMonday}), "2026-03-26T17:00:00");
  auto days_of_calendar = calendar_days(5);
  days_of_calendar.added = {{2, "law-2", ""}, {3, "unverified", ""}};
  EXPECT_EQ(due_in_2026(days_of_calendar, {kMonday}), "2026-03-12T17:00:00");
}

TEST(AddedTime, IsToldFirstWithItsBasis) {
  const auto limit = eight_and_ten(LimitCounting::civil_code);
  const auto told = sentences_of(limit, standing_in(civil_servants_2026(), limit, ledger({kMonday})));
  EXPECT_EQ(told.vi.front(),
            "Thời hạn là 8 ngày làm việc, cộng thêm 10 ngày làm việc (Nghị định 101/2024/NĐ-CP).");
  EXPECT_EQ(told.en.front(),
            "The time limit is 8 working days, with 10 working days more (Nghị định 101/2024/NĐ-CP).");
}

TEST(AddedTime, WhatIsCountedAfterTheLimitsOwnAmountCitesTheLawThatAddsIt) {
  const auto standing =
      standing_in(civil_servants_2026(), eight_and_ten(LimitCounting::civil_code), ledger({kMonday}));
  std::int64_t by_own_law = 0;
  std::int64_t by_added_law = 0;
  for (const auto& interval : standing.derivation) {
    if (interval.counted_seconds == 0) continue;
    (interval.law == "law-2" ? by_added_law : by_own_law) += interval.counted_seconds;
  }
  EXPECT_EQ(by_own_law, 8 * kWorkingDaySeconds);
  EXPECT_EQ(by_added_law, 10 * kWorkingDaySeconds);
}

}  // namespace
}  // namespace motcua::engine
