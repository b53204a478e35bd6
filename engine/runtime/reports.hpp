/// Figures for supervisors (số liệu điều hành): who has how much work, what will be late, what was late and
/// whose time it was. Folded from the events as they stood at one moment, so that a past figure never
/// changes.
#pragma once

#include "engine/cases/case.hpp"
#include "engine/deadline/budgets.hpp"
#include "engine/ports/catalogue.hpp"
#include "engine/ports/event_store.hpp"
#include "engine/runtime/replay.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <vector>

namespace motcua::engine {

/// Which cases count: those that the agency, or one below it, is competent for.
struct ReportScope {
  AgencyId agency{};
  Instant at{};    ///< events recorded later are not known
  Instant from{};  ///< lateness: cases that ended before are left out
};

/// Work of one officer in one step; an empty officer: nobody holds it.
struct LoadLine {
  std::int64_t held = 0;
  std::int64_t paused = 0;
  std::int64_t overdue = 0;
  std::int64_t due_soon = 0;   ///< within the next 24 hours
  std::int64_t step_late = 0;  ///< beyond the step's own limit
};
struct LoadReport {
  using Place = std::tuple<ActorId, ProcedureCode, StepName>;
  std::map<Place, LoadLine> lines{};
  std::map<std::string, std::int64_t> stages{};  ///< open cases by stage
  /// Cases that run, by the hour (its beginning) in which they come due, from `at` on for 48 hours: at risk
  /// unless somebody finishes them.
  std::map<Instant, std::int64_t> at_risk{};
  std::int64_t overdue = 0;
  std::vector<UnreadableCase> unreadable{};
};
[[nodiscard]] FaultOr<LoadReport> load_report(const EventStore& store, const ReportScope& scope);

/// Cases received, and how they kept the dates that were promised.
struct LatenessLine {
  std::int64_t cases = 0;
  std::int64_t ended = 0;             ///< of them: resolved, stopped or withdrawn by then
  std::int64_t late_as_promised = 0;  ///< of them: by the last promise that rests on no extension
  std::int64_t late_as_extended = 0;
  /// Late as promised, by whose doing: `ours`, or the id of the agency whose answer was overdue. A case that
  /// several agencies made late counts for each.
  std::map<std::string, std::int64_t> whose{};
  /// Late as promised, by the reason that the apology stated; `unexplained` where there was none.
  std::map<std::string, std::int64_t> causes{};
  Budgets budgets{};  ///< working time of all of them
};
struct LatenessReport {
  std::map<ProcedureCode, LatenessLine> procedures{};
  LatenessLine total{};
  std::vector<UnreadableCase> unreadable{};
  /// Cases whose pinned calendar is not in the catalogue: counted nowhere above.
  std::vector<CaseId> without_calendar{};
};
/// What the citizen was told; for `lateness_of`.
[[nodiscard]] PromisedDates promised_dates(const Case& current);

[[nodiscard]] FaultOr<LatenessReport> lateness_report(const EventStore& store, const Catalogue& catalogue,
                                                      const ReportScope& scope);

}  // namespace motcua::engine
