#include "engine/procedure/machine.hpp"

#include "engine/procedure/guard.hpp"

#include <algorithm>
#include <string_view>
#include <utility>
#include <variant>

namespace motcua::engine {
namespace {

constexpr std::string_view kDone = "done";

/// What the conditions read.
struct Facts {
  const nlohmann::json& values;
  const std::vector<std::string>& provisional;
};

/// The transition that an event takes, or the first one that stands in its way.
struct Choice {
  const Transition* transition = nullptr;  ///< null: nobody offers the event, or every guard is false
  nlohmann::json blocked_by = nullptr;     ///< null, or why `transition` cannot be taken
};

/// An outcome being built: indices into the machine's states.
struct Walk {
  std::vector<std::size_t> left{};
  std::vector<std::size_t> entered{};
  std::vector<std::size_t> active{};
};

std::optional<std::size_t> index_of(const Machine& machine, const StepName& name) {
  const auto found = std::find_if(machine.states.begin(), machine.states.end(),
                                  [&](const MachineState& state) { return state.name == name; });
  if (found == machine.states.end()) return std::nullopt;
  return static_cast<std::size_t>(found - machine.states.begin());
}

/// Indices of `names` in document order; names that the machine does not know are left out.
std::vector<std::size_t> indices_of(const Machine& machine, const std::vector<StepName>& names) {
  std::vector<std::size_t> indices;
  for (const StepName& name : names) {
    if (const auto index = index_of(machine, name)) indices.push_back(*index);
  }
  std::sort(indices.begin(), indices.end());
  return indices;
}

std::vector<StepName> names_of(const Machine& machine, std::vector<std::size_t> indices) {
  std::sort(indices.begin(), indices.end());
  std::vector<StepName> names;
  names.reserve(indices.size());
  for (const std::size_t index : indices) names.push_back(machine.states[index].name);
  return names;
}

/// Null if the guard is true, false if it is false; else why it is open.
nlohmann::json guard_verdict(const Transition& transition, const Facts& facts) {
  if (transition.guard.is_null()) return nullptr;
  const GuardAnswer answer = evaluate(transition.guard, facts.values, facts.provisional);
  if (const auto* decided = std::get_if<Decided>(&answer)) {
    return truthy(decided->value) ? nlohmann::json(nullptr) : nlohmann::json(false);
  }
  if (const auto* undecided = std::get_if<Undecided>(&answer)) return undecided->pointers;
  return std::get<GuardError>(answer).reason;
}

/// Looks among the transitions of one state. nullopt if the search goes on in the parent.
std::optional<Choice> choose_in(const MachineState& state, std::string_view event, const Facts& facts) {
  for (const Transition& transition : state.transitions) {
    if (transition.event != event) continue;
    auto verdict = guard_verdict(transition, facts);
    if (verdict.is_boolean()) continue;
    return Choice{&transition, std::move(verdict)};
  }
  return std::nullopt;
}

/// `done` of a compound state is `on_done`: the machine fires it, no caller may.
bool callers_may_fire(const MachineState& state, std::string_view event) {
  return state.kind != StateKind::compound || event != kDone;
}

/// Innermost first: the leaf, then its ancestors.
Choice choose(const Machine& machine, std::size_t leaf, std::string_view event, const Facts& facts) {
  for (std::optional<std::size_t> at = leaf; at; at = machine.states[*at].parent) {
    const MachineState& state = machine.states[*at];
    if (!callers_may_fire(state, event)) continue;
    if (auto choice = choose_in(state, event, facts)) return std::move(*choice);
  }
  return {};
}

/// The atomic or final state that is active after entering `index`.
std::size_t innermost(const Machine& machine, std::size_t index) {
  std::size_t depth = 0;
  while (machine.states[index].kind == StateKind::compound && machine.states[index].initial &&
         depth++ < machine.states.size()) {
    index = *machine.states[index].initial;
  }
  return index;
}

void enter(const Machine& machine, std::size_t target, Walk& walk) {
  const std::size_t leaf = innermost(machine, target);
  const MachineState& state = machine.states[leaf];
  walk.active.push_back(leaf);
  if (state.kind == StateKind::atomic || (state.kind == StateKind::final && !state.parent)) {
    walk.entered.push_back(leaf);
  }
}

void leave(const Machine& machine, std::size_t leaf, Walk& walk) {
  walk.active.erase(std::remove(walk.active.begin(), walk.active.end(), leaf), walk.active.end());
  if (machine.states[leaf].kind == StateKind::atomic) walk.left.push_back(leaf);
}

Rejection blocked(nlohmann::json blocked_by) {
  Rejection rejection{RejectionCode::guard_undecided, "The condition of this step cannot be decided yet."};
  rejection.members["blocked_by"] = std::move(blocked_by);
  return rejection;
}

Rejection not_offered() {
  return {RejectionCode::not_allowed, "No active step offers this event.", nlohmann::json::object()};
}

/// Takes `transition` out of `leaf`. nullopt if it is done, else why the definition is at fault.
std::optional<Rejection> move_to(const Machine& machine, std::size_t leaf, const Transition& transition,
                                 Walk& walk) {
  const auto target = index_of(machine, transition.target);
  if (!target) return blocked("the definition names a target that does not exist");
  leave(machine, leaf, walk);
  enter(machine, *target, walk);
  return std::nullopt;
}

/// Fires `on_done` while the state just entered is the final child of a compound state. An `on_done` that is
/// not decided blocks the whole event: nothing would fire it later.
std::optional<Rejection> complete_compounds(const Machine& machine, const Facts& facts, Walk& walk) {
  for (int microstep = 1;; ++microstep) {
    const std::size_t leaf = walk.active.back();
    const MachineState& state = machine.states[leaf];
    if (state.kind != StateKind::final || !state.parent) return std::nullopt;
    auto choice = choose_in(machine.states[*state.parent], kDone, facts);
    if (!choice) return std::nullopt;
    if (microstep == kMicrostepsMax) return blocked("the definition moves in a circle without an event");
    if (!choice->blocked_by.is_null()) return blocked(std::move(choice->blocked_by));
    if (auto fault = move_to(machine, leaf, *choice->transition, walk)) return fault;
  }
}

/// Events that the leaf or an ancestor names, innermost first, each once.
std::vector<std::string_view> events_of(const Machine& machine, std::size_t leaf) {
  std::vector<std::string_view> events;
  for (std::optional<std::size_t> at = leaf; at; at = machine.states[*at].parent) {
    const MachineState& state = machine.states[*at];
    for (const Transition& transition : state.transitions) {
      if (!callers_may_fire(state, transition.event)) continue;
      if (std::find(events.begin(), events.end(), transition.event) != events.end()) continue;
      events.push_back(transition.event);
    }
  }
  return events;
}

}  // namespace

const MachineState* Machine::find(const StepName& name) const {
  const auto index = index_of(*this, name);
  return index ? &states[*index] : nullptr;
}

std::vector<StepName> initial_steps(const Machine& machine) {
  if (machine.initial >= machine.states.size()) return {};
  return {machine.states[innermost(machine, machine.initial)].name};
}

bool in_final_state(const Machine& machine, const std::vector<StepName>& active) {
  return !active.empty() && std::all_of(active.begin(), active.end(), [&](const StepName& name) {
    const MachineState* const state = machine.find(name);
    return state != nullptr && state->kind == StateKind::final && !state->parent;
  });
}

Result<MachineMove> take(const Machine& machine, const std::vector<StepName>& active,
                         const std::string& event, const nlohmann::json& facts,
                         const std::vector<std::string>& provisional) {
  const Facts read{facts, provisional};
  Walk walk;
  walk.active = indices_of(machine, active);
  for (const std::size_t leaf : std::vector<std::size_t>(walk.active)) {
    auto choice = choose(machine, leaf, event, read);
    if (choice.transition == nullptr) continue;
    if (!choice.blocked_by.is_null()) return blocked(std::move(choice.blocked_by));
    if (auto fault = move_to(machine, leaf, *choice.transition, walk)) return std::move(*fault);
    if (auto fault = complete_compounds(machine, read, walk)) return std::move(*fault);
    return MachineMove{names_of(machine, walk.left), names_of(machine, walk.entered),
                       names_of(machine, walk.active)};
  }
  return not_offered();
}

std::vector<OfferedEvent> offered_events(const Machine& machine, const std::vector<StepName>& active,
                                         const nlohmann::json& facts,
                                         const std::vector<std::string>& provisional) {
  const Facts read{facts, provisional};
  std::vector<OfferedEvent> offered;
  for (const std::size_t leaf : indices_of(machine, active)) {
    for (const std::string_view event : events_of(machine, leaf)) {
      auto choice = choose(machine, leaf, event, read);
      if (choice.transition == nullptr) continue;
      offered.push_back({machine.states[leaf].name, choice.transition, std::move(choice.blocked_by)});
    }
  }
  return offered;
}

}  // namespace motcua::engine
