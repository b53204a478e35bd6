#include "engine/cases/acting_roles.hpp"

#include <algorithm>
#include <map>

namespace motcua::engine {
namespace {

bool reaches(const Identity& asker, const std::string& role, const Case& current) {
  if (role == "auditor" || role == "integrator") return false;
  if (role == "portal") return current.filed_by == asker.sub;
  if (asker.agency == current.received_by || asker.agency == current.competent) return true;
  const bool above = role == "supervisor" || role == "leader";
  return above && (is_agency_or_above(asker.agency, current.received_by) ||
                   is_agency_or_above(asker.agency, current.competent));
}

const std::map<std::string_view, Roles>& roles_of_commands() {
  static const std::map<std::string_view, Roles> kRoles{
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
      {"resolve", {"case_officer", "signatory"}},
  };
  return kRoles;
}

}  // namespace

bool is_agency_or_above(const AgencyId& above, const AgencyId& agency) {
  return above == agency || (!above.empty() && agency.value.starts_with(above.value + '.'));
}

Roles acting_roles(const Identity& asker, const Case& current) {
  Roles reaching;
  for (const auto& role : asker.roles) {
    if (reaches(asker, role, current)) reaching.push_back(role);
  }
  return reaching;
}

bool holds(const Roles& held, std::string_view role) {
  return std::find(held.begin(), held.end(), role) != held.end();
}

std::string_view role_for(std::string_view command, const Roles& held) {
  const auto wanted = roles_of_commands().find(command);
  if (wanted == roles_of_commands().end()) return {};
  for (const auto role : wanted->second) {
    if (holds(held, role)) return role;
  }
  return {};
}

Rejection role_forbidden(const Identity& asker) {
  Rejection rejection{RejectionCode::role_forbidden, "the token's roles do not allow this"};
  rejection.members["roles"] = asker.roles;
  return rejection;
}

}  // namespace motcua::engine
