/// Routing inside the office: assign (phân công), claim (nhận việc), release (trả việc).
#include "engine/cases/decision_parts.hpp"
#include "engine/cases/step_standing.hpp"

namespace motcua::engine {

/// Rejections: not_allowed (stage, step), invalid_data (assignee: another agency's, without the role,
/// absent), same_person.
Result<Decision> decide(const CaseView& current, const AssignStep& command, const CommandContext& context) {
  const auto step = step_in_office(current.state, command.step, context);
  if (!step) return step.error();
  const auto& to = command.assignee;
  if (const auto fit = check_officer_for(current.state, **step, to, "/data/assignee", context); !fit) {
    return fit.error();
  }
  if (const auto other = check_same_person(current.state, **step, to, ""); !other) return other.error();
  if (!command.even_if_absent) {
    const auto there = check_not_absent(current.state, **step, to, "/data/assignee", context);
    if (!there) return there.error();
  }
  StepAssigned event;
  event.step = (*step)->name;
  event.assignee = to;
  event.outcome.assigned[event.step] = to;
  if (const auto* holder = holder_of(current.state, event.step); holder != nullptr && *holder != to) {
    event.taken_from = *holder;
    event.outcome.standing = kTakeoverStanding;
  }
  if (const auto begun = begin_if_received(event.outcome, current.state); !begun) return begun.error();
  return Decision{std::move(event), {}};
}

/// Rejections: not_allowed (stage, step, somebody holds it), same_person.
Result<Decision> decide(const CaseView& current, const ClaimStep& command, const CommandContext& context) {
  const auto step = step_in_office(current.state, command.step, context);
  if (!step) return step.error();
  if (const auto* held = holder_of(current.state, (*step)->name)) {
    return not_allowed(*held == context.actor.sub ? "the step is already yours"
                                                  : "another officer holds the step");
  }
  if (const auto other = check_same_person(current.state, **step, context.actor.sub, ""); !other) {
    return other.error();
  }
  StepClaimed event;
  event.step = (*step)->name;
  event.outcome.assigned[event.step] = context.actor.sub;
  if (const auto begun = begin_if_received(event.outcome, current.state); !begun) return begun.error();
  return Decision{std::move(event), {}};
}

/// Rejections: not_allowed (stage, step, neither the holder nor who stands in for the absent holder).
Result<Decision> decide(const CaseView& current, const ReleaseStep& command, const CommandContext& context) {
  const auto step = step_in_office(current.state, command.step, context);
  if (!step) return step.error();
  const auto& officer = context.actor.sub;
  if (!may_release(current.state, **step, officer, context.attendance())) {
    return not_allowed("the step is not yours");
  }
  StepReleased event;
  event.step = (*step)->name;
  event.outcome.unassigned = {event.step};
  const auto& holder = *holder_of(current.state, event.step);
  if (holder == officer) return Decision{std::move(event), {}};
  event.outcome.standing = kSubstitutionStanding;
  return Decision{std::move(event), {}, holder.value};
}

}  // namespace motcua::engine
