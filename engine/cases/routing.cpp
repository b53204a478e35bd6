/// Routing inside the office: assign (phân công), claim (nhận việc), release (trả việc).
#include "engine/cases/decision_parts.hpp"

#include <algorithm>

namespace motcua::engine {
namespace {

/// Commands on steps need the case with the office: received or in process.
Result<const MachineState*> step_in_office(const Case& current, const std::optional<StepName>& named,
                                           const CommandContext& context) {
  if (current.stage != Stage::received && current.stage != Stage::in_process) {
    return not_allowed("stage " + std::string(name_of(current.stage)) + " has no step to work on");
  }
  const auto step = step_meant(current, named);
  if (!step) return step.error();
  const auto* state = context.rules.definition->machine.find(*step);
  if (state == nullptr || state->kind != StateKind::atomic) return not_allowed("that step is finished");
  return state;
}

const ActorId* holder(const Case& current, const StepName& step) {
  const auto it = current.assignees.find(step);
  return it == current.assignees.end() ? nullptr : &it->second;
}

/// The assignee must exist in the competent agency and hold the step's role.
Result<void> check_assignee(const Case& current, const MachineState& step, const ActorId& assignee,
                            const Organisation& organisation) {
  const auto* agency = organisation.find(current.competent);
  if (agency == nullptr) return not_allowed("the competent agency is not in the organisation file");
  const auto officer = std::find_if(agency->officers.begin(), agency->officers.end(),
                                    [&](const Officer& one) { return one.sub == assignee; });
  if (officer == agency->officers.end()) {
    return invalid_data("/data/assignee", "is not an officer of the competent agency");
  }
  if (std::find(officer->roles.begin(), officer->roles.end(), step.role) == officer->roles.end()) {
    return invalid_data("/data/assignee", "does not hold the role " + step.role);
  }
  return check_same_person(current, step, assignee, "");
}

}  // namespace

/// Rejections: not_allowed (stage, step), invalid_data (assignee), same_person.
Result<Decision> decide(const CaseView& current, const AssignStep& command, const CommandContext& context) {
  const auto step = step_in_office(current.state, command.step, context);
  if (!step) return step.error();
  if (const auto fit = check_assignee(current.state, **step, command.assignee, *context.rules.organisation);
      !fit) {
    return fit.error();
  }
  StepAssigned event;
  event.step = (*step)->name;
  event.assignee = command.assignee;
  event.outcome.assigned[event.step] = command.assignee;
  if (const auto begun = begin_if_received(event.outcome, current.state); !begun) return begun.error();
  return Decision{std::move(event), {}};
}

/// Rejections: not_allowed (stage, step, somebody holds it), same_person.
Result<Decision> decide(const CaseView& current, const ClaimStep& command, const CommandContext& context) {
  const auto step = step_in_office(current.state, command.step, context);
  if (!step) return step.error();
  if (const auto* held = holder(current.state, (*step)->name)) {
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

/// Rejections: not_allowed (stage, step, not the holder).
Result<Decision> decide(const CaseView& current, const ReleaseStep& command, const CommandContext& context) {
  const auto step = step_in_office(current.state, command.step, context);
  if (!step) return step.error();
  const auto* held = holder(current.state, (*step)->name);
  if (held == nullptr || *held != context.actor.sub) return not_allowed("the step is not yours");
  StepReleased event;
  event.step = (*step)->name;
  event.outcome.unassigned = {event.step};
  return Decision{std::move(event), {}};
}

}  // namespace motcua::engine
