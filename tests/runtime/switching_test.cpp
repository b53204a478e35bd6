/// Versions that take open cases along: which one is followed on a day, which cases, and that each is told
/// once, also by a second engine.
#include "engine/runtime/switching.hpp"

#include "tests/support/harness.hpp"
#include "tests/support/scenario.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <mutex>

namespace motcua::engine {
namespace {

constexpr Instant kTuesday{kMonday8h + std::chrono::hours{24}};
const LocalDay kMonday = local_day(kMonday8h);
constexpr std::chrono::days kDay{1};

/// A further version of the office's procedure, which takes open cases along from `from` on.
Definition later(std::int64_t version, LocalDay from) {
  auto definition = *office_rules().definition;
  definition.version = version;
  definition.hash = Digest{1, static_cast<unsigned char>(version)};
  definition.effective_from = from;
  definition.published = true;
  definition.switches_open_cases = true;
  definition.effective_law = definition.law.front().id;
  return definition;
}

/// The same with another name for the step in which a case begins.
Definition renamed(std::int64_t version, LocalDay from) {
  auto definition = later(version, from);
  const StepName old("appraisal");
  for (auto& state : definition.machine.states) {
    if (state.name == old) state.name = StepName("review");
    for (auto& step : state.not_same_person_as) {
      if (step == old) step = StepName("review");
    }
  }
  return definition;
}

std::int64_t followed_on(const std::vector<Definition>& versions, LocalDay day) {
  const OfficeCatalogue catalogue(office_rules(), versions);
  const auto targets = switch_targets(catalogue, day);
  return targets.empty() ? 0 : targets.begin()->second->version;
}

TEST(SwitchTargets, TheNewestThatTakesCasesAlongAndHasTakenForceIsFollowed) {
  const std::vector<Definition> both{later(2, kMonday + kDay), later(3, kMonday + 3 * kDay)};
  EXPECT_EQ(followed_on(both, kMonday), 0);
  EXPECT_EQ(followed_on(both, kMonday + kDay), 2);
  EXPECT_EQ(followed_on(both, kMonday + 3 * kDay), 3);
  auto keeps = later(3, kMonday + 3 * kDay);
  keeps.switches_open_cases = false;
  EXPECT_EQ(followed_on({later(2, kMonday + kDay), keeps}, kMonday + 5 * kDay), 2)
      << "what was due before is still due";
  auto over = later(2, kMonday + kDay);
  over.effective_to = kMonday + 2 * kDay;
  EXPECT_EQ(followed_on({over}, kMonday + kDay), 2);
  EXPECT_EQ(followed_on({over}, kMonday + 2 * kDay), 0) << "nobody is taken to a rule that has ended";
  auto draft = later(2, kMonday);
  draft.published = false;
  EXPECT_EQ(followed_on({draft}, kMonday), 0);
}

TEST(NextSwitch, IsTheFirstMomentOfTheDayInVietnam) {
  const auto tuesday = instant_at(kMonday + kDay, std::chrono::microseconds{0});
  const OfficeCatalogue catalogue(office_rules(), {later(2, kMonday + kDay), later(3, kMonday + 3 * kDay)});
  EXPECT_EQ(next_switch(catalogue, kMonday8h), tuesday);
  EXPECT_EQ(to_rfc3339(tuesday), "2026-03-03T00:00:00+07:00");
  EXPECT_EQ(next_switch(catalogue, tuesday), tuesday + 2 * kDay);
  EXPECT_EQ(next_switch(catalogue, tuesday + 2 * kDay), std::nullopt);
}

HistoryEntry entry(std::uint64_t version, Event event) {
  HistoryEntry made;
  made.record.version = version;
  made.event = std::move(event);
  return made;
}

HistoryEntry moved_from(std::uint64_t version, std::int64_t from) {
  CaseMigrated event;
  event.from_version = from;
  return entry(version, event);
}

HistoryEntry refused_by(std::uint64_t version, std::int64_t refusing) {
  SwitchRefused event;
  event.version = refusing;
  return entry(version, event);
}

TEST(SwitchStanding, WhoWasThereBeforeOrDidNotFitStays) {
  const auto received = entry(2, CaseReceived{});
  EXPECT_EQ(switch_standing({received}, 2).seen, 2U);
  EXPECT_FALSE(switch_standing({received}, 2).stays);
  EXPECT_TRUE(switch_standing({received, moved_from(3, 2)}, 2).stays) << "taken back by a person";
  EXPECT_TRUE(switch_standing({received, moved_from(3, 5)}, 2).stays) << "taken back past it";
  EXPECT_FALSE(switch_standing({received, moved_from(3, 2)}, 3).stays) << "not from there";
  EXPECT_TRUE(switch_standing({received, refused_by(3, 2)}, 2).stays);
  EXPECT_FALSE(switch_standing({received, refused_by(3, 2)}, 3).stays) << "the next version asks anew";
}

/// An office with running cases whose procedure has a version that takes force on Tuesday.
struct Office {
  Harness harness;
  std::mutex mutex{};
  std::vector<SwitchReport> reports{};
  std::vector<CaseHandle> cases{};

