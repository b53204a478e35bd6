/// Folding of events into a case: copies what each event states.
#include "engine/cases/event.hpp"
#include "engine/cases/step_names.hpp"

#include <algorithm>
#include <iterator>

namespace motcua::engine {
namespace {

void apply_steps(Case& current, const Outcome& outcome) {
  if (outcome.steps) {
    current.steps = *outcome.steps;
    current.step_roles = outcome.step_roles;
  }
  if (outcome.steps_final) current.steps_final = *outcome.steps_final;
  for (const auto& step : outcome.unassigned) {
    current.assignees.erase(step);
    current.delegations.erase(step);
  }
  for (const auto& [step, officer] : outcome.assigned) {
    current.assignees[step] = officer;
    current.delegations.erase(step);
  }
  for (const auto& step : outcome.steps_left) {
    current.delegations.erase(step);
    current.step_due.erase(step);
  }
  for (const auto& [step, due] : outcome.step_due) current.step_due[step] = due;
  for (const auto& state : outcome.after_ended) current.after_due.erase(state);
  for (const auto& [state, due] : outcome.after_due) current.after_due[state] = due;
}

void apply_time(Case& current, const Outcome& outcome) {
  if (outcome.clock) {
    current.clock.ledger.push_back(*outcome.clock);
    current.clock.since = outcome.clock->at;
    current.clock.reason = outcome.clock->reason;
  }
  if (outcome.clock_state) current.clock.state = *outcome.clock_state;
  if (outcome.promise) current.promises.push_back(*outcome.promise);
  if (outcome.due) current.due = *outcome.due;
  if (outcome.limit) current.limit = *outcome.limit;
  if (outcome.limit_supplements) current.limit_supplements = *outcome.limit_supplements;
  if (outcome.extended_to) current.extended_to = *outcome.extended_to;
  for (const auto& kind : outcome.timers_cancelled) {
    std::erase_if(current.timers, [&](const CaseTimer& timer) { return timer.kind == kind; });
  }
  current.timers.insert(current.timers.end(), outcome.timers_set.begin(), outcome.timers_set.end());
}

void apply_papers(Case& current, const Outcome& outcome) {
  if (outcome.missing) current.missing = *outcome.missing;
  for (const auto& paper : outcome.papers_added) {
    const auto same = std::find_if(current.papers.begin(), current.papers.end(),
                                   [&](const CasePaper& held) { return held.code == paper.code; });
    if (same == current.papers.end()) {
      current.papers.push_back(paper);
    } else {
      *same = paper;
    }
  }
  if (outcome.provenance.empty()) return;
  auto& provenance = current.provenance.edit();
  if (provenance.empty()) {
    provenance = outcome.provenance;
    return;
  }
  for (const auto& [pointer, source] : outcome.provenance) provenance[pointer] = source;
}

void apply(Case& current, const Outcome& outcome) {
  if (outcome.stage) current.stage = *outcome.stage;
  apply_steps(current, outcome);
  apply_time(current, outcome);
  apply_papers(current, outcome);
  if (outcome.search_tokens) current.search_tokens = *outcome.search_tokens;
  for (const auto& flag : outcome.flags_removed) std::erase(current.flags, flag);
  for (const auto& flag : outcome.flags_added) {
    if (std::find(current.flags.begin(), current.flags.end(), flag) == current.flags.end()) {
      current.flags.push_back(flag);
    }
  }
}

void apply_duties(Case& current, const Outcome& outcome, Instant at) {
  for (const auto& kind : outcome.duties_closed) {
    for (auto& duty : current.duties) {
      if (duty.kind == kind && !duty.closed_at) duty.closed_at = at;
    }
  }
  for (const auto& kind : outcome.duties_opened) current.duties.push_back({kind, at, std::nullopt});
}

void apply_effects(Case& current, const Outcome& outcome, const EventMeta& meta) {
  for (const auto& ref : outcome.effects_closed) {
    std::erase_if(current.effects, [&](const OpenEffect& effect) { return effect.ref == ref; });
  }
  for (const auto& ref : outcome.effects_failed) {
    for (auto& effect : current.effects) effect.failed_once = effect.failed_once || effect.ref == ref;
  }
  std::uint32_t ordinal = 0;
  for (const auto& request : outcome.effects_requested) {
    current.effects.push_back(
        {{meta.version, ordinal++}, request.kind, request.subject, meta.recorded_at, false});
  }
  for (const auto& pointer : outcome.tasks_closed) {
    std::erase_if(current.tasks, [&](const CaseTask& task) { return task.pointer == pointer; });
  }
  current.tasks.insert(current.tasks.end(), outcome.tasks_opened.begin(), outcome.tasks_opened.end());
}

struct ApplyOwnPart {
  Case& current;
  const EventMeta& meta;

