#include "engine/cases/step_standing.hpp"

#include "engine/cases/decision_parts.hpp"

#include <algorithm>

namespace motcua::engine {
namespace {

bool stands_in(const Case& current, const MachineState& step, const ActorId& holder, const ActorId& officer,
               const Attendance& attendance) {
  if (attendance.substitutions == nullptr) return false;
  const auto absences = attendance.substitutions->of(current.competent, holder, step.role, attendance.now);
  return std::any_of(absences.begin(), absences.end(),
                     [&](const Substitution* one) { return one->substitute == officer; });
}

}  // namespace

const ActorId* holder_of(const Case& current, const StepName& step) {
  const auto found = current.assignees.find(step);
  return found == current.assignees.end() ? nullptr : &found->second;
}

Result<StepStanding> standing_of(const Case& current, const MachineState& step, const ActorId& officer,
                                 const Attendance& attendance) {
  const auto* holder = holder_of(current, step.name);
  if (holder == nullptr || *holder == officer) return StepStanding{};
  const auto found = current.delegations.find(step.name);
  const bool is_delegate = found != current.delegations.end() && found->second.to == officer;
  const bool is_over = is_delegate && found->second.until && *found->second.until <= attendance.now;
  if (is_delegate && !is_over) return StepStanding{kDelegationStanding, holder->value};
  if (stands_in(current, step, *holder, officer, attendance)) {
    return StepStanding{kSubstitutionStanding, holder->value};
  }
  if (is_over) return not_allowed("the delegation ended at " + to_rfc3339(*found->second.until));
  return not_allowed("another officer holds the step");
}

bool may_release(const Case& current, const MachineState& step, const ActorId& officer,
                 const Attendance& attendance) {
  const auto* holder = holder_of(current, step.name);
  if (holder == nullptr) return false;
  return *holder == officer || stands_in(current, step, *holder, officer, attendance);
}

}  // namespace motcua::engine
