/// What the linter finds by following a definition's machine and by trying its conditions on all facts that
/// make a difference: ways that are never taken, facts for which no way is open, circles, regions that never
/// join. Every finding has an example; what cannot be decided, or not within the budget, is said. Pure.
#pragma once

#include "engine/procedure/definition_rules.hpp"
#include "engine/procedure/definition_rules_graph.hpp"

#include <cstddef>
#include <set>
#include <string>
#include <vector>

namespace motcua::engine {

/// States of a machine whose paths are followed; one with more is an error.
inline constexpr std::size_t kStatesCheckedMax = 1'024;
/// Parts of conditions (operators, pointers, constants) that are evaluated to try those of one definition.
inline constexpr std::size_t kConditionPartsMax = 200'000;

/// What trying the guards showed.
struct GuardReport {
  RuleFindings findings{};
  std::set<std::string> never{};  ///< pointers of transitions that no facts let through
};

/// Warnings guards-overlap, guards-gap, transition-never-taken, guard-undecidable, condition-fails; notes
/// guards-not-checked, too-large-to-check.
[[nodiscard]] GuardReport check_guards(const OrderedJson& document, const std::vector<FormLeaf>& leaves);

/// Conditions other than guards. Warnings condition-constant, limit-never-applies, condition-fails; notes
/// guards-not-checked, too-large-to-check.
[[nodiscard]] RuleFindings check_other_conditions(const OrderedJson& document,
                                                  const std::vector<FormLeaf>& leaves);

/// Where paths lead: unreachable-state, dead-end, livelock, parallel-never-joins. With `never`, also what is
/// cut off because the only ways there are never taken (the same as warnings).
[[nodiscard]] RuleFindings check_flow(const OrderedJson& document, const std::set<std::string>& never);

/// What is there for nothing: separation-without-effect (warning).
[[nodiscard]] RuleFindings check_unused(const OrderedJson& document);

/// All of the above and check_step_limits; `said` are findings of the other rules: what a broken machine or
/// condition would bring about is not said again. Too many states to follow: too-large-to-check (an error).
[[nodiscard]] RuleFindings check_model(const OrderedJson& document, const std::vector<FormLeaf>& leaves,
                                       const RuleFindings& said);

/// True if the machine has at most kStatesCheckedMax states; counts no further.
[[nodiscard]] bool small_enough_to_follow(const OrderedJson& document);

}  // namespace motcua::engine
