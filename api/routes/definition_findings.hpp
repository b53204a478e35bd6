/// What the linter says of a definition, as answers carry it.
#pragma once

#include "engine/core/result.hpp"
#include "workflows/loader/findings.hpp"

#include <nlohmann/json.hpp>

#include <cstddef>

namespace motcua::api {

/// Findings of one answer; errors go before the others where there are more.
inline constexpr std::size_t kFindingsMax = 500;

/// `{findings: [{rule, severity, pointer, line, message}], findings_left_out, errors, warnings}`; the counts
/// are of all.
[[nodiscard]] nlohmann::json findings_json(const workflows::Findings& findings);

[[nodiscard]] std::size_t count_of(workflows::Severity severity, const workflows::Findings& findings);

/// 422 invalid-data with the findings, and the errors among them as pointers.
[[nodiscard]] engine::Rejection unfit_definition(const workflows::Findings& findings);

}  // namespace motcua::api
