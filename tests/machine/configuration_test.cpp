/// Where a case may be put: one step of the machine, or all regions of what goes on side by side.
#include "engine/procedure/configuration.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace motcua::engine {
namespace {

std::vector<StepName> steps(const std::vector<std::string>& names) { return {names.begin(), names.end()}; }

MachineState state(const char* name, StateKind kind, std::optional<std::size_t> parent = {}) {
  MachineState made;
  made.name = StepName(name);
  made.kind = kind;
  made.parent = parent;
  return made;
}

/// intake; both { paper { read, paper_over }, land { survey, measure, land_over }, note }; sign; end.
Machine office() {
  Machine machine;
  machine.states = {state("intake", StateKind::atomic),       state("both", StateKind::parallel),
                    state("paper", StateKind::compound, 1),   state("read", StateKind::atomic, 2),
                    state("paper_over", StateKind::final, 2), state("land", StateKind::compound, 1),
                    state("survey", StateKind::atomic, 5),    state("measure", StateKind::atomic, 5),
                    state("land_over", StateKind::final, 5),  state("note", StateKind::atomic, 1),
                    state("sign", StateKind::atomic),         state("end", StateKind::final)};
  return machine;
}

/// The state at which it is no configuration; empty if it is one.
std::string fault_at(const std::vector<std::string>& active, const std::vector<std::string>& ended = {}) {
  const auto fault = fault_in_configuration(office(), steps(active), steps(ended));
  return fault ? fault->state.value : "";
}

TEST(Configuration, OneStepOfTheMachineIsOne) {
  for (const auto* step : {"intake", "sign", "end"}) EXPECT_EQ(fault_at({step}), "") << step;
}

TEST(Configuration, EachRegionHasAStep) {
  EXPECT_EQ(fault_at({"read", "survey", "note"}), "");
  EXPECT_EQ(fault_at({"read", "measure", "note"}), "");
  EXPECT_EQ(fault_at({"read", "survey"}), "note");
  EXPECT_EQ(fault_at({"survey", "note"}), "paper");
}

TEST(Configuration, ARegionThatIsOverNeedsNone) {
  EXPECT_EQ(fault_at({"survey", "note"}, {"paper"}), "");
  EXPECT_EQ(fault_at({"note"}, {"paper", "land"}), "");
  EXPECT_EQ(fault_at({"read", "survey"}, {"note"}), "note") << "it has no end";
  EXPECT_EQ(fault_at({"survey", "note"}, {"both"}), "paper");
}

TEST(Configuration, WhatExcludesEachOtherIsNone) {
  EXPECT_EQ(fault_at({"intake", "sign"}), "sign");
  EXPECT_EQ(fault_at({"intake", "read", "survey", "note"}), "both");
  EXPECT_EQ(fault_at({"read", "survey", "measure", "note"}), "measure");
}

TEST(Configuration, NobodyStandsInWhatHoldsOthersOrEndsARegion) {
  for (const auto* name : {"both", "paper", "paper_over", "no_such"}) EXPECT_EQ(fault_at({name}), name);
  EXPECT_TRUE(fault_in_configuration(office(), {}, {}).has_value());
}

TEST(Configuration, TheRegionsThatAreOverAreThoseWithoutAStep) {
  EXPECT_EQ(ended_regions(office(), steps({"note"})), steps({"paper", "land"}));
  EXPECT_EQ(ended_regions(office(), steps({"read", "survey", "note"})), steps({}));
  EXPECT_EQ(ended_regions(office(), steps({"intake"})), steps({}));
}

}  // namespace
}  // namespace motcua::engine
