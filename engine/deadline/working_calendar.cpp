#include "engine/deadline/working_calendar.hpp"

namespace motcua::engine {

std::vector<Window> WorkingCalendar::windows_on(LocalDay day) const {
  LocalDay pattern_day = day;
  if (const auto found = overrides.find(day); found != overrides.end()) {
    if (found->second.kind == DayKind::off) return {};
    // The weekly pattern of the day it replaces, not that day's own override: that one is OFF.
    pattern_day = found->second.replaces.value_or(day);
  }
  return processing[std::chrono::weekday{pattern_day}.c_encoding()];
}

}  // namespace motcua::engine
