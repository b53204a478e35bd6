/// The moment from which a receipt counts (thời điểm tính thời hạn): opening hours of the desk and the
/// cut-off of the day.
#pragma once

#include "engine/core/time.hpp"
#include "engine/deadline/limit.hpp"
#include "engine/deadline/working_calendar.hpp"

namespace motcua::engine {

/// What became of the moment `received_at`: each is the one before, or later.
struct Receipt {
  Instant received_at{};
  Instant opened_at{};    ///< itself, or the next opening of the desk if it was closed
  Instant counts_from{};  ///< itself, or the desk's opening on a later day if it came after the cut-off
};

/// A receipt while the desk is closed counts from its next opening; one after the cut-off (sau 15 giờ:
/// 15:00:00 sharp is not after) counts as received when the desk opens on the next day on which it does.
/// A later receipt never counts from earlier.
/// @law deadline/cut-off
[[nodiscard]] Receipt receipt_of(const Limit& limit, const WorkingCalendar& reception, Instant received_at);

}  // namespace motcua::engine
