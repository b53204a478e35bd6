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
  std::size_t source = 0;                  ///< the state whose transition it is
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
std::optional<Choice> choose_in(const Machine& machine, std::size_t index, std::string_view event,
                                const Facts& facts) {
  for (const Transition& transition : machine.states[index].transitions) {
    if (transition.event != event) continue;
    auto verdict = guard_verdict(transition, facts);
    if (verdict.is_boolean()) continue;
    return Choice{index, &transition, std::move(verdict)};
  }
  return std::nullopt;
}

bool holds_others(const MachineState& state) {
  return state.kind == StateKind::compound || state.kind == StateKind::parallel;
}

/// `done` of a state that holds others is `on_done`: the machine fires it, no caller may.
bool callers_may_fire(const MachineState& state, std::string_view event) {
  return !holds_others(state) || event != kDone;
}

/// Innermost first: the leaf, then its ancestors.
Choice choose(const Machine& machine, std::size_t leaf, std::string_view event, const Facts& facts) {
  for (std::optional<std::size_t> at = leaf; at; at = machine.states[*at].parent) {
    const MachineState& state = machine.states[*at];
    if (!callers_may_fire(state, event)) continue;
    if (auto choice = choose_in(machine, *at, event, facts)) return std::move(*choice);
  }
  return {};
}

bool contains(const std::vector<std::size_t>& indices, std::size_t index) {
  return std::find(indices.begin(), indices.end(), index) != indices.end();
}

/// True if `state` is `ancestor` or lies within it.
bool lies_in(const Machine& machine, std::size_t state, std::size_t ancestor) {
  std::optional<std::size_t> at = state;
  while (at && *at != ancestor) at = machine.states[*at].parent;
  return at.has_value();
}

bool is_region(const Machine& machine, std::size_t index) {
  const auto parent = machine.states[index].parent;
  return parent && machine.states[*parent].kind == StateKind::parallel;
}

void reach(const Machine& machine, std::size_t leaf, Walk& walk) {
  const MachineState& state = machine.states[leaf];
  walk.active.push_back(leaf);
  if (state.kind == StateKind::atomic || (state.kind == StateKind::final && !state.parent)) {
    walk.entered.push_back(leaf);
  }
}

/// Enters what `index` begins with: itself, its first state, or all of its regions.
void enter_inside(const Machine& machine, std::size_t index, Walk& walk) {
  const MachineState& state = machine.states[index];
  if (state.kind == StateKind::compound && state.initial && *state.initial > index) {
    enter_inside(machine, *state.initial, walk);
  } else if (state.kind == StateKind::parallel) {
    for (std::size_t child = index + 1; child < machine.states.size(); ++child) {
      if (machine.states[child].parent == index) enter_inside(machine, child, walk);
    }
  } else {
    reach(machine, index, walk);
  }
}

/// Enters `target` from within `around` (nullopt: from outside of everything), with the other regions of each
/// parallel state on the way.
void enter(const Machine& machine, std::size_t target, std::optional<std::size_t> around, Walk& walk) {
  std::optional<std::size_t> inner = target;
  for (auto at = machine.states[target].parent; target != around && at != around && at;
       at = machine.states[*at].parent) {
    if (machine.states[*at].kind == StateKind::parallel) {
      for (std::size_t child = *at + 1; child < machine.states.size(); ++child) {
        if (machine.states[child].parent == *at && child != *inner) enter_inside(machine, child, walk);
      }
    }
    inner = at;
  }
  enter_inside(machine, target, walk);
}

/// The innermost compound state around both, or the region whose own way leads back into it; nullopt: the
/// machine itself. What lies in it is left.
std::optional<std::size_t> domain_of(const Machine& machine, std::size_t source, std::size_t target) {
  if (is_region(machine, source) && lies_in(machine, target, source)) return source;
  for (auto at = machine.states[source].parent; at; at = machine.states[*at].parent) {
    const bool around = machine.states[*at].kind == StateKind::compound && *at != target;
    if (around && lies_in(machine, target, *at)) return at;
  }
  return std::nullopt;
}

void leave_within(const Machine& machine, std::optional<std::size_t> domain, Walk& walk) {
  const auto stays = std::stable_partition(walk.active.begin(), walk.active.end(), [&](std::size_t leaf) {
    return domain && !lies_in(machine, leaf, *domain);
  });
  for (auto leaf = stays; leaf != walk.active.end(); ++leaf) {
    if (machine.states[*leaf].kind == StateKind::atomic) walk.left.push_back(*leaf);
  }
  walk.active.erase(stays, walk.active.end());
}

Rejection blocked(nlohmann::json blocked_by) {
  Rejection rejection{RejectionCode::guard_undecided, "The condition of this step cannot be decided yet."};
  rejection.members["blocked_by"] = std::move(blocked_by);
  return rejection;
}

Rejection not_offered() {
  return {RejectionCode::not_allowed, "No active step offers this event.", nlohmann::json::object()};
}

