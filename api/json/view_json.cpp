#include "api/json/view_json.hpp"

#include "api/json/instant_members.hpp"
#include "engine/cases/derivation.hpp"
#include "engine/cases/rights.hpp"
#include "engine/deadline/sentences.hpp"
#include "engine/prefill/once_only.hpp"

#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace motcua::api {
namespace {

using engine::to_rfc3339;
using nlohmann::json;

json time_or_null(const std::optional<engine::Instant>& at) {
  return at ? json(to_rfc3339(*at)) : json(nullptr);
}

json text_or_null(const std::string& text) { return text.empty() ? json(nullptr) : json(text); }

json label_json(const engine::Label& label) { return {{"vi", label.vi}, {"en", label.en}}; }

json promises_json(const engine::Case& state) {
  json list = json::array();
  for (const auto& promise : state.promises) {
    json entry{{"due_at", to_rfc3339(promise.due_at)},
               {"made_at", to_rfc3339(promise.made_at)},
               {"basis", promise.basis},
               {"told_how", promise.told_how}};
    if (!promise.reason.empty()) entry["reason"] = promise.reason;
    list.push_back(std::move(entry));
  }
  return list;
}

json clock_json(const engine::LegalClock& clock) {
  return {{"state", engine::name_of(clock.state)},
          {"reason", text_or_null(clock.reason)},
          {"since", time_or_null(clock.since)}};
}

json codes_json(const engine::Case& state) {
  json list = json::array();
  for (const auto& code : state.codes) list.push_back({{"system", code.system}, {"code", code.code}});
  return list;
}

json procedure_json(const engine::LoadedCase& current) {
  const auto& pins = current.state.pins;
  return {{"code", pins.procedure.value},
          {"version", pins.procedure_version},
          {"name", current.rules.definition ? label_json(current.rules.definition->name) : json(nullptr)}};
}

void add_time(json& object, const engine::Case& state) {
  object["clock"] = clock_json(state.clock);
  object["promises"] = promises_json(state);
  object["legal_due"] = time_or_null(state.due.legal_due);
  object["due_at"] = time_or_null(state.due.due_at);
  object["remaining"] = state.due.remaining ? json(state.due.remaining->count) : json(nullptr);
}

/// The limit that was chosen, and what is added to it.
json limit_json(const engine::Limit& limit) {
  auto supplements = json::array();
  for (const auto& added : limit.added) {
    supplements.push_back({{"amount", added.amount}, {"law", text_or_null(added.law)}});
  }
  return {{"amount", limit.amount},
          {"unit", engine::name_of(limit.unit)},
          {"law", text_or_null(limit.law)},
          {"supplements", std::move(supplements)}};
}

/// What the sentences call each pause: what every procedure has by its common name, else as the definition
/// does.
engine::ReasonNames reason_names(const engine::Rules& rules) {
  auto names = engine::common_reasons();
  for (const auto* definition : {rules.definition.get(), &rules.limiting()}) {
    for (const auto& reason : definition->pause_reasons) {
      if (reason.name.vi.empty() || reason.name.en.empty()) continue;
      names.try_emplace(reason.code,
                        engine::ReasonName{"“" + reason.name.vi + "”", "“" + reason.name.en + "”"});
    }
  }
  return names;
}

void show_instant(json& value) {
  if (value.is_number_integer()) value = to_rfc3339(engine::from_micros(value.get<std::int64_t>()));
}

void show_instants(json& value) {
  if (!value.is_structured()) return;
  for (auto it = value.begin(); it != value.end(); ++it) {
    if (value.is_object() && is_instant(it.key())) {
      show_instant(*it);
    } else if (value.is_object() && holds_instants(it.key())) {
      for (auto& instant : *it) show_instant(instant);
    } else {
      show_instants(*it);
    }
  }
}

/// `N. V. A.` for `Nguyễn Văn An`: the first character of each word.
std::string initials(const std::string& name) {
  std::string text;
  bool word_starts = true;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (name[i] == ' ') {
      word_starts = true;
      continue;
    }
    if (!word_starts) continue;
    word_starts = false;
    std::size_t end = i + 1;
    while (end < name.size() && (static_cast<unsigned char>(name[end]) & 0xC0U) == 0x80U) ++end;
    text += (text.empty() ? "" : " ") + name.substr(i, end - i) + ".";
    i = end - 1;
  }
  return text;
}

}  // namespace

json masked_values(const json& data) {
  if (data.is_object()) {
    json object = json::object();
    for (const auto& [key, value] : data.items()) object[key] = masked_values(value);
    return object;
  }
  return data.is_null() ? data : json("***");
}

json intervals_json(const std::vector<engine::DerivationInterval>& intervals) {
  json list = json::array();
  for (const auto& interval : intervals) {
    list.push_back({{"from", to_rfc3339(interval.from)},
                    {"to", to_rfc3339(interval.to)},
                    {"counted_seconds", interval.counted_seconds},
                    {"rule", interval.rule},
                    {"notice", interval.notice.empty() ? json(nullptr) : json(interval.notice)},
                    {"law", interval.law.empty() ? json(nullptr) : json(interval.law)}});
  }
  return list;
}

