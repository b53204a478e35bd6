/// What a definition must keep beyond its JSON Schema: a machine that always comes to an end, conditions that
/// can be decided, papers, pauses and numbers with a basis in law, nothing asked twice (motcua lint). Pure;
/// works on the document itself, so that every finding has a pointer; assumes nothing about its shape.
#pragma once

#include "engine/procedure/definition.hpp"
#include "engine/procedure/definition_rules_json.hpp"

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace motcua::engine {

/// One broken rule of a definition.
struct RuleFinding {
  std::string pointer{};  ///< into the document
  std::string rule{};     ///< stable id, e.g. `unreachable-state`
  bool warning = false;   ///< the definition may be published all the same
  std::string message{};  ///< one English sentence
};
using RuleFindings = std::vector<RuleFinding>;

/// Roles that tokens carry. A state's role is one of them.
inline constexpr std::array<std::string_view, 9> kRoles{"desk_officer", "case_officer", "signatory",
                                                        "supervisor",   "integrator",   "auditor",
                                                        "leader",       "portal",       "admin"};
/// What a condition may read: `data` of the form, the filing channel, the codes of the papers given.
inline constexpr std::array<std::string_view, 3> kFacts{"data", "channel", "papers"};
/// Attributes that the population database (cơ sở dữ liệu quốc gia về dân cư) answers with.
inline constexpr std::array<std::string_view, 13> kPopulationAttributes{"full_name",
                                                                        "birth_date",
                                                                        "personal_id",
                                                                        "sex",
                                                                        "ethnicity",
                                                                        "religion",
                                                                        "nationality",
                                                                        "permanent_residence",
                                                                        "current_residence",
                                                                        "home_town",
                                                                        "marital_status",
                                                                        "blood_group",
                                                                        "birth_registration_place"};

/// Every rule that looks at one definition alone. `leaves` are those of its form. Besides the rules of the
/// functions below: bad-code, bad-date, effective-order, duplicate-code, no-results, missing-translation,
/// pause-without-basis, condition-operator, condition-pointer, condition-too-deep, prefill-field,
/// prefill-subject, prefill-attribute, once-only (warning).
[[nodiscard]] RuleFindings check_definition(const OrderedJson& document, const std::vector<FormLeaf>& leaves);

/// The part about the machine: bad-code, initial-missing, unknown-state, duplicate-state, unreachable-state,
/// dead-end, no-final-state, final-with-exits, unknown-role, role-missing, unknown-step, requires-unknown,
/// state-type, reserved-event.
[[nodiscard]] RuleFindings check_machine(const OrderedJson& document, const std::vector<FormLeaf>& leaves);

/// What this release does not carry out yet is refused, never ignored (rule not-supported-yet).
[[nodiscard]] RuleFindings check_supported(const OrderedJson& document);

/// Laws that are cited but not listed (unknown-law), and numbers without a law (number-without-law). Also for
/// calendars.
[[nodiscard]] RuleFindings check_citations(const OrderedJson& document);

/// Texts that lack a language (missing-translation): members `name` and `label` outside the form. Also for
/// calendars.
[[nodiscard]] RuleFindings check_translations(const OrderedJson& document);

/// True for a code: 1-64 letters, digits, `.`, `_`, `-` of ASCII. Codes stand in keys, URLs and logs.
[[nodiscard]] bool is_code(std::string_view text);

/// A condition of the document (JsonLogic) and its place.
struct ConditionPlace {
  std::string pointer{};
  const OrderedJson* rule = nullptr;
};
/// Guards, conditional papers, exemptions; points into `document`.
[[nodiscard]] std::vector<ConditionPlace> conditions_of(const OrderedJson& document);

/// A role that the machine needs and the place that names it.
struct RoleUse {
  std::string pointer{};
  std::string role{};
};
[[nodiscard]] std::vector<RoleUse> roles_used(const OrderedJson& document);

}  // namespace motcua::engine
