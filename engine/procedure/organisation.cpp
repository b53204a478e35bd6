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

bool is_agency_id(std::string_view text) {
  const auto is_capital = [](char c) { return c >= 'A' && c <= 'Z'; };
  return !text.empty() && text.size() <= 35 && is_capital(text.front()) &&
         std::all_of(text.begin(), text.end(),
                     [&](char c) { return is_capital(c) || (c >= '0' && c <= '9') || c == '.'; });
}

}  // namespace motcua::engine
