/// Where a time limit stands (tình trạng thời hạn): due instant, what is left, and how it was counted, read
/// from the clock ledger. Pure. docs/decisions/0011-counting-of-limits.md and
/// docs/decisions/0021-calendar-days-and-months.md have the rules with their reasons.
#pragma once

#include "engine/core/time.hpp"
#include "engine/deadline/derivation.hpp"
#include "engine/deadline/ledger.hpp"
#include "engine/deadline/limit.hpp"
#include "engine/deadline/working_calendar.hpp"

#include <optional>
#include <vector>

namespace motcua::engine {

struct Standing {
  /// Null before the clock starts, while it is paused, and where the law states no limit.
  std::optional<Instant> legal_due{};
  /// While paused: what is left of the limit; a day of a limit in whole days, working or not, is 8 hours.
  std::optional<WorkingSeconds> remaining{};
  /// Set if the limit was used up before a pause: neither that pause nor a later one moves this instant.
  std::optional<Instant> used_up_at{};
  bool unlimited = false;      ///< the clock has started and the law states no limit
  bool provisional = false;    ///< the days off that it depends on are not all announced
  LocalDay published_until{};  ///< of the calendar that was counted with
  std::vector<DerivationInterval> derivation{};
};

/// Whether the intervals are wanted; the instants are the same.
enum class Detail { instants, intervals };

/// The standing after `ledger` (start, pauses and resumes, end; ascending). `processing` is the calendar of
/// the competent agency, `reception` that of the agency that received the case.
///
/// - The limit counts from receipt_of(start). Limits in working time use up processing windows from there.
/// - civil_code: the day of receipt is not counted; a working day is counted if none of its processing time
///   was paused; due at the close of the last counted day. Amount 0 is same_day.
/// - calendar_day: every day after the day of receipt is counted, off or not, unless the clock was paused in
///   its processing time (on a day off: in any part of it). The last one counted is a working day, so a limit
///   that would end on a day off ends on the next working day; due at its close.
/// - month: the days until the day of the same number, or the last day of a month that has no such day; from
///   there on as calendar_day.
/// - same_day: due at the first close of business after the receipt. A resume counts like a receipt, cut-off
///   included.
/// - A pause never makes the due instant earlier, and a limit that was used up before it keeps its instant.
/// - `end` changes nothing: the instant by which the work had to end stays what it was.
///
/// The intervals are gapless from the start to the due instant, or to the pause. Their counted seconds sum to
/// the limit, or to what was used up (same_day: 0).
/// @law deadline/clock-start @law deadline/clock-exclusion @law deadline/day-of-receipt
/// @law deadline/calendar-days
[[nodiscard]] Standing standing_of(const Limit& limit, const WorkingCalendar& processing,
                                   const WorkingCalendar& reception, const std::vector<LedgerEntry>& ledger,
                                   Detail detail = Detail::intervals);

}  // namespace motcua::engine
