#include "engine/procedure/organisation.hpp"

#include <algorithm>

namespace motcua::engine {

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
