/// A newer calendar proposes and a supervisor decides: only what is touched is moved, in the direction of the
/// change, and what was promised stays on record.
#include "engine/cases/recalculation.hpp"

#include "engine/cases/derivation.hpp"
#include "tests/cases/week.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace motcua::engine {
namespace {

using std::chrono::days;
using std::chrono::hours;

const LocalDay kTuesday = local_day(kTuesday8h);
const LocalDay kThursday = local_day(kThursday8h);
const LocalDay kSaturday = local_day(kThursday8h) + days{2};

DayOverride off() {
  DayOverride day;
  day.kind = DayKind::off;
  day.name = "Nghỉ";
  day.notice = "unverified";
  return day;
}

DayOverride worked_for(LocalDay replaced) {
  auto day = off();
  day.kind = DayKind::work;
  day.replaces = replaced;
  return day;
}

using Days = std::vector<std::pair<LocalDay, DayOverride>>;

std::shared_ptr<const WorkingCalendar> newer_with(const Days& changes) {
  auto calendar = office_calendar();
  calendar.version += 1;
  calendar.hash[0] = static_cast<std::uint8_t>(calendar.hash[0] + 1);
  for (const auto& [day, entry] : changes) calendar.overrides[day] = entry;
  return std::make_shared<const WorkingCalendar>(std::move(calendar));
}

std::optional<Recalculation> recalculated(const Scenario& scenario, const Days& changes) {
  return recalculate(scenario.state(), *scenario.rules().definition,
                     change_between(scenario.rules().calendar, newer_with(changes)));
}

Result<Decision> decided(const Scenario& scenario, const DecideRecalculation& command) {
  return decide(scenario.view(), command, {scenario.rules(), supervisor(), scenario.now()});
}

DecideRecalculation accepting(const Days& changes, const Recalculation& proposed) {
  return {newer_with(changes), proposed, true, "theo thông báo"};
}

TEST(Recalculation, ADayOffInTheTimeCountedProposesALaterDate) {
  EXPECT_EQ(recalculated(running_case(), {{kTuesday, off()}}),
            (Recalculation{DueMove::later, kThursday8h, kFriday8h}));
}

TEST(Recalculation, AWorkedWednesdayProposesAnEarlierDate) {
  const auto wednesday = kTuesday + days{1};
  EXPECT_EQ(recalculated(running_case(), {{wednesday, worked_for(wednesday)}}),
            (Recalculation{DueMove::earlier, kThursday8h, kThursday8h - hours{24}}));
}

TEST(Recalculation, ADayThatIsNotCountedProposesNothing) {
  for (const auto day : {kThursday + days{1}, kSaturday, kTuesday + days{1}}) {
    EXPECT_EQ(recalculated(running_case(), {{day, off()}}), std::nullopt) << to_iso(day);
  }
  EXPECT_EQ(recalculated(running_case(), {}), std::nullopt);
}

TEST(Recalculation, OnlyACaseWithAClockIsMoved) {
  for (const auto& [name, scenario] : situations()) {
    const auto state = scenario.state().clock.state;
    const bool has_clock = state == ClockState::running || state == ClockState::paused;
    EXPECT_EQ(recalculated(scenario, {{kTuesday, off()}}).has_value(), has_clock) << name;
  }
}

TEST(Recalculation, APausedCaseIsMovedByDaysAfterItsPause) {
  auto paused = running_case();
  paused.at(kTuesday10h).did(case_officer(), PauseClock{"verification"});
  EXPECT_EQ(recalculated(paused, {{kThursday, off()}}), (Recalculation{DueMove::paused, {}, {}}));
  EXPECT_EQ(recalculated(paused, {{local_day(kMonday8h), off()}}), std::nullopt);
}

TEST(Recalculation, TheDateOfAnExtensionMovesOnlyOffADayOff) {
  auto extended = running_case();
  extended.did(signatory(), extend(kFriday10h));
  EXPECT_EQ(recalculated(extended, {{kTuesday, off()}}), std::nullopt);
  const auto close = kNextMonday8h + hours{9} + std::chrono::minutes{30};
  EXPECT_EQ(recalculated(extended, {{local_day(kFriday10h), off()}}),
            (Recalculation{DueMove::moved_into_window, kFriday10h, close}));
}

TEST(Recalculation, AnAcceptedDateIsPromisedBesideTheOldOneAndItsTimersMove) {
  auto scenario = running_case();
  const Days changes{{kTuesday, off()}};
  const auto decision = decided(scenario, accepting(changes, *recalculated(scenario, changes)));
  ASSERT_TRUE(decision.has_value());
  const auto& event = std::get<DeadlineRecalculated>(decision->event);
  EXPECT_EQ(event.calendar, newer_with(changes)->hash);
  EXPECT_EQ(event.outcome.due, (Due{kFriday8h, kFriday8h, std::nullopt}));
  EXPECT_EQ(event.outcome.promise, (Promise{kFriday8h, kMonday8h, "calendar", "", "notice"}));
  EXPECT_EQ(event.outcome.timers_cancelled, all_of_the_limit());
  EXPECT_EQ(event.outcome.timers_set.back(), (CaseTimer{"overdue", kFriday8h + kSecond}));
  ASSERT_EQ(decision->personal.size(), 1U);
  EXPECT_EQ(decision->personal[0].subject, SubjectName("free-text"));
  scenario.given(decision->event, supervisor());
  EXPECT_EQ(scenario.state().promises.size(), 2U);
  EXPECT_EQ(scenario.state().promises.front().due_at, kThursday8h);
  EXPECT_EQ(scenario.state().pins.calendar_hash, newer_with(changes)->hash);
}

TEST(Recalculation, ADeclinedOneIsRememberedAndChangesNoDate) {
  auto scenario = running_case();
  const Days changes{{kTuesday, off()}};
  auto command = accepting(changes, *recalculated(scenario, changes));
  command.accept = false;
  const auto decision = decided(scenario, command);
  ASSERT_TRUE(decision.has_value());
  EXPECT_EQ(std::get<RecalculationDeclined>(decision->event).outcome, Outcome{});
  scenario.given(decision->event, supervisor());
  EXPECT_EQ(scenario.state().due.due_at, kThursday8h);
  command.accept = true;
  const auto again = decided(scenario, command);
  ASSERT_TRUE(again.has_error());
  EXPECT_EQ(again.error().members["stale"], true);
}

TEST(Recalculation, WhatIsNoLongerWhatWasProposedIsRefused) {
  auto scenario = running_case();
  const Days changes{{kTuesday, off()}};
  const auto command = accepting(changes, *recalculated(scenario, changes));
  scenario.at(kMonday10h).did(case_officer(), PauseClock{"verification"});
  const auto refused = decided(scenario, command);
  ASSERT_TRUE(refused.has_error());
  EXPECT_EQ(refused.error().code, RejectionCode::not_allowed);
  EXPECT_EQ(refused.error().members["stale"], true);
}

TEST(Recalculation, APausedCaseThatFollowsIsCountedByTheNewerCalendarWhenItGoesOn) {
  auto scenario = running_case();
  scenario.at(kMonday10h).did(case_officer(), PauseClock{"verification"});
  const Days changes{{kTuesday, off()}};
  const auto decision = decided(scenario, accepting(changes, {DueMove::paused, {}, {}}));
  ASSERT_TRUE(decision.has_value());
  const auto& outcome = std::get<DeadlineRecalculated>(decision->event).outcome;
  EXPECT_EQ(outcome.due, (Due{std::nullopt, std::nullopt, WorkingSeconds{14 * 3600}}));
  EXPECT_EQ(outcome.promise, std::nullopt);
  EXPECT_TRUE(outcome.timers_set.empty());
}

TEST(Recalculation, APromiseThatWasBrokenIsNotMended) {
  auto scenario = running_case();
  const Days changes{{kThursday, off()}};
  const auto proposed = *recalculated(scenario, changes);
  EXPECT_EQ(proposed.due_after, kFriday8h);
  scenario.at(kThursday10h).timers_fired();
  const auto decision = decided(scenario, accepting(changes, proposed));
  ASSERT_TRUE(decision.has_value());
  EXPECT_EQ(std::get<DeadlineRecalculated>(decision->event).outcome.promise->basis, "extension");
}

TEST(Recalculation, ADateThatHasPassedIsNotTaken) {
  auto scenario = running_case();
  const auto wednesday = kTuesday + days{1};
  const Days changes{{wednesday, worked_for(wednesday)}};
  const auto proposed = *recalculated(scenario, changes);
  scenario.at(kThursday8h - hours{23});
  const auto refused = decided(scenario, accepting(changes, proposed));
  ASSERT_TRUE(refused.has_error());
  EXPECT_FALSE(refused.error().members.contains("stale"));
}

/// A case received at some moment, with as many working days as drawn, on the office's calendar.
Case any_running(const Definition& definition, const WorkingCalendar& calendar) {
  Case current;
  current.clock.state = ClockState::running;
  const auto start =
      kMonday8h + std::chrono::minutes{*rc::gen::resize(100, rc::gen::inRange(0, 20 * 24 * 60))};
  current.clock.ledger = {{ClockChange::start, "", start, ""}};
  current.due.legal_due =
      standing_after(current, current.clock.ledger, definition, calendar, Detail::instants).legal_due;
  current.due.due_at = current.due.legal_due;
  return current;
}

Definition any_limit() {
  auto definition = office_definition();
  auto& limit = definition.time_limits.front().limit;
  limit.unit = LimitUnit::working_day;
  limit.amount = *rc::gen::resize(100, rc::gen::inRange<std::int64_t>(1, 15));
  limit.counting = *rc::gen::element(LimitCounting::working_time, LimitCounting::civil_code);
  return definition;
}

RC_GTEST_PROP(RecalculationProperty, ADayOffMoreNeverProposesAnEarlierDate, ()) {
  const auto definition = any_limit();
  const auto calendar = std::make_shared<const WorkingCalendar>(office_calendar());
  const auto current = any_running(definition, *calendar);
  const auto day = local_day(kMonday8h) + days{*rc::gen::resize(100, rc::gen::inRange(0, 60))};
  const auto moved = recalculate(current, definition, change_between(calendar, newer_with({{day, off()}})));
  if (!moved) return;
  RC_ASSERT(moved->move == DueMove::later);
  RC_ASSERT(*moved->due_after > *moved->due_before);
}

RC_GTEST_PROP(RecalculationProperty, ADayOutsideWhatIsCountedProposesNothing, ()) {
  const auto definition = any_limit();
  const auto calendar = std::make_shared<const WorkingCalendar>(office_calendar());
  const auto current = any_running(definition, *calendar);
  const auto from = local_day(current.clock.ledger.front().at);
  const auto due = local_day(*current.due.due_at);
  const auto day = local_day(kMonday8h) + days{*rc::gen::resize(100, rc::gen::inRange(0, 90))};
  RC_PRE(day < from || day > due);
  RC_ASSERT(!recalculate(current, definition, change_between(calendar, newer_with({{day, off()}}))));
}

RC_GTEST_PROP(RecalculationProperty, TheProposedDateIsWhatTheNewerCalendarCounts, ()) {
  const auto definition = any_limit();
  const auto calendar = std::make_shared<const WorkingCalendar>(office_calendar());
  const auto current = any_running(definition, *calendar);
  const auto first = local_day(kMonday8h) + days{*rc::gen::resize(100, rc::gen::inRange(0, 40))};
  const auto second = local_day(kMonday8h) + days{*rc::gen::resize(100, rc::gen::inRange(0, 40))};
  const auto newer = newer_with({{first, off()}, {second, worked_for(local_day(kMonday8h))}});
  const auto counted =
      standing_after(current, current.clock.ledger, definition, *newer, Detail::instants).legal_due;
  const auto moved = recalculate(current, definition, change_between(calendar, newer));
  RC_ASSERT(moved.has_value() == (counted != current.due.due_at));
  if (moved) RC_ASSERT(moved->due_after == counted);
}

}  // namespace
}  // namespace motcua::engine
