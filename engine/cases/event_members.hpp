/// Members of each event's public payload, for its writer and its reader: names ascending, so that the text
/// is canonical and one pass over it reads them.
#pragma once

#include "engine/cases/event.hpp"

#include <string_view>
#include <tuple>

namespace motcua::engine {

template <class Owner, class T>
struct Member {
  std::string_view name;
  T Owner::*at;
  bool optional;  ///< written unless empty, read as empty when absent
};
template <class Owner, class T>
constexpr Member<Owner, T> always(std::string_view name, T Owner::*at) {
  return {name, at, false};
}
template <class Owner, class T>
constexpr Member<Owner, T> unless_empty(std::string_view name, T Owner::*at) {
  return {name, at, true};
}

/// A std::tuple of `Member` for each type that is written as an object.
template <class T>
inline constexpr auto kMembers = nullptr;
template <class T>
concept Described = !std::is_same_v<std::remove_cv_t<decltype(kMembers<T>)>, std::nullptr_t>;

template <>
inline constexpr auto kMembers<RulePins> =
    std::tuple{always("calendar", &RulePins::calendar_hash),
               unless_empty("limit", &RulePins::limit_hash),
               always("organisation", &RulePins::organisation_hash),
               always("procedure", &RulePins::procedure),
               always("procedure_hash", &RulePins::procedure_hash),
               always("procedure_version", &RulePins::procedure_version)};
template <>
inline constexpr auto kMembers<CaseCode> =
    std::tuple{always("code", &CaseCode::code), always("system", &CaseCode::system)};
template <>
inline constexpr auto kMembers<LedgerEntry> =
    std::tuple{always("at", &LedgerEntry::at), always("change", &LedgerEntry::change),
               always("reason", &LedgerEntry::reason), unless_empty("whose", &LedgerEntry::whose)};
template <>
inline constexpr auto kMembers<Promise> =
    std::tuple{always("basis", &Promise::basis), always("due_at", &Promise::due_at),
               always("made_at", &Promise::made_at), always("reason", &Promise::reason),
               always("told_how", &Promise::told_how)};
template <>
inline constexpr auto kMembers<Due> =
    std::tuple{unless_empty("due_at", &Due::due_at), unless_empty("legal_due", &Due::legal_due),
               unless_empty("remaining", &Due::remaining)};
template <>
inline constexpr auto kMembers<CaseTimer> =
    std::tuple{always("due_at", &CaseTimer::due_at), always("kind", &CaseTimer::kind)};
template <>
inline constexpr auto kMembers<CasePaper> =
    std::tuple{always("code", &CasePaper::code), always("document_id", &CasePaper::document_id)};
template <>
inline constexpr auto kMembers<CaseResult> =
    std::tuple{always("code", &CaseResult::code), always("document_id", &CaseResult::document_id)};
template <>
inline constexpr auto kMembers<Provenance> =
    std::tuple{always("class", &Provenance::answer_class), always("data_time", &Provenance::data_time),
               unless_empty("lookup", &Provenance::lookup),
               unless_empty("overridden", &Provenance::overridden), always("source", &Provenance::source)};
template <>
inline constexpr auto kMembers<EffectRef> =
    std::tuple{always("ordinal", &EffectRef::ordinal), always("version", &EffectRef::version)};
template <>
inline constexpr auto kMembers<EffectRequested> =
    std::tuple{always("kind", &EffectRequested::kind), always("subject", &EffectRequested::subject)};
template <>
inline constexpr auto kMembers<CaseTask> =
    std::tuple{always("kind", &CaseTask::kind), always("lookup", &CaseTask::lookup),
               always("opened_at", &CaseTask::opened_at), always("pointer", &CaseTask::pointer)};
template <>
inline constexpr auto kMembers<Delegation> =
    std::tuple{always("from", &Delegation::from), always("to", &Delegation::to),
               unless_empty("until", &Delegation::until)};
template <>
inline constexpr auto kMembers<Outcome> =
    std::tuple{unless_empty("after_due", &Outcome::after_due),
               unless_empty("after_ended", &Outcome::after_ended),
               unless_empty("assigned", &Outcome::assigned),
               unless_empty("clock", &Outcome::clock),
               unless_empty("clock_state", &Outcome::clock_state),
               unless_empty("due", &Outcome::due),
               unless_empty("duties_closed", &Outcome::duties_closed),
               unless_empty("duties_opened", &Outcome::duties_opened),
               unless_empty("effects_closed", &Outcome::effects_closed),
               unless_empty("effects_failed", &Outcome::effects_failed),
               unless_empty("effects_requested", &Outcome::effects_requested),
               unless_empty("extended_to", &Outcome::extended_to),
               unless_empty("flags_added", &Outcome::flags_added),
               unless_empty("flags_removed", &Outcome::flags_removed),
               unless_empty("limit", &Outcome::limit),
               unless_empty("limit_supplements", &Outcome::limit_supplements),
               unless_empty("missing", &Outcome::missing),
               unless_empty("papers_added", &Outcome::papers_added),
               unless_empty("promise", &Outcome::promise),
               unless_empty("provenance", &Outcome::provenance),
               unless_empty("role", &Outcome::role),
               unless_empty("search_tokens", &Outcome::search_tokens),
               unless_empty("stage", &Outcome::stage),
               unless_empty("standing", &Outcome::standing),
               unless_empty("step_due", &Outcome::step_due),
               unless_empty("step_roles", &Outcome::step_roles),
               unless_empty("steps", &Outcome::steps),
               unless_empty("steps_entered", &Outcome::steps_entered),
               unless_empty("steps_final", &Outcome::steps_final),
               unless_empty("steps_left", &Outcome::steps_left),
               unless_empty("tasks_closed", &Outcome::tasks_closed),
               unless_empty("tasks_opened", &Outcome::tasks_opened),
               unless_empty("timers_cancelled", &Outcome::timers_cancelled),
               unless_empty("timers_set", &Outcome::timers_set),
               unless_empty("unassigned", &Outcome::unassigned)};

template <>
inline constexpr auto kMembers<LinkedFrom> =
    std::tuple{always("case", &LinkedFrom::case_id), always("code", &LinkedFrom::code),
               always("link", &LinkedFrom::link)};
template <>
inline constexpr auto kMembers<LinkedCase> = std::tuple{unless_empty("agency", &LinkedCase::agency),
                                                        unless_empty("case", &LinkedCase::case_id),
                                                        unless_empty("code", &LinkedCase::code),
                                                        unless_empty("ended_at", &LinkedCase::ended_at),
                                                        always("link", &LinkedCase::link),
                                                        always("opened_at", &LinkedCase::opened_at),
                                                        unless_empty("outcome", &LinkedCase::outcome),
                                                        always("procedure", &LinkedCase::procedure),
                                                        unless_empty("results", &LinkedCase::results)};
template <>
inline constexpr auto kMembers<EarlierCase> =
    std::tuple{unless_empty("case", &EarlierCase::case_id), unless_empty("code", &EarlierCase::code),
               always("found", &EarlierCase::found), always("procedure", &EarlierCase::procedure)};

// Events: their own members and the outcome.
template <>
inline constexpr auto kMembers<CaseFiled> = std::tuple{
    always("channel", &CaseFiled::channel),        always("code", &CaseFiled::code),
    always("competent", &CaseFiled::competent),    unless_empty("linked_from", &CaseFiled::linked_from),
    always("outcome", &CaseFiled::outcome),        always("pins", &CaseFiled::pins),
    always("received_by", &CaseFiled::received_by)};
template <>
inline constexpr auto kMembers<CaseReceived> =
    std::tuple{always("accepted_incomplete", &CaseReceived::accepted_incomplete),
               always("outcome", &CaseReceived::outcome), always("pins", &CaseReceived::pins)};
template <>
inline constexpr auto kMembers<ReceptionRefused> = std::tuple{
    always("outcome", &ReceptionRefused::outcome), always("reason_code", &ReceptionRefused::reason_code)};
template <>
inline constexpr auto kMembers<SupplementRequested> = std::tuple{
    always("items", &SupplementRequested::items), always("outcome", &SupplementRequested::outcome)};
template <>
inline constexpr auto kMembers<CaseSupplied> =
    std::tuple{always("outcome", &CaseSupplied::outcome), always("still_open", &CaseSupplied::still_open)};
template <>
inline constexpr auto kMembers<StepAssigned> =
    std::tuple{always("assignee", &StepAssigned::assignee), always("outcome", &StepAssigned::outcome),
               always("step", &StepAssigned::step), unless_empty("taken_from", &StepAssigned::taken_from)};
template <>
inline constexpr auto kMembers<StepClaimed> =
    std::tuple{always("outcome", &StepClaimed::outcome), always("step", &StepClaimed::step)};
template <>
inline constexpr auto kMembers<StepReleased> =
    std::tuple{always("outcome", &StepReleased::outcome), always("step", &StepReleased::step)};
template <>
inline constexpr auto kMembers<StepTaken> =
    std::tuple{always("event", &StepTaken::event), always("outcome", &StepTaken::outcome),
               always("step", &StepTaken::step)};
template <>
inline constexpr auto kMembers<CaseWithdrawn> = std::tuple{always("outcome", &CaseWithdrawn::outcome)};
template <>
inline constexpr auto kMembers<CaseStopped> =
    std::tuple{always("law", &CaseStopped::law), always("outcome", &CaseStopped::outcome)};
template <>
inline constexpr auto kMembers<CaseResolved> =
    std::tuple{always("outcome", &CaseResolved::outcome), always("results", &CaseResolved::results)};
template <>
inline constexpr auto kMembers<ResultReturned> =
    std::tuple{always("channel", &ResultReturned::channel), always("outcome", &ResultReturned::outcome)};
template <>
inline constexpr auto kMembers<DataCorrected> =
    std::tuple{always("outcome", &DataCorrected::outcome), always("pointer", &DataCorrected::pointer)};
template <>
inline constexpr auto kMembers<NoteAdded> = std::tuple{always("outcome", &NoteAdded::outcome)};
template <>
inline constexpr auto kMembers<ClockPaused> =
    std::tuple{always("outcome", &ClockPaused::outcome), always("reason_code", &ClockPaused::reason_code)};
template <>
inline constexpr auto kMembers<ClockResumed> = std::tuple{always("outcome", &ClockResumed::outcome)};
template <>
inline constexpr auto kMembers<DeadlineExtended> = std::tuple{
    always("due_at", &DeadlineExtended::due_at), always("outcome", &DeadlineExtended::outcome),
    always("reason_code", &DeadlineExtended::reason_code), always("signer", &DeadlineExtended::signer)};
template <>
inline constexpr auto kMembers<TimerFired> =
    std::tuple{always("due_at", &TimerFired::due_at), always("kind", &TimerFired::kind),
               always("outcome", &TimerFired::outcome)};
template <>
inline constexpr auto kMembers<LookupAnswered> =
    std::tuple{always("class", &LookupAnswered::answer_class), always("detail", &LookupAnswered::detail),
               always("effect", &LookupAnswered::effect),      always("lookup", &LookupAnswered::lookup),
               always("outcome", &LookupAnswered::outcome),    always("subject", &LookupAnswered::subject)};
template <>
inline constexpr auto kMembers<LookupUnavailable> = std::tuple{
    always("detail", &LookupUnavailable::detail), always("effect", &LookupUnavailable::effect),
    always("outcome", &LookupUnavailable::outcome), always("subject", &LookupUnavailable::subject)};
template <>
inline constexpr auto kMembers<AnswerIgnored> =
    std::tuple{always("class", &AnswerIgnored::answer_class), always("effect", &AnswerIgnored::effect),
               always("outcome", &AnswerIgnored::outcome)};

template <>
inline constexpr auto kMembers<StepDelegated> =
    std::tuple{always("from", &StepDelegated::from), always("outcome", &StepDelegated::outcome),
               always("step", &StepDelegated::step), always("to", &StepDelegated::to),
               unless_empty("until", &StepDelegated::until)};
template <>
inline constexpr auto kMembers<AgencyConsulted> =
    std::tuple{unless_empty("acknowledge_by", &AgencyConsulted::acknowledge_by),
               always("agency", &AgencyConsulted::agency), unless_empty("due_at", &AgencyConsulted::due_at),
               always("outcome", &AgencyConsulted::outcome)};
template <>
inline constexpr auto kMembers<ConsultationAcknowledged> =
    std::tuple{always("asked_version", &ConsultationAcknowledged::asked_version),
               always("outcome", &ConsultationAcknowledged::outcome)};
template <>
inline constexpr auto kMembers<ConsultationAnswered> =
    std::tuple{always("asked_version", &ConsultationAnswered::asked_version),
               always("opinion_code", &ConsultationAnswered::opinion_code),
               always("outcome", &ConsultationAnswered::outcome)};
template <>
inline constexpr auto kMembers<DeadlineRecalculated> = std::tuple{
    always("calendar", &DeadlineRecalculated::calendar), always("outcome", &DeadlineRecalculated::outcome)};
template <>
inline constexpr auto kMembers<RecalculationDeclined> = std::tuple{
    always("calendar", &RecalculationDeclined::calendar), always("outcome", &RecalculationDeclined::outcome)};

template <>
inline constexpr auto kMembers<StateTimedOut> =
    std::tuple{always("due_at", &StateTimedOut::due_at), always("outcome", &StateTimedOut::outcome),
               always("state", &StateTimedOut::state)};

template <>
inline constexpr auto kMembers<PaymentRequested> = std::tuple{
    unless_empty("amount_vnd", &PaymentRequested::amount_vnd),
    always("fee_code", &PaymentRequested::fee_code), always("outcome", &PaymentRequested::outcome)};
template <>
inline constexpr auto kMembers<PaymentRecorded> = std::tuple{
    always("amount_vnd", &PaymentRecorded::amount_vnd), always("fee_code", &PaymentRecorded::fee_code),
    always("outcome", &PaymentRecorded::outcome), always("settled", &PaymentRecorded::settled)};

template <>
inline constexpr auto kMembers<CaseMigrated> = std::tuple{unless_empty("delegated", &CaseMigrated::delegated),
                                                          always("from_hash", &CaseMigrated::from_hash),
                                                          always("from_version", &CaseMigrated::from_version),
                                                          always("law", &CaseMigrated::law),
                                                          unless_empty("map", &CaseMigrated::map),
                                                          always("outcome", &CaseMigrated::outcome),
                                                          always("pins", &CaseMigrated::pins)};

template <>
inline constexpr auto kMembers<SwitchRefused> =
    std::tuple{always("obstacle", &SwitchRefused::obstacle), always("outcome", &SwitchRefused::outcome),
               always("version", &SwitchRefused::version)};
template <>
inline constexpr auto kMembers<LinkedCaseOpened> =
    std::tuple{always("effect", &LinkedCaseOpened::effect), always("linked", &LinkedCaseOpened::linked),
               always("outcome", &LinkedCaseOpened::outcome)};
template <>
inline constexpr auto kMembers<LinkedCaseFailed> =
    std::tuple{always("detail", &LinkedCaseFailed::detail), always("effect", &LinkedCaseFailed::effect),
               always("link", &LinkedCaseFailed::link), always("outcome", &LinkedCaseFailed::outcome)};
template <>
inline constexpr auto kMembers<LinkedCaseEnded> =
    std::tuple{always("case", &LinkedCaseEnded::case_id), always("ended_as", &LinkedCaseEnded::ended_as),
               always("outcome", &LinkedCaseEnded::outcome), always("results", &LinkedCaseEnded::results)};
template <>
inline constexpr auto kMembers<LinkedCaseReported> = std::tuple{
    always("effect", &LinkedCaseReported::effect), always("outcome", &LinkedCaseReported::outcome)};
template <>
inline constexpr auto kMembers<EarlierCaseSought> =
    std::tuple{always("earlier", &EarlierCaseSought::earlier), always("effect", &EarlierCaseSought::effect),
               always("outcome", &EarlierCaseSought::outcome)};

/// Whether a member need not be written.
template <class T>
bool is_empty(const T& value) {
  if constexpr (requires { value.has_value(); }) {
    return !value.has_value();
  } else if constexpr (requires { value.empty(); }) {
    return value.empty();
  } else if constexpr (std::is_same_v<T, bool>) {
    return !value;
  } else {
    return false;
  }
}

/// The value of a closed list that has this name; one overload for each list.
inline std::optional<Stage> from_name(std::string_view name, const Stage&) { return stage_from(name); }
inline std::optional<ClockState> from_name(std::string_view name, const ClockState&) {
  return clock_state_from(name);
}
inline std::optional<ClockChange> from_name(std::string_view name, const ClockChange&) {
  return clock_change_from(name);
}
/// Texts that are kept as views are type names of events, which live for ever.
template <std::size_t Index = 0>
std::optional<std::string_view> from_name(std::string_view name, const std::string_view& known) {
  if constexpr (Index < std::variant_size_v<Event>) {
    constexpr std::string_view kType = std::variant_alternative_t<Index, Event>::kType;
    if (kType == name) return kType;
    return from_name<Index + 1>(name, known);
  } else {
    return std::nullopt;
  }
}

}  // namespace motcua::engine
