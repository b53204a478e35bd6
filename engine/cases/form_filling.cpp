#include "engine/cases/form_filling.hpp"

#include "engine/cases/decision_parts.hpp"
#include "engine/cases/prerequisites.hpp"
#include "engine/cases/timing.hpp"
#include "engine/prefill/form_values.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace motcua::engine {
namespace {

using nlohmann::json;

/// Leaves that the register's answer about `subject` would fill or confirm.
std::set<std::string> leaves_of(const Definition& definition, std::string_view subject) {
  std::set<std::string> leaves;
  for (const auto& rule : definition.prefill) {
    if (!rule.attribute.empty() && rule.source == "population" && rule.subject == subject)
      leaves.insert(rule.field);
  }
  return leaves;
}

/// Subjects with the same identifiers as `subject`, itself first.
std::vector<std::string> same_person(const std::vector<PersonToLookUp>& people, const std::string& subject) {
  std::vector<std::string> subjects{subject};
  for (const auto& person : people) {
    if (person.same_as == subject) subjects.push_back(person.subject);
  }
  return subjects;
}

const PersonToLookUp* find_person(const std::vector<PersonToLookUp>& people, const std::string& subject) {
  const auto found = std::find_if(people.begin(), people.end(),
                                  [&](const PersonToLookUp& person) { return person.subject == subject; });
  return found == people.end() ? nullptr : &*found;
}

bool is_same_human(const PersonToLookUp& left, const PersonToLookUp& right) {
  return left.personal_id == right.personal_id && left.full_name == right.full_name &&
         left.birth_date == right.birth_date;
}

bool awaits_answer(const Provenance& origin) {
  return origin.answer_class == kPending || origin.answer_class == kUnavailable;
}

void close_questions(Outcome& outcome, const Case& current, const std::string& subject) {
  for (const auto& effect : current.effects) {
    if (effect.kind == kLookupEffect && effect.subject == subject)
      outcome.effects_closed.push_back(effect.ref);
  }
}

/// True if the register is being asked about `subject`, or is to be asked with this event.
bool is_asked(const Outcome& outcome, const Case& current, const std::string& subject) {
  const auto& closed = outcome.effects_closed;
  const bool open = std::any_of(current.effects.begin(), current.effects.end(), [&](const OpenEffect& one) {
    return one.subject == subject && std::find(closed.begin(), closed.end(), one.ref) == closed.end();
  });
  const auto& wanted = outcome.effects_requested;
  return open || std::any_of(wanted.begin(), wanted.end(),
                             [&](const EffectRequested& one) { return one.subject == subject; });
}

/// Typed values beside what the register said about the same person: tasks are answered, and a value that
/// still differs stands against the register's. What it said about somebody else (`renewed`) is forgotten.
void answer_tasks(Outcome& outcome, std::vector<PersonalEntry>& personal, const CaseView& current,
                  const Definition& definition, const std::set<std::string>& renewed, FormChange& change) {
  bool overridden = false;
  for (const auto& [pointer, said] : current.content.registered.items()) {
    if (said.is_null()) continue;
    if (renewed.contains(pointer)) {
      close_task(outcome, current.state, pointer);
      add_personal(personal, definition.subject_of(pointer), {{"registered", {{pointer, nullptr}}}});
      continue;
    }
    const auto* value = given_at(change.added, pointer);
    const auto typed = change.provenance.find(pointer);
    if (value == nullptr || typed == change.provenance.end()) continue;
    const auto* leaf = definition.find_leaf(pointer);
    auto& origin = typed->second;
    origin.overridden = !agrees(leaf == nullptr ? "" : leaf->kind, *value, said);
    origin.answer_class = kMatch;
    close_task(outcome, current.state, pointer);
    overridden = overridden || origin.overridden;
  }
  if (overridden) outcome.flags_added.emplace_back("overridden");
}

}  // namespace

FormFilling::FormFilling(const Definition& definition, const json& applicant, json data,
                         std::map<std::string, Provenance> origins, Instant now)
    : definition_(definition), applicant_(applicant), origins_(std::move(origins)), now_(now) {
  change_.data = std::move(data);
}

Provenance FormFilling::origin_of(const std::string& pointer) const {
  if (const auto found = change_.provenance.find(pointer); found != change_.provenance.end()) {
    return found->second;
  }
  const auto known = origins_.find(pointer);
  return known == origins_.end() ? Provenance{} : known->second;
}

void FormFilling::add(const std::string& pointer, const json& value, Provenance origin) {
  if (!put(change_.data, pointer, value)) return;
  put(change_.added, pointer, value);
  change_.provenance[pointer] = std::move(origin);
}

void FormFilling::type(const json& given, std::string_view source) {
  if (!given.empty()) {
    merge_into(change_.data, given);
    merge_into(change_.added, given);
  }
  for (auto& [pointer, origin] : given_leaves(definition_, given, source, now_)) {
    const auto before = origin_of(pointer);
    if (awaits_answer(before)) origin.answer_class = before.answer_class;
    change_.provenance[pointer] = std::move(origin);
  }
}

void FormFilling::answer(const PersonAnswer& answer) {
  const auto people = subjects_to_look_up(definition_, applicant_, change_.data);
  for (const auto& subject : same_person(people, answer.subject)) answer_one(subject, answer);
}

