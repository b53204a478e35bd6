#include "engine/cases/form_filling.hpp"

#include "engine/cases/decision_parts.hpp"
#include "engine/cases/timing.hpp"
#include "engine/prefill/form_values.hpp"
#include "engine/prefill/prefill.hpp"

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

bool is_known(const std::vector<PersonToLookUp>& people, const PersonToLookUp& wanted) {
  return std::find(people.begin(), people.end(), wanted) != people.end();
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
    const auto* leaf = definition_.find_leaf(value.pointer);
    if (!agrees(leaf == nullptr ? "" : leaf->kind, *given, value.value)) {
      change_.differences.push_back({value.pointer, value.value});
    }
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

void take_values(Outcome& outcome, std::vector<PersonalEntry>& personal, const CaseView& current,
                 const json& given, std::string_view source, const CommandContext& context,
                 const std::vector<CasePaper>& papers) {
  const auto& definition = *context.rules.definition;
  const auto& content = current.content;
  const auto asked = subjects_to_look_up(definition, content.applicant, content.data);
  FormFilling filling(definition, content.applicant, content.data, *current.state.provenance, context.now);
  filling.type(given, source);
  filling.derive_rest();
  for (const auto& person : subjects_to_look_up(definition, content.applicant, filling.change().data)) {
    if (is_known(asked, person)) continue;
    if (person.same_as.empty()) outcome.effects_requested.push_back({kLookupEffect, person.subject});
    filling.wait_for(person.subject, kPending);
  }
  auto change = filling.take();
  for (auto& [pointer, origin] : change.provenance) {
    const auto said = content.registered.find(pointer);
    const auto* value = given_at(change.added, pointer);
    if (said == content.registered.end() || value == nullptr) continue;
    const auto* leaf = definition.find_leaf(pointer);
    origin.overridden = !agrees(leaf == nullptr ? "" : leaf->kind, *value, *said);
    origin.answer_class = kMatch;
    const auto& tasks = current.state.tasks;
    const bool open = std::any_of(tasks.begin(), tasks.end(),
                                  [&](const CaseTask& task) { return task.pointer == pointer; });
    if (open) outcome.tasks_closed.push_back(pointer);
    if (origin.overridden) outcome.flags_added.emplace_back("overridden");
  }
  outcome.provenance = std::move(change.provenance);
  outcome.missing = missing_items(definition, change.data, current.state.channel, papers);
  reconsider_limit(outcome, current.state, context, facts_of(change.data, current.state.channel, papers));
  for (auto& entry : split_by_subject(definition, change.added))
    add_personal(personal, entry.subject, entry.value);
}

std::vector<std::string> provisional_pointers(const CaseView& current) {
  std::vector<std::string> pointers;
  for (const auto& [pointer, origin] : *current.state.provenance) {
    if (origin.answer_class == kPending || origin.answer_class == kUnavailable)
      pointers.push_back("/data" + pointer);
  }
  return pointers;
}

}  // namespace motcua::engine
