#include "engine/procedure/organisation.hpp"

#include <algorithm>

namespace motcua::engine {

bool Officer::has_role(std::string_view role) const {
  return std::find(roles.begin(), roles.end(), role) != roles.end();
}

const Officer* Agency::find_officer(const ActorId& sub) const {
  const auto found = std::find_if(officers.begin(), officers.end(),
                                  [&](const Officer& officer) { return officer.sub == sub; });
  return found == officers.end() ? nullptr : &*found;
}

const Agency* Organisation::find(const AgencyId& id) const {
  const auto found =
      std::find_if(agencies.begin(), agencies.end(), [&](const Agency& agency) { return agency.id == id; });
  return found == agencies.end() ? nullptr : &*found;
}

}  // namespace motcua::engine
