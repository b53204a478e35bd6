/// Reports as the contract shows them, over HTTP and on the command line alike.
#pragma once

#include "engine/runtime/reports.hpp"

#include <nlohmann/json.hpp>

namespace motcua::api {

/// `{report, agency, at, stages, overdue, lines[{officer, procedure, step, held, ...}], at_risk[{hour,
/// count}], unreadable}`.
[[nodiscard]] nlohmann::json report_json(const engine::LoadReport& report, const engine::ReportScope& scope);
/// `{report, agency, from, at, total, procedures[], unreadable, without_calendar}`.
[[nodiscard]] nlohmann::json report_json(const engine::LatenessReport& report,
                                         const engine::ReportScope& scope);

}  // namespace motcua::api
