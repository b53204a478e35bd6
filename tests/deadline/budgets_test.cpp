// Whose time a case took, and whose a lateness is.
#include "engine/deadline/budgets.hpp"

#include "engine/deadline/counting.hpp"
#include "tests/deadline/standing_samples.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace motcua::engine {
namespace {

using std::chrono::seconds;

constexpr std::int64_t kHour = 3600;

LedgerEntry entry(ClockChange change, const char* at, const char* reason = "", const char* whose = "") {
  return {change, reason, local(at), whose};
}

/// Monday 08:00 to Thursday 10:00; the applicant's from Monday 10:00 to Tuesday 10:00, the tax office's from
/// Wednesday 08:00 to 11:00.
std::vector<LedgerEntry> land_case() {
  return {entry(ClockChange::start, "2026-03-02T08:00:00"),
          entry(ClockChange::pause, "2026-03-02T10:00:00", "supplement", "applicant"),
          entry(ClockChange::resume, "2026-03-03T10:00:00"),
          entry(ClockChange::pause, "2026-03-04T08:00:00", "tax_determination", "G12.15"),
          entry(ClockChange::resume, "2026-03-04T11:00:00"),
          entry(ClockChange::end, "2026-03-05T10:00:00")};
}

Instant long_after() { return local("2026-04-01T08:00:00"); }

TEST(Budgets, KeepOursTheApplicantsAndEachOtherAgencysTimeApart) {
  const auto budgets = budgets_of(land_case(), civil_servants_2026(), long_after());
  EXPECT_EQ(budgets.applicant.count, 8 * kHour);
  EXPECT_EQ(budgets.agencies, (std::map<std::string, WorkingSeconds>{{"G12.15", {3 * kHour}}}));
  // 2 h on Monday, 5 h on Tuesday, 1 h and 4 h on Wednesday, 3 h on Thursday.
  EXPECT_EQ(budgets.ours.count, 15 * kHour);
  EXPECT_EQ(budgets.not_stated.count, 0);
}

TEST(Budgets, OfARunningCaseEndWhereTheReportLooks) {
  const auto budgets = budgets_of(land_case(), civil_servants_2026(), local("2026-03-03T09:00:00"));
  EXPECT_EQ(budgets, (Budgets{{2 * kHour}, {7 * kHour}, {}, {}}));
  EXPECT_EQ(budgets_of(land_case(), civil_servants_2026(), local("2026-03-01T09:00:00")), Budgets{});
  EXPECT_EQ(budgets_of({}, civil_servants_2026(), long_after()), Budgets{});
}

TEST(Budgets, TimeInWhichAnotherAgencysAnswerIsOverdueIsThatAgencys) {
  const auto budgets = budgets_of(land_case(), civil_servants_2026(), long_after(),
                                  {{"H15.50", local("2026-03-04T10:00:00"), local("2026-03-04T15:30:00")}});
  // From 11:00: before that the clock was paused for the tax office.
  EXPECT_EQ(budgets.agencies.at("H15.50").count, 30 * 60 + 2 * kHour);
  EXPECT_EQ(budgets.agencies.at("G12.15").count, 3 * kHour);
  EXPECT_EQ(budgets.ours.count, 12 * kHour + 30 * 60);
}

TEST(Budgets, OverlapsCountOnceForWhomItWasOverdueFirst) {
  const std::vector<OverdueAnswer> overdue{{"B", local("2026-03-05T08:00:00"), local("2026-03-05T10:00:00")},
                                           {"A", local("2026-03-05T09:00:00"), local("2026-03-05T10:00:00")},
                                           {"C", local("2026-03-05T08:00:00"), local("2026-03-05T09:30:00")}};
  const auto budgets = budgets_of(land_case(), civil_servants_2026(), long_after(), overdue);
  EXPECT_EQ(budgets.agencies.at("B").count, 2 * kHour);
  EXPECT_FALSE(budgets.agencies.contains("A") || budgets.agencies.contains("C"));
}

TEST(Budgets, WhatEarlierReleasesDidNotStateIsTheApplicantsOnlyWhereTheReasonSaysSo) {
  const auto budgets = budgets_of({entry(ClockChange::start, "2026-03-02T08:00:00"),
                                   entry(ClockChange::pause, "2026-03-02T09:00:00", "supplement"),
                                   entry(ClockChange::resume, "2026-03-02T10:00:00"),
                                   entry(ClockChange::pause, "2026-03-02T10:00:00", "verification"),
                                   entry(ClockChange::resume, "2026-03-02T11:00:00")},
                                  civil_servants_2026(), local("2026-03-02T11:00:00"));
  EXPECT_EQ(budgets, (Budgets{{kHour}, {kHour}, {}, {kHour}}));
}

LatenessOfBoth lateness(const char* promised, const char* extended,
                        const std::vector<OverdueAnswer>& overdue = {},
                        const std::vector<LedgerEntry>& ledger = land_case()) {
  return lateness_of(ledger, civil_servants_2026(), {local(promised), local(extended)}, long_after(),
                     overdue);
}

TEST(Lateness, AsPromisedAndAsExtendedAreTwoAnswers) {
  const auto late = lateness("2026-03-04T17:00:00", "2026-03-05T10:00:00");
  EXPECT_EQ(late.as_promised, (Lateness{true, {}}));
  EXPECT_EQ(late.as_extended, Lateness{}) << "ended at the minute of the extension";
  EXPECT_EQ(lateness_of(land_case(), civil_servants_2026(), {}, long_after()), LatenessOfBoth{})
      << "nothing was promised";
  EXPECT_EQ(lateness_of({}, civil_servants_2026(), {local("2026-03-01T08:00:00"), {}}, long_after()),
            LatenessOfBoth{});
}

TEST(Lateness, IsAnAgencysIfTheCaseWouldNotHaveBeenLateWithoutIt) {
  // Three working hours late: 17:00 on Wednesday, ended at 10:00 on Thursday.
  const auto late_with = [](const char* until) {
    return lateness("2026-03-04T17:00:00", "2026-03-04T17:00:00",
                    {{"H15.50", local("2026-03-04T13:30:00"), local(until)}})
        .as_promised.because_of;
  };
  EXPECT_EQ(late_with("2026-03-04T16:30:00"), (std::vector<std::string>{"H15.50"}));
  EXPECT_TRUE(late_with("2026-03-04T16:29:00").empty()) << "a minute of the three hours was ours";
}

TEST(Lateness, IsOursWhereNoAgencyAloneCausedIt) {
  const auto late = lateness("2026-03-04T17:00:00", "2026-03-04T17:00:00",
                             {{"A", local("2026-03-04T13:30:00"), local("2026-03-04T15:30:00")},
                              {"B", local("2026-03-04T15:30:00"), local("2026-03-04T17:00:00")}});
  EXPECT_EQ(late.as_promised, (Lateness{true, {}}));
}

TEST(Lateness, NamesEveryAgencyThatAloneCausedIt) {
  const auto late = lateness("2026-03-05T09:30:00", "2026-03-05T10:00:00",
                             {{"B", local("2026-03-04T13:30:00"), local("2026-03-04T15:30:00")},
                              {"A", local("2026-03-04T15:30:00"), local("2026-03-04T17:00:00")}});
  EXPECT_EQ(late.as_promised.because_of, (std::vector<std::string>{"A", "B"}));
}

TEST(Lateness, IsNeverTheApplicantsNorOfACaseThatWaitsForThem) {
  auto waiting = land_case();
  waiting.resize(2);
  EXPECT_EQ(lateness("2026-03-03T08:00:00", "2026-03-03T08:00:00", {}, waiting), LatenessOfBoth{});
  waiting.push_back(entry(ClockChange::end, "2026-03-20T10:00:00"));
  EXPECT_EQ(lateness("2026-03-03T08:00:00", "2026-03-03T08:00:00", {}, waiting), LatenessOfBoth{})
      << "withdrawn while it waited";
  EXPECT_TRUE(lateness("2026-03-02T09:00:00", "2026-03-02T09:00:00", {}, waiting).as_promised.late)
      << "it was late before the wait";
}

TEST(Lateness, OfACaseThatEndedInTheNightAfterItsDateIsNoAgencysWithoutAnOverdueAnswer) {
  const std::vector<LedgerEntry> ledger{entry(ClockChange::start, "2026-03-02T08:00:00"),
                                        entry(ClockChange::end, "2026-03-04T20:00:00")};
  EXPECT_EQ(lateness("2026-03-04T17:00:00", "2026-03-04T17:00:00",
                     {{"A", local("2026-03-04T19:00:00"), local("2026-03-04T20:00:00")}}, ledger)
                .as_promised,
            (Lateness{true, {}}));
}

std::vector<OverdueAnswer> any_overdue() {
  std::vector<OverdueAnswer> overdue;
  const int size = *rc::gen::inRange(0, 5);
  for (int i = 0; i < size; ++i) {
    const auto from = *any_instant();
    const auto length = seconds{*rc::gen::resize(100, rc::gen::inRange(0, 900'000))};
    overdue.push_back({*rc::gen::element<std::string>("A", "B", "C"), from, from + length});
  }
  return overdue;
}

std::vector<LedgerEntry> any_ledger() {
  std::vector<Instant> moments{*any_instant()};
  const int more = *rc::gen::resize(100, rc::gen::inRange(0, 7));
  for (int i = 0; i < more; ++i) {
    moments.push_back(moments.back() + std::chrono::microseconds{*rc::gen::resize(
                                           100, rc::gen::inRange<std::int64_t>(0, 400'000'000'000))});
  }
  auto ledger = ledger_of(moments);
  for (auto& each : ledger) {
    if (each.change == ClockChange::pause) each.whose = *rc::gen::element<std::string>("applicant", "A", "");
  }
  return ledger;
}

std::int64_t total(const Budgets& budgets) {
  auto sum = budgets.ours.count + budgets.applicant.count + budgets.not_stated.count;
  for (const auto& [agency, time] : budgets.agencies) sum += time.count;
  return sum;
}

RC_GTEST_PROP(BudgetsProperty, AddUpToTheWorkingTimeFromTheStartToTheEnd, ()) {
  const auto calendar = *any_calendar();
  const auto ledger = any_ledger();
  const auto until = *any_instant();
  const auto budgets = budgets_of(ledger, calendar, until, any_overdue());
  RC_ASSERT(total(budgets) == working_time_between(calendar, ledger.front().at, until).count);
  RC_ASSERT(budgets.ours.count >= 0);
}

RC_GTEST_PROP(BudgetsProperty, AnOverdueAnswerTakesTimeFromOursOnly, ()) {
  const auto calendar = *any_calendar();
  const auto ledger = any_ledger();
  const auto until = *any_instant();
  const auto with = budgets_of(ledger, calendar, until, any_overdue());
  const auto without = budgets_of(ledger, calendar, until);
  RC_ASSERT(with.ours.count <= without.ours.count);
  // A part of a second may fall to either side.
  RC_ASSERT(std::abs(with.applicant.count - without.applicant.count) <= 1);
}

}  // namespace
}  // namespace motcua::engine
