/// A BPMN process as a sketch of a machine.
#pragma once

#include "workflows/import/bpmn_model.hpp"
#include "workflows/import/sketch.hpp"

namespace motcua::workflows {

/// Tasks and intermediate timers become steps, end events final states, blocks of parallel gateways parallel
/// states. The choice at an exclusive gateway becomes an event for each way out of the step before it, a
/// timer on a task or between tasks the timer of its step. Empty, after an error, without one start event.
[[nodiscard]] SketchRegion bpmn_machine(const BpmnProcess& process, Reporter& reporter);

}  // namespace motcua::workflows
