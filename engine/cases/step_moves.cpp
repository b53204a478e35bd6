#include "engine/cases/step_moves.hpp"

#include "engine/cases/decision_parts.hpp"
#include "engine/cases/linked.hpp"
#include "engine/cases/state_timers.hpp"
#include "engine/cases/step_limits.hpp"

namespace motcua::engine {

void enter_machine(Outcome& outcome, const Case& current, const CommandContext& context, Instant since) {
  const auto& machine = context.rules.definition->machine;
  enter_steps(outcome, current, context, since);
  begin_timers(outcome, current, timed_states(machine, outcome.steps_entered), context, since);
  ask_for_linked(outcome, current, machine);
}

void follow(Outcome& outcome, const Case& current, const MachineMove& move, const CommandContext& context) {
  set_steps(outcome, context.rules.definition->machine, move.active);
  outcome.steps_left = move.left;
  outcome.steps_entered = move.entered;
  leave_steps(outcome, current, context.now);
  end_timers(outcome, current, move.timers_ended);
  enter_steps(outcome, current, context, context.now);
  begin_timers(outcome, current, move.timers_begun, context, context.now);
  close_waiting(outcome, current);
  ask_for_linked(outcome, current, context.rules.definition->machine);
  for (const auto& left : move.left) {
    if (current.assignees.contains(left)) outcome.unassigned.push_back(left);
  }
}

}  // namespace motcua::engine
