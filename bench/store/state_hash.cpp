#include "bench/store/state_hash.hpp"

#include "storage/record/bytes.hpp"
#include "storage/record/sha256.hpp"

#include <concepts>
#include <type_traits>

namespace motcua::bench {
namespace {

using storage::put_u64;

/// Writes a value so that different values give different bytes: numbers in eight bytes, everything of
/// variable length behind its length. A struct is taken apart by name, so that a new member does not compile
/// until it is written here too.
class Canonical {
 public:
  explicit Canonical(std::string& out) : out_(out) {}

  template <class... Values>
  void all(const Values&... values) {
    (put(values), ...);
  }

 private:
  template <class Number>
  requires std::integral<Number> || std::is_enum_v<Number>
  void put(Number value) { put_u64(out_, static_cast<std::uint64_t>(value)); }
  void put(std::string_view text) {
    put_u64(out_, text.size());
    out_.append(text);
  }
  void put(const std::string& text) { put(std::string_view(text)); }
  void put(engine::Instant at) { storage::put_i64(out_, engine::to_micros(at)); }
  template <class Tag>
  void put(const engine::TextId<Tag>& id) {
    put(id.value);
  }
  template <std::size_t N>
  void put(const std::array<std::uint8_t, N>& bytes) {
    storage::put_array(out_, bytes);
  }
  template <class T>
  void put(const std::optional<T>& value) {
    put(value.has_value());
    if (value) put(*value);
  }
  template <class T>
  void put(const std::vector<T>& list) {
    put(list.size());
    for (const auto& item : list) put(item);
  }
  template <class Key, class Value>
  void put(const std::map<Key, Value>& items) {
    put(items.size());
    for (const auto& [key, value] : items) all(key, value);
  }
  template <class T>
  void put(const engine::Shared<T>& value) {
    put(*value);
  }

  void put(const engine::CaseId& id) { put(id.bytes); }
  void put(const engine::WorkingSeconds& time) { put(time.count); }
  void put(const engine::CaseCode& value) {
    const auto& [system, code] = value;
    all(system, code);
  }
  void put(const engine::RulePins& value) {
    const auto& [procedure, version, procedure_hash, calendar_hash, organisation_hash, limit_hash] = value;
    all(procedure, version, procedure_hash, calendar_hash, organisation_hash, limit_hash);
  }
  void put(const engine::LedgerEntry& value) {
    const auto& [change, reason, at, whose] = value;
    all(change, reason, at, whose);
  }
  void put(const engine::LegalClock& value) {
    const auto& [state, reason, since, ledger] = value;
    all(state, reason, since, ledger);
  }
  void put(const engine::Promise& value) {
    const auto& [due_at, made_at, basis, reason, told_how] = value;
    all(due_at, made_at, basis, reason, told_how);
  }
  void put(const engine::Due& value) {
    const auto& [legal_due, due_at, remaining] = value;
    all(legal_due, due_at, remaining);
  }
  void put(const engine::MissingItem& value) {
    const auto& [pointer, paper, procedure] = value;
    all(pointer, paper, procedure);
  }
  void put(const engine::CasePaper& value) {
    const auto& [code, document_id] = value;
    all(code, document_id);
  }
  void put(const engine::Provenance& value) {
    const auto& [source, answer_class, data_time, lookup, overridden] = value;
    all(source, answer_class, data_time, lookup, overridden);
  }
  void put(const engine::StepCompletion& value) {
    const auto& [step, by, on_behalf_of] = value;
    all(step, by, on_behalf_of);
  }
  void put(const engine::Delegation& value) {
    const auto& [from, to, until] = value;
    all(from, to, until);
  }
  void put(const engine::TakeOver& value) {
    const auto& [step, from, by, at] = value;
    all(step, from, by, at);
  }
  void put(const engine::Consultation& value) {
    const auto& [asked_version, agency, asked_at, acknowledge_by, due_at, acknowledged_at, answered_at,
                 opinion_code] = value;
    all(asked_version, agency, asked_at, acknowledge_by, due_at, acknowledged_at, answered_at, opinion_code);
  }
  void put(const engine::CaseTimer& value) {
    const auto& [kind, due_at] = value;
    all(kind, due_at);
  }
  void put(const engine::Duty& value) {
    const auto& [kind, opened_at, closed_at] = value;
    all(kind, opened_at, closed_at);
  }
  void put(const engine::EffectRef& value) {
    const auto& [version, ordinal] = value;
    all(version, ordinal);
  }
  void put(const engine::OpenEffect& value) {
    const auto& [ref, kind, subject, requested_at, failed_once] = value;
    all(ref, kind, subject, requested_at, failed_once);
  }
  void put(const engine::CaseTask& value) {
    const auto& [kind, pointer, lookup, opened_at] = value;
    all(kind, pointer, lookup, opened_at);
  }
  void put(const engine::CaseResult& value) {
    const auto& [code, document_id] = value;
    all(code, document_id);
  }
  void put(const engine::LinkedCase& value) {
    const auto& [link, procedure, case_id, code, agency, opened_at, ended_at, outcome, results] = value;
    all(link, procedure, case_id, code, agency, opened_at, ended_at, outcome, results);
  }
  void put(const engine::LinkedFrom& value) {
    const auto& [case_id, code, link] = value;
    all(case_id, code, link);
  }
  void put(const engine::EarlierCase& value) {
    const auto& [procedure, found, case_id, code] = value;
    all(procedure, found, case_id, code);
  }
  void put(const engine::Payment& value) {
    const auto& [fee_code, amount_vnd, requested_at, paid_vnd, paid_at] = value;
    all(fee_code, amount_vnd, requested_at, paid_vnd, paid_at);
  }
  void put(const engine::CaseMove& value) {
    const auto& [version, type, actor, at] = value;
    all(version, type, actor, at);
  }

  std::string& out_;
};

void put_case(std::string& out, const engine::Case& current) {
  const auto& [id, version, foreground_version, codes, pins, channel, received_by, competent, filed_by, stage,
               steps, step_roles, steps_final, clock, promises, due, missing, supplement_open,
               supplement_requests, papers, provenance, assignees, delegations, taken_over, step_due,
               after_due, consultations, payments, linked, linked_from, earlier, calendars_declined,
               search_tokens, completions, timers, results, flags, limit, limit_supplements, extended_to,
               extensions, duties, effects, tasks, moves, created_at, resolved_at, returned_at] = current;
  Canonical(out).all(id, version, foreground_version, codes, pins, channel, received_by, competent, filed_by,
                     stage, steps, step_roles, steps_final, clock, promises, due, missing, supplement_open,
                     supplement_requests, papers, provenance, assignees, delegations, taken_over, step_due,
                     after_due, consultations, payments, linked, linked_from, earlier, calendars_declined,
                     search_tokens, completions, timers, results, flags, limit, limit_supplements,
                     extended_to, extensions, duties, effects, tasks, moves, created_at, resolved_at,
                     returned_at);
}

}  // namespace

void StateHash::add(const engine::Case& current) {
  bytes_.clear();
  put_case(bytes_, current);
  value_ = storage::sha256({storage::view_of(value_), bytes_});
}

}  // namespace motcua::bench
