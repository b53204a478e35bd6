/// How the due instant of a case came about (diễn giải thời hạn): what engine/deadline counts, asked with the
/// case's own limit, ledger and pause reasons.
#pragma once

#include "engine/cases/case.hpp"
#include "engine/deadline/standing.hpp"
#include "engine/procedure/definition.hpp"

#include <vector>

namespace motcua::engine {

/// The time limit that applies to the case, with what is added to it.
[[nodiscard]] Limit limit_of(const Case& current, const Definition& definition);

/// Standing of the case after `ledger`. The competent agency's calendar is also the receiving one's. Pure.
/// @law deadline/clock-start @law deadline/clock-exclusion
[[nodiscard]] Standing standing_after(const Case& current, const std::vector<LedgerEntry>& ledger,
                                      const Definition& definition, const WorkingCalendar& calendar,
                                      Detail detail);

/// Standing of the case as its ledger says, with intervals from reception to the due instant, gapless, in
/// order; up to the pause while the clock is paused; none before reception. Each pause cites its law, by the
/// version whose limit it is or else by `pinned`.
[[nodiscard]] Standing standing_of(const Case& current, const Definition& definition,
                                   const WorkingCalendar& calendar, const Definition* pinned = nullptr);

/// The intervals alone. The counted seconds sum to the limit, or to what had been used up at the pause.
[[nodiscard]] std::vector<DerivationInterval> derivation_of(const Case& current, const Definition& definition,
                                                            const WorkingCalendar& calendar);

}  // namespace motcua::engine
