/// Findings as SARIF 2.1.0 (Static Analysis Results Interchange Format), which code hosts show beside the
/// line.
#pragma once

#include "workflows/loader/findings.hpp"

#include <nlohmann/json.hpp>

namespace motcua::workflows {

/// One run with every rule of the linter and one result for each finding. Lines and JSON pointers say where;
/// files are relative references as they were given.
[[nodiscard]] nlohmann::json to_sarif(const Findings& findings);

}  // namespace motcua::workflows
