/// The facts that conditions of a definition can meet, made finite: closed lists, booleans and absence as
/// they are, numbers, dates and texts by the constants they are compared with and their neighbours. The
/// linter tries conditions on them, so that what it says of them comes with an example. Pure.
#pragma once

#include "engine/procedure/definition.hpp"
#include "engine/procedure/definition_rules_json.hpp"

#include <nlohmann/json.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace motcua::engine {

/// Combinations of facts that one question about conditions may try.
inline constexpr std::size_t kFactsTriedMax = 1'024;

/// What one pointer can hold.
struct FactDomain {
  std::string pointer{};                 ///< `/data/child/foundling`, `/channel`, `/papers`
  std::vector<nlohmann::json> values{};  ///< at least one
  bool may_be_absent = false;
  std::string present_with{};  ///< if not empty: absent only where this object is absent altogether
};

/// All facts on which some conditions may differ.
struct ConditionSpace {
  std::vector<FactDomain> domains{};
  bool decidable = true;   ///< false: the conditions compute, so that these facts do not show all they can do
  std::string obstacle{};  ///< what is not decidable, for a message

  /// Combinations, at most kFactsTriedMax + 1.
  [[nodiscard]] std::size_t size() const;
};

/// The space of `rules` (JsonLogic) of `document`, whose form has `leaves`.
[[nodiscard]] ConditionSpace condition_space(const OrderedJson& document, const std::vector<FormLeaf>& leaves,
                                             const std::vector<const nlohmann::json*>& rules);

/// Calls `visit(facts)` for each combination a complete case can have, at most kFactsTriedMax of them, those
/// with everything present first; stops when it answers false.
void each_fact(const ConditionSpace& space, const std::function<bool(const nlohmann::json&)>& visit);

/// `data.kind = "rented", data.days absent`: the part of `facts` that the space speaks of.
[[nodiscard]] std::string spell_facts(const ConditionSpace& space, const nlohmann::json& facts);

}  // namespace motcua::engine
