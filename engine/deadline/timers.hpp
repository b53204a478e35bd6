/// Instants that timers and extensions need (mốc nhắc việc, gia hạn). Pure.
#pragma once

#include "engine/core/time.hpp"
#include "engine/deadline/working_calendar.hpp"

namespace motcua::engine {

/// How long before its due instant a case is nearing it: one working day.
inline constexpr WorkingSeconds kNearing{8 * 3600};

/// A date given by an extension (gia hạn) after the clock was paused: later by the processing time that the
/// pause took from it. Unchanged if it had passed before the pause, or if no processing time was paused.
/// @law apology/extension @law deadline/clock-exclusion
[[nodiscard]] Instant shift_by_processing_time(const WorkingCalendar& calendar, Instant due,
                                               Instant paused_at, Instant resumed_at);

/// The instant by which the desk must receive or refuse: `limit` after filing in reception windows.
/// @law one-stop/reception
[[nodiscard]] Instant reception_limit_of(const WorkingCalendar& reception, Instant filed_at,
                                         WorkingSeconds limit);

/// The instant at which a case that runs since `since` is nearing `due` (sắp đến hạn): `ahead` of working
/// time before it, or half of the time between them if that is shorter. Not later than `due`.
[[nodiscard]] Instant nearing_of(const WorkingCalendar& calendar, Instant since, Instant due,
                                 WorkingSeconds ahead = kNearing);

}  // namespace motcua::engine
