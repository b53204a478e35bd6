#include "tests/simulation/model/law.hpp"

#include <algorithm>
#include <map>

namespace motcua::simulation::model {
namespace {

/// Who may what, as the contract lists it; steps ask for the role of the step.
const std::map<std::string, std::set<std::string>>& roles_of_commands() {
  static const std::map<std::string, std::set<std::string>> kRoles{
      {"receive", {"desk_officer"}},
      {"refuse_reception", {"desk_officer"}},
      {"supply", {"desk_officer", "portal"}},
      {"withdraw", {"desk_officer", "portal"}},
      {"record_payment", {"desk_officer", "portal"}},
      {"return_result", {"desk_officer"}},
      {"request_supplement", {"desk_officer", "case_officer"}},
      {"correct", {"desk_officer", "case_officer"}},
      {"note", {"desk_officer", "case_officer"}},
      {"consult", {"case_officer"}},
      {"pause", {"case_officer"}},
      {"resume", {"case_officer"}},
      {"request_payment", {"case_officer"}},
      {"assign", {"supervisor"}},
      {"delegate", {"supervisor"}},
      {"migrate", {"supervisor"}},
      {"stop", {"signatory"}},
      {"extend", {"signatory"}},
      {"resolve", {"case_officer", "signatory"}}};
  return kRoles;
}

bool reaches(const Actor& actor, const std::string& role, const OfficeCase& current) {
  if (role == "auditor" || role == "integrator") return false;
  if (role == "portal") return current.filed_by == actor.sub;
  if (actor.agency == current.agency) return true;
  return (role == "supervisor" || role == "leader") && current.agency.starts_with(actor.agency + '.');
}

std::set<std::string> roles_here(const Actor& actor, const OfficeCase& current) {
  std::set<std::string> roles;
  for (const auto& role : actor.roles) {
    if (reaches(actor, role, current)) roles.insert(role);
  }
  return roles;
}

bool works_on_steps(const std::set<std::string>& roles, const OfficeCase& current, const Command& command,
                    const Procedure& procedure) {
  const bool may_name = command.name != "step" && command.step;
  const auto named = procedure.steps.find(may_name ? *command.step : current.step);
  if (named != procedure.steps.end() && !named->second.role.empty()) {
    return roles.contains(named->second.role);
  }
  return std::any_of(procedure.steps.begin(), procedure.steps.end(),
                     [&](const auto& step) { return roles.contains(step.second.role); });
}

/// The holder of the step may have another do it.
bool holds_step(const Actor& actor, const std::set<std::string>& roles, const OfficeCase& current,
                const Command& command, const Procedure& procedure) {
  const auto held = current.assignees.find(current.step);
  const bool meant = !command.step || *command.step == current.step;
  return meant && held != current.assignees.end() && held->second == actor.sub &&
         roles.contains(procedure.steps.at(current.step).role);
}

}  // namespace

bool may_see(const Actor& actor, const OfficeCase& current) {
  const bool oversees = actor.has("supervisor") || actor.has("leader");
  return actor.has("auditor") || sees_values(actor, current) || (oversees && is_asked(current, actor.agency));
}

bool sees_values(const Actor& actor, const OfficeCase& current) {
  return !roles_here(actor, current).empty() ||
         (actor.has("case_officer") && is_asked(current, actor.agency));
}

bool may_command(const Actor& actor, const OfficeCase& current, const Command& command,
                 const Procedure& procedure) {
  if (command.name == "acknowledge_consultation" || command.name == "answer_consultation") {
    return actor.has("case_officer") && is_asked(current, actor.agency);
  }
  const auto roles = roles_here(actor, current);
  if (command.name == "delegate" && holds_step(actor, roles, current, command, procedure)) return true;
  if (command.name == "claim" || command.name == "release" || command.name == "step") {
    return !roles.empty() && works_on_steps(roles, current, command, procedure);
  }
  const auto wanted = roles_of_commands().find(command.name);
  if (wanted == roles_of_commands().end()) return false;
  return std::any_of(roles.begin(), roles.end(),
                     [&](const std::string& role) { return wanted->second.contains(role); });
}

}  // namespace motcua::simulation::model