void FormFilling::answer_one(std::string_view subject, const PersonAnswer& answer) {
  if (answer.answer_class != kMatch) {
    wait_for(subject, answer.answer_class);
    return;
  }
  auto unfilled = leaves_of(definition_, subject);
  for (const auto& value : prefill_from(definition_, subject, answer.person, applicant_, change_.data)) {
    unfilled.erase(value.pointer);
    const auto* given = given_at(change_.data, value.pointer);
    if (given == nullptr) {
      add(value.pointer, value.value,
          {value.rule->source, answer.answer_class, answer.data_time, answer.lookup, false});
      continue;
    }
    if (value.rule->source != "population") continue;
    auto origin = origin_of(value.pointer);
    origin.answer_class = answer.answer_class;
    origin.lookup = answer.lookup;
    origin.overridden = false;
    const auto* leaf = definition_.find_leaf(value.pointer);
    const bool same = agrees(leaf == nullptr ? "" : leaf->kind, *given, value.value);
    (same ? change_.agreed : change_.differences).push_back({value.pointer, value.value});
    change_.provenance[value.pointer] = std::move(origin);
  }
  // The register has nothing to say about the rest: they wait for nobody any more.
  for (const auto& pointer : unfilled) {
    auto origin = origin_of(pointer);
    if (origin.source.empty()) origin.source = "population";
    origin.answer_class = answer.answer_class;
    origin.data_time = given_at(change_.data, pointer) == nullptr ? answer.data_time : origin.data_time;
    origin.lookup = answer.lookup;
    change_.provenance[pointer] = std::move(origin);
  }
}

void FormFilling::derive_rest() {
  for (const auto& value : derive(definition_, applicant_, change_.data)) {
    if (given_at(change_.data, value.pointer) != nullptr) continue;
    add(value.pointer, value.value, {"derived", "", now_, "", false});
  }
}

void FormFilling::wait_for(std::string_view subject, std::string_view answer_class) {
  for (const auto& pointer : leaves_of(definition_, subject)) {
    auto origin = origin_of(pointer);
    if (given_at(change_.data, pointer) == nullptr) {
      origin = {"population", "", now_, "", false};
    } else if (origin.answer_class == kMatch) {
      continue;  // confirmed by an earlier answer
    }
    origin.answer_class = answer_class;
    change_.provenance[pointer] = std::move(origin);
  }
}

void FormFilling::wait_anew(std::string_view subject) {
  for (const auto& pointer : leaves_of(definition_, subject)) {
    auto origin = origin_of(pointer);
    origin.answer_class.clear();
    origin.overridden = false;
    change_.provenance[pointer] = std::move(origin);
  }
  wait_for(subject, kPending);
}

std::set<std::string> follow_people(Outcome& outcome, FormFilling& filling, const CaseView& current,
                                    const std::vector<PersonToLookUp>& asked, const Definition& definition) {
  const auto people = subjects_to_look_up(definition, current.content.applicant, filling.change().data);
  for (const auto& before : asked) {
    const auto* now = find_person(people, before.subject);
    if (now != nullptr && is_same_human(before, *now)) continue;
    close_questions(outcome, current.state, before.subject);
    if (now == nullptr) filling.wait_for(before.subject, "");
  }
  std::set<std::string> renewed;
  for (const auto& person : people) {
    const auto* before = find_person(asked, person.subject);
    if (before != nullptr && *before == person) continue;
    // Same identifiers as somebody who is being asked for: that answer serves both.
    const auto& first = person.same_as.empty() ? person.subject : person.same_as;
    if (!is_asked(outcome, current.state, first)) {
      outcome.effects_requested.push_back({kLookupEffect, first});
    }
    if (before == nullptr || is_same_human(*before, person)) {
      filling.wait_for(person.subject, kPending);
      continue;
    }
    filling.wait_anew(person.subject);
    renewed.merge(leaves_of(definition, person.subject));
  }
  return renewed;
}

void take_values(Outcome& outcome, std::vector<PersonalEntry>& personal, const CaseView& current,
                 const json& given, std::string_view source, const CommandContext& context,
                 const std::vector<CasePaper>& papers) {
  const auto& definition = *context.rules.definition;
  const auto& content = current.content;
  const auto asked = subjects_to_look_up(definition, content.applicant, content.data);
  FormFilling filling(definition, content.applicant, content.data, *current.state.provenance, context.now);
  filling.type(given, source);
  filling.derive_rest();
  const auto renewed = follow_people(outcome, filling, current, asked, definition);
  auto change = filling.take();
  for (auto& entry : split_by_subject(definition, change.added))
    add_personal(personal, entry.subject, entry.value);
  answer_tasks(outcome, personal, current, definition, renewed, change);
  outcome.provenance = std::move(change.provenance);
  outcome.missing = missing_after(current.state, definition, change.data, papers);
  const auto facts = facts_of(change.data, current.state.channel, papers);
  ask_for_earlier(outcome, current.state, unmet(definition, facts, papers, current.state.earlier));
  reconsider_limit(outcome, current.state, context, facts);
}

std::vector<std::string> provisional_pointers(const CaseView& current) {
  std::vector<std::string> pointers;
  for (const auto& [pointer, origin] : *current.state.provenance) {
    if (awaits_answer(origin) && origin.source != kOfficer) pointers.push_back("/data" + pointer);
  }
  return pointers;
}

}  // namespace motcua::engine
