#include "engine/procedure/machine.hpp"

#include "engine/procedure/guard.hpp"
#include "engine/procedure/machine_walk.hpp"

#include <algorithm>
#include <string_view>
#include <utility>
#include <variant>

namespace motcua::engine {
namespace {

constexpr std::string_view kDone = "done";
constexpr std::string_view kAfter = "after";

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

/// The first of `ways` for `event` that is not decided false. nullopt if there is none.
std::optional<Choice> choose_among(const std::vector<Transition>& ways, std::size_t source,
                                   std::string_view event, const Facts& facts) {
  for (const Transition& transition : ways) {
    if (transition.event != event) continue;
    auto verdict = guard_verdict(transition, facts);
    if (verdict.is_boolean()) continue;
    return Choice{source, &transition, std::move(verdict)};
  }
  return std::nullopt;
}

/// Looks among the transitions of one state. nullopt if the search goes on in the parent.
std::optional<Choice> choose_in(const Machine& machine, std::size_t index, std::string_view event,
                                const Facts& facts) {
  return choose_among(machine.states[index].transitions, index, event, facts);
}

bool holds_others(const MachineState& state) {
  return state.kind == StateKind::compound || state.kind == StateKind::parallel;
}

/// `done` of a state that holds others or waits for linked cases is `on_done`: no caller may fire it.
bool callers_may_fire(const MachineState& state, std::string_view event) {
  return event != kDone || !(holds_others(state) || state.waits_for_linked());
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
  walk_to(machine, choice.source, *target, walk);
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
    walk.joined.push_back(choice->transition);
  }
}

/// Ends the macrostep after its ways were taken and says what it did.
Result<MachineMove> finish(const Machine& machine, const std::vector<StepName>& before, MachineMove move,
                           const Facts& facts, Walk& walk) {
  if (auto fault = complete(machine, facts, walk)) return std::move(*fault);
  forget_ended_regions(machine, walk);
  if (walk.active.empty())
    return blocked("every region is over and no way out of the parallel state is open");
  // What was entered and left again on the way is no news.
  const auto stood = indices_of(machine, before);
  std::erase_if(walk.left, [&](std::size_t leaf) { return !contains(stood, leaf); });
  std::erase_if(walk.entered, [&](std::size_t leaf) { return !contains(walk.active, leaf); });
  std::erase_if(walk.timers_ended, [&](std::size_t state) { return !is_active(machine, stood, state); });
  std::erase_if(walk.timers_begun,
                [&](std::size_t state) { return !is_active(machine, walk.active, state); });
  move.joined = std::move(walk.joined);
  move.left = names_of(machine, walk.left);
  move.entered = names_of(machine, walk.entered);
  move.active = names_of(machine, walk.active);
  move.timers_begun = names_of(machine, walk.timers_begun);
  move.timers_ended = names_of(machine, walk.timers_ended);
  return move;
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

/// A way of `source` that nobody fires: of its timer, or when what it waits for has ended.
Result<MachineMove> take_by_itself(const Machine& machine, const std::vector<StepName>& active,
                                   std::size_t source, const std::vector<Transition>& ways,
                                   std::string_view event, const Facts& facts) {
  Walk walk;
  walk.active = indices_of(machine, active);
  if (!is_active(machine, walk.active, source)) return not_offered();
  auto choice = choose_among(ways, source, event, facts);
  if (!choice) return not_offered();
  if (!choice->blocked_by.is_null()) return blocked(std::move(choice->blocked_by));
  if (auto fault = move_by(machine, *choice, walk)) return std::move(*fault);
  MachineMove move;
  move.taken.push_back({{machine.states[source].name}, choice->transition});
  return finish(machine, active, std::move(move), facts, walk);
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

std::optional<CaseEffect::Kind> case_effect_from(std::string_view name) {
  using Kind = CaseEffect::Kind;
  static constexpr std::pair<std::string_view, Kind> kNames[] = {
      {"request_supplement", Kind::request_supplement},
      {"request_payment", Kind::request_payment},
      {"withdraw", Kind::withdraw},
      {"stop", Kind::stop},
      {"pause", Kind::pause},
      {"resume", Kind::resume}};
  const auto* const found = std::find_if(std::begin(kNames), std::end(kNames),
                                         [&](const auto& each) { return each.first == name; });
  return found == std::end(kNames) ? std::nullopt : std::optional(found->second);
}

bool MachineState::waits_for_linked() const {
  return std::any_of(linked.begin(), linked.end(), [](const LinkedProcedure& one) { return one.waits; });
}

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

std::vector<StepName> timed_states(const Machine& machine, const std::vector<StepName>& active) {
  std::vector<std::size_t> timed;
  for (const std::size_t leaf : indices_of(machine, active)) {
    for (std::optional<std::size_t> at = leaf; at; at = machine.states[*at].parent) {
      if (machine.states[*at].timer) timed.push_back(*at);
    }
  }
  return names_of(machine, std::move(timed));
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
  return finish(machine, active, std::move(move), read, walk);
}

Result<MachineMove> take_timed(const Machine& machine, const std::vector<StepName>& active,
                               const StepName& state, const nlohmann::json& facts,
                               const std::vector<std::string>& provisional) {
  const auto source = index_of(machine, state);
  if (!source || !machine.states[*source].timer) return not_offered();
  return take_by_itself(machine, active, *source, machine.states[*source].timer->ways, kAfter,
                        {facts, provisional});
}

Result<MachineMove> take_done(const Machine& machine, const std::vector<StepName>& active,
                              const StepName& state, const nlohmann::json& facts,
                              const std::vector<std::string>& provisional) {
  const auto source = index_of(machine, state);
  if (!source || !machine.states[*source].waits_for_linked()) return not_offered();
  return take_by_itself(machine, active, *source, machine.states[*source].transitions, kDone,
                        {facts, provisional});
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
