#include "engine/cases/rights.hpp"

#include "engine/cases/acting_roles.hpp"
#include "engine/cases/consultation.hpp"
#include "engine/cases/step_standing.hpp"

#include <algorithm>

namespace motcua::engine {
namespace {

/// Steps that claim, release or step may mean: the one named, else every active one.
std::vector<StepName> steps_meant(const Case& current, const CommandBody& body) {
  if (const auto* claim = std::get_if<ClaimStep>(&body); claim && claim->step) return {*claim->step};
  if (const auto* release = std::get_if<ReleaseStep>(&body); release && release->step)
    return {*release->step};
  return current.steps;
}

/// The role of a step meant that is held; empty if there is none.
std::string_view role_for_step(const Roles& held, const Case& current, const CommandBody& body,
                               const Definition& definition) {
  bool any_step = false;
  for (const auto& name : steps_meant(current, body)) {
    const auto* step = definition.machine.find(name);
    if (step == nullptr || step->role.empty()) continue;
    any_step = true;
    if (holds(held, step->role)) return step->role;
  }
  if (any_step) return {};
  // No step to hold a role of: whoever works on some step of this procedure is told what the law says
  // instead.
  for (const auto& state : definition.machine.states) {
    if (!state.role.empty() && holds(held, state.role)) return state.role;
  }
  return {};
}

/// The role by which a holder may delegate the step meant: the step's own.
std::string_view role_of_holder(const Identity& asker, const Roles& held, const Case& current,
                                const DelegateStep& command, const Definition& definition) {
  for (const auto& [name, holder] : current.assignees) {
    const auto* step = definition.machine.find(name);
    const bool meant = !command.step || *command.step == name;
    if (meant && holder == asker.sub && step != nullptr && holds(held, step->role)) return step->role;
  }
  return {};
}

/// Who sees the case because another agency asks theirs for an opinion.
bool sees_as_consulted(const Identity& asker, const Case& current, bool to_answer) {
  if (!is_consulted(current, asker.agency)) return false;
  if (asker.has_role(kConsultedRole)) return true;
  return !to_answer && (asker.has_role("supervisor") || asker.has_role("leader"));
}

std::string_view role_used(const Identity& asker, const Case& current, const CommandBody& body,
                           const Definition& definition) {
  const auto name = name_of(body);
  if (name == "acknowledge_consultation" || name == "answer_consultation") {
    return sees_as_consulted(asker, current, true) ? kConsultedRole : "";
  }
  const auto able = acting_roles(asker, current);
  if (name == "claim" || name == "release" || name == "step") {
    return role_for_step(able, current, body, definition);
  }
  const auto role = role_for(name, able);
  const auto* delegation = std::get_if<DelegateStep>(&body);
  if (!role.empty() || delegation == nullptr) return role;
  return role_of_holder(asker, able, current, *delegation, definition);
}

}  // namespace

bool may_see(const Identity& asker, const Case& current) {
  return asker.has_role("auditor") || !acting_roles(asker, current).empty() ||
         sees_as_consulted(asker, current, false);
}

bool sees_masked(const Identity& asker, const Case& current) {
  return acting_roles(asker, current).empty() && !sees_as_consulted(asker, current, true);
}

Result<void> check_may_confirm_clock(const Identity& asker) {
  if (asker.has_role("admin")) return {};
  return role_forbidden(asker);
}

Result<void> check_may_publish(const Identity& asker) {
  if (asker.has_role("integrator") || asker.has_role("admin")) return {};
  return role_forbidden(asker);
}

Result<void> check_may_lint(const Identity& asker) {
  if (asker.has_role("supervisor")) return {};
  return check_may_publish(asker);
}

Result<void> check_may_recalculate(const Identity& asker, const Case& current) {
  if (holds(acting_roles(asker, current), "supervisor")) return {};
  return role_forbidden(asker);
}

Result<void> check_may_recalculate(const Identity& asker) {
  if (asker.has_role("supervisor")) return {};
  return role_forbidden(asker);
}

Result<std::string_view> check_may_file(const Identity& asker) {
  for (const std::string_view role : {"desk_officer", "portal"}) {
    if (asker.has_role(role)) return role;
  }
  return role_forbidden(asker);
}

Result<std::string_view> check_role(const Identity& asker, const Case& current, const CommandBody& body,
                                    const Definition& definition) {
  const auto role = role_used(asker, current, body, definition);
  if (role.empty()) return role_forbidden(asker);
  return role;
}

}  // namespace motcua::engine
