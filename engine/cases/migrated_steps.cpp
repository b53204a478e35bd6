#include "engine/cases/migrated_steps.hpp"

#include "engine/cases/decision_parts.hpp"
#include "engine/cases/migration.hpp"
#include "engine/cases/state_timers.hpp"
#include "engine/cases/step_limits.hpp"
#include "engine/cases/step_names.hpp"
#include "engine/cases/step_standing.hpp"
#include "engine/procedure/configuration.hpp"
#include "engine/procedure/machine_walk.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace motcua::engine {
namespace {

bool has(const std::vector<StepName>& list, const StepName& name) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

std::string in_map(const StepName& step) {
  return (nlohmann::json::json_pointer("/data/map") / step.value).to_string();
}

Rejection refused(const char* obstacle, const std::string& pointer, const std::string& reason) {
  return with_obstacle(invalid_data(pointer, reason), obstacle);
}

bool completed(const Case& current, const StepName& step) {
  return std::any_of(current.completions.begin(), current.completions.end(),
                     [&](const StepCompletion& completion) { return completion.step == step; });
}

/// A map names what is there, on both sides.
Result<void> check_names(const Case& current, const MachinePair& machines, const StepMap& map) {
  for (const auto& [step, names] : map) {
    if (machines.from.find(step) == nullptr && !completed(current, step)) {
      return refused(obstacle::step_unknown, in_map(step), "is no state of the version that the case has");
    }
    for (const auto& name : names) {
      if (machines.to.find(name) == nullptr) {
        return refused(obstacle::step_unknown, in_map(step),
                       "leads to " + name.value + ", which is no state");
      }
    }
  }
  return {};
}

/// Steps that some step may not share its officer with.
std::set<StepName> separated_from(const Machine& machine) {
  std::set<StepName> steps;
  for (const auto& state : machine.states) {
    steps.insert(state.not_same_person_as.begin(), state.not_same_person_as.end());
  }
  return steps;
}

/// Separation of duties must not be lost with a name.
Result<void> check_completed(const Case& current, const MachinePair& machines, const StepMap& map) {
  const auto separated = separated_from(machines.from);
  if (separated_from(machines.to).empty()) return {};
  for (const auto& completion : current.completions) {
    const auto& step = completion.step;
    if (!separated.contains(step) || map.contains(step) || machines.to.find(step) != nullptr) continue;
    return refused(
        obstacle::completed_step_unknown, in_map(step),
        "was completed and is separated from other steps: say what it is called, or [] for nothing");
  }
  return {};
}

/// Where one active step leads.
Result<void> check_active(const StepName& step, const std::vector<StepName>& names,
                          const MachinePair& machines) {
  if (names.empty()) {
    return refused(obstacle::step_unknown, in_map(step), "is active and must lead somewhere");
  }
  const auto* before = machines.from.find(step);
  for (const auto& name : names) {
    const auto* state = machines.to.find(name);
    if (state == nullptr) {
      return refused(obstacle::step_unknown, in_map(step), "is no step of the version: say where it leads");
    }
    const bool was_final = before != nullptr && before->kind == StateKind::final;
    const bool ends = state->kind == StateKind::final && !state->parent && was_final;
    if (state->kind != StateKind::atomic && !ends) {
      return refused(obstacle::step_not_atomic, in_map(step),
                     "leads to " + name.value + ", in which nobody works");
    }
  }
  return {};
}

/// The officer who holds all of `steps`; none if they are not one officer's.
std::optional<ActorId> holder_of_all(const Case& current, const std::vector<StepName>& steps) {
  const auto* first = holder_of(current, steps.front());
  if (first == nullptr) return std::nullopt;
  for (const auto& step : steps) {
    const auto* holder = holder_of(current, step);
    if (holder == nullptr || *holder != *first) return std::nullopt;
  }
  return *first;
}

const CaseTimer* waiting(const Case& current, const std::string& kind) {
  const auto found = std::find_if(current.timers.begin(), current.timers.end(),
                                  [&](const CaseTimer& timer) { return timer.kind == kind; });
  return found == current.timers.end() ? nullptr : &*found;
}

void cancel(Outcome& outcome, const Case& current, std::string kind) {
  if (waiting(current, kind) != nullptr) outcome.timers_cancelled.push_back(std::move(kind));
}

/// The source whose time runs out first; null if none has a limit.
const StepName* first_due(const Case& current, const std::vector<StepName>& sources) {
  const StepName* first = nullptr;
  for (const auto& step : sources) {
    const auto due = current.step_due.find(step);
    if (due == current.step_due.end()) continue;
    if (first == nullptr || due->second < current.step_due.at(*first)) first = &step;
  }
  return first;
}

bool is_marked_late(const Case& current, const StepName& step) {
  const auto flag = late_step_flag(step_timer(step));
  return std::find(current.flags.begin(), current.flags.end(), *flag) != current.flags.end();
}

/// The timer of `before` goes on as that of `now`.
void carry_timer(Outcome& outcome, const Case& current, const StepName& before, const StepName& now) {
  if (const auto due = current.after_due.find(before); due != current.after_due.end()) {
    outcome.after_due[now] = due->second;
  }
  const auto kind = state_timer(before);
  if (const auto* timer = waiting(current, kind)) {
    outcome.timers_set.push_back({state_timer(now), timer->due_at});
  }
  for (const auto& task : current.tasks) {
    if (task.pointer != kind) continue;
    outcome.tasks_opened.push_back({task.kind, state_timer(now), task.lookup, task.opened_at});
  }
}

}  // namespace

