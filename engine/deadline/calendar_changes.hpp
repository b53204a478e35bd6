/// What differs between two versions of a working calendar (thay đổi lịch làm việc), day by day. Pure.
#pragma once

#include "engine/deadline/working_calendar.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace motcua::engine {

/// From one version of a calendar to a newer one.
struct CalendarChange {
  std::shared_ptr<const WorkingCalendar> before{};
  std::shared_ptr<const WorkingCalendar> after{};
  std::vector<LocalDay> days{};  ///< on which office hours differ, ascending
};

/// The change between two versions; neither may be null. Days are looked at up to the last one of which
/// either version says anything: a changed week goes on beyond it.
[[nodiscard]] CalendarChange change_between(std::shared_ptr<const WorkingCalendar> before,
                                            std::shared_ptr<const WorkingCalendar> after);

/// The last day up to `today` that `before` had announced and `after` says otherwise about: other hours, for
/// work or at the desk, or another kind of day. What such a day is called and by which notice may be mended.
[[nodiscard]] std::optional<LocalDay> changed_past_day(const WorkingCalendar& before,
                                                       const WorkingCalendar& after, LocalDay today);

/// One changed day as it is read aloud in both languages.
struct ChangeText {
  std::string vi{};
  std::string en{};
};
/// `nghỉ thứ Hai 31/08/2026 “...” theo thông báo ...`, `the day off of Monday 31 August 2026 “...” by notice
/// ...`; a make-up day names the day that it replaces.
[[nodiscard]] ChangeText text_of_change(const CalendarChange& change, LocalDay day);

/// One sentence: which changed days move the date from `due_before` to `due_after`; without dates: how a
/// paused time limit will go on.
[[nodiscard]] ChangeText sentence_of_change(const CalendarChange& change, std::optional<Instant> due_before,
                                            std::optional<Instant> due_after);

}  // namespace motcua::engine
