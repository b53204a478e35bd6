#include "engine/deadline/working_calendar.hpp"

namespace motcua::engine {

const DayOverride* WorkingCalendar::override_on(LocalDay day) const {
  if (const auto found = overrides.find(day); found != overrides.end()) return &found->second;
  if (!is_provisional(day)) return nullptr;
  const std::chrono::year_month_day date{day};
  const auto found = yearly.find(std::chrono::month_day{date.month(), date.day()});
  return found == yearly.end() ? nullptr : &found->second;
}

const std::vector<Window>& WorkingCalendar::windows_on(LocalDay day, Hours hours) const {
  static const std::vector<Window> kNone;
  LocalDay pattern_day = day;
  if (const auto* override_ = override_on(day); override_ != nullptr) {
    if (override_->kind == DayKind::off) return kNone;
    if (override_->hours) {
      return hours == Hours::processing ? override_->hours->processing : override_->hours->reception;
    }
    // The weekly pattern of the day it replaces, not that day's own override: that one is OFF.
    pattern_day = override_->replaces.value_or(day);
  }
  const auto& week = hours == Hours::processing ? processing : reception;
  return week[std::chrono::weekday{pattern_day}.c_encoding()];
}

}  // namespace motcua::engine