bool MovedSteps::stays(const StepName& step) const {
  const auto found = sources.find(step);
  return found != sources.end() && found->second.size() == 1 && found->second.front() == step;
}

Result<MovedSteps> move_steps(const Case& current, const MachinePair& machines, const StepMap& map) {
  if (const auto names = check_names(current, machines, map); !names) return names.error();
  MovedSteps moved;
  std::vector<StepName> reached;
  for (const auto& step : current.steps) {
    const auto names = names_now(map, step);
    if (const auto active = check_active(step, names, machines); !active) return active.error();
    for (const auto& name : names) {
      auto& sources = moved.sources[name];
      if (!has(sources, step)) sources.push_back(step);
      reached.push_back(name);
    }
  }
  moved.after = names_of(machines.to, indices_of(machines.to, reached));
  std::vector<StepName> ended;
  for (const auto& region : ended_regions(machines.from, current.steps)) {
    const auto names = names_now(map, region);
    ended.insert(ended.end(), names.begin(), names.end());
  }
  if (const auto fault = fault_in_configuration(machines.to, moved.after, ended)) {
    return refused(obstacle::steps_not_together, "/data/map", fault->state.value + ' ' + fault->why);
  }
  if (const auto known = check_completed(current, machines, map); !known) return known.error();
  return moved;
}

void carry_officers(CaseMigrated& event, const Case& current, const MovedSteps& moved,
                    const MachinePair& machines, const CommandContext& context) {
  auto& outcome = event.outcome;
  Case after;
  after.competent = current.competent;
  after.completions = renamed(current.completions, event.map);
  std::map<StepName, ActorId> held;
  for (const auto& step : moved.after) {
    const auto& sources = moved.sources.at(step);
    const auto holder = holder_of_all(current, sources);
    const auto* state = machines.to.find(step);
    const auto* before = machines.from.find(sources.front());
    if (!holder || state->kind != StateKind::atomic) continue;
    const bool same_role = before != nullptr && before->role == state->role;
    const auto may_hold = [&](const ActorId& officer, const std::string& on_behalf_of) {
      return (same_role || check_officer_for(after, *state, officer, "", context)) &&
             check_same_person(after, *state, officer, on_behalf_of);
    };
    if (!may_hold(*holder, "")) continue;
    held.emplace(step, *holder);
    if (moved.stays(step)) continue;
    outcome.assigned[step] = *holder;
    const auto delegation = current.delegations.find(sources.front());
    if (delegation != current.delegations.end() && may_hold(delegation->second.to, holder->value)) {
      event.delegated[step] = delegation->second;
    }
  }
  for (const auto& [step, officer] : current.assignees) {
    if (!held.contains(step)) outcome.unassigned.push_back(step);
  }
}

void carry_step_limits(Outcome& outcome, const Case& current, const MovedSteps& moved,
                       const CommandContext& context) {
  Outcome fresh;
  for (const auto& step : moved.after) {
    const auto& sources = moved.sources.at(step);
    const auto* timed = first_due(current, sources);
    if (timed == nullptr) {
      fresh.steps_entered.push_back(step);
    } else if (!moved.stays(step)) {
      outcome.step_due[step] = current.step_due.at(*timed);
      if (const auto* timer = waiting(current, step_timer(*timed))) {
        outcome.timers_set.push_back({step_timer(step), timer->due_at});
      }
    }
    const bool is_late = std::any_of(sources.begin(), sources.end(),
                                     [&](const StepName& source) { return is_marked_late(current, source); });
    if (is_late && !moved.stays(step)) outcome.flags_added.push_back(*late_step_flag(step_timer(step)));
  }
  enter_steps(fresh, current, context, context.now);
  outcome.step_due.merge(fresh.step_due);
  outcome.timers_set.insert(outcome.timers_set.end(), fresh.timers_set.begin(), fresh.timers_set.end());
  for (const auto& step : current.steps) {
    if (moved.stays(step)) continue;
    cancel(outcome, current, step_timer(step));
    if (is_marked_late(current, step)) outcome.flags_removed.push_back(*late_step_flag(step_timer(step)));
  }
}

void carry_timers(Outcome& outcome, const Case& current, const MovedSteps& moved, const MachinePair& machines,
                  const StepMap& map, const CommandContext& context) {
  const auto before = timed_states(machines.from, current.steps);
  std::vector<StepName> begun;
  std::vector<StepName> kept;
  for (const auto& state : timed_states(machines.to, moved.after)) {
    const auto source = std::find_if(before.begin(), before.end(),
                                     [&](const StepName& name) { return has(names_now(map, name), state); });
    if (source == before.end()) {
      begun.push_back(state);
    } else if (*source == state) {
      kept.push_back(state);
    } else {
      carry_timer(outcome, current, *source, state);
    }
  }
  std::vector<StepName> ended;
  for (const auto& state : before) {
    if (!has(kept, state)) ended.push_back(state);
  }
  end_timers(outcome, current, ended);
  begin_timers(outcome, current, begun, context, context.now);
}

}  // namespace motcua::engine
