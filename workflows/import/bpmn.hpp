/// BPMN 2.0 (ISO/IEC 19510), the executable subset.
#pragma once

#include "workflows/import/imported.hpp"

#include <string>

namespace motcua::workflows {

/// Reads every process of a BPMN file: user and service tasks, exclusive gateways, parallel gateways in
/// blocks, timer events, start and end events. Pointers of findings are the ids of elements
/// (`/Process_1/Task_1`). Findings, beside those of the result: not-xml, not-bpmn, file-too-large,
/// no-process, not-utf-8, not-executable, no-start-event, several-start-events, duplicate-id,
/// unsupported-element, element-not-carried, event-definition, missing-reference, service-task, plain-task,
/// task-detail, implicit-split, not-block-structured, nested-parallel, condition-not-carried, decision-step,
/// timer-elapsed-time, timer-by-hand, timer-not-carried, gateway-circle, too-many-ways, empty-branch,
/// way-left-out, message-flow. Never throws.
[[nodiscard]] ImportReport import_bpmn(const std::string& bytes, const ImportOptions& options);

}  // namespace motcua::workflows
