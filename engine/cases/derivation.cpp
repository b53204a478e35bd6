#include "engine/cases/derivation.hpp"

#include <algorithm>

namespace motcua::engine {
namespace {

/// Counted and skipped intervals of a span that ran from `from` to `to`; returns the working time used.
WorkingSeconds add_span(std::vector<DerivationInterval>& list, const WorkingCalendar& calendar, Instant from,
                        Instant to) {
  const auto used = working_time_between(calendar, from, to);
  Instant reached = from;
  for (auto& interval : derive(calendar, from, used)) {
    reached = interval.to;
    list.push_back(std::move(interval));
  }
  if (reached < to) list.push_back({reached, to, 0, "outside_hours", "", ""});
  return used;
}

}  // namespace

std::vector<DerivationInterval> derivation_of(const Case& current, const Definition& definition,
                                              const WorkingCalendar& calendar) {
  std::vector<DerivationInterval> list;
  WorkingSeconds left{definition.time_limit.amount * kWorkingDaySeconds};
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
