/// Steps of the office (chuyển bước xử lý): one event of the definition's machine.
#include "engine/cases/acting_roles.hpp"
#include "engine/cases/decision_parts.hpp"
#include "engine/cases/form_filling.hpp"
#include "engine/cases/step_moves.hpp"
#include "engine/cases/step_standing.hpp"

#include <algorithm>

namespace motcua::engine {
namespace {

/// The active steps that offer `event` (themselves or through an ancestor), in document order.
std::vector<StepName> offering(const Machine& machine, const std::vector<StepName>& active,
                               const std::string& event) {
  std::vector<StepName> steps;
  for (const auto& name : active) {
    const auto* state = machine.find(name);
    const auto offers = [&] {
      const auto& ways = state->transitions;
      return std::any_of(ways.begin(), ways.end(), [&](const Transition& way) { return way.event == event; });
    };
    while (state != nullptr && !offers()) state = state->parent ? &machine.states[*state->parent] : nullptr;
    if (state != nullptr) steps.push_back(name);
  }
  return steps;
}

/// Pointers that the taken transition requires and `data` does not give.
Result<void> check_required(const Transition& way, const nlohmann::json& data) {
  auto pointers = nlohmann::json::array();
  for (const auto& pointer : way.requires_) {
    if (!is_given(value_at(data, pointer))) {
      pointers.push_back({{"pointer", "/data/data" + pointer}, {"reason", "is required by this step"}});
    }
  }
  if (pointers.empty()) return {};
  Rejection rejection{RejectionCode::invalid_data, "the step requires data that the case does not have"};
  rejection.members["pointers"] = std::move(pointers);
  return rejection;
}

/// The command's role is that of some active step; where work goes on side by side, it must be this one's.
Result<void> check_role_of(const Case& current, const MachineState& step, const CommandContext& context) {
  if (current.steps.size() < 2 || step.role.empty()) return {};
  if (holds(acting_roles(context.actor, current), step.role)) return {};
  return not_allowed("that step asks for the role " + step.role);
}

/// By what right the actor takes the step, in whoever's name. Rejections: not_allowed, same_person.
Result<StepStanding> check_officer(const Case& current, const MachineState& step,
                                   const CommandContext& context) {
  const auto& officer = context.actor.sub;
  if (const auto role = check_role_of(current, step, context); !role) return role.error();
  auto standing = standing_of(current, step, officer, context.attendance());
  if (!standing) return standing;
  const auto other = check_same_person(current, step, officer, standing->on_behalf_of);
  return other ? std::move(standing) : Result<StepStanding>(other.error());
}

/// A step in which the actor works, and by what right.
struct OwnStep {
  StepName name{};
  StepStanding standing{};
};

/// The first of `steps` in which the actor may work; else why not in the first of them.
Result<OwnStep> own_step(const Case& current, const std::vector<StepName>& steps,
                         const CommandContext& context) {
  std::optional<Rejection> refused;
  for (const auto& name : steps) {
    auto standing = check_officer(current, *context.rules.definition->machine.find(name), context);
    if (standing) return OwnStep{name, *std::move(standing)};
    if (!refused) refused = standing.error();
  }
  return *std::move(refused);
}

/// The same for all that the event moves: each way needs a right of its own.
Result<OwnStep> own_steps(const Case& current, const MachineMove& move, const CommandContext& context) {
  std::optional<OwnStep> first;
  for (const auto& way : move.taken) {
    auto own = own_step(current, way.steps, context);
    if (!own) return own.error();
    if (!first) first = *std::move(own);
  }
  return *std::move(first);
}

}  // namespace

/// Rejections: not_allowed (stage; no active step offers the event, or none in which the actor's role works;
/// another officer holds it; the delegation is over; what the way does to the case is not allowed now),
/// same_person, guard_undecided, invalid_data (required pointers).
Result<Decision> decide(const CaseView& current, const TakeStep& command, const CommandContext& context) {
  const auto& state = current.state;
  if (state.stage != Stage::received && state.stage != Stage::in_process) {
    return not_allowed("stage " + std::string(name_of(state.stage)) + " has no step to take");
  }
  const auto& definition = *context.rules.definition;
  const auto steps = offering(definition.machine, state.steps, command.event);
  if (steps.empty()) return not_allowed("no active step offers that event");
  const auto data = merged(current.content.data, command.data);
  const auto facts = facts_of(state, data);
  const auto move =
      take(definition.machine, state.steps, command.event, facts, provisional_pointers(current));
  if (!move) {
    const auto own = own_step(state, steps, context);
    return own ? move.error() : own.error();
  }
  const auto own = own_steps(state, *move, context);
  if (!own) return own.error();
  for (const auto& way : move->taken) {
    if (const auto required = check_required(*way.transition, data); !required) return required.error();
  }

  StepTaken event;
  event.step = own->name;
  event.event = command.event;
  auto& outcome = event.outcome;
  if (state.steps.size() > 1) outcome.role = definition.machine.find(own->name)->role;
  outcome.standing = own->standing.name;
  follow(outcome, state, *move, context);
  Decision decision{};
  decision.on_behalf_of = own->standing.on_behalf_of;
  if (!command.data.empty()) {
    take_values(outcome, decision.personal, current, command.data, kOfficer, context, state.papers);
  }
  if (const auto begun = begin_if_received(outcome, state); !begun) return begun.error();
  decision.event = std::move(event);
  if (const auto done = add_case_effects(decision, current, *move, context); !done) return done.error();
  return decision;
}

}  // namespace motcua::engine
