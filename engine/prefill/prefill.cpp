#include "engine/prefill/prefill.hpp"

#include "engine/core/fold.hpp"
#include "engine/prefill/form_values.hpp"
#include "engine/prefill/register_attributes.hpp"
#include "engine/procedure/guard.hpp"

#include <algorithm>
#include <utility>

namespace motcua::engine {
namespace {

using nlohmann::json;

json facts_of(const json& applicant, const json& data) {
  return {{"applicant", applicant.is_object() ? applicant : json::object()},
          {"data", data.is_object() ? data : json::object()}};
}

/// The value of a rule; null if it is undecided or wrong.
json value_of(const json& rule, const json& facts) {
  const auto answer = evaluate(rule, facts);
  const auto* decided = std::get_if<Decided>(&answer);
  return decided == nullptr ? json(nullptr) : decided->value;
}

bool applies(const PrefillRule& rule, const json& facts) {
  return rule.when.is_null() || truthy(value_of(rule.when, facts));
}

bool has(const std::vector<PrefilledValue>& values, const std::string& pointer) {
  return std::any_of(values.begin(), values.end(),
                     [&](const PrefilledValue& value) { return value.pointer == pointer; });
}

/// A leaf takes a scalar that the form's shape allows there; a register may say things that it does not.
bool fits(const Definition& definition, const std::string& pointer, const json& value) {
  if (value.is_null() || value.is_structured()) return false;
  json alone = json::object();
  return put(alone, pointer, value) && (!definition.shape || definition.shape->check(alone).empty());
}

/// Year of a date `YYYY-MM-DD` or of a year `YYYY`; empty for anything else.
std::string_view year_of(std::string_view date) {
  return date.size() == 4 || date.size() == 10 ? date.substr(0, 4) : std::string_view();
}

std::string text_at(const json& object, const char* name) {
  if (!object.is_object()) return {};
  const auto found = object.find(name);
  return found == object.end() || !found->is_string() ? std::string() : found->get<std::string>();
}

/// Derivation to a fixed point; with `check_each`, a value that the form's shape refuses is left out.
std::vector<PrefilledValue> derived_values(const Definition& definition, const json& applicant,
                                           const json& data, bool check_each) {
  std::vector<PrefilledValue> values;
  json facts = facts_of(applicant, data);
  // Each round fills at least one more leaf, so there are at most as many rounds as rules.
  for (bool found = true; found;) {
    found = false;
    for (const auto& rule : definition.prefill) {
      if (rule.rule.is_null() || given_at(facts["data"], rule.field) != nullptr || !applies(rule, facts))
        continue;
      json value = value_of(rule.rule, facts);
      const bool scalar = !value.is_null() && !value.is_structured();
      if (!scalar || (check_each && !fits(definition, rule.field, value))) continue;
      if (!put(facts["data"], rule.field, value)) continue;
      values.push_back({rule.field, std::move(value), &rule});
      found = true;
    }
  }
  return values;
}

}  // namespace

std::vector<PrefilledValue> prefill_from(const Definition& definition, std::string_view subject,
                                         const json& person, const json& applicant, const json& data) {
  const json facts = facts_of(applicant, data);
  std::vector<PrefilledValue> values;
  for (const auto& rule : definition.prefill) {
    if (rule.attribute.empty() || rule.subject != subject || has(values, rule.field)) continue;
    auto value = attribute_of(person, rule.attribute);
    if (value && applies(rule, facts) && fits(definition, rule.field, *value))
      values.push_back({rule.field, std::move(*value), &rule});
  }
  return values;
}

std::vector<PrefilledValue> derive(const Definition& definition, const json& applicant, const json& data) {
  // The shape is checked once for all values: only if one of them does not fit is each looked at.
  auto values = derived_values(definition, applicant, data, false);
  const bool fit = !definition.shape || definition.shape->check(with_values({}, values)).empty();
  return fit ? values : derived_values(definition, applicant, data, true);
}

json with_values(json data, const std::vector<PrefilledValue>& values) {
  if (!data.is_object()) data = json::object();
  for (const auto& value : values) {
    if (given_at(data, value.pointer) == nullptr) put(data, value.pointer, value.value);
  }
  return data;
}

bool agrees(std::string_view kind, const json& given, const json& registered) {
  if (given == registered || !given.is_string() || !registered.is_string()) return given == registered;
  const auto& left = given.get_ref<const std::string&>();
  const auto& right = registered.get_ref<const std::string&>();
  if (kind == "name") return folded(left) == folded(right);
  if (kind == "date" || kind == "year_or_date") {
    return (left.size() == 4 || right.size() == 4) && !year_of(left).empty() &&
           year_of(left) == year_of(right);
  }
  return false;
}

std::vector<Conflict> conflicts(const Definition& definition, std::string_view subject, const json& person,
                                const json& applicant, const json& data) {
  std::vector<Conflict> found;
  for (auto& value : prefill_from(definition, subject, person, applicant, data)) {
    const json* given = given_at(data, value.pointer);
    if (given == nullptr || value.rule->source != "population") continue;
    const auto* leaf = definition.find_leaf(value.pointer);
    if (agrees(leaf == nullptr ? "" : leaf->kind, *given, value.value)) continue;
    found.push_back({value.pointer, *given, std::move(value.value), value.rule});
  }
  return found;
}

std::vector<PersonToLookUp> subjects_to_look_up(const Definition& definition, const json& applicant,
                                                const json& data) {
  const json known = with_values(data, derive(definition, applicant, data));
  const json facts = facts_of(applicant, known);
  std::vector<PersonToLookUp> people;
  for (const auto& rule : definition.prefill) {
    const bool seen = std::any_of(people.begin(), people.end(), [&](const PersonToLookUp& person) {
      return person.subject == rule.subject;
    });
    if (rule.attribute.empty() || seen || !applies(rule, facts)) continue;
    const json* person = rule.subject == kApplicantSubject ? &applicant : value_below(known, rule.subject);
    if (person == nullptr) continue;
    PersonToLookUp next{rule.subject, text_at(*person, "personal_id"), text_at(*person, "full_name"),
                        text_at(*person, "birth_date"), ""};
    if (next.personal_id.empty() || next.full_name.empty() || next.birth_date.empty()) continue;
    const auto same = std::find_if(people.begin(), people.end(), [&](const PersonToLookUp& other) {
      return other.personal_id == next.personal_id && other.birth_date == next.birth_date &&
             folded(other.full_name) == folded(next.full_name);
    });
    if (same != people.end()) next.same_as = same->same_as.empty() ? same->subject : same->same_as;
    people.push_back(std::move(next));
  }
  return people;
}

}  // namespace motcua::engine
