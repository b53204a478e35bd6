/// What a move of the step machine brings with it (chuyển bước): steps, limits of steps, timers of states,
/// linked cases. One place, whoever moves it.
#pragma once

#include "engine/cases/decision.hpp"

namespace motcua::engine {

/// The steps on entering the machine, at reception; their time counts from `since`.
void enter_machine(Outcome& outcome, const Case& current, const CommandContext& context, Instant since);
/// The steps after `move`: those left are late or not, lose their officers and timers; those entered begin.
void follow(Outcome& outcome, const Case& current, const MachineMove& move, const CommandContext& context);

}  // namespace motcua::engine
