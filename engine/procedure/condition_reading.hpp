/// How conditions use what they read: which constants each pointer is compared with, and what is beyond a
/// finite list of cases. For the linter. Pure.
#pragma once

#include <nlohmann/json.hpp>

#include <map>
#include <string>
#include <vector>

namespace motcua::engine {

/// How one pointer is used.
struct ConditionUse {
  std::vector<nlohmann::json> constants{};  ///< that it is compared with, each once
  bool ordered = false;                     ///< by less or greater
  bool alone = false;                       ///< by its truth
  bool with_others = false;                 ///< with another pointer
};

struct ConditionReading {
  std::map<std::string, ConditionUse> uses{};  ///< by pointer: `/data/child/foundling`
  std::string obstacle{};                      ///< why constants do not tell all; empty: they do
};

/// Reads JsonLogic rules without evaluating them.
[[nodiscard]] ConditionReading read_conditions(const std::vector<const nlohmann::json*>& rules);

}  // namespace motcua::engine
