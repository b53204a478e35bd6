#include "tests/cases/event_samples.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace motcua::engine {
namespace {

nlohmann::json texts(const std::vector<StepName>& names) {
  auto list = nlohmann::json::array();
  for (const auto& name : names) list.push_back(name.value);
  return list;
}
template <class T, class AsJson>
nlohmann::json list(const std::vector<T>& values, const AsJson& as_json_of) {
  auto array = nlohmann::json::array();
  for (const auto& value : values) array.push_back(as_json_of(value));
  return array;
}
nlohmann::json when(const std::optional<Instant>& at) {
  return at ? nlohmann::json(to_rfc3339(*at)) : nullptr;
}

nlohmann::json duties_as_json(const Case& current) {
  return {
      {"limit", current.limit},
      {"extended_to", when(current.extended_to)},
      {"extensions", current.extensions},
      {"duties", list(current.duties,
                      [](const Duty& duty) {
                        return nlohmann::json{duty.kind, to_rfc3339(duty.opened_at), when(duty.closed_at)};
                      })},
      {"effects", list(current.effects,
                       [](const OpenEffect& effect) {
                         return nlohmann::json{effect.ref.version,
                                               effect.ref.ordinal,
                                               effect.kind,
                                               effect.subject,
                                               to_rfc3339(effect.requested_at),
                                               effect.failed_once};
                       })},
      {"tasks", list(current.tasks, [](const CaseTask& task) {
         return nlohmann::json{task.kind, task.pointer, task.lookup, to_rfc3339(task.opened_at)};
       })}};
}

nlohmann::json time_as_json(const Case& current) {
  return {
      {"clock",
       {{"state", name_of(current.clock.state)},
        {"reason", current.clock.reason},
        {"since", when(current.clock.since)},
        {"ledger", list(current.clock.ledger,
                        [](const LedgerEntry& entry) {
                          return nlohmann::json{name_of(entry.change), entry.reason, to_rfc3339(entry.at)};
                        })}}},
      {"promises", list(current.promises,
                        [](const Promise& promise) {
                          return nlohmann::json{to_rfc3339(promise.due_at), to_rfc3339(promise.made_at),
                                                promise.basis, promise.reason, promise.told_how};
                        })},
      {"legal_due", when(current.due.legal_due)},
      {"due_at", when(current.due.due_at)},
      {"remaining", current.due.remaining ? nlohmann::json(current.due.remaining->count) : nullptr},
      {"timers", list(current.timers,
                      [](const CaseTimer& timer) {
                        return nlohmann::json{timer.kind, to_rfc3339(timer.due_at)};
                      })},
      {"created_at", to_rfc3339(current.created_at)},
      {"resolved_at", when(current.resolved_at)},
      {"returned_at", when(current.returned_at)}};
}

/// What cases learned to hold since the first release, where an event has changed it: golden files of then do
/// not name it.
nlohmann::json newer_as_json(const Case& current) {
  auto json = nlohmann::json::object();
  const auto before = case_before_samples();
  for (const auto& [name, one] : current.delegations) {
    json["delegations"][name.value] = {one.from.value, one.to.value, when(one.until)};
  }
  if (current.consultations != before.consultations) {
    json["consultations"] = list(current.consultations, [](const Consultation& one) {
      return nlohmann::json{one.asked_version,        one.agency.value, to_rfc3339(one.asked_at),
                            when(one.acknowledge_by), when(one.due_at), when(one.acknowledged_at),
                            when(one.answered_at),    one.opinion_code};
    });
  }
  for (const auto& [name, due] : current.step_due) json["step_due"][name.value] = to_rfc3339(due);
  for (const auto& [name, due] : current.after_due) json["after_due"][name.value] = to_rfc3339(due);
  if (current.payments != before.payments) {
    json["payments"] = list(current.payments, [](const Payment& one) {
      return nlohmann::json{one.fee_code, one.amount_vnd.value_or(-1), to_rfc3339(one.requested_at),
                            one.paid_vnd, when(one.paid_at)};
    });
  }
  if (current.linked != before.linked) {
    json["linked"] = list(current.linked, [](const LinkedCase& one) {
      return nlohmann::json{one.link,           one.procedure.value, one.case_id,
                            one.code,           one.agency.value,    to_rfc3339(one.opened_at),
                            when(one.ended_at), one.outcome,         one.results.size()};
    });
  }
  for (const auto& one : current.earlier) {
    json["earlier"].push_back({one.procedure.value, one.found, one.case_id, one.code});
  }
  for (const auto& hash : current.calendars_declined) json["calendars_declined"].push_back(to_hex(hash));
  if (current.pins.limit_hash) json["limit_pin"] = to_hex(*current.pins.limit_hash);
  if (!current.search_tokens.empty()) json["search_tokens"] = current.search_tokens;
  if (current.clock.ledger.back().whose != "") json["whose"] = current.clock.ledger.back().whose;
  return json;
}

nlohmann::json work_as_json(const Case& current) {
  nlohmann::json assignees = nlohmann::json::object();
  for (const auto& [name, officer] : current.assignees) assignees[name.value] = officer.value;
  return {{"steps", texts(current.steps)},
          {"step_roles", current.step_roles},
          {"steps_final", current.steps_final},
          {"assignees", assignees},
          {"completions", list(current.completions,
                               [](const StepCompletion& one) {
                                 return nlohmann::json{one.step.value, one.by.value, one.on_behalf_of};
                               })},
          {"moves", list(current.moves, [](const CaseMove& move) {
             return nlohmann::json{move.version, move.type, move.actor.value, to_rfc3339(move.at)};
           })}};
}

}  // namespace

nlohmann::json as_json(const Case& current) {
  nlohmann::json provenance = nlohmann::json::object();
  for (const auto& [pointer, from] : *current.provenance) {
    provenance[pointer] = {from.source, from.answer_class, to_rfc3339(from.data_time), from.lookup,
                           from.overridden};
  }
  nlohmann::json json{
      {"id", to_text(current.id)},
      {"version", current.version},
      {"foreground_version", current.foreground_version},
      {"codes", list(current.codes,
                     [](const CaseCode& code) {
                       return nlohmann::json{code.system, code.code};
                     })},
      {"pins",
       {current.pins.procedure.value, current.pins.procedure_version, to_hex(current.pins.procedure_hash),
        to_hex(current.pins.calendar_hash), to_hex(current.pins.organisation_hash)}},
      {"channel", current.channel},
      {"received_by", current.received_by.value},
      {"competent", current.competent.value},
      {"filed_by", current.filed_by.value},
      {"stage", name_of(current.stage)},
      {"missing", list(current.missing,
                       [](const MissingItem& item) {
                         return nlohmann::json{item.pointer, item.paper.value};
                       })},
      {"supplement_open", current.supplement_open},
      {"supplement_requests", current.supplement_requests},
      {"papers", list(current.papers,
                      [](const CasePaper& one) {
                        return nlohmann::json{one.code.value, one.document_id};
                      })},
      {"provenance", provenance},
      {"results", list(current.results,
                       [](const CaseResult& one) {
                         return nlohmann::json{one.code, one.document_id};
                       })},
      {"flags", current.flags}};
  json.update(duties_as_json(current));
  json.update(time_as_json(current));
  json.update(work_as_json(current));
  json.update(newer_as_json(current));
  return json;
}

}  // namespace motcua::engine