json masked_applicant(const json& applicant) {
  json masked = json::object();
  for (const auto& [key, value] : applicant.items()) {
    const auto text = value.is_string() ? value.get<std::string>() : std::string();
    if (key == "full_name") {
      masked[key] = initials(text);
    } else if (key == "personal_id" && text.size() > 3) {
      masked[key] = std::string(text.size() - 3, '*') + text.substr(text.size() - 3);
    } else {
      masked[key] = "***";
    }
  }
  return masked;
}

json event_json(const engine::HistoryEntry& entry) {
  const auto& record = entry.record;
  auto data = json::parse(record.public_bytes, nullptr, false);
  show_instants(data);
  // Of no use to a reader, and one more trace of a name.
  if (const auto outcome = data.find("outcome"); outcome != data.end()) outcome->erase("search_tokens");
  json object{{"position", record.position},
              {"version", record.version},
              {"type", record.type},
              {"type_version", record.type_version},
              {"recorded_at", to_rfc3339(record.recorded_at)},
              {"occurred_at", to_rfc3339(record.occurred_at)},
              {"actor", record.actor.value},
              {"agency", record.agency.value},
              {"command_id", engine::to_hex(record.command_id)},
              {"data", std::move(data)}};
  if (!record.on_behalf_of.empty()) object["on_behalf_of"] = record.on_behalf_of;
  if (!record.cause.empty()) object["cause"] = record.cause;
  for (const auto& opened : entry.personal) object["personal"][opened.subject.value] = opened.value;
  for (const auto& sealed : entry.sealed_subjects) object["sealed"].push_back(sealed.value);
  return object;
}

json deadline_json(const engine::LoadedCase& current) {
  json object = json::object();
  add_time(object, current.state);
  auto& ledger = object["ledger"] = json::array();
  for (const auto& entry : current.state.clock.ledger) {
    ledger.push_back({{"at", to_rfc3339(entry.at)},
                      {"change", engine::name_of(entry.change)},
                      {"reason", text_or_null(entry.reason)},
                      {"whose", text_or_null(entry.whose)}});
  }
  object["limit"] = nullptr;
  object["derivation"] = json::array();
  object["sentences"] = {{"vi", json::array()}, {"en", json::array()}};
  object["provisional"] = false;
  if (!current.rules.definition || !current.rules.calendar) return object;
  const auto& definition = *current.rules.definition;
  const auto& limiting = current.rules.limiting();
  const auto standing = engine::standing_of(current.state, limiting, *current.rules.calendar, &definition);
  const auto limit = engine::limit_of(current.state, limiting);
  const auto sentences = engine::sentences_of(limit, standing, reason_names(current.rules));
  if (!current.state.clock.ledger.empty()) object["limit"] = limit_json(limit);
  object["derivation"] = intervals_json(standing.derivation);
  object["sentences"] = {{"vi", sentences.vi}, {"en", sentences.en}};
  object["provisional"] = standing.provisional;
  return object;
}

json once_only_json(const engine::LoadedCase& current) {
  json object{{"fields", json::array()}, {"totals", nullptr}};
  if (!current.rules.definition) return object;
  std::map<std::string, engine::FieldOrigin> origins;
  for (const auto& [pointer, origin] : *current.state.provenance) {
    origins[pointer] = {origin.source, origin.answer_class, origin.data_time, origin.overridden};
  }
  const auto report = engine::once_only(*current.rules.definition, current.content->data, origins);
  for (const auto& field : report.fields) {
    const bool is_known = origins.contains(field.pointer);
    object["fields"].push_back(
        {{"pointer", field.pointer},
         {"label", label_json(field.label)},
         {"state", engine::name_of(field.state)},
         {"source", field.source.empty() ? json(nullptr) : json(field.source)},
         {"class", field.answer_class.empty() ? json(nullptr) : json(field.answer_class)},
         {"data_time", is_known ? json(to_rfc3339(field.data_time)) : json(nullptr)}});
  }
  object["totals"] = {{"leaves", report.leaves},          {"asked", report.asked},
                      {"prefilled", report.prefilled},    {"derived", report.derived},
                      {"overridden", report.overridden},  {"pending", report.pending},
                      {"unavailable", report.unavailable}};
  return object;
}

json worklist_item_json(const engine::WorklistItem& item, const json& name, const json& time_left) {
  return {
      {"id", engine::to_text(item.id)},
      {"code", item.code},
      {"procedure", {{"code", item.procedure.value}, {"version", item.procedure_version}, {"name", name}}},
      {"version", item.version},
      {"queue", engine::name_of(item.queue)},
      {"bucket", engine::name_of(item.bucket)},
      {"stage", item.stage},
      {"step", item.step.empty() ? json(nullptr) : json(item.step)},
      {"assignee", item.assignee.empty() ? json(nullptr) : json(item.assignee)},
      {"filed_at", to_rfc3339(item.filed_at)},
      {"due_at", time_or_null(item.due_at)},
      {"remaining", item.remaining ? json(*item.remaining) : json(nullptr)},
      {"time_left", time_left},
      {"step_due", time_or_null(item.step_due)},
      {"flags", item.flags}};
}

json case_line_json(const engine::LoadedCase& current) {
  const auto& state = current.state;
  return {{"id", engine::to_text(state.id)},           {"codes", codes_json(state)},
          {"procedure", procedure_json(current)},      {"version", state.version},
          {"stage", engine::name_of(state.stage)},     {"due_at", time_or_null(state.due.due_at)},
          {"created_at", to_rfc3339(state.created_at)}};
}

}  // namespace motcua::api
