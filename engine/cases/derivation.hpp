/// How the due instant came about (diễn giải thời hạn): the ledger's running and paused spans, interval by
/// interval.
#pragma once

#include "engine/cases/case.hpp"
#include "engine/deadline/counting.hpp"
#include "engine/procedure/definition.hpp"

#include <optional>
#include <vector>

namespace motcua::engine {

/// Intervals from reception to the due instant, gapless, in order; up to the pause while the clock is paused;
/// empty before reception. The counted seconds sum to the limit, or to what had been used up at the pause.
/// Pure.
/// @law deadline/clock-start
[[nodiscard]] std::vector<DerivationInterval> derivation_of(const Case& current, const Definition& definition,
                                                            const WorkingCalendar& calendar);

/// The instant at which a ledger's running spans use up `limit`; nullopt while the clock is paused before
/// that, or has not started. A limit used up before a pause keeps its instant: a pause never makes a late
/// case punctual. Pure.
/// @law deadline/clock-exclusion
[[nodiscard]] std::optional<Instant> legal_due_of(const std::vector<LedgerEntry>& ledger,
                                                  WorkingSeconds limit, const WorkingCalendar& calendar);

}  // namespace motcua::engine
