/// Calendars that inherit (kế thừa lịch làm việc): nation, province, office. A child names one version of its
/// parent; loading fills the parent's part in, and the filled-in text is what is hashed, stored and pinned.
#pragma once

#include "engine/deadline/working_calendar.hpp"
#include "workflows/loader/check_file.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace motcua::workflows {

/// The version of a calendar that a document names as its parent.
struct ParentName {
  std::string code{};
  std::int64_t version = 0;
  friend bool operator==(const ParentName&, const ParentName&) = default;
};

/// Nullopt for a document without `parent`.
[[nodiscard]] std::optional<ParentName> parent_of(const Json& document);

/// The child's document with all that it takes from its parent, whose document has no parent left: laws by
/// id, weekdays and days by date, the child's before the parent's; fixed days and `published_until` of the
/// parent. `resolved` names the parent and the SHA-256 of the child's file; `own` is what the child says
/// itself. A pure function of the two texts.
[[nodiscard]] std::string resolved_text(const Json& child, const std::string& child_bytes,
                                        const engine::WorkingCalendar& parent);

/// What a filled-in calendar says itself, as a file of the next version that names `parent_version` of its
/// parent `before`; null for a calendar that has no parent. Earlier releases did not keep the part apart:
/// then what it says in the parent's words counts as the parent's.
[[nodiscard]] Json following_file(const engine::WorkingCalendar& child, const engine::WorkingCalendar& before,
                                  std::int64_t parent_version);
/// The parent that a filled-in calendar was made with; nullopt for one without.
[[nodiscard]] std::optional<ParentName> parent_of(const engine::WorkingCalendar& calendar);

/// A calendar file that waits to be checked.
struct CalendarFile {
  std::string file{};
  std::string bytes{};
};

/// Checks with every rule, parents before their children whatever the order given; the outcomes are in that
/// order. Parents are looked for with `known`, then among `files`. Finding `cyclic-parent` for files that
/// wait for each other.
[[nodiscard]] std::vector<Checked<engine::WorkingCalendar>> check_calendars(
    const std::vector<CalendarFile>& files, const ParentCalendars& known);

}  // namespace motcua::workflows
