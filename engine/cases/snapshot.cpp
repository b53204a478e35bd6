#include "engine/cases/snapshot.hpp"

#include "engine/cases/payload_reader.hpp"
#include "engine/cases/payload_writer.hpp"

#include <exception>

namespace motcua::engine {

template <>
inline constexpr auto kMembers<LegalClock> =
    std::tuple{always("ledger", &LegalClock::ledger), always("reason", &LegalClock::reason),
               unless_empty("since", &LegalClock::since), always("state", &LegalClock::state)};
template <>
inline constexpr auto kMembers<StepCompletion> =
    std::tuple{always("by", &StepCompletion::by), always("on_behalf_of", &StepCompletion::on_behalf_of),
               always("step", &StepCompletion::step)};
template <>
inline constexpr auto kMembers<TakeOver> =
    std::tuple{always("at", &TakeOver::at), always("by", &TakeOver::by), always("from", &TakeOver::from),
               always("step", &TakeOver::step)};
template <>
inline constexpr auto kMembers<Consultation> =
    std::tuple{unless_empty("acknowledge_by", &Consultation::acknowledge_by),
               unless_empty("acknowledged_at", &Consultation::acknowledged_at),
               always("agency", &Consultation::agency),
               unless_empty("answered_at", &Consultation::answered_at),
               always("asked_at", &Consultation::asked_at),
               always("asked_version", &Consultation::asked_version),
               unless_empty("due_at", &Consultation::due_at),
               unless_empty("opinion_code", &Consultation::opinion_code)};
template <>
inline constexpr auto kMembers<Duty> =
    std::tuple{unless_empty("closed_at", &Duty::closed_at), always("kind", &Duty::kind),
               always("opened_at", &Duty::opened_at)};
template <>
inline constexpr auto kMembers<OpenEffect> =
    std::tuple{always("failed_once", &OpenEffect::failed_once), always("kind", &OpenEffect::kind),
               always("ref", &OpenEffect::ref), always("requested_at", &OpenEffect::requested_at),
               always("subject", &OpenEffect::subject)};
template <>
inline constexpr auto kMembers<CaseMove> =
    std::tuple{always("actor", &CaseMove::actor), always("at", &CaseMove::at),
               always("type", &CaseMove::type), always("version", &CaseMove::version)};
template <>
inline constexpr auto kMembers<Payment> =
    std::tuple{unless_empty("amount_vnd", &Payment::amount_vnd), always("fee_code", &Payment::fee_code),
               unless_empty("paid_at", &Payment::paid_at), always("paid_vnd", &Payment::paid_vnd),
               always("requested_at", &Payment::requested_at)};
template <>
inline constexpr auto kMembers<Case> =
    std::tuple{unless_empty("after_due", &Case::after_due),
               always("assignees", &Case::assignees),
               unless_empty("calendars_declined", &Case::calendars_declined),
               always("channel", &Case::channel),
               always("clock", &Case::clock),
               always("codes", &Case::codes),
               always("competent", &Case::competent),
               always("completions", &Case::completions),
               unless_empty("consultations", &Case::consultations),
               always("created_at", &Case::created_at),
               unless_empty("delegations", &Case::delegations),
               always("due", &Case::due),
               always("duties", &Case::duties),
               unless_empty("earlier", &Case::earlier),
               always("effects", &Case::effects),
               unless_empty("extended_to", &Case::extended_to),
               always("extensions", &Case::extensions),
               always("filed_by", &Case::filed_by),
               always("flags", &Case::flags),
               always("foreground_version", &Case::foreground_version),
               always("id", &Case::id),
               always("limit", &Case::limit),
               unless_empty("limit_supplements", &Case::limit_supplements),
               unless_empty("linked", &Case::linked),
               unless_empty("linked_from", &Case::linked_from),
               always("missing", &Case::missing),
               always("moves", &Case::moves),
               always("papers", &Case::papers),
               unless_empty("payments", &Case::payments),
               always("pins", &Case::pins),
               always("promises", &Case::promises),
               always("provenance", &Case::provenance),
               always("received_by", &Case::received_by),
               unless_empty("resolved_at", &Case::resolved_at),
               always("results", &Case::results),
               unless_empty("returned_at", &Case::returned_at),
               unless_empty("search_tokens", &Case::search_tokens),
               always("stage", &Case::stage),
               unless_empty("step_due", &Case::step_due),
               always("step_roles", &Case::step_roles),
               always("steps", &Case::steps),
               always("steps_final", &Case::steps_final),
               always("supplement_open", &Case::supplement_open),
               always("supplement_requests", &Case::supplement_requests),
               unless_empty("taken_over", &Case::taken_over),
               always("tasks", &Case::tasks),
               always("timers", &Case::timers),
               always("version", &Case::version)};
template <>
inline constexpr auto kMembers<CaseSnapshot> =
    std::tuple{always("content_versions", &CaseSnapshot::content_versions),
               always("generation", &CaseSnapshot::generation), always("state", &CaseSnapshot::state)};

std::string encode(const CaseSnapshot& snapshot) {
  PayloadWriter writer;
  writer.put(snapshot);
  return writer.take();
}

FaultOr<CaseSnapshot> decode_snapshot(std::string_view text) {
  CaseSnapshot snapshot;
  try {
    PayloadReader reader(text);
    reader.get(snapshot);
    reader.demand_end();
  } catch (const std::exception& error) {
    return Fault{std::string("a snapshot is malformed: ") + error.what()};
  }
  if (snapshot.generation != kSnapshotGeneration) return Fault{"a snapshot is of another generation"};
  return snapshot;
}

}  // namespace motcua::engine
