#include "engine/runtime/reports.hpp"

#include <algorithm>
#include <chrono>
#include <future>
#include <optional>
#include <thread>
#include <utility>

namespace motcua::engine {
namespace {

constexpr std::chrono::hours kSoon{24};
constexpr std::chrono::hours kAtRisk{48};

bool counts(const ReportScope& scope, const Case& current) {
  return current.competent == scope.agency || current.competent.value.starts_with(scope.agency.value + '.');
}

bool is_open(const Case& current) { return !is_final(current.stage) && current.stage != Stage::resolved; }

/// One part of a report for each range of cases, on every core; added up by `merge`.
template <class Report, class Count, class Merge>
FaultOr<Report> in_parts(const EventStore& store, Instant at, const Count& count, const Merge& merge) {
  const auto ranges = case_ranges(store, std::max(1U, std::thread::hardware_concurrency()));
  if (!ranges) return ranges.error();
  std::vector<std::future<FaultOr<Report>>> parts;
  for (const auto& range : *ranges) {
    parts.push_back(std::async(std::launch::async, [&store, &count, at, range]() -> FaultOr<Report> {
      Report part;
      auto unreadable = replay_cases_until(store, range, at, [&](const Case& each) { count(part, each); });
      if (!unreadable) return unreadable.error();
      part.unreadable = *std::move(unreadable);
      return part;
    }));
  }
  Report whole;
  std::optional<Fault> fault;
  for (auto& each : parts) {
    auto part = each.get();
    if (!part) {
      fault = part.error();
      continue;
    }
    merge(whole, *part);
    std::move(part->unreadable.begin(), part->unreadable.end(), std::back_inserter(whole.unreadable));
  }
  if (fault) return *fault;
  return whole;
}

void add(LoadLine& into, const LoadLine& more) {
  into.held += more.held;
  into.paused += more.paused;
  into.overdue += more.overdue;
  into.due_soon += more.due_soon;
  into.step_late += more.step_late;
}

template <class Key>
void add(std::map<Key, std::int64_t>& into, const std::map<Key, std::int64_t>& more) {
  for (const auto& [key, count] : more) into[key] += count;
}

void count_load(LoadReport& report, const Case& current, Instant at) {
  if (!is_open(current)) return;
  report.stages[std::string(name_of(current.stage))] += 1;
  const auto due = current.due.due_at;
  const bool overdue = due && *due < at;
  if (overdue) report.overdue += 1;
  if (due && !overdue && *due < at + kAtRisk)
    report.at_risk[std::chrono::floor<std::chrono::hours>(*due)] += 1;
  for (const auto& step : current.steps) {
    if (current.steps_final) continue;
    const auto held = current.assignees.find(step);
    const auto officer = held == current.assignees.end() ? ActorId() : held->second;
    auto& line = report.lines[{officer, current.pins.procedure, step}];
    const auto step_due = current.step_due.find(step);
    line.held += 1;
    line.paused += current.clock.state == ClockState::paused ? 1 : 0;
    line.overdue += overdue ? 1 : 0;
    line.due_soon += due && !overdue && *due < at + kSoon ? 1 : 0;
    line.step_late += step_due != current.step_due.end() && step_due->second < at ? 1 : 0;
  }
}

/// While another agency's answer was overdue.
std::vector<OverdueAnswer> overdue_answers(const Case& current, Instant at) {
  std::vector<OverdueAnswer> overdue;
  for (const auto& asked : current.consultations) {
    const auto answered = asked.answered_at.value_or(at);
    if (asked.due_at && *asked.due_at < answered)
      overdue.push_back({asked.agency.value, *asked.due_at, answered});
  }
  return overdue;
}

/// What the apology said; the last one holds.
std::string stated_cause(const Case& current) {
  const auto extension =
      std::find_if(current.promises.rbegin(), current.promises.rend(),
                   [](const Promise& one) { return one.basis == "extension" && !one.reason.empty(); });
  return extension == current.promises.rend() ? "unexplained" : extension->reason;
}

void add(Budgets& into, const Budgets& more) {
  into.ours.count += more.ours.count;
  into.applicant.count += more.applicant.count;
  into.not_stated.count += more.not_stated.count;
  for (const auto& [agency, time] : more.agencies) into.agencies[agency].count += time.count;
}

void add(LatenessLine& into, const LatenessLine& more) {
  into.cases += more.cases;
  into.ended += more.ended;
  into.late_as_promised += more.late_as_promised;
  into.late_as_extended += more.late_as_extended;
  add(into.whose, more.whose);
  add(into.causes, more.causes);
  add(into.budgets, more.budgets);
}

LatenessLine lateness_line(const Case& current, const WorkingCalendar& calendar, Instant at) {
  const auto overdue = overdue_answers(current, at);
  const auto& ledger = current.clock.ledger;
  const auto late = lateness_of(ledger, calendar, promised_dates(current), at, overdue);
  LatenessLine line;
  line.cases = 1;
  line.ended = is_open(current) ? 0 : 1;
  line.late_as_promised = late.as_promised.late ? 1 : 0;
  line.late_as_extended = late.as_extended.late ? 1 : 0;
  if (late.as_promised.late) {
    line.causes[stated_cause(current)] = 1;
    for (const auto& agency : late.as_promised.because_of) line.whose[agency] = 1;
    if (late.as_promised.because_of.empty()) line.whose["ours"] = 1;
  }
  line.budgets = budgets_of(ledger, calendar, at, overdue);
  return line;
}

void count_lateness(LatenessReport& report, const Case& current, const Catalogue& catalogue,
                    const ReportScope& scope) {
  if (current.clock.ledger.empty()) return;  // not received
  const bool ended_before =
      current.clock.state == ClockState::ended && current.clock.ledger.back().at < scope.from;
  if (ended_before) return;
  const auto calendar = catalogue.calendar_by_hash(current.pins.calendar_hash);
  if (!calendar) {
    report.without_calendar.push_back(current.id);
    return;
  }
  const auto line = lateness_line(current, *calendar, scope.at);
  add(report.procedures[current.pins.procedure], line);
  add(report.total, line);
}

}  // namespace

FaultOr<LoadReport> load_report(const EventStore& store, const ReportScope& scope) {
  return in_parts<LoadReport>(
      store, scope.at,
      [&](LoadReport& part, const Case& current) {
        if (counts(scope, current)) count_load(part, current, scope.at);
      },
      [](LoadReport& whole, const LoadReport& part) {
        for (const auto& [place, line] : part.lines) add(whole.lines[place], line);
        add(whole.stages, part.stages);
        add(whole.at_risk, part.at_risk);
        whole.overdue += part.overdue;
      });
}

PromisedDates promised_dates(const Case& current) {
  PromisedDates dates;
  for (const auto& promise : current.promises) {
    if (promise.basis != "extension") dates.as_promised = promise.due_at;
    dates.as_extended = promise.due_at;
  }
  return dates;
}

FaultOr<LatenessReport> lateness_report(const EventStore& store, const Catalogue& catalogue,
                                        const ReportScope& scope) {
  return in_parts<LatenessReport>(
      store, scope.at,
      [&](LatenessReport& part, const Case& current) {
        if (counts(scope, current)) count_lateness(part, current, catalogue, scope);
      },
      [](LatenessReport& whole, const LatenessReport& part) {
        for (const auto& [procedure, line] : part.procedures) add(whole.procedures[procedure], line);
        add(whole.total, part.total);
        whole.without_calendar.insert(whole.without_calendar.end(), part.without_calendar.begin(),
                                      part.without_calendar.end());
      });
}

}  // namespace motcua::engine
