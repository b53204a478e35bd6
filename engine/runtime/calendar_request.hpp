/// What reaches the sequencer about calendars: publication, pages of the recalculation worker, and a
/// supervisor's decisions.
#pragma once

#include "engine/cases/recalculation.hpp"
#include "engine/core/result.hpp"
#include "engine/deadline/working_calendar.hpp"
#include "engine/runtime/publication.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace motcua::engine {

/// A new version, and after it new versions of all calendars that inherit from it, parents first.
using CalendarFamily = std::vector<std::shared_ptr<const WorkingCalendar>>;

/// POST /calendars.
struct PublishRequest {
  Result<CalendarFamily> family = CalendarFamily{};  ///< outcome of the file's check; looked at after rights
  PublicationHandle unchanged{};  ///< the same bytes are published already: the answer, and nothing is new
};

/// A record beside the publications of a calendar's stream. Refused (not_allowed) once a newer version has
/// been published.
struct CalendarNote {
  std::shared_ptr<const WorkingCalendar> calendar{};  ///< that it is about
  std::string type{};
  std::string public_bytes{};
  bool by_engine = true;  ///< else a supervisor's, and repeated with the same key only
};

/// One case of POST /calendars/{id}/decisions.
struct RecalculationRequest {
  CaseId id{};
  DecideRecalculation decision{};
  std::optional<std::uint64_t> expected_version{};  ///< none: whatever it is, the date decides
};

}  // namespace motcua::engine
