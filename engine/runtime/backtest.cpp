#include "engine/runtime/backtest.hpp"

#include "engine/cases/decision_parts.hpp"
#include "engine/cases/derivation.hpp"
#include "engine/cases/form_filling.hpp"
#include "engine/cases/timing.hpp"
#include "engine/runtime/reports.hpp"

#include <algorithm>

namespace motcua::engine {
namespace {

template <class List, class Key, class Member>
bool lists(const List& list, const Key& key, Member member) {
  return std::any_of(list.begin(), list.end(), [&](const auto& each) { return each.*member == key; });
}

/// Follows one case through its log and the candidate's machine side by side.
class CaseOnTrial {
 public:
  CaseOnTrial(const Definition& candidate, BacktestReport& report) : candidate_(candidate), report_(report) {}

  void follow(const HistoryEntry& entry);
  [[nodiscard]] BacktestLine finish(const Catalogue& catalogue, Instant now);

 private:
  void receive(bool accepted_incomplete);
  void take_step(const StepTaken& step, std::uint64_t version);
  void time_out(const StateTimedOut& timed, std::uint64_t version);
  void join(const Outcome& outcome, std::uint64_t version);
  void resolve(const CaseResolved& resolved);
  void count_way(const Transition& way);
  void strand(std::uint64_t version, const std::string& event, const std::string& why);
  void dates(const Catalogue& catalogue, Instant now);
  void refuse(std::string what) { line_.refused.push_back(std::move(what)); }
  [[nodiscard]] nlohmann::json facts() const { return facts_of(state_, content_.data); }
  [[nodiscard]] std::vector<OfferedEvent> offers() const {
    return offered_events(candidate_.machine, active_, facts(), provisional_pointers({state_, content_}));
  }

