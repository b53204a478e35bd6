#include "engine/deadline/sentences.hpp"

#include "tests/deadline/standing_samples.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace motcua::engine {
namespace {

using Lines = std::vector<std::string>;

Sentences told(const Limit& limit, const std::vector<std::string>& moments,
               const WorkingCalendar& calendar = civil_servants_2026()) {
  return sentences_of(limit, standing_in(calendar, limit, ledger(moments)));
}

TEST(Sentences, TellASpanOverTheMakeUpSaturdayAndTheSwappedMondayWhole) {
  const auto text = told(working_days(8), {"2026-08-21T15:00:00"});
  EXPECT_EQ(
      text.vi,
      (Lines{
          "Từ 15:00 đến 17:00 thứ Sáu 21/08/2026: tính 2 giờ làm việc.",
          "Từ 07:00 đến 17:00 thứ Bảy 22/08/2026, ngày làm bù cho thứ Hai 31/08/2026 theo thông báo TB "
          "9441/TB-BNV: tính 8 giờ làm việc, trừ giờ nghỉ trưa.",
          "Ngày Chủ nhật 23/08/2026: không tính, nghỉ hằng tuần.",
          "Từ 07:00 thứ Hai 24/08/2026 đến 17:00 thứ Sáu 28/08/2026: tính 40 giờ làm việc, trừ giờ nghỉ trưa "
          "và ngoài giờ làm việc.",
          "Từ thứ Bảy 29/08/2026 đến Chủ nhật 30/08/2026: không tính, nghỉ hằng tuần.",
          "Ngày thứ Hai 31/08/2026: không tính, nghỉ “nghỉ hoán đổi” theo thông báo TB 9441/TB-BNV.",
          "Từ thứ Ba 01/09/2026 đến thứ Tư 02/09/2026: không tính, nghỉ “Quốc khánh” theo thông báo TB "
          "9441/TB-BNV.",
          "Từ 07:00 thứ Năm 03/09/2026 đến 15:00 thứ Sáu 04/09/2026: tính 14 giờ làm việc, trừ giờ nghỉ trưa "
          "và ngoài giờ làm việc.",
          "Vì vậy hạn giải quyết là 15:00 thứ Sáu 04/09/2026."}));
  EXPECT_EQ(
      text.en,
      (Lines{
          "From 15:00 to 17:00 on Friday 21 August 2026: 2 hours of working time.",
          "From 07:00 to 17:00 on Saturday 22 August 2026, worked in exchange for Monday 31 August 2026 by "
          "notice TB 9441/TB-BNV: 8 hours of working time, without the lunch break.",
          "Sunday 23 August 2026: not counted, weekly rest.",
          "From 07:00 on Monday 24 August 2026 to 17:00 on Friday 28 August 2026: 40 hours of working time, "
          "without lunch breaks and the time outside office hours.",
          "From Saturday 29 August 2026 to Sunday 30 August 2026: not counted, weekly rest.",
          "Monday 31 August 2026: not counted, day off “day in exchange” by notice TB 9441/TB-BNV.",
          "From Tuesday 1 September 2026 to Wednesday 2 September 2026: not counted, day off “National Day” "
          "by "
          "notice TB 9441/TB-BNV.",
          "From 07:00 on Thursday 3 September 2026 to 15:00 on Friday 4 September 2026: 14 hours of working "
          "time, without lunch breaks and the time outside office hours.",
          "The time limit therefore ends at 15:00 on Friday 4 September 2026."}));
}

TEST(Sentences, SayTheCutOffWithItsReason) {
  const auto text = told(before_15h(same_day()), {"2026-03-02T15:01:00"});
  EXPECT_EQ(text.vi,
            (Lines{"Nhận lúc 15:01 thứ Hai 02/03/2026, sau 15:00, nên tính như nhận vào ngày làm việc "
                   "tiếp theo.",
                   "Từ 07:00 đến 17:00 thứ Ba 03/03/2026: giải quyết trong ngày, đến hết giờ làm việc.",
                   "Vì vậy hạn giải quyết là 17:00 thứ Ba 03/03/2026."}));
  EXPECT_EQ(text.en[0],
            "Received at 15:01 on Monday 2 March 2026, after 15:00, so it counts as received on the next "
            "working day.");
  EXPECT_EQ(text.en[1],
            "From 07:00 to 17:00 on Tuesday 3 March 2026: to be settled within the day, by the close "
            "of business.");
}

TEST(Sentences, SayAPauseWithItsReasonAndAnUnverifiedNotice) {
  const auto text =
      told(working_days(1), {"2025-12-31T16:00:00", "2025-12-31T16:30:00", "2026-01-01T10:00:00"});
  EXPECT_EQ(text.vi[1],
            "Từ 16:30 thứ Tư 31/12/2025 đến 10:00 thứ Năm 01/01/2026: không tính, tạm dừng vì chờ "
            "bổ sung hồ sơ.");
  EXPECT_EQ(text.vi[3],
            "Ngày thứ Sáu 02/01/2026: không tính, nghỉ “nghỉ hoán đổi” (thông báo chưa kiểm chứng).");
  EXPECT_EQ(text.en[3], "Friday 2 January 2026: not counted, day off “day in exchange” (notice unverified).");
  EXPECT_EQ(text.en[1],
            "From 16:30 on Wednesday 31 December 2025 to 10:00 on Thursday 1 January 2026: not "
            "counted, paused for the reason: waiting for the applicant's supplement.");
}

TEST(Sentences, WhilePausedSayWhatIsLeft) {
  EXPECT_EQ(told(working_days(2), {"2026-03-02T08:00:00", "2026-03-02T09:30:00"}).vi,
            (Lines{"Từ 08:00 đến 09:30 thứ Hai 02/03/2026: tính 1 giờ 30 phút làm việc.",
                   "Thời hạn đang tạm dừng, còn lại 14 giờ 30 phút làm việc."}));
  EXPECT_EQ(
      told(whole_days(2), {"2026-03-02T08:00:00", "2026-03-04T09:30:00"}).en,
      (Lines{"Monday 2 March 2026: not counted, the day of receipt.", "Tuesday 3 March 2026: 1 working day.",
             "Wednesday 4 March 2026: not counted, paused for a part of the day.",
             "The time limit is paused with 1 working day left."}));
  EXPECT_EQ(told(working_days(1), {"2026-03-02T08:00:00", "2026-03-04T09:30:00"}).vi.back(),
            "Thời hạn đã hết từ 08:00 thứ Ba 03/03/2026, trước khi tạm dừng.");
}

TEST(Sentences, TellWholeDaysAsRunsOfDays) {
  EXPECT_EQ(
      told(whole_days(6), {"2026-08-20T08:00:00"}).vi,
      (Lines{"Ngày thứ Năm 20/08/2026: không tính, là ngày tiếp nhận.",
             "Ngày thứ Sáu 21/08/2026: tính 1 ngày làm việc.",
             "Ngày thứ Bảy 22/08/2026, ngày làm bù cho thứ Hai 31/08/2026 theo thông báo TB 9441/TB-BNV: "
             "tính 1 ngày làm việc.",
             "Ngày Chủ nhật 23/08/2026: không tính, nghỉ hằng tuần.",
             "Từ thứ Hai 24/08/2026 đến thứ Năm 27/08/2026: tính 4 ngày làm việc.",
             "Vì vậy hạn giải quyết là 17:00 thứ Năm 27/08/2026."}));
}

TEST(Sentences, SayThatADueInstantIsProvisional) {
  auto calendar = civil_servants_2026();
  calendar.yearly[std::chrono::January / 1] = {.name = "Tết Dương lịch", .name_en = "New Year"};
  const auto text = told(working_days(1), {"2026-12-31T16:00:00"}, calendar);
  EXPECT_EQ(text.vi[1],
            "Ngày thứ Sáu 01/01/2027: không tính, nghỉ “Tết Dương lịch” (ngày cố định, chưa có thông "
            "báo của năm).");
  EXPECT_EQ(text.vi.back(),
            "Vì vậy hạn giải quyết là 16:00 thứ Hai 04/01/2027, tạm tính vì lịch nghỉ sau ngày "
            "thứ Năm 31/12/2026 chưa được công bố.");
  EXPECT_EQ(text.en.back(),
            "The time limit therefore ends at 16:00 on Monday 4 January 2027, provisional because "
            "the days off after Thursday 31 December 2026 are not announced yet.");
}

TEST(Sentences, SayThatReceptionWasOutOfHours) {
  EXPECT_EQ(told(working_days(1), {"2026-03-02T18:00:00"}).vi,
            (Lines{"Từ 18:00 thứ Hai 02/03/2026 đến 07:00 thứ Ba 03/03/2026: không tính, ngoài giờ làm việc.",
                   "Từ 07:00 đến 17:00 thứ Ba 03/03/2026: tính 8 giờ làm việc, trừ giờ nghỉ trưa.",
                   "Vì vậy hạn giải quyết là 17:00 thứ Ba 03/03/2026."}));
}

TEST(Sentences, OfATwoWeekLimitAreSix) {
  EXPECT_EQ(told(working_days(10), {"2026-03-02T08:00:00"}).vi.size(), 6U)
      << "three runs of days, two weekends, the closing sentence";
}

TEST(Sentences, AreNoneBeforeTheClockStartsAndAsManyInBothLanguages) {
  EXPECT_TRUE(told(working_days(1), {}).vi.empty());
  const auto text =
      told(whole_days(20), {"2026-08-20T08:00:00", "2026-08-25T09:00:00", "2026-08-28T15:30:00"});
  EXPECT_EQ(text.vi.size(), text.en.size());
}

TEST(Sentences, NameAReasonThatHasNoNameByItsCode) {
  const Limit limit = working_days(1);
  const auto standing = standing_in(civil_servants_2026(), limit,
                                    {{ClockChange::start, "", local("2026-03-02T08:00:00")},
                                     {ClockChange::pause, "tax", local("2026-03-02T09:00:00")},
                                     {ClockChange::resume, "", local("2026-03-02T10:00:00")}});
  EXPECT_EQ(sentences_of(limit, standing).vi[1],
            "Từ 09:00 đến 10:00 thứ Hai 02/03/2026: không tính, tạm dừng vì tax.");
  EXPECT_EQ(sentences_of(limit, standing, {{"tax", {"xác định thuế", "tax"}}}).vi[1],
            "Từ 09:00 đến 10:00 thứ Hai 02/03/2026: không tính, tạm dừng vì xác định thuế.");
}

}  // namespace
}  // namespace motcua::engine
