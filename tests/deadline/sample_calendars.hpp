/// Calendars that the deadline tests count with: the civil servants' year 2026, and random ones for the
/// properties.
#pragma once

#include "engine/deadline/working_calendar.hpp"

#include <rapidcheck.h>

#include <vector>

namespace motcua::engine {

/// 2026 as announced for civil servants, as far as the tests need it: 07:00-11:30 and 13:30-17:00, Monday to
/// Friday, Tết, National Day with its swap, and the New Year swap whose notice was not seen.
[[nodiscard]] WorkingCalendar civil_servants_2026();

/// A calendar with at least one window a week and up to twenty overrides in 2026; windows may touch midnight.
[[nodiscard]] rc::Gen<WorkingCalendar> any_calendar();

/// Any second of 2025-12 to 2027-01, in or out of hours.
[[nodiscard]] rc::Gen<Instant> any_instant();

}  // namespace motcua::engine