  const Definition& candidate_;
  BacktestReport& report_;
  Case state_{};
  CaseContent content_{};
  std::vector<StepName> active_{};  ///< of the candidate's machine
  BacktestLine line_{};
};

void CaseOnTrial::follow(const HistoryEntry& entry) {
  evolve_in_place(state_, entry.event, meta_of(entry.record));
  for (const auto& opened : entry.personal) {
    if (opened.subject.value != "free-text") fold(content_, opened.value);
  }
  for (const auto& sealed : entry.sealed_subjects) content_.complete &= sealed.value == "free-text";
  if (const auto* received = std::get_if<CaseReceived>(&entry.event)) receive(received->accepted_incomplete);
  if (const auto* step = std::get_if<StepTaken>(&entry.event)) take_step(*step, entry.record.version);
  if (const auto* timed = std::get_if<StateTimedOut>(&entry.event)) time_out(*timed, entry.record.version);
  if (const auto* opened = std::get_if<LinkedCaseOpened>(&entry.event))
    join(opened->outcome, entry.record.version);
  if (const auto* ended = std::get_if<LinkedCaseEnded>(&entry.event))
    join(ended->outcome, entry.record.version);
  if (const auto* resolved = std::get_if<CaseResolved>(&entry.event)) resolve(*resolved);
  if (const auto* paused = std::get_if<ClockPaused>(&entry.event)) {
    if (!lists(candidate_.pause_reasons, paused->reason_code, &PauseReason::code))
      refuse("pause for " + paused->reason_code);
  }
}

void CaseOnTrial::receive(bool accepted_incomplete) {
  active_ = initial_steps(candidate_.machine);
  if (accepted_incomplete) return;
  for (const auto& item :
       missing_items(candidate_, content_.data, state_.channel, state_.papers, state_.earlier)) {
    refuse("reception without " +
           (item.paper.empty() ? item.pointer + item.procedure.value : item.paper.value));
  }
}

void CaseOnTrial::strand(std::uint64_t version, const std::string& event, const std::string& why) {
  line_.stranded = Stranding{version, active_, event, why};
}

void CaseOnTrial::count_way(const Transition& way) {
  const auto& states = candidate_.machine.states;
  for (std::size_t state = 0; state < states.size(); ++state) {
    const auto& ways = states[state].transitions;
    if (ways.empty() || &way < &ways.front() || &way > &ways.back()) continue;
    report_.taken[{state, static_cast<std::size_t>(&way - &ways.front())}] += 1;
  }
}

void CaseOnTrial::take_step(const StepTaken& step, std::uint64_t version) {
  if (line_.stranded) return;
  const auto move =
      take(candidate_.machine, active_, step.event, facts(), provisional_pointers({state_, content_}));
  if (!move) return strand(version, step.event, move.error().detail);
  for (const auto& way : move->taken) {
    for (const auto& pointer : way.transition->requires_) {
      if (!is_given(value_at(content_.data, pointer)))
        return strand(version, step.event, "the event requires " + pointer);
    }
    count_way(*way.transition);
  }
  active_ = move->active;
}

/// That the linked cases have ended is taken as given too.
void CaseOnTrial::join(const Outcome& outcome, std::uint64_t version) {
  if (line_.stranded || outcome.steps_left.empty()) return;
  const auto move = take_done(candidate_.machine, active_, outcome.steps_left.front(), facts(),
                              provisional_pointers({state_, content_}));
  if (!move) return strand(version, "done", move.error().detail);
  for (const auto& way : move->taken) count_way(*way.transition);
  active_ = move->active;
}

/// That nobody came in time is taken as given: the candidate's timer of the state goes its own way.
void CaseOnTrial::time_out(const StateTimedOut& timed, std::uint64_t version) {
  if (line_.stranded) return;
  const auto move =
      take_timed(candidate_.machine, active_, timed.state, facts(), provisional_pointers({state_, content_}));
  if (!move) return strand(version, "after", move.error().detail);
  active_ = move->active;
}

void CaseOnTrial::resolve(const CaseResolved& resolved) {
  if (!line_.stranded && !in_final_state(candidate_.machine, active_)) {
    strand(state_.version, "resolve", "the machine is not in a final state");
  }
  for (const auto& result : resolved.results) {
    if (!lists(candidate_.results, result.code, &ResultRule::code)) refuse("result " + result.code);
  }
}

void CaseOnTrial::dates(const Catalogue& catalogue, Instant now) {
  const auto calendar = catalogue.calendar_by_hash(state_.pins.calendar_hash);
  if (!calendar) {
    report_.without_calendar += 1;
    return;
  }
  const auto& ledger = state_.clock.ledger;
  const auto& pins = state_.pins;
  if (const auto pinned = catalogue.definition_by_hash(pins.limit_hash.value_or(pins.procedure_hash))) {
    line_.due_before = standing_after(state_, ledger, *pinned, *calendar, Detail::instants).legal_due;
  }
  Outcome chosen;
  choose_limit(chosen, candidate_, facts());
  Case probe = state_;
  probe.limit = *chosen.limit;
  probe.limit_supplements = chosen.limit_supplements.value_or(std::vector<std::size_t>{});
  line_.due_after = standing_after(probe, ledger, candidate_, *calendar, Detail::instants).legal_due;
  line_.extended = state_.extended_to.has_value();
  const bool ended = !ledger.empty() && ledger.back().change == ClockChange::end;
  const auto until = ended ? ledger.back().at : now;
  line_.late_before = line_.due_before && *line_.due_before < until;
  line_.late_after = line_.due_after && *line_.due_after < until;
}

BacktestLine CaseOnTrial::finish(const Catalogue& catalogue, Instant now) {
  line_.id = state_.id;
  if (!state_.codes.empty()) line_.code = state_.codes.front().code;
  line_.open = is_open(state_);
  if (!content_.complete) report_.without_values += 1;
  const bool waits = in_final_state(candidate_.machine, active_) ||
                     !timed_states(candidate_.machine, active_).empty() || !offers().empty();
  if (line_.open && !line_.stranded && !waits) {
    strand(0, "", "no event is offered where the case stands");
  }
  dates(catalogue, now);
  return std::move(line_);
}

/// Pieces of the log between which a back-test may be ended.
constexpr std::size_t kPieces = 64;

bool is_wanted(const Case& current, const Definition& candidate, const BacktestScope& scope) {
  if (current.pins.procedure != candidate.code || current.clock.ledger.empty()) return false;
  return is_open(current) || !scope.since || current.created_at >= *scope.since;
}

}  // namespace

FaultOr<BacktestReport> backtest(const EventStore& store, KeyStore* keys, const Catalogue& catalogue,
                                 const Definition& candidate, const BacktestScope& scope) {
  BacktestReport report;
  std::vector<CaseId> wanted;
  const Fault ended{"the back-test was ended"};
  const auto goes_on = [&] { return !scope.goes_on || scope.goes_on(); };
  const auto ranges = case_ranges(store, scope.goes_on ? kPieces : 1);
  if (!ranges) return ranges.error();
  for (const auto& range : *ranges) {
    if (!goes_on()) return ended;
    auto unreadable = replay_cases(store, range, [&](const Case& current) {
      if (is_wanted(current, candidate, scope)) wanted.push_back(current.id);
    });
    if (!unreadable) return unreadable.error();
    report.unreadable.insert(report.unreadable.end(), unreadable->begin(), unreadable->end());
  }
  const CaseLoader loader(store, keys, catalogue);
  report.lines.reserve(wanted.size());
  for (const auto& id : wanted) {
    if (!goes_on()) return ended;
    const auto history = loader.history(id, true);
    if (!history) {
      report.unreadable.push_back({id, history.error().what});
      continue;
    }
    CaseOnTrial on_trial(candidate, report);
    for (const auto& entry : *history) on_trial.follow(entry);
    report.lines.push_back(on_trial.finish(catalogue, scope.now));
  }
  return report;
}

}  // namespace motcua::engine
