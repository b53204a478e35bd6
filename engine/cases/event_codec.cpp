/// Public payloads of events: canonical JSON by construction (std::map order, no floats, ASCII keys).
#include "engine/cases/event.hpp"

#include <exception>
#include <utility>

namespace motcua::engine {
namespace {

using nlohmann::json;

// --- values
// ------------------------------------------------------------------------------------------------------

json put(Instant at) { return to_micros(at); }
json put(const Digest& digest) { return to_hex(digest); }
template <class Tag>
json put(const TextId<Tag>& id) {
  return id.value;
}
json put(const std::string& text) { return text; }
void get(const json& from, Instant& at) { at = from_micros(from.get<std::int64_t>()); }
void get(const json& from, std::string& text) { text = from.get<std::string>(); }
template <class Tag>
void get(const json& from, TextId<Tag>& id) {
  id.value = from.get<std::string>();
}
void get(const json& from, Digest& digest) {
  const auto read = digest_from_hex(from.get<std::string>());
  if (!read) throw std::invalid_argument("digest is not 64 hexadecimal digits");
  digest = *read;
}
/// Named value of a closed list.
template <class T>
T named(const json& from, std::optional<T> (*parse)(std::string_view)) {
  const auto value = parse(from.get_ref<const std::string&>());
  if (!value) throw std::invalid_argument("unknown name " + from.get<std::string>());
  return *value;
}

// --- structs
// -----------------------------------------------------------------------------------------------------

json put(const RulePins& pins) {
  return {{"calendar", put(pins.calendar_hash)},
          {"organisation", put(pins.organisation_hash)},
          {"procedure", put(pins.procedure)},
          {"procedure_hash", put(pins.procedure_hash)},
          {"procedure_version", pins.procedure_version}};
}
void get(const json& from, RulePins& pins) {
  get(from.at("calendar"), pins.calendar_hash);
  get(from.at("organisation"), pins.organisation_hash);
  get(from.at("procedure"), pins.procedure);
  get(from.at("procedure_hash"), pins.procedure_hash);
  pins.procedure_version = from.at("procedure_version").get<std::int64_t>();
}

json put(const CaseCode& code) { return {{"code", code.code}, {"system", code.system}}; }
void get(const json& from, CaseCode& code) {
  get(from.at("code"), code.code);
  get(from.at("system"), code.system);
}

json put(const LedgerEntry& entry) {
  return {{"at", put(entry.at)}, {"change", name_of(entry.change)}, {"reason", entry.reason}};
}
void get(const json& from, LedgerEntry& entry) {
  get(from.at("at"), entry.at);
  entry.change = named(from.at("change"), &clock_change_from);
  get(from.at("reason"), entry.reason);
}

json put(const Promise& promise) {
  return {{"basis", promise.basis},
          {"due_at", put(promise.due_at)},
          {"made_at", put(promise.made_at)},
          {"reason", promise.reason},
          {"told_how", promise.told_how}};
}
void get(const json& from, Promise& promise) {
  get(from.at("basis"), promise.basis);
  get(from.at("due_at"), promise.due_at);
  get(from.at("made_at"), promise.made_at);
  get(from.at("reason"), promise.reason);
  get(from.at("told_how"), promise.told_how);
}

json put(const Due& due) {
  json object = json::object();
  if (due.legal_due) object["legal_due"] = put(*due.legal_due);
  if (due.due_at) object["due_at"] = put(*due.due_at);
  if (due.remaining) object["remaining"] = due.remaining->count;
  return object;
}
/// A member that is not there is read as empty; one of another shape must not be.
void demand(bool shaped) {
  if (!shaped) throw std::invalid_argument("a member has the wrong shape");
}
void get(const json& from, Due& due) {
  demand(from.is_object());
  due = Due{};
  if (from.contains("legal_due")) get(from["legal_due"], due.legal_due.emplace());
  if (from.contains("due_at")) get(from["due_at"], due.due_at.emplace());
  if (from.contains("remaining")) due.remaining = WorkingSeconds{from["remaining"].get<std::int64_t>()};
}

json put(const CaseTimer& timer) { return {{"due_at", put(timer.due_at)}, {"kind", timer.kind}}; }
void get(const json& from, CaseTimer& timer) {
  get(from.at("due_at"), timer.due_at);
  get(from.at("kind"), timer.kind);
}

json put(const MissingItem& item) {
  return item.paper.empty() ? json{{"pointer", item.pointer}} : json{{"paper", item.paper.value}};
}
void get(const json& from, MissingItem& item) {
  if (from.contains("paper")) {
    get(from["paper"], item.paper);
  } else {
    get(from.at("pointer"), item.pointer);
  }
}

json put(const CasePaper& paper) { return {{"code", put(paper.code)}, {"document_id", paper.document_id}}; }
void get(const json& from, CasePaper& paper) {
  get(from.at("code"), paper.code);
  get(from.at("document_id"), paper.document_id);
}

json put(const CaseResult& result) { return {{"code", result.code}, {"document_id", result.document_id}}; }
void get(const json& from, CaseResult& result) {
  get(from.at("code"), result.code);
  get(from.at("document_id"), result.document_id);
}

json put(const Provenance& provenance) {
  json object{{"class", provenance.answer_class},
              {"data_time", put(provenance.data_time)},
              {"source", provenance.source}};
  if (!provenance.lookup.empty()) object["lookup"] = provenance.lookup;
  if (provenance.overridden) object["overridden"] = true;
  return object;
}
void get(const json& from, Provenance& provenance) {
  get(from.at("class"), provenance.answer_class);
  get(from.at("data_time"), provenance.data_time);
  get(from.at("source"), provenance.source);
  if (from.contains("lookup")) get(from["lookup"], provenance.lookup);
  provenance.overridden = from.value("overridden", false);
}

json put(const EffectRef& ref) { return {{"ordinal", ref.ordinal}, {"version", ref.version}}; }
void get(const json& from, EffectRef& ref) {
  ref.ordinal = from.at("ordinal").get<std::uint32_t>();
  ref.version = from.at("version").get<std::uint64_t>();
}

json put(const EffectRequested& effect) { return {{"kind", effect.kind}, {"subject", effect.subject}}; }
void get(const json& from, EffectRequested& effect) {
  get(from.at("kind"), effect.kind);
  get(from.at("subject"), effect.subject);
}

json put(const CaseTask& task) {
  return {{"kind", task.kind},
          {"lookup", task.lookup},
          {"opened_at", put(task.opened_at)},
          {"pointer", task.pointer}};
}
void get(const json& from, CaseTask& task) {
  get(from.at("kind"), task.kind);
  get(from.at("lookup"), task.lookup);
  get(from.at("opened_at"), task.opened_at);
  get(from.at("pointer"), task.pointer);
}

// Lists come after the structs: unnamed-namespace overloads are not found by argument-dependent lookup.
template <class T>
json put(const std::vector<T>& list) {
  json array = json::array();
  for (const auto& item : list) array.push_back(put(item));
  return array;
}

template <class T>
void get(const json& from, std::vector<T>& list) {
  demand(from.is_array());
  list.clear();
  for (const auto& item : from) {
    T value{};
    get(item, value);
    list.push_back(std::move(value));
  }
}

json put_outcome_time(const Outcome& outcome) {
  json object = json::object();
  if (outcome.clock) object["clock"] = put(*outcome.clock);
  if (outcome.clock_state) object["clock_state"] = name_of(*outcome.clock_state);
  if (outcome.promise) object["promise"] = put(*outcome.promise);
  if (outcome.due) object["due"] = put(*outcome.due);
  if (!outcome.timers_set.empty()) object["timers_set"] = put(outcome.timers_set);
  if (!outcome.timers_cancelled.empty()) object["timers_cancelled"] = put(outcome.timers_cancelled);
  if (outcome.limit) object["limit"] = *outcome.limit;
  if (outcome.extended_to) object["extended_to"] = put(*outcome.extended_to);
  return object;
}

void put_outcome_duties(const Outcome& outcome, json& object) {
  const auto list = [&](const char* name, const auto& items) {
    if (!items.empty()) object[name] = put(items);
  };
  list("duties_closed", outcome.duties_closed);
  list("duties_opened", outcome.duties_opened);
  list("effects_closed", outcome.effects_closed);
  list("effects_failed", outcome.effects_failed);
  list("effects_requested", outcome.effects_requested);
  list("flags_added", outcome.flags_added);
  list("flags_removed", outcome.flags_removed);
  list("tasks_closed", outcome.tasks_closed);
  list("tasks_opened", outcome.tasks_opened);
}

json put(const Outcome& outcome) {
  json object = put_outcome_time(outcome);
  if (outcome.stage) object["stage"] = name_of(*outcome.stage);
  if (outcome.steps) object["steps"] = put(*outcome.steps);
  if (!outcome.step_roles.empty()) object["step_roles"] = put(outcome.step_roles);
  if (!outcome.steps_entered.empty()) object["steps_entered"] = put(outcome.steps_entered);
  if (!outcome.steps_left.empty()) object["steps_left"] = put(outcome.steps_left);
  if (outcome.steps_final) object["steps_final"] = *outcome.steps_final;
  if (outcome.missing) object["missing"] = put(*outcome.missing);
  for (const auto& [step, officer] : outcome.assigned) object["assigned"][step.value] = officer.value;
  if (!outcome.unassigned.empty()) object["unassigned"] = put(outcome.unassigned);
  put_outcome_duties(outcome, object);
  for (const auto& [pointer, source] : outcome.provenance) object["provenance"][pointer] = put(source);
  if (!outcome.papers_added.empty()) object["papers_added"] = put(outcome.papers_added);
  return object;
}

void get_outcome_time(const json& from, Outcome& outcome) {
  if (from.contains("clock")) get(from["clock"], outcome.clock.emplace());
  if (from.contains("clock_state")) outcome.clock_state = named(from["clock_state"], &clock_state_from);
  if (from.contains("promise")) get(from["promise"], outcome.promise.emplace());
  if (from.contains("due")) get(from["due"], outcome.due.emplace());
  if (from.contains("timers_set")) get(from["timers_set"], outcome.timers_set);
  if (from.contains("timers_cancelled")) get(from["timers_cancelled"], outcome.timers_cancelled);
  if (from.contains("limit")) outcome.limit = from["limit"].get<std::size_t>();
  if (from.contains("extended_to")) get(from["extended_to"], outcome.extended_to.emplace());
}

void get_outcome_duties(const json& from, Outcome& outcome) {
  const auto list = [&](const char* name, auto& items) {
    if (from.contains(name)) get(from[name], items);
  };
  list("duties_closed", outcome.duties_closed);
  list("duties_opened", outcome.duties_opened);
  list("effects_closed", outcome.effects_closed);
  list("effects_failed", outcome.effects_failed);
  list("effects_requested", outcome.effects_requested);
  list("flags_added", outcome.flags_added);
  list("flags_removed", outcome.flags_removed);
  list("tasks_closed", outcome.tasks_closed);
  list("tasks_opened", outcome.tasks_opened);
}

void get(const json& from, Outcome& outcome) {
  demand(from.is_object());
  get_outcome_time(from, outcome);
  if (from.contains("stage")) outcome.stage = named(from["stage"], &stage_from);
  if (from.contains("steps")) get(from["steps"], outcome.steps.emplace());
  if (from.contains("step_roles")) get(from["step_roles"], outcome.step_roles);
  if (from.contains("steps_entered")) get(from["steps_entered"], outcome.steps_entered);
  if (from.contains("steps_left")) get(from["steps_left"], outcome.steps_left);
  if (from.contains("steps_final")) outcome.steps_final = from["steps_final"].get<bool>();
  if (from.contains("missing")) get(from["missing"], outcome.missing.emplace());
  if (from.contains("assigned")) {
    demand(from["assigned"].is_object());
    for (const auto& [step, officer] : from["assigned"].items())
      get(officer, outcome.assigned[StepName(step)]);
  }
  if (from.contains("unassigned")) get(from["unassigned"], outcome.unassigned);
  get_outcome_duties(from, outcome);
  if (from.contains("provenance")) {
    demand(from["provenance"].is_object());
    for (const auto& [pointer, source] : from["provenance"].items()) get(source, outcome.provenance[pointer]);
  }
  if (from.contains("papers_added")) get(from["papers_added"], outcome.papers_added);
}

// --- events
// ------------------------------------------------------------------------------------------------------

/// Own members of each event beside its outcome.
struct PutOwn {
  json& object;
  void operator()(const CaseFiled& event) const {
    object["channel"] = event.channel;
    object["code"] = put(event.code);
    object["competent"] = put(event.competent);
    object["pins"] = put(event.pins);
    object["received_by"] = put(event.received_by);
  }
  void operator()(const CaseReceived& event) const {
    object["accepted_incomplete"] = event.accepted_incomplete;
    object["pins"] = put(event.pins);
  }
  void operator()(const ReceptionRefused& event) const { object["reason_code"] = event.reason_code; }
  void operator()(const SupplementRequested& event) const { object["items"] = event.items; }
  void operator()(const CaseSupplied& event) const { object["still_open"] = event.still_open; }
  void operator()(const StepAssigned& event) const {
    object["assignee"] = put(event.assignee);
    object["step"] = put(event.step);
  }
  void operator()(const StepClaimed& event) const { object["step"] = put(event.step); }
  void operator()(const StepReleased& event) const { object["step"] = put(event.step); }
  void operator()(const StepTaken& event) const {
    object["event"] = event.event;
    object["step"] = put(event.step);
  }
  void operator()(const CaseWithdrawn&) const {}
  void operator()(const CaseStopped& event) const { object["law"] = event.law; }
  void operator()(const CaseResolved& event) const { object["results"] = put(event.results); }
  void operator()(const ResultReturned& event) const { object["channel"] = event.channel; }
  void operator()(const DataCorrected& event) const { object["pointer"] = event.pointer; }
  void operator()(const NoteAdded&) const {}
  void operator()(const ClockPaused& event) const { object["reason_code"] = event.reason_code; }
  void operator()(const ClockResumed&) const {}
  void operator()(const DeadlineExtended& event) const {
    object["due_at"] = put(event.due_at);
    object["reason_code"] = event.reason_code;
    object["signer"] = put(event.signer);
  }
  void operator()(const TimerFired& event) const {
    object["due_at"] = put(event.due_at);
    object["kind"] = event.kind;
  }
  void operator()(const LookupAnswered& event) const {
    object["class"] = event.answer_class;
    object["detail"] = event.detail;
    object["effect"] = put(event.effect);
    object["lookup"] = event.lookup;
    object["subject"] = event.subject;
  }
  void operator()(const LookupUnavailable& event) const {
    object["detail"] = event.detail;
    object["effect"] = put(event.effect);
    object["subject"] = event.subject;
  }
  void operator()(const AnswerIgnored& event) const {
    object["class"] = event.answer_class;
    object["effect"] = put(event.effect);
  }
};

struct GetOwn {
  const json& object;
  void operator()(CaseFiled& event) const {
    get(object.at("channel"), event.channel);
    get(object.at("code"), event.code);
    get(object.at("competent"), event.competent);
    get(object.at("pins"), event.pins);
    get(object.at("received_by"), event.received_by);
  }
  void operator()(CaseReceived& event) const {
    event.accepted_incomplete = object.at("accepted_incomplete").get<bool>();
    get(object.at("pins"), event.pins);
  }
  void operator()(ReceptionRefused& event) const { get(object.at("reason_code"), event.reason_code); }
  void operator()(SupplementRequested& event) const { get(object.at("items"), event.items); }
  void operator()(CaseSupplied& event) const { get(object.at("still_open"), event.still_open); }
  void operator()(StepAssigned& event) const {
    get(object.at("assignee"), event.assignee);
    get(object.at("step"), event.step);
  }
  void operator()(StepClaimed& event) const { get(object.at("step"), event.step); }
  void operator()(StepReleased& event) const { get(object.at("step"), event.step); }
  void operator()(StepTaken& event) const {
    get(object.at("event"), event.event);
    get(object.at("step"), event.step);
  }
  void operator()(CaseWithdrawn&) const {}
  void operator()(CaseStopped& event) const { get(object.at("law"), event.law); }
  void operator()(CaseResolved& event) const { get(object.at("results"), event.results); }
  void operator()(ResultReturned& event) const { get(object.at("channel"), event.channel); }
  void operator()(DataCorrected& event) const { get(object.at("pointer"), event.pointer); }
  void operator()(NoteAdded&) const {}
  void operator()(ClockPaused& event) const { get(object.at("reason_code"), event.reason_code); }
  void operator()(ClockResumed&) const {}
  void operator()(DeadlineExtended& event) const {
    get(object.at("due_at"), event.due_at);
    get(object.at("reason_code"), event.reason_code);
    get(object.at("signer"), event.signer);
  }
  void operator()(TimerFired& event) const {
    get(object.at("due_at"), event.due_at);
    get(object.at("kind"), event.kind);
  }
  void operator()(LookupAnswered& event) const {
    get(object.at("class"), event.answer_class);
    get(object.at("detail"), event.detail);
    get(object.at("effect"), event.effect);
    get(object.at("lookup"), event.lookup);
    get(object.at("subject"), event.subject);
  }
  void operator()(LookupUnavailable& event) const {
    get(object.at("detail"), event.detail);
    get(object.at("effect"), event.effect);
    get(object.at("subject"), event.subject);
  }
  void operator()(AnswerIgnored& event) const {
    get(object.at("class"), event.answer_class);
    get(object.at("effect"), event.effect);
  }
};

/// The empty alternative whose type name is `type`.
template <std::size_t Index = 0>
std::optional<Event> empty_event(std::string_view type) {
  if constexpr (Index < std::variant_size_v<Event>) {
    using Alternative = std::variant_alternative_t<Index, Event>;
    if (Alternative::kType == type) return Event{Alternative{}};
    return empty_event<Index + 1>(type);
  } else {
    return std::nullopt;
  }
}

}  // namespace

std::string encode(const Event& event) {
  json object = json::object();
  std::visit(PutOwn{object}, event);
  std::visit([&](const auto& alternative) { object["outcome"] = put(alternative.outcome); }, event);
  return object.dump();
}

FaultOr<Event> decode_event(std::string_view type, std::uint16_t type_version,
                            std::string_view public_bytes) {
  auto event = empty_event(type);
  if (!event || type_version != kEventTypeVersion) {
    return Fault{"event type " + std::string(type) + " version " + std::to_string(type_version) +
                 " is unknown"};
  }
  try {
    const auto object = json::parse(public_bytes);
    std::visit(GetOwn{object}, *event);
    std::visit([&](auto& alternative) { get(object.at("outcome"), alternative.outcome); }, *event);
  } catch (const std::exception& error) {
    return Fault{"payload of " + std::string(type) + " is malformed: " + error.what()};
  }
  return *std::move(event);
}

}  // namespace motcua::engine
