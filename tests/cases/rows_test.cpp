/// Rows of a case: which queue, which bucket, in which order; case codes; how a due instant came about.
#include "engine/cases/rows.hpp"

#include "engine/cases/derivation.hpp"
#include "tests/support/scenario.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <numeric>

namespace motcua::engine {
namespace {

using std::chrono::hours;

std::vector<WorklistItem> worklist(const Case& current) {
  std::vector<WorklistItem> items;
  for (const auto& row : rows(current)) {
    if (auto item = read_worklist_row(row)) items.push_back(*item);
  }
  return items;
}

std::size_t count_of(const Case& current, RowTable table) {
  const auto list = rows(current);
  return static_cast<std::size_t>(std::count_if(
      list.begin(), list.end(), [&](const Row& row) { return row.key.front() == static_cast<char>(table); }));
}

struct Place {
  std::string queue{};
  std::string bucket{};
  std::string step{};
  friend bool operator==(const Place&, const Place&) = default;
};

TEST(Rows, ACaseWaitsInTheQueueAndBucketOfItsStage) {
  const std::map<std::string, std::vector<Place>> expected{
      {"registered", {{"reception", "no_limit", ""}}},
      {"received", {{"processing", "running", "appraisal"}}},
      {"not_received", {}},
      {"in_process", {{"processing", "running", "appraisal"}}},
      {"awaiting_supplement", {{"processing", "paused", "appraisal"}}},
      {"awaiting_payment", {{"processing", "paused", "appraisal"}}},
      {"withdrawn", {}},
      {"stopped", {}},
      {"resolved", {{"return", "running", ""}}},
      {"returned", {}},
      {"awaiting_supplement before reception", {{"reception", "no_limit", ""}}},
      {"in_process, paused", {{"processing", "paused", "appraisal"}}},
      {"in_process, steps finished", {{"processing", "running", "done"}}}};
  for (const auto& situation : situations()) {
    std::vector<Place> places;
    for (const auto& item : worklist(situation.scenario.state())) {
      places.push_back({std::string(name_of(item.queue)), std::string(name_of(item.bucket)), item.step});
    }
    EXPECT_EQ(places, expected.at(situation.name)) << situation.name;
  }
}

TEST(Rows, AStepOfASignatoryWaitsForSigning) {
  auto scenario = standing_in(Stage::in_process);
  scenario.did(case_officer(), take("submit"));
  const auto items = worklist(scenario.state());
  ASSERT_EQ(items.size(), 1U);
  EXPECT_EQ(items.front().queue, Queue::signing);
}

TEST(Rows, AnItemSaysWhatAWorklistShows) {
  const auto scenario = standing_in(Stage::in_process);
  const auto item = worklist(scenario.state()).front();
  EXPECT_EQ(item.id, scenario_case());
  EXPECT_EQ(item.code, "H15.50.05-260302-0001");
  EXPECT_EQ(item.procedure.value, "9.000001");
  EXPECT_EQ(item.procedure_version, 1);
  EXPECT_EQ(item.version, 3U);
  EXPECT_EQ(item.stage, "in_process");
  EXPECT_EQ(item.assignee, "case-1");
  EXPECT_EQ(item.filed_at, kMonday8h);
  EXPECT_EQ(item.due_at, kMonday8h + hours{72});
  EXPECT_FALSE(item.remaining.has_value());
  EXPECT_EQ(worklist(standing_in(Stage::awaiting_supplement).state()).front().remaining, 16 * 3600);
}

TEST(Rows, KeysSortByDueThenFiledThenId) {
  const auto base = standing_in(Stage::in_process).state();
  const auto key = [&](int due, int filed, std::uint8_t id) {
    auto state = base;
    state.due.due_at = kMonday8h + hours{due};
    state.created_at = kMonday8h + hours{filed};
    state.id.bytes[15] = id;
    return rows(state).front().key;
  };
  const std::vector<std::string> ordered{key(1, 9, 9), key(2, 1, 9), key(2, 2, 1), key(2, 2, 2),
                                         key(300, 0, 0)};
  EXPECT_TRUE(std::is_sorted(ordered.begin(), ordered.end()));
  EXPECT_EQ(std::adjacent_find(ordered.begin(), ordered.end()), ordered.end());
}

TEST(Rows, PausedKeysSortByRemainingAndThoseWithoutALimitByFiling) {
  auto paused = standing_in(Stage::awaiting_supplement).state();
  auto more = paused;
  more.due.remaining->count += 1;
  more.created_at -= hours{1};
  EXPECT_LT(rows(paused).front().key, rows(more).front().key);

  auto waiting = standing_in(Stage::registered).state();
  auto later = waiting;
  later.created_at += hours{1};
  later.id.bytes[0] = 0;
  EXPECT_LT(rows(waiting).front().key, rows(later).front().key);
}

TEST(Rows, TheCodeRowStaysWhateverTheStageAndTimersStandWhileTheyRun) {
  for (const auto& situation : situations()) {
    EXPECT_EQ(count_of(situation.scenario.state(), RowTable::case_code), 1U) << situation.name;
    const auto& state = situation.scenario.state();
    const std::size_t timers = situation.name == "registered" ? 1 : 0;
    const std::size_t of_the_limit = state.clock.state == ClockState::running ? 3 : 0;
    EXPECT_EQ(count_of(state, RowTable::timer), timers + of_the_limit) << situation.name;
  }
  EXPECT_TRUE(rows(Case{}).empty());
}

TEST(Rows, TheDifferenceTurnsOneIntoTheOtherWithItsCounters) {
  const auto all = situations();
  for (const auto& from : all) {
    for (const auto& to : all) {
      const auto before = rows(from.scenario.state());
      const auto after = rows(to.scenario.state());
      std::map<std::string, std::string> kept;
      for (const auto& row : before) kept[row.key] = row.value;
      std::map<std::string, std::int64_t> counters;
      for (const auto& change : difference(before, after, counters)) {
        if (change.value) {
          kept[change.key] = *change.value;
        } else {
          EXPECT_EQ(kept.erase(change.key), 1U);
        }
      }
      std::map<std::string, std::string> expected;
      std::map<std::string, std::int64_t> expected_counters;
      for (const auto& row : before)
        for (const auto& counter : counters_of(row)) expected_counters[counter] -= 1;
      for (const auto& row : after) {
        expected[row.key] = row.value;
        for (const auto& counter : counters_of(row)) expected_counters[counter] += 1;
      }
      EXPECT_EQ(kept, expected) << from.name << " to " << to.name;
      std::erase_if(counters, [](const auto& counter) { return counter.second == 0; });
      std::erase_if(expected_counters, [](const auto& counter) { return counter.second == 0; });
      EXPECT_EQ(counters, expected_counters) << from.name << " to " << to.name;
    }
  }
}

TEST(Rows, WhatDidNotChangeIsNotWritten) {
  const auto same = rows(standing_in(Stage::in_process).state());
  std::map<std::string, std::int64_t> counters;
  EXPECT_TRUE(difference(same, same, counters).empty());
  for (const auto& [key, change] : counters) EXPECT_EQ(change, 0);
}

/// Rows of one table.
std::vector<Row> rows_in(const Case& current, RowTable table) {
  auto list = rows(current);
  std::erase_if(list, [&](const Row& row) { return row.key.front() != static_cast<char>(table); });
  return list;
}

TEST(Rows, AHeldStepAlsoWaitsInTheLanesOfItsOfficerAndOfTheStep) {
  const auto state = standing_in(Stage::in_process).state();
  const auto whole = rows_in(state, RowTable::worklist).front();
  const Lane queue{state.competent, Queue::processing, {}, {}, {}};
  const auto tail = whole.key.substr(lane_prefix(queue).size());
  EXPECT_TRUE(is_lane_tail(tail));
  EXPECT_EQ(due_in_tail(tail), state.due.due_at);
  const auto of_officer = rows_in(state, RowTable::officer_lane);
  ASSERT_EQ(of_officer.size(), 1U);
  EXPECT_EQ(of_officer.front().key,
            lane_prefix({state.competent, Queue::processing, ActorId("case-1"), {}, {}}) + tail);
  const auto of_step = rows_in(state, RowTable::step_lane);
  ASSERT_EQ(of_step.size(), 1U);
  EXPECT_EQ(
      of_step.front().key,
      lane_prefix({state.competent, Queue::processing, {}, state.pins.procedure, StepName("appraisal")}) +
          tail);
  EXPECT_TRUE(of_officer.front().value.empty() && of_step.front().value.empty());
}

TEST(Rows, ACaseThatNobodyHoldsIsInNoOfficersLane) {
  auto state = standing_in(Stage::in_process).state();
  state.assignees.clear();
  EXPECT_TRUE(rows_in(state, RowTable::officer_lane).empty());
}

TEST(Rows, AnOpenQuestionWaitsAtTheAgencyThatWasAskedUntilItIsAnswered) {
  auto state = standing_in(Stage::in_process).state();
  const AgencyId other("H15.50.06");
  state.consultations.push_back({3, other, kMonday8h, {}, kMonday8h + hours{24}, {}, {}, {}});
  const auto asked = [&] {
    auto items = worklist(state);
    std::erase_if(items, [](const WorklistItem& item) { return item.queue != Queue::consultation; });
    return items;
  };
  ASSERT_EQ(asked().size(), 1U);
  EXPECT_EQ(asked().front().due_at, kMonday8h + hours{24});
  const auto prefix = lane_prefix({other, Queue::consultation, {}, {}, {}});
  const auto list = rows_in(state, RowTable::worklist);
  EXPECT_EQ(
      std::count_if(list.begin(), list.end(), [&](const Row& row) { return row.key.starts_with(prefix); }),
      1);
  state.consultations.front().answered_at = kMonday8h + hours{2};
  EXPECT_TRUE(asked().empty());
  state.consultations.front().answered_at.reset();
  state.stage = Stage::resolved;
  EXPECT_TRUE(asked().empty());
}

TEST(Rows, RunningCasesAreCountedByStageAndByDayInTheQueueAndInTheStep) {
  const auto state = standing_in(Stage::in_process).state();
  const Lane queue{state.competent, Queue::processing, {}, {}, {}};
  const Lane step{state.competent, Queue::processing, {}, state.pins.procedure, StepName("appraisal")};
  std::map<std::string, std::int64_t> counters;
  static_cast<void>(difference({}, rows(state), counters));
  EXPECT_EQ(counters.size(), 4U);
  for (const auto& lane : {queue, step}) {
    EXPECT_EQ(counters[stage_counters(lane) + "in_process"], 1);
    const auto day = counters.lower_bound(day_counters(lane));
    ASSERT_TRUE(day != counters.end() && day->first.starts_with(day_counters(lane)));
    EXPECT_EQ(day_of_counter(std::string_view(day->first).substr(day_counters(lane).size())),
              local_day(*state.due.due_at));
  }
  const auto paused = standing_in(Stage::awaiting_supplement).state();
  counters.clear();
  static_cast<void>(difference({}, rows(paused), counters));
  EXPECT_EQ(counters.size(), 2U);
}

TEST(Rows, ASearchTokenLeadsToTheCaseForEachOfItsAgencies) {
  auto state = standing_in(Stage::in_process).state();
  state.search_tokens = {"00112233445566ff", "8899aabbccddeeff"};
  EXPECT_EQ(count_of(state, RowTable::search), 2U);
  const auto item = read_search_key(rows_in(state, RowTable::search).front().key);
  ASSERT_TRUE(item.has_value());
  EXPECT_EQ(item->agency, state.competent);
  EXPECT_EQ(item->id, state.id);
  state.competent = AgencyId("H15");
  EXPECT_EQ(count_of(state, RowTable::search), 4U);
}

TEST(Rows, AKeyOfAnotherTableOrACutOneIsNoWorklistItem) {
  for (const auto& row : rows(standing_in(Stage::in_process).state())) {
    if (row.key.front() != static_cast<char>(RowTable::worklist)) {
      EXPECT_FALSE(read_worklist_row(row).has_value());
      continue;
    }
    for (std::size_t size = 0; size < row.key.size(); ++size) {
      EXPECT_FALSE(read_worklist_row({row.key.substr(0, size), row.value}).has_value()) << size;
    }
    EXPECT_FALSE(read_worklist_row({row.key, "no fields"}).has_value());
  }
}

TEST(Counters, SurviveTheirEncodingAndNegativeOnesToo) {
  for (const std::int64_t count : {0L, 1L, -1L, 1L << 40})
    EXPECT_EQ(decode_counter(encode_counter(count)), count);
}

TEST(CaseCode, HasPrefixDayAndAtLeastFourDigits) {
  const auto day = local_day(kMonday8h);
  EXPECT_EQ(case_code("H15.50.05", day, 1), "H15.50.05-260302-0001");
  EXPECT_EQ(case_code("H15.50.05", day, 9999), "H15.50.05-260302-9999");
  EXPECT_EQ(case_code("H15.50.05", day, 10000), "H15.50.05-260302-10000");
  EXPECT_EQ(case_code("H-1", day, 7), "H-1-260302-0007");
}

TEST(CaseCode, KeysSortByNumberAlsoBeyondFourDigitsAndByDay) {
  const auto day = local_day(kMonday8h);
  std::vector<std::string> keys;
  for (const std::uint64_t number : {1U, 2U, 9999U, 10'000U, 123'456U}) {
    keys.push_back(*case_code_key(case_code("H15", day, number)));
    EXPECT_EQ(case_code_number(keys.back()), number);
    EXPECT_TRUE(keys.back().starts_with(case_code_prefix("H15", day)));
    EXPECT_FALSE(keys.back().starts_with(case_code_prefix("H15", day + std::chrono::days{1})));
    EXPECT_FALSE(keys.back().starts_with(case_code_prefix("H1", day)));
  }
  keys.push_back(*case_code_key(case_code("H15", day + std::chrono::days{1}, 1)));
  EXPECT_TRUE(std::is_sorted(keys.begin(), keys.end()));
}

TEST(CaseCode, AMalformedOneHasNoKey) {
  for (const auto* code :
       {"", "-", "H15", "H15-260302", "H15-260302-", "H15-260302-001", "H15-26030-0001", "H15-2603021-0001",
        "H15-26030a-0001", "H15-260302-00x1", "H15-260302-00001", "-260302-0001", "260302-0001",
        "H15_260302-0001", "H15-260302-0001 ", "H15-260302--001", "H15-260302-1234567890123456789"}) {
    EXPECT_FALSE(case_code_key(code).has_value()) << code;
  }
  EXPECT_FALSE(case_code_key(std::string(200, 'H') + "-260302-0001").has_value());
}

std::int64_t counted(const std::vector<DerivationInterval>& list) {
  return std::accumulate(
      list.begin(), list.end(), std::int64_t{0},
      [](std::int64_t sum, const DerivationInterval& one) { return sum + one.counted_seconds; });
}

std::vector<DerivationInterval> derivation_of(const Scenario& scenario) {
  return derivation_of(scenario.state(), *scenario.rules().definition, *scenario.rules().calendar);
}

void expect_gapless(const std::vector<DerivationInterval>& list, Instant from, Instant to) {
  ASSERT_FALSE(list.empty());
  EXPECT_EQ(list.front().from, from);
  for (std::size_t i = 1; i < list.size(); ++i) EXPECT_EQ(list[i].from, list[i - 1].to) << i;
  EXPECT_EQ(list.back().to, to);
}

TEST(Derivation, IsEmptyBeforeReceptionAndSumsToTheLimitAfterIt) {
  Scenario scenario;
  scenario.filed();
  EXPECT_TRUE(derivation_of(scenario).empty());
  scenario.did(desk_officer(), ReceiveCase{});
  const auto list = derivation_of(scenario);
  EXPECT_EQ(counted(list), kOfficeLimitDays * kWorkingDaySeconds);
  expect_gapless(list, kMonday8h, *scenario.state().due.due_at);
  EXPECT_TRUE(std::any_of(list.begin(), list.end(), [](const DerivationInterval& one) {
    return one.notice == "notice-1" && one.law == "law-1" && one.counted_seconds == 0;
  })) << "the day off names its notice";
}

TEST(Derivation, OverPausesInAndOutsideHoursSumsToTheLimit) {
  for (const auto asked_after : {hours{2}, hours{4}, hours{14}, hours{0}}) {
    for (const auto away : {hours{0}, hours{1}, hours{30}, hours{24 * 6}}) {
      Scenario scenario;
      scenario.filed()
          .did(desk_officer(), ReceiveCase{})
          .later(asked_after)
          .did(case_officer(), ask_for({"mandate"}));
      const auto paused = derivation_of(scenario);
      const auto used = kOfficeLimitDays * kWorkingDaySeconds - scenario.state().due.remaining->count;
      EXPECT_EQ(counted(paused), used);
      if (asked_after != hours{0}) expect_gapless(paused, kMonday8h, scenario.now());

      scenario.later(away).did(desk_officer(), supply({"mandate"}));
      const auto resumed = derivation_of(scenario);
      EXPECT_EQ(counted(resumed), kOfficeLimitDays * kWorkingDaySeconds);
      expect_gapless(resumed, kMonday8h, *scenario.state().due.due_at);
      EXPECT_TRUE(std::any_of(resumed.begin(), resumed.end(),
                              [](const DerivationInterval& one) { return one.rule == "clock_paused"; }));
    }
  }
}

TEST(Derivation, OfASpanOutsideEveryWindowEndsWhereTheClockPaused) {
  Scenario scenario;
  scenario.filed().at(kMonday8h + hours{5 * 24}).did(desk_officer(), ReceiveCase{});
  scenario.later(hours{3}).did(case_officer(), ask_for({"mandate"}));
  EXPECT_EQ(counted(derivation_of(scenario)), 0);
  expect_gapless(derivation_of(scenario), kMonday8h + hours{5 * 24}, scenario.now());

  scenario.later(hours{60}).did(desk_officer(), supply({"mandate"}));
  EXPECT_EQ(counted(derivation_of(scenario)), kOfficeLimitDays * kWorkingDaySeconds);
  expect_gapless(derivation_of(scenario), kMonday8h + hours{5 * 24}, *scenario.state().due.due_at);
}

TEST(Derivation, APauseCitesTheLawOfItsReason) {
  Scenario scenario;
  scenario.filed().did(desk_officer(), ReceiveCase{}).later(hours{1});
  scenario.did(case_officer(), ask_for({"mandate"})).later(hours{1}).did(desk_officer(), supply({"mandate"}));
  const auto list = derivation_of(scenario);
  const auto pause = std::find_if(
      list.begin(), list.end(), [](const DerivationInterval& one) { return one.rule == rule::clock_paused; });
  ASSERT_NE(pause, list.end());
  EXPECT_EQ(pause->reason, "supplement");
  EXPECT_EQ(pause->law, "law-1");
}

TEST(Derivation, APauseOnADayOffKeepsTheNoticeOfThatDay) {
  Scenario scenario;
  scenario.filed()
      .did(desk_officer(), ReceiveCase{})
      .later(hours{51})
      .did(case_officer(), ask_for({"mandate"}));
  const auto list = derivation_of(scenario);
  expect_gapless(list, kMonday8h, scenario.now());
  EXPECT_EQ(list.back().rule, "holiday");
  EXPECT_EQ(list.back().notice, "notice-1");
}

}  // namespace
}  // namespace motcua::engine
