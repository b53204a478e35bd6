#include "engine/deadline/calendar_changes.hpp"

#include "tests/deadline/standing_samples.hpp"

#include <gtest/gtest.h>

namespace motcua::engine {
namespace {

LocalDay day(const std::string& text) { return parse_iso_day(text).value(); }

DayOverride off(const std::string& notice) {
  DayOverride entry;
  entry.kind = DayKind::off;
  entry.name = "Nghỉ lễ";
  entry.name_en = "Holiday";
  entry.notice = notice;
  return entry;
}

std::shared_ptr<const WorkingCalendar> shared(WorkingCalendar calendar) {
  return std::make_shared<const WorkingCalendar>(std::move(calendar));
}

WorkingCalendar with_day(const std::string& date, const DayOverride& entry) {
  auto calendar = civil_servants_2026();
  calendar.overrides[day(date)] = entry;
  return calendar;
}

TEST(CalendarChange, NamesTheDaysWhoseHoursDifferAndNoOthers) {
  auto newer = with_day("2026-08-18", off("TB 1"));
  newer.overrides[day("2026-08-23")] = off("TB 1");  // a Sunday: nothing to take away
  const auto change = change_between(shared(civil_servants_2026()), shared(newer));
  EXPECT_EQ(change.days, std::vector<LocalDay>{day("2026-08-18")});
  EXPECT_TRUE(change_between(change.before, change.before).days.empty());
}

TEST(CalendarChange, ADayThatHasPassedIsNamedAndATodayCounts) {
  const auto before = civil_servants_2026();
  const auto after = with_day("2026-08-18", off("TB 1"));
  EXPECT_EQ(changed_past_day(before, after, day("2026-08-17")), std::nullopt);
  EXPECT_EQ(changed_past_day(before, after, day("2026-08-18")), day("2026-08-18"));
  EXPECT_EQ(changed_past_day(after, before, day("2026-12-01")), day("2026-08-18")) << "taken back";
}

TEST(CalendarChange, AnotherWeekChangesDaysThatHavePassed) {
  auto after = civil_servants_2026();
  after.reception[6] = {{std::chrono::hours{8}, std::chrono::hours{11}}};
  EXPECT_EQ(changed_past_day(civil_servants_2026(), after, day("2026-08-18")), day("2026-08-15"));
}

TEST(CalendarChange, WordsOfAPastDayMayBeMended) {
  const auto before = with_day("2026-08-18", off("unverified"));
  const auto after = with_day("2026-08-18", off("TB 1/2026"));
  EXPECT_EQ(changed_past_day(before, after, day("2026-12-01")), std::nullopt);
}

TEST(CalendarChange, WhatNobodyHadAnnouncedMayBeAnnouncedLate) {
  auto before = civil_servants_2026();
  before.published_until = day("2026-08-17");
  EXPECT_EQ(changed_past_day(before, with_day("2026-08-18", off("TB 1")), day("2026-09-01")), std::nullopt);
}

TEST(CalendarChange, IsToldInOneSentenceInBothLanguages) {
  const auto change =
      change_between(shared(civil_servants_2026()), shared(with_day("2026-08-18", off("TB 1/2026"))));
  const auto text = sentence_of_change(change, local("2026-08-19T08:00:00"), local("2026-08-20T08:00:00"));
  EXPECT_EQ(text.vi,
            "Do lịch làm việc thay đổi (nghỉ thứ Ba 18/08/2026 “Nghỉ lễ” theo thông báo TB 1/2026), hạn giải "
            "quyết chuyển từ 08:00 thứ Tư 19/08/2026 sang 08:00 thứ Năm 20/08/2026.");
  EXPECT_EQ(
      text.en,
      "Because the working calendar changed (the day off of Tuesday 18 August 2026 “Holiday” by notice TB "
      "1/2026), the due date moves from 08:00 on Wednesday 19 August 2026 to 08:00 on Thursday 20 August "
      "2026.");
  EXPECT_NE(sentence_of_change(change, {}, {}).en.find("paused"), std::string::npos);
}

}  // namespace
}  // namespace motcua::engine
