/// Identifiers that a format allows, made of the names of states.
#pragma once

#include "workflows/diagram/chart.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace motcua::workflows {

/// For each state its name with every letter outside of ASCII letters, digits, `_` and `also` as `_`, not
/// beginning with a digit or one of `also`, none of `reserved`, and no two alike.
[[nodiscard]] std::vector<std::string> ids_of(const Chart& chart, std::string_view also,
                                              const std::vector<std::string>& reserved);

}  // namespace motcua::workflows
