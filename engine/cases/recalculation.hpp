/// Recalculation (tính lại thời hạn): what a newer version of its calendar would make of a case's date, and
/// the supervisor's decision to follow it or not. A proposal alone changes nothing. Pure.
#pragma once

#include "engine/cases/decision.hpp"
#include "engine/deadline/calendar_changes.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace motcua::engine {

/// What becomes of the date.
enum class DueMove {
  later,
  earlier,
  moved_into_window,  ///< the date of an extension fell on a day off
  paused,             ///< no date now: the rest of the limit will be counted by the newer version
};
[[nodiscard]] std::string_view name_of(DueMove move);
[[nodiscard]] std::optional<DueMove> due_move_from(std::string_view name);

/// A date that a newer calendar moves.
struct Recalculation {
  DueMove move = DueMove::later;
  std::optional<Instant> due_before{};  ///< both empty while the clock is paused
  std::optional<Instant> due_after{};
  friend bool operator==(const Recalculation&, const Recalculation&) = default;
};

/// What `change` does to a case that is pinned to `change.before`; nullopt if nothing: the clock neither runs
/// nor is paused, or no changed day touches what is counted. The date of an extension stays what it is unless
/// no office hours reach it any more; then it goes to the close of the next working day.
/// @law deadline/working-time @law calendar/public-holidays
[[nodiscard]] std::optional<Recalculation> recalculate(const Case& current, const Definition& definition,
                                                       const CalendarChange& change);

/// Command: the supervisor follows the newer calendar, or keeps the case's own.
struct DecideRecalculation {
  std::shared_ptr<const WorkingCalendar> calendar{};  ///< the newer version
  Recalculation proposed{};                           ///< what the supervisor was shown
  bool accept = false;
  std::string reason{};  ///< sealed; may be empty
};

/// Rejections: not_allowed (member `stale`: the newer version no longer does to the date what was proposed;
/// or the new date has passed already). A promise follows the new date; if the old one was broken by then,
/// its basis is that of an extension, which excuses and undoes nothing.
/// @law calendar/public-holidays
[[nodiscard]] Result<Decision> decide(const CaseView& current, const DecideRecalculation& command,
                                      const CommandContext& context);

}  // namespace motcua::engine
