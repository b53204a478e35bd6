/// Whose time a case took (thời gian của ai): the agency's own, the applicant's, each other agency's, from
/// one clock ledger; and whose a lateness is. Pure, as of any instant; docs/decisions/0022-whose-time.md.
///
/// For a report: take `current.clock.ledger`, the calendar that the case pins (its processing windows measure
/// everybody's time, so that the budgets add up), the instant up to which is counted (the report's `at_time`,
/// or now), and the spans during which another agency's answer was overdue: for a consultation from its
/// `due_at` to `answered_at`, or to that instant while it is not answered.
#pragma once

#include "engine/core/time.hpp"
#include "engine/deadline/ledger.hpp"
#include "engine/deadline/working_calendar.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace motcua::engine {

/// A span during which an agency owed us an answer that was due (quá hạn trả lời ý kiến).
struct OverdueAnswer {
  std::string agency{};
  Instant from{};
  Instant to{};
};

/// Working time from the start of the clock to its end, or to `until` if that is earlier. The parts add up to
/// it.
struct Budgets {
  WorkingSeconds ours{};
  WorkingSeconds applicant{};
  std::map<std::string, WorkingSeconds> agencies{};  ///< by id; `other_agency` for one that nobody named
  WorkingSeconds not_stated{};  ///< pauses of cases that earlier releases recorded without saying whose
  friend bool operator==(const Budgets&, const Budgets&) = default;
};

/// All zero before the clock started. What the ledger says of a pause comes before overdue answers; of two
/// answers overdue at a time, the one that became overdue first has the time (then the lower id), so no time
/// counts twice.
[[nodiscard]] Budgets budgets_of(const std::vector<LedgerEntry>& ledger, const WorkingCalendar& calendar,
                                 Instant until, const std::vector<OverdueAnswer>& overdue = {});

/// The dates that the citizen was told: of the last promise that rests on no extension, and of the last one.
/// Empty where nothing was promised.
struct PromisedDates {
  std::optional<Instant> as_promised{};
  std::optional<Instant> as_extended{};
};

/// Whether one date was missed, and by whose doing: a case is late because of an agency if it would not have
/// been late without the working time of that agency's overdue answers. `because_of` holds the ids of all
/// agencies of which this is true, ascending; if it is empty, the lateness is ours. Never the applicant's:
/// the clock stands still while we wait for them.
struct Lateness {
  bool late = false;
  std::vector<std::string> because_of{};
  friend bool operator==(const Lateness&, const Lateness&) = default;
};
struct LatenessOfBoth {
  Lateness as_promised{};
  Lateness as_extended{};
  friend bool operator==(const LatenessOfBoth&, const LatenessOfBoth&) = default;
};

/// A case is late if its clock ran after the date: ended after it, or runs still at `until` after it. A case
/// that waits, or ended while it waited, is judged by when the wait began.
[[nodiscard]] LatenessOfBoth lateness_of(const std::vector<LedgerEntry>& ledger,
                                         const WorkingCalendar& calendar, const PromisedDates& promised,
                                         Instant until, const std::vector<OverdueAnswer>& overdue = {});

}  // namespace motcua::engine
