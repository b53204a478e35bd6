/// Conditions tried on all facts that make a difference to them: what each of them can answer, with an
/// example. For the linter. Pure.
#pragma once

#include "engine/procedure/condition_space.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace motcua::engine {

/// What one condition of a list answers. Each text spells the first facts on which it is so.
struct ConditionTrial {
  std::optional<std::string> holds{};                            ///< true
  std::optional<std::string> fails{};                            ///< false
  std::optional<std::string> chosen{};                           ///< true, and every one before it false
  std::optional<std::string> undecided{};                        ///< a fact that it reads is absent
  std::optional<std::string> error{};                            ///< it cannot be evaluated, and why
  std::optional<std::pair<std::size_t, std::string>> overlap{};  ///< true like an earlier one of the list
};

struct Trial {
  std::vector<ConditionTrial> conditions{};
  std::optional<std::string> none{};  ///< every condition is false
  std::string obstacle{};  ///< why silence proves nothing: what is not decidable; empty if all was tried
  bool too_large = false;  ///< there are more facts than the budget lets us try
};

/// Work left for one definition: each evaluation takes as much as its condition has parts.
struct TrialBudget {
  std::size_t parts = 0;
};

/// Tries `rules`, a list of which the first true one counts; null stands for always.
[[nodiscard]] Trial try_conditions(const OrderedJson& document, const std::vector<FormLeaf>& leaves,
                                   const std::vector<nlohmann::json>& rules, TrialBudget& budget);

}  // namespace motcua::engine