/// Takes a chosen transition. nullopt if it is done, else why the definition is at fault.
std::optional<Rejection> move_by(const Machine& machine, const Choice& choice, Walk& walk) {
  const auto target = index_of(machine, choice.transition->target);
  if (!target) return blocked("the definition names a target that does not exist");
  const auto domain = domain_of(machine, choice.source, *target);
  leave_within(machine, domain, walk);
  enter(machine, *target, domain, walk);
  return std::nullopt;
}

/// True if no work is left in any region of the parallel state: finals of its regions are the end of them.
bool is_over(const Machine& machine, std::size_t parallel, const Walk& walk) {
  return std::all_of(walk.active.begin(), walk.active.end(), [&](std::size_t leaf) {
    const MachineState& state = machine.states[leaf];
    return !lies_in(machine, leaf, parallel) ||
           (state.kind == StateKind::final && state.parent && is_region(machine, *state.parent));
  });
}

/// `on_done` that is due after entering the final state `leaf`: of the state that holds it, or of a parallel
/// state of which it ends the last region.
std::optional<Choice> due_on_done(const Machine& machine, std::size_t leaf, const Facts& facts,
                                  const Walk& walk) {
  const MachineState& state = machine.states[leaf];
  if (state.kind != StateKind::final || !state.parent) return std::nullopt;
  if (auto choice = choose_in(machine, *state.parent, kDone, facts)) return choice;
  if (!is_region(machine, *state.parent)) return std::nullopt;
  const auto parallel = *machine.states[*state.parent].parent;
  return is_over(machine, parallel, walk) ? choose_in(machine, parallel, kDone, facts) : std::nullopt;
}

/// Fires each `on_done` that has become due. One that is not decided blocks the whole event: nothing would
/// fire it later.
std::optional<Rejection> complete(const Machine& machine, const Facts& facts, Walk& walk) {
  for (int microstep = 1;; ++microstep) {
    std::optional<Choice> choice;
    for (std::size_t i = 0; i < walk.active.size() && !choice; ++i) {
      choice = due_on_done(machine, walk.active[i], facts, walk);
    }
    if (!choice) return std::nullopt;
    if (microstep == kMicrostepsMax) return blocked("the definition moves in a circle without an event");
    if (!choice->blocked_by.is_null()) return blocked(std::move(choice->blocked_by));
    if (auto fault = move_by(machine, *choice, walk)) return fault;
  }
}

/// A region that is over has no active state: nobody works in it, and nothing leads out of it.
void forget_ended_regions(const Machine& machine, Walk& walk) {
  std::erase_if(walk.active, [&](std::size_t leaf) {
    const MachineState& state = machine.states[leaf];
    return state.kind == StateKind::final && state.parent && is_region(machine, *state.parent);
  });
}

/// What an event does, and the active states in which it does it.
struct Reaction {
  std::vector<std::size_t> leaves{};
  Choice choice{};
};

/// What the event does in each region, in document order. A way out of a state around several regions gives
/// way to any within.
std::vector<Reaction> reactions_to(const Machine& machine, const std::vector<std::size_t>& active,
                                   std::string_view event, const Facts& facts) {
  std::vector<Reaction> reactions;
  for (const std::size_t leaf : active) {
    auto choice = choose(machine, leaf, event, facts);
    if (choice.transition == nullptr) continue;
    const auto same = std::find_if(reactions.begin(), reactions.end(), [&](const Reaction& other) {
      return other.choice.source == choice.source;
    });
    if (same == reactions.end()) {
      reactions.push_back({{leaf}, std::move(choice)});
    } else {
      same->leaves.push_back(leaf);
    }
  }
  std::vector<std::size_t> sources;
  for (const auto& reaction : reactions) sources.push_back(reaction.choice.source);
  std::erase_if(reactions, [&](const Reaction& reaction) {
    return std::any_of(sources.begin(), sources.end(), [&](std::size_t other) {
      return other != reaction.choice.source && lies_in(machine, other, reaction.choice.source);
    });
  });
  return reactions;
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
  Walk walk;
  enter(machine, machine.initial, std::nullopt, walk);
  forget_ended_regions(machine, walk);
  return names_of(machine, walk.active);
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
  auto reactions = reactions_to(machine, walk.active, event, read);
  if (reactions.empty()) return not_offered();
  MachineMove move;
  for (auto& [leaves, choice] : reactions) {
    if (!choice.blocked_by.is_null()) return blocked(std::move(choice.blocked_by));
    // Another region's way may have led out of this one.
    if (!contains(walk.active, leaves.front())) continue;
    if (auto fault = move_by(machine, choice, walk)) return std::move(*fault);
    move.taken.push_back({names_of(machine, leaves), choice.transition});
  }
  if (auto fault = complete(machine, read, walk)) return std::move(*fault);
  forget_ended_regions(machine, walk);
  if (walk.active.empty())
    return blocked("every region is over and no way out of the parallel state is open");
  // What was entered and left again on the way is no news.
  const auto before = indices_of(machine, active);
  std::erase_if(walk.left, [&](std::size_t leaf) { return !contains(before, leaf); });
  std::erase_if(walk.entered, [&](std::size_t leaf) { return !contains(walk.active, leaf); });
  move.left = names_of(machine, walk.left);
  move.entered = names_of(machine, walk.entered);
  move.active = names_of(machine, walk.active);
  return move;
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
