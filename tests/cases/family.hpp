/// A family in the register's procedure, and what the register says about each of them.
#pragma once

#include "engine/cases/form_filling.hpp"
#include "tests/cases/week.hpp"

#include <string>
#include <utility>
#include <vector>

namespace motcua::engine {

inline constexpr Instant kDataTime = kMonday8h - std::chrono::hours{24};

[[nodiscard]] inline nlohmann::json identifiers(const char* number, const char* name, const char* birth) {
  return {{"personal_id", number}, {"full_name", name}, {"birth_date", birth}};
}
[[nodiscard]] inline nlohmann::json mother() {
  return identifiers("001190000002", "Nguyễn Thị Bình", "1990-05-06");
}
[[nodiscard]] inline nlohmann::json father() {
  return identifiers("001090000001", "Trần Văn Cường", "1990-01-01");
}

/// A complete case that names the mother with all three identifiers; the applicant has no date of birth.
[[nodiscard]] inline FileCase mothers_filing() {
  auto filing = complete_filing();
  filing.data["mother"] = mother();
  return filing;
}

/// The applicant is the father, and both name him with all three identifiers.
[[nodiscard]] inline FileCase fathers_filing() {
  auto filing = complete_filing();
  filing.applicant = father();
  filing.data["father"] = father();
  return filing;
}

/// A MATCH about `who`, with a residence and an ethnicity beside the identifiers.
[[nodiscard]] inline PersonAnswer match(const std::string& subject, nlohmann::json who,
                                        const std::string& residence = "12 Hàng Bạc") {
  who["permanent_residence"] = residence;
  who["current_residence"] = residence;
  who["ethnicity"] = "Kinh";
  return {subject, "MATCH", "", "lookup-" + subject.substr(1), kDataTime, std::move(who)};
}
[[nodiscard]] inline PersonAnswer no_match(const std::string& subject, const std::string& answer_class) {
  return {subject, answer_class, "none", "lookup-" + subject.substr(1), kDataTime, {}};
}

[[nodiscard]] inline Scenario registry_office() { return Scenario(rules_with(register_definition())); }

/// Filed with the mother to be looked up: effect {1, 0} is open.
[[nodiscard]] inline Scenario asking_about_the_mother(const FileCase& filing = mothers_filing()) {
  auto scenario = registry_office();
  scenario.filed(filing);
  return scenario;
}

/// Class of a leaf; `-` where nothing is known of its origin.
[[nodiscard]] inline std::string class_of(const Scenario& scenario, const std::string& pointer) {
  const auto found = scenario.state().provenance->find(pointer);
  return found == scenario.state().provenance->end() ? "-" : found->second.answer_class;
}
[[nodiscard]] inline std::string source_of(const Scenario& scenario, const std::string& pointer) {
  const auto found = scenario.state().provenance->find(pointer);
  return found == scenario.state().provenance->end() ? "-" : found->second.source;
}
[[nodiscard]] inline bool is_overridden(const Scenario& scenario, const std::string& pointer) {
  const auto found = scenario.state().provenance->find(pointer);
  return found != scenario.state().provenance->end() && found->second.overridden;
}
/// The value at a pointer of the form; null if absent.
[[nodiscard]] inline nlohmann::json value_of(const Scenario& scenario, const std::string& pointer) {
  const auto* value = value_at(scenario.content().data, pointer);
  return value == nullptr ? nlohmann::json(nullptr) : *value;
}
/// Subjects of the open effects, in order.
[[nodiscard]] inline std::vector<std::string> asked_about(const Scenario& scenario) {
  std::vector<std::string> subjects;
  for (const auto& effect : scenario.state().effects) subjects.push_back(effect.subject);
  return subjects;
}
[[nodiscard]] inline std::vector<std::string> tasks_of(const Scenario& scenario) {
  std::vector<std::string> pointers;
  for (const auto& task : scenario.state().tasks) pointers.push_back(task.pointer);
  return pointers;
}

using Texts = std::vector<std::string>;

}  // namespace motcua::engine
