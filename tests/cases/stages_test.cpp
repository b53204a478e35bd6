/// Every command in every stage: what the life cycle does not offer is refused, and what it offers leads
/// where it says.
#include "tests/cases/event_samples.hpp"
#include "tests/support/scenario.hpp"

#include <gtest/gtest.h>

#include <optional>

namespace motcua::engine {
namespace {

struct Command {
  Identity by{};
  CommandBody body{};
  std::optional<Trigger> trigger{};  ///< none: a command of the step machine, or one that moves no stage
};

std::vector<Command> commands() {
  return {{desk_officer(), ReceiveCase{}, Trigger::receive},
          {desk_officer(), RefuseReception{"duplicate"}, Trigger::refuse_reception},
          {case_officer(), ask_for({"mandate"}), Trigger::request_supplement},
          {desk_officer(), supply({"mandate"}), Trigger::supply},
          {case_officer(), RequestPayment{"fee"}, Trigger::request_payment},
          {desk_officer(), RecordPayment{"fee", 20'000, "BL-0001"}, Trigger::record_payment},
          {desk_officer(), WithdrawCase{}, Trigger::withdraw},
          {signatory(), StopCase{"law-1"}, Trigger::stop},
          {signatory(), resolve({"certificate"}), Trigger::resolve},
          {desk_officer(), ReturnResult{"counter", ""}, Trigger::return_result},
          {supervisor(), assign("case-2"), std::nullopt},
          {other_case_officer(), claim(), std::nullopt},
          {case_officer(), release(), std::nullopt},
          {case_officer(), take("submit"), std::nullopt},
          {case_officer(), PauseClock{"verification"}, std::nullopt},
          {case_officer(), ResumeClock{}, std::nullopt},
          {signatory(), extend(kMonday8h + std::chrono::hours{96}), std::nullopt},
          {desk_officer(), correct("/remark", "x"), std::nullopt},
          {desk_officer(), AddNote{"x"}, std::nullopt}};
}

/// What the contract says, from the life cycle's table and the list of commands without a trigger.
std::optional<Stage> lawful(const Case& current, const Command& command) {
  const auto name = name_of(command.body);
  if (command.trigger) {
    auto trigger = *command.trigger;
    if (trigger == Trigger::supply && current.clock.state == ClockState::not_started) {
      trigger = Trigger::supply_before_reception;
    }
    if (name == "resolve" && !current.steps_final) return std::nullopt;
    // A pause keeps its own reason: what waits for the applicant is asked when it has ended.
    const bool asks = name == "request_supplement" || name == "request_payment";
    if (asks && current.clock.state == ClockState::paused) return std::nullopt;
    return advance(current.stage, trigger);
  }
  if (name == "note") return current.stage;
  if (name == "correct") return is_final(current.stage) ? std::nullopt : std::optional(current.stage);
  const bool in_office = current.stage == Stage::received || current.stage == Stage::in_process;
  if (name == "pause" || name == "resume" || name == "extend") {
    const auto needed = name == "resume" ? ClockState::paused : ClockState::running;
    return in_office && current.clock.state == needed ? std::optional(current.stage) : std::nullopt;
  }
  if (current.steps_final) return std::nullopt;
  const bool held = !current.assignees.empty();
  if (current.stage == Stage::received && name != "release") return advance(current.stage, Trigger::begin);
  if (current.stage != Stage::in_process) return std::nullopt;
  const bool fits = name == "claim" ? !held : name == "release" ? held : true;
  return fits ? std::optional(current.stage) : std::nullopt;
}

TEST(EveryStage, AllowsExactlyTheCommandsOfTheLifeCycle) {
  for (const auto& situation : situations()) {
    for (const auto& command : commands()) {
      SCOPED_TRACE(situation.name + " / " + std::string(name_of(command.body)));
      auto scenario = situation.scenario;
      const auto expected = lawful(scenario.state(), command);
      scenario.when(command.by, command.body);
      ASSERT_EQ(scenario.result()->has_value(), expected.has_value());
      if (!expected) {
        EXPECT_EQ(scenario.rejection().code, RejectionCode::not_allowed);
        EXPECT_EQ(scenario.rejection().members.at("stage"), name_of(situation.scenario.state().stage));
        EXPECT_TRUE(scenario.rejection().members.at("allowed").is_array());
        continue;
      }
      scenario.did(command.by, command.body);
      EXPECT_EQ(name_of(scenario.state().stage), name_of(*expected));
    }
  }
}

TEST(EveryStage, IsReachedBySomeHistory) {
  for (std::size_t i = 0; i < kStages; ++i) {
    const auto stage = static_cast<Stage>(i);
    const auto scenario = standing_in(stage);
    EXPECT_EQ(scenario.state().stage, stage);
  }
}

TEST(EveryStage, AClosedCaseHasNoStepAssigneeOrTimer) {
  for (const auto stage :
       {Stage::not_received, Stage::withdrawn, Stage::stopped, Stage::resolved, Stage::returned}) {
    const auto state = standing_in(stage).state();
    EXPECT_TRUE(state.steps.empty()) << name_of(stage);
    EXPECT_TRUE(state.step_roles.empty()) << name_of(stage);
    EXPECT_TRUE(state.assignees.empty()) << name_of(stage);
    EXPECT_TRUE(state.timers.empty()) << name_of(stage);
  }
}

/// The samples' instants fit no calendar and no ledger: whatever counts again answers otherwise.
TEST(Evolve, CopiesTheInstantsThatEachEventStatesHoweverOdd) {
  for (auto event : sample_events()) {
    auto& stated = std::visit([](auto& alternative) -> Outcome& { return alternative.outcome; }, event);
    stated.due =
        Due{kMonday8h - std::chrono::seconds{1}, kMonday8h - std::chrono::seconds{2}, WorkingSeconds{7}};
    stated.promise = Promise{kMonday8h - std::chrono::seconds{1}, kMonday8h, "calendar", "", "notice"};
    stated.timers_set = {{"overdue", kMonday8h - std::chrono::seconds{1}}};
    const auto after =
        evolve(case_before_samples(), event, {scenario_case(), 9, kMonday8h, ActorId("x"), ""});
    EXPECT_EQ(after.due, *stated.due) << type_of(event);
    EXPECT_EQ(after.promises.back(), *stated.promise) << type_of(event);
    EXPECT_EQ(after.timers.back(), stated.timers_set.back()) << type_of(event);
    EXPECT_EQ(after.extended_to, stated.extended_to) << type_of(event);
  }
}

/// An event that states nothing about time leaves it alone.
TEST(Evolve, KeepsTheInstantsThatAnEventDoesNotState) {
  const auto before = case_before_samples();
  for (auto event : sample_events()) {
    std::visit([](auto& alternative) { alternative.outcome = Outcome{}; }, event);
    const auto after = evolve(before, event, {scenario_case(), 9, kMonday8h, ActorId("x"), ""});
    EXPECT_EQ(after.due, before.due) << type_of(event);
    EXPECT_EQ(after.clock, before.clock) << type_of(event);
    EXPECT_EQ(after.promises, before.promises) << type_of(event);
    EXPECT_EQ(after.timers, before.timers) << type_of(event);
    EXPECT_EQ(after.extended_to, before.extended_to) << type_of(event);
  }
}

TEST(Evolve, KeepsTheLastMovesOnly) {
  auto scenario = standing_in(Stage::registered);
  for (int i = 0; i < 20; ++i) scenario.did(desk_officer(), AddNote{"x"});
  ASSERT_EQ(scenario.state().moves.size(), kMovesKept);
  EXPECT_EQ(scenario.state().moves.back().version, 21U);
  EXPECT_EQ(scenario.state().moves.front().version, 21U - kMovesKept + 1);
  EXPECT_EQ(scenario.state().foreground_version, 21U);
}

}  // namespace
}  // namespace motcua::engine
