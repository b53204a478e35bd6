// The shipped national calendar beside what two libraries and the lunar calendar say about 2022 to 2026.
#include "tests/calendars/support.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>

namespace motcua::workflows {
namespace {

using engine::LocalDay;
using std::chrono::days;
using Reasons = std::map<std::string, std::string>;

/// Column `column` of every line but the heading.
std::set<std::string> column_of(const std::string& file, int column) {
  std::set<std::string> values;
  std::istringstream lines(source_file("tests/calendars/data/" + file));
  std::string line;
  std::getline(lines, line);
  while (std::getline(lines, line)) {
    std::istringstream cells(line);
    std::string cell;
    for (int i = 0; i <= column; ++i) {
      std::getline(cells, cell, ',');
    }
    values.insert(cell);
  }
  return values;
}

bool works(LocalDay date) { return !shipped().calendar("vn")->windows_on(date).empty(); }

bool is_weekend(LocalDay date) {
  const std::chrono::weekday weekday{date};
  return weekday == std::chrono::Saturday || weekday == std::chrono::Sunday;
}

/// Days on which the calendar and the library disagree, that have no reason in `reasons`; and reasons for
/// days on which they agree.
std::set<std::string> unexplained(const std::set<std::string>& off, const std::set<std::string>& worked,
                                  const Reasons& reasons) {
  std::set<std::string> days_left;
  for (LocalDay date = day("2022-01-01"); date <= day("2026-12-31"); date += days{1}) {
    const auto iso = engine::to_iso(date);
    const bool library_works = worked.contains(iso) || (!is_weekend(date) && !off.contains(iso));
    if ((works(date) != library_works) != reasons.contains(iso)) {
      days_left.insert(iso);
    }
  }
  return days_left;
}

const Reasons kSwaps{
    {"2025-05-02", "day in exchange, announced after the library's data"},
    {"2025-04-26", "worked for 2/5/2025"},
    {"2026-01-02", "day in exchange, announced after the library's data"},
    {"2026-01-10", "worked for 2/1/2026"},
    {"2026-08-31", "day in exchange, announced after the library's data"},
    {"2026-08-22", "worked for 31/8/2026"},
    {"2026-11-24", "Vietnam Culture Day, a holiday since 1/7/2026"},
};

TEST(NationalCalendar, DiffersFromPythonHolidaysOnSevenDaysEachForAReason) {
  const auto off = column_of("python-holidays-vn-2015-2026.csv", 0);
  const auto worked = column_of("python-holidays-vn-worked-saturdays.csv", 0);
  ASSERT_GT(off.size(), 160U);
  ASSERT_EQ(worked.size(), 11U);
  EXPECT_EQ(unexplained(off, worked, kSwaps), std::set<std::string>{});
}

TEST(NationalCalendar, DiffersFromDateHolidaysOnlyWhereThatHasNoSwapsDaysInLieuOrYearlyChoices) {
  Reasons reasons = kSwaps;
  reasons.insert({
      {"2022-01-03", "in lieu of Saturday 1/1"},
      {"2022-04-11", "in lieu of Sunday 10/4"},
      {"2022-05-02", "in lieu of Saturday 30/4"},
      {"2022-05-03", "in lieu of Sunday 1/5"},
      {"2022-09-01", "neighbour of 2/9 chosen that year"},
      {"2023-01-02", "in lieu of Sunday 1/1"},
      {"2023-01-20", "first of the five days of Tết chosen that year"},
      {"2023-01-26", "in lieu of a day of Tết on the weekend"},
      {"2023-05-02", "in lieu of Saturday 29/4"},
      {"2023-05-03", "in lieu of Sunday 30/4"},
      {"2023-09-01", "neighbour of 2/9 chosen that year"},
      {"2023-09-04", "in lieu of Saturday 2/9"},
      {"2024-02-08", "first of the days of Tết chosen that year"},
      {"2024-02-14", "in lieu of a day of Tết on the weekend"},
      {"2024-04-29", "day in exchange"},
      {"2024-05-04", "worked for 29/4/2024"},
      {"2024-09-03", "neighbour of 2/9 chosen that year"},
      {"2025-01-27", "first of the days of Tết chosen that year"},
      {"2025-09-01", "neighbour of 2/9 chosen that year"},
      {"2026-04-27", "in lieu of Sunday 26/4"},
      {"2026-09-01", "neighbour of 2/9 chosen that year"},
  });
  const auto off = column_of("date-holidays-3.37-vn-public-2015-2026.csv", 0);
  ASSERT_GT(off.size(), 110U);
  EXPECT_EQ(unexplained(off, {}, reasons), std::set<std::string>{});
}

TEST(NationalCalendar, NobodyWorksOnMungMotTetNorOnTheDayOfTheHungKings) {
  int years = 0;
  for (const int column : {1, 3}) {
    for (const auto& iso : column_of("tet-and-hung-kings-1975-2026.csv", column)) {
      if (iso >= "2022") {
        EXPECT_FALSE(works(day(iso))) << iso;
        ++years;
      }
    }
  }
  EXPECT_EQ(years, 10);
}

TEST(NationalCalendar, BeyondItsLastYearTheFiveFixedHolidaysAreOff) {
  const auto calendar = shipped().calendar("vn");
  ASSERT_EQ(calendar->yearly.size(), 5U);
  for (const auto* iso : {"2027-01-01", "2027-04-30", "2029-05-01", "2027-09-02", "2027-11-24"}) {
    EXPECT_FALSE(works(day(iso))) << iso;
    EXPECT_TRUE(calendar->is_provisional(day(iso)));
  }
  EXPECT_TRUE(works(day("2027-02-05"))) << "the eve of Tết is not known before its notice";
  EXPECT_TRUE(works(day("2022-11-24"))) << "no holiday then";
}

TEST(NationalCalendar, NamesANoticeOnlyForTheDaysWhoseNoticeWasSeen) {
  std::set<std::string> sourced;
  for (const auto& [date, entry] : shipped().calendar("vn")->overrides) {
    EXPECT_FALSE(entry.notice.empty()) << engine::to_iso(date);
    EXPECT_FALSE(entry.law.empty()) << engine::to_iso(date);
    EXPECT_FALSE(entry.name_en.empty()) << engine::to_iso(date);
    if (entry.notice != "unverified") {
      EXPECT_EQ(entry.notice, "CV 9859/VPCP-KGVX, TB 9441/TB-BNV");
      sourced.insert(engine::to_iso(date));
    }
  }
  EXPECT_EQ(sourced, (std::set<std::string>{"2026-02-16", "2026-02-17", "2026-02-18", "2026-02-19",
                                            "2026-02-20", "2026-08-22", "2026-08-31"}));
}

}  // namespace
}  // namespace motcua::workflows
