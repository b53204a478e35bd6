/// How the due instant came about (diễn giải thời hạn): the ledger's running and paused spans, interval by
/// interval.
#pragma once

#include "engine/cases/case.hpp"
#include "engine/deadline/counting.hpp"
#include "engine/procedure/definition.hpp"

#include <vector>

namespace motcua::engine {

/// Intervals from reception to the due instant, gapless, in order; up to the pause while the clock is paused;
/// empty before reception. The counted seconds sum to the limit, or to what had been used up at the pause.
/// Pure.
/// @law deadline/clock-start
[[nodiscard]] std::vector<DerivationInterval> derivation_of(const Case& current, const Definition& definition,
                                                            const WorkingCalendar& calendar);

}  // namespace motcua::engine
