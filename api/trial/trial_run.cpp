#include "api/trial/trial_run.hpp"

#include "engine/deadline/budgets.hpp"
#include "engine/deadline/counting.hpp"
#include "engine/runtime/reports.hpp"

#include <algorithm>
#include <functional>
#include <queue>
#include <utility>

namespace motcua::api {
namespace {

using namespace engine;  // NOLINT: this file speaks of little else

/// When a life goes on; the earlier filed first.
using Wake = std::pair<Instant, std::size_t>;
using Wakes = std::priority_queue<Wake, std::vector<Wake>, std::greater<>>;

/// Arrivals: `a_day` on each working day, at random within the desk's hours.
std::vector<Instant> arrivals(const WorkingCalendar& calendar, Instant start, const TrialPlan& plan) {
  Draw draw(plan.seed);
  std::vector<Instant> at;
  auto day = local_day(start);
  while (at.size() < plan.cases) {
    const auto& windows = calendar.windows_on(day, Hours::reception);
    for (std::size_t i = 0; !windows.empty() && i < std::max<std::size_t>(plan.a_day, 1); ++i) {
      const auto& window = draw.pick(windows);
      const std::chrono::seconds within{draw.between(0, (window.to - window.from).count() - 1)};
      at.push_back(std::max(start, instant_at(day, window.from + within)));
      if (at.size() == plan.cases) break;
    }
    day += std::chrono::days{1};
  }
  std::sort(at.begin(), at.end());
  return at;
}

/// About linked cases: the last of them moves the case.
bool is_of_linked(const Event& event) {
  return std::holds_alternative<LinkedCaseOpened>(event) || std::holds_alternative<LinkedCaseEnded>(event);
}

/// `case.step_taken` as `step`; the contract's command names are shorter than the types.
std::string name_in_path(const Event& event) {
  if (const auto* step = std::get_if<StepTaken>(&event)) return step->event;
  if (is_of_linked(event)) return kDone;
  auto type = std::string(type_of(event));
  return type.substr(type.find('.') + 1);
}

/// What only says that time passed or that somebody answered is no part of the way that people went.
bool is_on_the_way(Event& event) {
  return !std::holds_alternative<TimerFired>(event) && !std::holds_alternative<LookupAnswered>(event) &&
         !std::holds_alternative<LookupUnavailable>(event) && !std::holds_alternative<AnswerIgnored>(event) &&
         !std::holds_alternative<NoteAdded>(event) &&
         !(is_of_linked(event) && outcome_of(event).steps_left.empty());
}

/// Follows one case through its log.
class Follower {
 public:
  Follower(TrialFigures& figures, const WorkingCalendar& calendar) : figures_(figures), calendar_(calendar) {}

  void follow(TrialCase& told, HistoryEntry& entry) {
    const auto at = entry.record.recorded_at;
    if (entry.record.version == 1) told.filed_at = at;
    if (is_on_the_way(entry.event)) told.path.push_back(name_in_path(entry.event));
    const auto& outcome = outcome_of(entry.event);
    if (outcome.promise && !told.due_at) told.due_at = outcome.promise->due_at;
    if (const auto* step = std::get_if<StepTaken>(&entry.event))
      count_way(step->step.value, step->event, step->outcome);
    if (const auto* timed = std::get_if<StateTimedOut>(&entry.event))
      count_way(timed->state.value, kAfter, timed->outcome);
    if (is_of_linked(entry.event) && !outcome.steps_left.empty())
      count_way(outcome.steps_left.front().value, kDone, outcome);
    for (const auto& left : outcome.steps_left) leave(left, at);
    for (const auto& entered : outcome.steps_entered) entered_[entered] = at;
    if (outcome.clock && outcome.clock->change == ClockChange::start) told.received_at = at;
    if (outcome.clock && outcome.clock->change == ClockChange::end) told.decided_at = at;
  }

 private:
  void count_way(const std::string& from, const std::string& event, const Outcome& outcome) {
    std::string to;
    for (const auto& entered : outcome.steps_entered) to += (to.empty() ? "" : " ") + entered.value;
    figures_.ways[{from, event, to}] += 1;
  }
  void leave(const StepName& step, Instant at) {
    const auto since = entered_.find(step);
    if (since == entered_.end()) return;
    figures_.step_seconds[step.value].push_back(working_time_between(calendar_, since->second, at).count);
    entered_.erase(since);
  }

  TrialFigures& figures_;
  const WorkingCalendar& calendar_;
  std::map<StepName, Instant> entered_{};
};

}  // namespace

void add_case(TrialFigures& figures, const TrialOffice& office, const CaseId& id, const std::string& stuck) {
  TrialCase told;
  told.id = to_text(id);
  told.stuck = stuck;
  Follower follower(figures, office.calendar());
  for (auto& entry : office.history(id)) follower.follow(told, entry);
  const auto current = office.load(id);
  const auto& state = current->state;
  told.stage = name_of(state.stage);
  told.legal_due = state.due.legal_due;
  const auto& ledger = state.clock.ledger;
  told.working_seconds = budgets_of(ledger, office.calendar(), office.now()).ours.count;
  told.late =
      lateness_of(ledger, office.calendar(), promised_dates(state), office.now(), {}).as_promised.late;
  figures.stages[told.stage] += 1;
  figures.late += told.late ? 1 : 0;
  figures.paths[told.path] += 1;
  if (!stuck.empty()) figures.stuck[stuck] += 1;
  figures.cases.push_back(std::move(told));
}

TrialFigures play(TrialOffice& office, const Definition& definition, const TrialPlan& plan) {
  const InventedForm form(definition);
  std::vector<TrialLife> lives;
  lives.reserve(plan.cases);
  Wakes wakes;
  const auto filed_at = arrivals(office.calendar(), office.now(), plan);
  for (std::size_t i = 0; i < plan.cases; ++i) {
    lives.emplace_back(plan.seed, i, form, plan.pace);
    wakes.push({filed_at[i], i});
  }
  while (!wakes.empty()) {
    const auto [at, number] = wakes.top();
    wakes.pop();
    office.advance_to(at);
    auto& life = lives[number];
    if (life.id()) {
      life.go_on(office);
    } else {
      life.file(office, definition);
    }
    if (!life.end()) wakes.push({life.next_at(), number});
  }
  TrialFigures figures;
  for (const auto& life : lives) {
    if (life.id()) {
      add_case(figures, office, *life.id(), life.end()->why);
    } else {
      figures.stuck[life.end()->why] += 1;
    }
    for (const auto& [why, count] : life.refusals()) figures.refusals[why] += static_cast<std::size_t>(count);
  }
  return figures;
}

}  // namespace motcua::api
