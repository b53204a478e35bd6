/// Two versions of the office's procedure, and cases that move between them.
#pragma once

#include "engine/cases/migration.hpp"
#include "tests/cases/week.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace motcua::engine {

inline std::vector<StepName> steps(const std::vector<std::string>& names) {
  return {names.begin(), names.end()};
}

inline StepMap map_of(const std::vector<std::pair<std::string, std::vector<std::string>>>& names) {
  StepMap map;
  for (const auto& [from, to] : names) map[StepName(from)] = steps(to);
  return map;
}

inline void rename(Machine& machine, const char* from, const char* to) {
  const StepName old(from);
  for (auto& state : machine.states) {
    if (state.name == old) state.name = StepName(to);
    for (auto& step : state.not_same_person_as) {
      if (step == old) step = StepName(to);
    }
    for (auto& way : state.transitions) {
      if (way.target == old) way.target = StepName(to);
    }
  }
}

/// Version 2: the appraisal is called `review`, under a law of its own.
inline Definition second() {
  auto definition = office_definition();
  definition.version = 2;
  definition.hash = Digest{1, 2};
  definition.law.push_back({"law-2", "Decree", "Article 2", ""});
  rename(definition.machine, "appraisal", "review");
  return definition;
}

inline const StepMap kForth = map_of({{"appraisal", {"review"}}});
inline const StepMap kBack = map_of({{"review", {"appraisal"}}});

inline CommandBody to_second(const StepMap& map = kForth, MigratedLimit limit = MigratedLimit::kept) {
  return MigrateCase{2, map, limit, "law-2"};
}
inline CommandBody to_first(const StepMap& map = kBack, MigratedLimit limit = MigratedLimit::kept) {
  return MigrateCase{1, map, limit, "law-1"};
}

/// In appraisal by case-1 since Monday 08:00, with a second version published.
inline Scenario running(Definition target = second()) {
  auto scenario = running_case();
  return scenario.version(std::move(target));
}

/// Case fields that a migration and its way back must give again.
inline auto standing(const Case& current) {
  return std::tuple{current.pins,        current.steps,       current.step_roles, current.steps_final,
                    current.assignees,   current.delegations, current.step_due,   current.after_due,
                    current.completions, current.due,         current.promises,   current.limit,
                    current.clock,       current.missing,     current.stage};
}
inline std::set<std::pair<std::string, Instant>> timers_of(const Case& current) {
  std::set<std::pair<std::string, Instant>> timers;
  for (const auto& timer : current.timers) {
    EXPECT_TRUE(timers.emplace(timer.kind, timer.due_at).second) << timer.kind << " twice";
  }
  return timers;
}

inline MachineState state(const char* name, StateKind kind, std::optional<std::size_t> parent,
                          const char* role = "") {
  MachineState made;
  made.name = StepName(name);
  made.kind = kind;
  made.parent = parent;
  made.role = role;
  return made;
}
inline Transition way(const char* event, const char* target) {
  Transition one;
  one.event = event;
  one.target = StepName(target);
  return one;
}

/// Version 2: papers and land are looked at side by side, then signed.
inline Definition side_by_side() {
  auto definition = second();
  Machine machine;
  machine.states = {state("together", StateKind::parallel, {}),
                    state("paper", StateKind::compound, 0),
                    state("read", StateKind::atomic, 1, "case_officer"),
                    state("paper_over", StateKind::final, 1),
                    state("land", StateKind::compound, 0),
                    state("survey", StateKind::atomic, 4, "case_officer"),
                    state("land_over", StateKind::final, 4),
                    state("signing", StateKind::atomic, {}, "signatory"),
                    state("done", StateKind::final, {})};
  machine.states[0].transitions = {way("done", "signing")};
  machine.states[1].initial = 2;
  machine.states[2].transitions = {way("read", "paper_over")};
  machine.states[4].initial = 5;
  machine.states[5].transitions = {way("surveyed", "land_over")};
  machine.states[7].transitions = {way("sign", "done")};
  definition.machine = machine;
  return definition;
}

inline std::string obstacle_of(const Scenario& scenario) {
  return scenario.rejection().members.value("obstacle", std::string());
}

inline std::vector<std::string> pointers_of(const Scenario& scenario) {
  std::vector<std::string> list;
  const auto rejection = scenario.rejection();
  for (const auto& entry : rejection.members.value("pointers", nlohmann::json::array())) {
    list.push_back(entry["pointer"]);
  }
  return list;
}

inline void expect_refused(Scenario scenario, const CommandBody& body, const char* obstacle,
                           const std::vector<std::string>& pointers = {}) {
  const auto before = scenario.state();
  scenario.when(supervisor(), body);
  ASSERT_TRUE(scenario.result()->has_error()) << obstacle;
  EXPECT_EQ(obstacle_of(scenario), obstacle);
  EXPECT_EQ(pointers_of(scenario), pointers) << obstacle;
  EXPECT_EQ(scenario.state(), before);
}

}  // namespace motcua::engine