  explicit Office(const Definition& version, std::size_t running = 20)
      : harness({}, office_rules(), {version}) {
    for (std::size_t i = 0; i < running; ++i) {
      auto current = harness.must(desk_officer(), harness.file(), ReceiveCase{});
      cases.push_back(harness.must(case_officer(), current, ClaimStep{}));
    }
  }
  /// A worker's whole life: what is due is done at once.
  SwitchWorker::Figures work() {
    SwitchWorker worker({harness.store(),
                         harness.keys(),
                         harness.catalogue(),
                         harness.clock(),
                         harness.sequencer(),
                         {},
                         {},
                         [this](const SwitchReport& report) {
                           const std::lock_guard lock(mutex);
                           reports.push_back(report);
                         }});
    EXPECT_TRUE(worker.settle());
    return worker.figures();
  }
  [[nodiscard]] std::size_t written(std::string_view type) const {
    const auto log = harness.log();
    return static_cast<std::size_t>(
        std::count_if(log.begin(), log.end(), [&](const Record& record) { return record.type == type; }));
  }
  CaseHandle now(std::size_t i) { return *harness.loader().load(cases[i]->state.id); }
};

TEST(SwitchWorker, MovesEveryOpenCaseOnceWhenItsDayHasCome) {
  Office office(later(2, kMonday + kDay));
  EXPECT_EQ(office.work().moved, 0U);
  EXPECT_EQ(office.written(CaseMigrated::kType), 0U);
  office.harness.clock().set(kTuesday);
  EXPECT_EQ(office.work().moved, 20U);
  EXPECT_EQ(office.work().moved, 0U);
  EXPECT_EQ(office.written(CaseMigrated::kType), 20U);
  ASSERT_EQ(office.reports.size(), 1U);
  EXPECT_EQ(office.reports[0].moved, 20U);
  const auto record = office.harness.log().back();
  EXPECT_EQ(record.cause, "switch:" + office.now(0)->state.pins.procedure.value + ":2");
  EXPECT_EQ(record.actor, ActorId("motcua"));
  EXPECT_EQ(office.now(7)->state.pins.procedure_version, 2);
}

TEST(SwitchWorker, WhatDoesNotFitIsRefusedOnceAlsoByASecondEngine) {
  Office office(renamed(2, kMonday + kDay));
  office.harness.clock().set(kTuesday);
  EXPECT_EQ(office.work().refused, 20U);
  office.harness.restart();
  EXPECT_EQ(office.work().refused, 0U);
  EXPECT_EQ(office.written(SwitchRefused::kType), 20U);
  EXPECT_EQ(office.now(0)->state.tasks.size(), 1U);
}

TEST(SwitchWorker, WhomAPersonHasTakenBackStays) {
  Office office(later(2, kMonday + kDay), 2);
  office.harness.clock().set(kTuesday);
  EXPECT_EQ(office.work().moved, 2U);
  const auto law = office_rules().definition->law.front().id;
  office.harness.must(supervisor(), office.now(0), MigrateCase{1, {}, MigratedLimit::kept, law});
  EXPECT_EQ(office.work().moved, 0U);
  EXPECT_EQ(office.now(0)->state.pins.procedure_version, 1);
  EXPECT_EQ(office.now(1)->state.pins.procedure_version, 2);
}

TEST(SwitchWorker, WhileTheClockIsInDoubtNothingIsMoved) {
  Office office(later(2, kMonday + kDay), 1);
  office.harness.clock().set(kTuesday);
  office.harness.clock().make_suspect(true);
  SwitchWorker worker({office.harness.store(),
                       office.harness.keys(),
                       office.harness.catalogue(),
                       office.harness.clock(),
                       office.harness.sequencer(),
                       {},
                       {},
                       {}});
  EXPECT_FALSE(worker.settle());
  EXPECT_EQ(office.written(CaseMigrated::kType), 0U);
  office.harness.clock().make_suspect(false);
  EXPECT_TRUE(worker.settle());
  EXPECT_EQ(office.written(CaseMigrated::kType), 1U);
}

}  // namespace
}  // namespace motcua::engine
