#include "engine/cases/derivation.hpp"

#include <algorithm>

namespace motcua::engine {
namespace {

const PauseReason* find_reason(const Definition& definition, const std::string& code) {
  const auto& reasons = definition.pause_reasons;
  const auto found = std::find_if(reasons.begin(), reasons.end(),
                                  [&](const PauseReason& reason) { return reason.code == code; });
  return found == reasons.end() ? nullptr : &*found;
}

}  // namespace

Limit limit_of(const Case& current, const Definition& definition) {
  // A replayed index may be of another version of the file only if the store is damaged.
  const auto& chosen = definition.time_limits.at(std::min(current.limit, definition.time_limits.size() - 1));
  auto limit = chosen.limit;
  for (const auto index : current.limit_supplements) {
    if (index < chosen.supplements.size()) limit.added.push_back(chosen.supplements[index].time);
  }
  return limit;
}

Standing standing_after(const Case& current, const std::vector<LedgerEntry>& ledger,
                        const Definition& definition, const WorkingCalendar& calendar, Detail detail) {
  return standing_of(limit_of(current, definition), calendar, calendar, ledger, detail);
}

Standing standing_of(const Case& current, const Definition& definition, const WorkingCalendar& calendar,
                     const Definition* pinned) {
  auto standing = standing_after(current, current.clock.ledger, definition, calendar, Detail::intervals);
  for (auto& interval : standing.derivation) {
    if (interval.rule != rule::clock_paused) continue;
    const auto* reason = find_reason(definition, interval.reason);
    if (reason == nullptr && pinned != nullptr) reason = find_reason(*pinned, interval.reason);
    if (reason != nullptr) interval.law = reason->law;
  }
  return standing;
}

std::vector<DerivationInterval> derivation_of(const Case& current, const Definition& definition,
                                              const WorkingCalendar& calendar) {
  return standing_of(current, definition, calendar).derivation;
}

}  // namespace motcua::engine
