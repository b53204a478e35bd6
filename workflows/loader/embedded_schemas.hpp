/// Texts of `workflows/schema/*.schema.json`, written into the binary by the build.
#pragma once

#include <string_view>

namespace motcua::workflows {

extern const std::string_view kProcedureSchema;
extern const std::string_view kCalendarSchema;
extern const std::string_view kOrganisationSchema;
/// `workflows/schema/lint-rules.json`.
extern const std::string_view kLintRules;

}  // namespace motcua::workflows
