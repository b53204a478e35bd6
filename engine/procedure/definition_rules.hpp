/// What a definition must keep beyond its JSON Schema: a machine that always comes to an end, conditions that
/// can be decided, papers, pauses, limits and numbers with a basis in law (motcua lint). Pure;
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
  bool note = false;      ///< not even a warning: says what could not be checked
};
using RuleFindings = std::vector<RuleFinding>;

/// Roles that tokens carry. A state's role is one of them.
inline constexpr std::array<std::string_view, 9> kRoles{"desk_officer", "case_officer", "signatory",
                                                        "supervisor",   "integrator",   "auditor",
                                                        "leader",       "portal",       "admin"};
/// What a condition may read: `data` of the form, the filing channel, the codes of the papers given.
inline constexpr std::array<std::string_view, 3> kFacts{"data", "channel", "papers"};
/// What the machine's guards may read beside these: what became of linked cases.
inline constexpr std::string_view kLinkedFact = "linked";

/// Every rule that looks at one definition alone. `leaves` are those of its form. Besides the rules of the
/// functions below: bad-code, bad-date, effective-order, duplicate-code, no-results, missing-translation,
/// pause-without-basis, pause-whose, condition-operator, condition-pointer, condition-too-deep. What prefills
/// the form has rules of its own: engine/prefill/prefill_rules.hpp.
[[nodiscard]] RuleFindings check_definition(const OrderedJson& document, const std::vector<FormLeaf>& leaves);

/// The part about the machine: bad-code, initial-missing, unknown-state, duplicate-state, no-final-state,
/// final-with-exits, unknown-role, role-missing, unknown-step, requires-unknown,
/// state-type, reserved-event, parallel-regions, parallel-without-done, region-crossed.
[[nodiscard]] RuleFindings check_machine(const OrderedJson& document, const std::vector<FormLeaf>& leaves);

/// The part about the time limit: limit-order, limit-undecidable, limit-counting, same-day-amount,
/// bad-cutoff, extension-without-basis, extension-placement, supplement-unit, no-limit-basis.
[[nodiscard]] RuleFindings check_time_limits(const OrderedJson& document);

/// The part about other amounts of a fee (`instead`): fee-order, bad-date.
[[nodiscard]] RuleFindings check_fees(const OrderedJson& document);

/// The part about the limits of steps: step-limit-placement, step-limit-counting, and the warning
/// step-limits-exceed where those on one way through the machine take longer than the procedure may;
/// too-large-to-check (warning) where there are too many ways to say so. And the warnings about timers of
/// states: timer-exceeds, timer-without-default.
[[nodiscard]] RuleFindings check_step_limits(const OrderedJson& document);

/// The part about what ways do to the case itself (`life_cycle`, `clock`): life-cycle-illegal, effect-member,
/// effect-twice, supplement-item, unknown-fee, pause-without-basis, pause-by-trigger, resume-without-pause,
/// stop-without-law.
[[nodiscard]] RuleFindings check_case_effects(const OrderedJson& document,
                                              const std::vector<FormLeaf>& leaves);

/// The part about other procedures: prerequisite-itself, prerequisite-paper, linked-at, linked-without-way,
/// linked-itself, linked-value, linked-paper, duplicate-code (a branch is called as a result is).
[[nodiscard]] RuleFindings check_linked(const OrderedJson& document, const std::vector<FormLeaf>& leaves);

/// True for `/linked/<branch>/outcome` and `/linked/<branch>/results` of a branch that the document has.
[[nodiscard]] bool is_linked_fact(const OrderedJson& document, std::string_view pointer);

/// What this release does not carry out yet is refused, never ignored (rule not-supported-yet).
[[nodiscard]] RuleFindings check_supported(const OrderedJson& document);

/// Laws that are cited but not listed (unknown-law), numbers without a law (number-without-law), and open
/// cases that are to be moved under none (switch-without-law). Also for calendars.
[[nodiscard]] RuleFindings check_citations(const OrderedJson& document);

/// Texts that lack a language (missing-translation): members `name` and `label` outside the form. Also for
/// calendars.
[[nodiscard]] RuleFindings check_translations(const OrderedJson& document);

/// True if the form has something at `pointer`: a leaf, an object around leaves, or a place inside an array
/// leaf.
/// True if the members of the object that `member_name` holds are names of states or events. `in_names`: the
/// member is itself such a name, which says nothing.
[[nodiscard]] bool holds_names(std::string_view member_name, bool in_names);
[[nodiscard]] bool form_has(const std::vector<FormLeaf>& leaves, std::string_view pointer);

/// True for a code: 1-64 letters, digits, `.`, `_`, `-` of ASCII. Codes stand in keys, URLs and logs.
[[nodiscard]] bool is_code(std::string_view text);

/// A condition of the document (JsonLogic) and its place.
struct ConditionPlace {
  std::string pointer{};
  const OrderedJson* rule = nullptr;
};
/// Guards, conditional papers, exemptions, alternatives of fees and of the time limit; points into
/// `document`.
[[nodiscard]] std::vector<ConditionPlace> conditions_of(const OrderedJson& document);

/// A role that the machine needs and the place that names it.
struct RoleUse {
  std::string pointer{};
  std::string role{};
};
[[nodiscard]] std::vector<RoleUse> roles_used(const OrderedJson& document);

}  // namespace motcua::engine
