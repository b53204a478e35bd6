/// Timers of states (hẹn giờ của bước): a state that nobody has left after the time that the definition gives
/// is left by itself. The way that it takes is decided like a step, by the engine.
#pragma once

#include "engine/cases/decision.hpp"

#include <optional>
#include <string>
#include <vector>

namespace motcua::engine {

/// Sets the timers of the states `begun`, counted from `since`. Working time does not begin while the clock
/// is paused.
void begin_timers(Outcome& outcome, const Case& current, const std::vector<StepName>& begun,
                  const CommandContext& context, Instant since);
/// Cancels the timers of the states `ended`. What their incidents asked for is done.
void end_timers(Outcome& outcome, const Case& current, const std::vector<StepName>& ended);
/// The case is over: no timer is left.
void end_all_timers(Outcome& outcome, const Case& current);

/// The clock pauses for `reason`: working time stands still. While the applicant is waited for, days of the
/// calendar go on and come to nothing: the steps stand still.
void still_timers(Outcome& outcome, const Case& current, const CommandContext& context,
                  const std::string& reason);
/// The clock resumes: each timer goes on with what was left of its working time; days of the calendar that
/// have passed meanwhile have passed.
void resume_timers(Outcome& outcome, const Case& current, const CommandContext& context);

/// Kind of a state's timer.
[[nodiscard]] std::string state_timer(const StepName& state);
/// The state whose timer has this kind; nullopt for any other timer.
[[nodiscard]] std::optional<StepName> timed_state(const std::string& kind);
/// The timer of `state` has come due. A way whose condition is not decided, or that would do to the case what
/// is not allowed now, is taken by nobody: an incident is opened, and a person moves the case on. Rejection:
/// not_allowed (the case is not with the office).
[[nodiscard]] Result<Decision> time_out(const CaseView& current, const StepName& state, Instant due_at,
                                        const CommandContext& context);

}  // namespace motcua::engine
