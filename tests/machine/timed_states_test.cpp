/// Timers in the step machine: which begin and end with a move, and what happens when one runs out.
#include "engine/procedure/machine.hpp"

#include <gtest/gtest.h>

namespace motcua::engine {
namespace {

using nlohmann::json;

const json kNoFacts = json::object();

std::vector<StepName> steps(const std::vector<std::string>& names) {
  std::vector<StepName> list;
  for (const auto& name : names) list.emplace_back(name);
  return list;
}

Transition way(const char* event, const char* target) {
  Transition one;
  one.event = event;
  one.target = StepName(target);
  return one;
}

MachineState state(const char* name, StateKind kind, std::optional<std::size_t> parent,
                   std::vector<Transition> transitions, std::vector<Transition> timed = {}) {
  MachineState one;
  one.name = StepName(name);
  one.kind = kind;
  one.parent = parent;
  one.transitions = std::move(transitions);
  if (!timed.empty()) one.timer = StateTimer{{}, std::move(timed)};
  return one;
}

/// start -> office(read -> write) and two regions side by side; timers on office, read, the whole of the two
/// regions, one region and its step.
Machine timed() {
  Machine machine;
  machine.states = {
      state("start", StateKind::atomic, {},
            {way("go", "office"), way("split", "both"), way("deep", "write")}),
      state("office", StateKind::compound, {}, {way("again", "office"), way("out", "over")},
            {way("after", "over")}),
      state("read", StateKind::atomic, 1, {way("next", "write"), way("repeat", "read")},
            {way("after", "write")}),
      state("write", StateKind::atomic, 1, {way("back", "read")}),
      state("both", StateKind::parallel, {}, {way("cancel", "start"), way("done", "over")},
            {way("after", "start")}),
      state("left", StateKind::compound, 4, {way("anew", "left")}, {way("after", "left_two")}),
      state("left_one", StateKind::atomic, 5, {way("on", "left_two"), way("end", "left_end")},
            {way("after", "left_end")}),
      state("left_two", StateKind::atomic, 5, {way("end", "left_end")}),
      state("left_end", StateKind::final, 5, {}),
      state("right", StateKind::compound, 4, {}),
      state("right_one", StateKind::atomic, 9, {way("finish", "right_end")}),
      state("right_end", StateKind::final, 9, {}),
      state("over", StateKind::final, {}, {}),
  };
  machine.states[1].initial = 2;
  machine.states[5].initial = 6;
  machine.states[9].initial = 10;
  return machine;
}

MachineMove moved(const std::vector<std::string>& active, const char* event) {
  const auto move = take(timed(), steps(active), event, kNoFacts);
  EXPECT_TRUE(move.has_value()) << event;
  return move.has_value() ? *move : MachineMove{};
}
MachineMove timed_out(const std::vector<std::string>& active, const char* state) {
  const auto move = take_timed(timed(), steps(active), StepName(state), kNoFacts);
  EXPECT_TRUE(move.has_value()) << state;
  return move.has_value() ? *move : MachineMove{};
}

void expect_timers(const MachineMove& move, const std::vector<std::string>& ended,
                   const std::vector<std::string>& begun) {
  EXPECT_EQ(move.timers_ended, steps(ended));
  EXPECT_EQ(move.timers_begun, steps(begun));
}

TEST(TimedState, BeginsWithItsEntryAlsoAroundTheTarget) {
  expect_timers(moved({"start"}, "go"), {}, {"office", "read"});
  expect_timers(moved({"start"}, "deep"), {}, {"office"});
  expect_timers(moved({"start"}, "split"), {}, {"both", "left", "left_one"});
  EXPECT_EQ(timed_states(timed(), steps({"left_one", "right_one"})), steps({"both", "left", "left_one"}));
  EXPECT_TRUE(timed_states(timed(), steps({"start"})).empty());
}

TEST(TimedState, EndsWhenItIsLeftAndNotBefore) {
  expect_timers(moved({"read"}, "next"), {"read"}, {});
  expect_timers(moved({"write"}, "back"), {}, {"read"});
  expect_timers(moved({"read"}, "out"), {"office", "read"}, {});
}

TEST(TimedState, BeginsAnewWhenItIsLeftAndEnteredAgain) {
  expect_timers(moved({"read"}, "repeat"), {"read"}, {"read"});
  expect_timers(moved({"write"}, "again"), {"office"}, {"office", "read"});
  expect_timers(moved({"left_two", "right_one"}, "anew"), {"left"}, {"left", "left_one"});
}

TEST(TimedState, EndsWithItsRegionAndWithTheLastOfThem) {
  expect_timers(moved({"left_one", "right_one"}, "end"), {"left", "left_one"}, {});
  expect_timers(moved({"left_two", "right_one"}, "finish"), {}, {});
  expect_timers(moved({"right_one"}, "finish"), {"both"}, {});
  expect_timers(moved({"left_two"}, "end"), {"both", "left"}, {});
  expect_timers(moved({"left_one", "right_one"}, "cancel"), {"both", "left", "left_one"}, {});
}

TEST(TimedState, RunsOutByItsOwnWayOnly) {
  EXPECT_EQ(timed_out({"read"}, "read").active, steps({"write"}));
  EXPECT_EQ(timed_out({"read"}, "office").active, steps({"over"}));
  EXPECT_EQ(timed_out({"left_one", "right_one"}, "left_one").active, steps({"right_one"}));
  EXPECT_EQ(timed_out({"left_one", "right_one"}, "both").active, steps({"start"}));
  EXPECT_EQ(timed_out({"right_one"}, "both").active, steps({"start"}));
}

TEST(TimedState, OfARegionThatGoesOnInsideIsNotLeft) {
  const auto move = timed_out({"left_one", "right_one"}, "left");
  EXPECT_EQ(move.active, steps({"left_two", "right_one"}));
  expect_timers(move, {"left_one"}, {});
}

TEST(TimedState, OffersNothingToACaller) {
  const auto machine = timed();
  EXPECT_TRUE(take(machine, steps({"read"}), "after", kNoFacts).has_error());
  for (const auto& offered : offered_events(machine, steps({"read"}), kNoFacts)) {
    EXPECT_NE(offered.transition->event, "after");
  }
}

TEST(TimedState, OfAStateThatIsNotActiveMovesNothing) {
  for (const auto* name : {"read", "start", "nobody"}) {
    const auto refused = take_timed(timed(), steps({"write"}), StepName(name), kNoFacts);
    ASSERT_TRUE(refused.has_error()) << name;
    EXPECT_EQ(refused.error().code, RejectionCode::not_allowed);
  }
}

TEST(TimedState, TakesItsFirstOpenWay) {
  auto machine = timed();
  auto& ways = machine.states[2].timer->ways;
  ways.insert(ways.begin(), way("after", "over"));
  ways.front().guard = {{"var", "data.absent"}};
  const auto open = take_timed(machine, steps({"read"}), StepName("read"), {{"data", json::object()}});
  ASSERT_TRUE(open.has_error());
  EXPECT_EQ(open.error().code, RejectionCode::guard_undecided);
  ways.front().guard = false;
  EXPECT_EQ(take_timed(machine, steps({"read"}), StepName("read"), kNoFacts)->active, steps({"write"}));
  ways.back().guard = false;
  EXPECT_EQ(take_timed(machine, steps({"read"}), StepName("read"), kNoFacts).error().code,
            RejectionCode::not_allowed);
}

}  // namespace
}  // namespace motcua::engine
