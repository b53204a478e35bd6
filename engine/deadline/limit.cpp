#include "engine/deadline/limit.hpp"

#include <algorithm>
#include <iterator>

namespace motcua::engine {

std::string_view name_of(LimitUnit unit) {
  switch (unit) {
    case LimitUnit::same_day:
      return "same_day";
    case LimitUnit::working_hour:
      return "working_hour";
    case LimitUnit::working_day:
      return "working_day";
    case LimitUnit::calendar_day:
      return "calendar_day";
    case LimitUnit::month:
      return "month";
    case LimitUnit::none:
      return "none";
  }
  return {};
}

std::optional<LimitUnit> limit_unit_from(std::string_view name) {
  static constexpr LimitUnit kUnits[] = {LimitUnit::same_day, LimitUnit::working_hour, LimitUnit::working_day,
                                         LimitUnit::calendar_day, LimitUnit::month};
  const auto* const found = std::find_if(std::begin(kUnits), std::end(kUnits),
                                         [&](LimitUnit unit) { return name_of(unit) == name; });
  return found == std::end(kUnits) ? std::nullopt : std::optional(*found);
}

}  // namespace motcua::engine
