/// Prefill (điền sẵn): what a form gets without asking the citizen, from the register's answer about a person
/// or from what is known already. Pure: no look-up happens here and nothing is overwritten; the caller
/// applies the values and records where they came from.
#pragma once

#include "engine/procedure/definition.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace motcua::engine {

/// The person who files (người nộp hồ sơ), as a subject of prefill rules.
inline constexpr std::string_view kApplicantSubject = "/applicant";

/// A value for a leaf, and the rule that gave it (owned by the definition).
struct PrefilledValue {
  std::string pointer{};
  nlohmann::json value{};
  const PrefillRule* rule = nullptr;
};

/// What the register's answer about `subject` gives: in document order, at most one value a leaf, from the
/// first rule whose `when` holds. `data` is the form as it stands; leaves that are given already are among
/// the values too, so that the caller can compare. An undecided `when` gives nothing, nor does an answer that
/// the form's shape would refuse.
/// @law population/once-only
[[nodiscard]] std::vector<PrefilledValue> prefill_from(const Definition& definition, std::string_view subject,
                                                       const nlohmann::json& person,
                                                       const nlohmann::json& applicant,
                                                       const nlohmann::json& data);

/// What follows from `applicant` and `data` for leaves that are not given: to a fixed point, in the order in
/// which the values were found. A rule that is undecided, wrong, or whose value is null or has another shape
/// than the leaf gives nothing.
[[nodiscard]] std::vector<PrefilledValue> derive(const Definition& definition,
                                                 const nlohmann::json& applicant, const nlohmann::json& data);

/// `data` with `values` put into leaves that are not given.
[[nodiscard]] nlohmann::json with_values(nlohmann::json data, const std::vector<PrefilledValue>& values);

/// A value that was given and differs from the register's.
struct Conflict {
  std::string pointer{};
  nlohmann::json given{};
  nlohmann::json registered{};
  const PrefillRule* rule = nullptr;  ///< says whose value holds
};

/// Where given values differ from the register's answer about `subject`. Values that `derived` rules took
/// from it are no claims of the register about the leaf and never conflict.
[[nodiscard]] std::vector<Conflict> conflicts(const Definition& definition, std::string_view subject,
                                              const nlohmann::json& person, const nlohmann::json& applicant,
                                              const nlohmann::json& data);

/// Equal as the register compares: names folded, a year agrees with each date of it, all else byte by byte.
/// `kind` is the leaf's x-kind.
[[nodiscard]] bool agrees(std::string_view kind, const nlohmann::json& given,
                          const nlohmann::json& registered);

/// A person whom the register can be asked about: it answers only if all three identifiers match.
struct PersonToLookUp {
  std::string subject{};  ///< `/applicant`, `/mother`
  std::string personal_id{};
  std::string full_name{};
  std::string birth_date{};  ///< date or year
  std::string same_as{};     ///< earlier subject with the same identifiers: one look-up serves both; or empty
  friend bool operator==(const PersonToLookUp&, const PersonToLookUp&) = default;
};

/// The subjects of prefill rules that apply, in document order, whose identifiers are given or follow by
/// derivation. Nobody is looked up for whom no rule has a use.
/// @law population/once-only
[[nodiscard]] std::vector<PersonToLookUp> subjects_to_look_up(const Definition& definition,
                                                              const nlohmann::json& applicant,
                                                              const nlohmann::json& data);

}  // namespace motcua::engine
