/// eGov DIGIT BusinessService (workflow-v2) definitions.
#pragma once

#include "workflows/import/imported.hpp"

#include <string>

namespace motcua::workflows {

/// Reads `{"BusinessServices": [...]}`, a list of business services, or one. States, actions, their roles (as
/// notes) and limits of whole days come over; docs/import.md lists what does not. Findings, beside those of
/// reading and of the result: not-business-services, no-states, no-start-state, several-start-states,
/// nameless-state, bad-name, duplicate-state, name-changed, text-boolean, not-a-boolean, uuid-resolved,
/// uuid-reference, dangling-target, duplicate-action, ambiguous-action, inactive-action,
/// terminal-with-actions, sla-unit, sla-elapsed-time, sla-not-whole-days, sla-on-final-state, not-an-sla,
/// actions-without-roles,
/// roles-by-action, state-updatable, documents-required, attribute-not-carried. Never throws.
[[nodiscard]] ImportReport import_digit(const std::string& bytes, const ImportOptions& options);

}  // namespace motcua::workflows
