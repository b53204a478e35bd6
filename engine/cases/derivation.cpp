#include "engine/cases/derivation.hpp"

#include <algorithm>

namespace motcua::engine {
namespace {

/// Counted and skipped intervals of a span that ran from `from` to `to`; returns the working time used.
WorkingSeconds add_span(std::vector<DerivationInterval>& list, const WorkingCalendar& calendar, Instant from,
                        Instant to) {
  const auto used = working_time_between(calendar, from, to);
  // One second more than was used, cut at `to`: what lies behind the last counted second keeps its rule.
  for (auto& interval : derive(calendar, from, WorkingSeconds{used.count + 1})) {
    if (interval.from >= to) break;
    if (interval.to > to) {
      interval.to = to;
      if (interval.counted_seconds > 0) interval.counted_seconds -= 1;
    }
    list.push_back(std::move(interval));
  }
  return used;
}

}  // namespace

std::optional<Instant> legal_due_of(const std::vector<LedgerEntry>& ledger, WorkingSeconds limit,
                                    const WorkingCalendar& calendar) {
  std::optional<Instant> since;
  for (const auto& entry : ledger) {
    if (entry.change == ClockChange::start || entry.change == ClockChange::resume) since = entry.at;
    if (entry.change != ClockChange::pause) continue;
    const auto used = working_time_between(calendar, *since, entry.at);
    if (used > limit) return add_working_time(calendar, *since, limit);
    limit.count -= used.count;
    since.reset();
  }
  if (!since) return std::nullopt;
  return add_working_time(calendar, *since, limit);
}

std::vector<DerivationInterval> derivation_of(const Case& current, const Definition& definition,
                                              const WorkingCalendar& calendar) {
  std::vector<DerivationInterval> list;
  WorkingSeconds left{definition.time_limits.front().limit.amount * kWorkingDaySeconds};
  std::optional<Instant> running_since;
  std::optional<Instant> paused_since;
  for (const auto& entry : current.clock.ledger) {
    switch (entry.change) {
      case ClockChange::start:
        running_since = entry.at;
        break;
      case ClockChange::pause:
        left.count -= add_span(list, calendar, *running_since, entry.at).count;
        running_since.reset();
        paused_since = entry.at;
        break;
      case ClockChange::resume:
        list.push_back({*paused_since, entry.at, 0, "clock_paused", "", ""});
        paused_since.reset();
        running_since = entry.at;
        break;
      case ClockChange::end:
      case ClockChange::none:
        break;
    }
  }
  if (running_since) {
    for (auto& interval :
         derive(calendar, *running_since, WorkingSeconds{std::max<std::int64_t>(left.count, 0)})) {
      list.push_back(std::move(interval));
    }
  }
  return list;
}

}  // namespace motcua::engine