  void operator()(const CaseFiled& event) const {
    current.id = meta.case_id;
    current.codes = {event.code};
    current.pins = event.pins;
    current.channel = event.channel;
    current.received_by = event.received_by;
    current.competent = event.competent;
    current.filed_by = meta.actor;
    current.created_at = meta.recorded_at;
    if (!event.linked_from) return;
    current.linked_from = event.linked_from;
    current.codes.push_back({"linked", event.linked_from->code});
  }
  void operator()(const CaseReceived& event) const { current.pins = event.pins; }
  void operator()(const ReceptionRefused&) const {}
  void operator()(const SupplementRequested& event) const {
    current.supplement_open = event.items;
    current.supplement_requests += 1;
  }
  void operator()(const CaseSupplied& event) const { current.supplement_open = event.still_open; }
  /// Something new happened to the step: who took it from whom is past.
  void moved(const StepName& step) const {
    if (current.taken_over && current.taken_over->step == step) current.taken_over.reset();
  }
  void operator()(const StepAssigned& event) const {
    moved(event.step);
    if (event.taken_from.empty()) return;
    current.taken_over = TakeOver{event.step, event.taken_from, meta.actor, meta.recorded_at};
  }
  void operator()(const StepClaimed& event) const { moved(event.step); }
  void operator()(const StepReleased& event) const { moved(event.step); }
  void operator()(const StepTaken& event) const {
    moved(event.step);
    for (const auto& step : event.outcome.steps_left) {
      current.completions.push_back({step, meta.actor, meta.on_behalf_of});
    }
  }
  void operator()(const CaseWithdrawn&) const {}
  void operator()(const CaseStopped&) const {}
  void operator()(const CaseResolved& event) const {
    current.results = event.results;
    current.resolved_at = meta.recorded_at;
  }
  void operator()(const ResultReturned&) const { current.returned_at = meta.recorded_at; }
  void operator()(const DataCorrected&) const {}
  void operator()(const NoteAdded&) const {}
  void operator()(const ClockPaused&) const {}
  void operator()(const ClockResumed&) const {}
  void operator()(const DeadlineExtended&) const { current.extensions += 1; }
  void operator()(const TimerFired&) const {}
  void operator()(const LookupAnswered&) const {}
  void operator()(const LookupUnavailable&) const {}
  void operator()(const AnswerIgnored&) const {}
  void operator()(const StepDelegated& event) const {
    moved(event.step);
    current.delegations[event.step] = {event.from, event.to, event.until};
  }
  void operator()(const AgencyConsulted& event) const {
    current.consultations.push_back(
        {meta.version, event.agency, meta.recorded_at, event.acknowledge_by, event.due_at, {}, {}, {}});
  }
  void operator()(const ConsultationAcknowledged& event) const {
    for (auto& asked : current.consultations) {
      if (asked.asked_version == event.asked_version) asked.acknowledged_at = meta.recorded_at;
    }
  }
  void operator()(const ConsultationAnswered& event) const {
    for (auto& asked : current.consultations) {
      if (asked.asked_version != event.asked_version) continue;
      asked.answered_at = meta.recorded_at;
      asked.opinion_code = event.opinion_code;
    }
  }
  void operator()(const DeadlineRecalculated& event) const { current.pins.calendar_hash = event.calendar; }
  void operator()(const StateTimedOut& event) const {
    for (const auto& step : event.outcome.steps_left) moved(step);
  }
  void operator()(const PaymentRequested& event) const {
    current.payments.push_back({event.fee_code, event.amount_vnd, meta.recorded_at, 0, std::nullopt});
  }
  void operator()(const PaymentRecorded& event) const {
    for (auto& payment : current.payments) {
      if (payment.fee_code != event.fee_code || payment.paid_at) continue;
      payment.paid_vnd += event.amount_vnd;
      if (event.settled) payment.paid_at = meta.recorded_at;
      return;
    }
  }
  void operator()(const CaseMigrated& event) const {
    current.pins = event.pins;
    for (const auto& [step, delegation] : event.delegated) current.delegations[step] = delegation;
    current.completions = renamed(current.completions, event.map);
    if (!current.taken_over) return;
    const auto names = names_now(event.map, current.taken_over->step);
    if (names.empty()) return current.taken_over.reset();
    current.taken_over->step = names.front();
  }
  void operator()(const SwitchRefused&) const {}
  void operator()(const LinkedCaseOpened& event) const {
    const auto& opened = event.linked;
    const bool kept = std::any_of(current.linked.begin(), current.linked.end(), [&](const LinkedCase& one) {
      return !opened.case_id.empty() && one.case_id == opened.case_id;
    });
    if (!kept) current.linked.push_back(opened);
    for (const auto& step : event.outcome.steps_left) moved(step);
  }
  void operator()(const LinkedCaseFailed&) const {}
  void operator()(const LinkedCaseEnded& event) const {
    for (auto& linked : current.linked) {
      if (linked.case_id != event.case_id) continue;
      linked.ended_at = meta.recorded_at;
      linked.outcome = event.ended_as;
      linked.results = event.results;
    }
    for (const auto& step : event.outcome.steps_left) moved(step);
  }
  void operator()(const LinkedCaseReported&) const {}
  void operator()(const EarlierCaseSought& event) const {
    std::erase_if(current.earlier,
                  [&](const EarlierCase& known) { return known.procedure == event.earlier.procedure; });
    current.earlier.push_back(event.earlier);
  }
  void operator()(const RecalculationDeclined& event) const {
    current.calendars_declined.push_back(event.calendar);
  }
};

/// Type names of the events that a machine adds beside the officers' work.
constexpr std::string_view kBackground[] = {
    TimerFired::kType,       LookupAnswered::kType,     LookupUnavailable::kType,
    AnswerIgnored::kType,    SwitchRefused::kType,      LinkedCaseOpened::kType,
    LinkedCaseFailed::kType, LinkedCaseReported::kType, EarlierCaseSought::kType};

}  // namespace

void evolve_in_place(Case& current, const Event& event, const EventMeta& meta) {
  std::visit(
      [&](const auto& alternative) {
        apply(current, alternative.outcome);
        apply_duties(current, alternative.outcome, meta.recorded_at);
        apply_effects(current, alternative.outcome, meta);
      },
      event);
  std::visit(ApplyOwnPart{current, meta}, event);
  const auto type = type_of(event);
  current.version = meta.version;
  if (!is_background(type)) current.foreground_version = meta.version;
  if (current.moves.size() == kMovesKept) current.moves.erase(current.moves.begin());
  current.moves.push_back({meta.version, type, meta.actor, meta.recorded_at});
}

Case evolve(Case current, const Event& event, const EventMeta& meta) {
  evolve_in_place(current, event, meta);
  return current;
}

std::string_view type_of(const Event& event) {
  return std::visit([](const auto& alternative) { return std::decay_t<decltype(alternative)>::kType; },
                    event);
}

Outcome& outcome_of(Event& event) {
  return std::visit([](auto& alternative) -> Outcome& { return alternative.outcome; }, event);
}

bool is_background(std::string_view type) {
  return std::find(std::begin(kBackground), std::end(kBackground), type) != std::end(kBackground);
}

}  // namespace motcua::engine
