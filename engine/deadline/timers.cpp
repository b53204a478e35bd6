#include "engine/deadline/timers.hpp"

#include "engine/deadline/counting.hpp"

#include <algorithm>

namespace motcua::engine {

using std::chrono::microseconds;
using std::chrono::seconds;

Instant shift_by_processing_time(const WorkingCalendar& calendar, Instant due, Instant paused_at,
                                 Instant resumed_at) {
  const auto paused = working_micros_between(calendar, paused_at, resumed_at);
  if (due <= paused_at || paused.count() == 0) return due;
  return add_working_micros(calendar, due, paused);
}

Instant reception_limit_of(const WorkingCalendar& reception, Instant filed_at, WorkingSeconds limit) {
  return add_working_time(reception, filed_at, limit, Hours::reception);
}

Instant nearing_of(const WorkingCalendar& calendar, Instant since, Instant due, WorkingSeconds ahead) {
  const auto whole = working_micros_between(calendar, since, due);
  if (whole.count() == 0) return due;
  const auto lead = std::min<microseconds>(seconds{ahead.count}, whole / 2);
  return std::min(due, add_working_micros(calendar, since, whole - lead));
}

}  // namespace motcua::engine
