#include "engine/procedure/organisation.hpp"

#include <algorithm>

namespace motcua::engine {

const Agency* Organisation::find(const AgencyId& id) const {
  const auto found =
      std::find_if(agencies.begin(), agencies.end(), [&](const Agency& agency) { return agency.id == id; });
  return found == agencies.end() ? nullptr : &*found;
}

}  // namespace motcua::engine
