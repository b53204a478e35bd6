/// Time limits of steps (thời hạn của từng bước): the office's own division of its time. They mark a step
/// that is late and do nothing else: the legal limit, the promise and the apology know nothing of them.
#pragma once

#include "engine/cases/decision.hpp"

#include <optional>
#include <string>
#include <vector>

namespace motcua::engine {

/// States when the steps that `outcome` enters are due, counted in working time from `since`, and sets their
/// timers. Nothing while the clock is paused: such a step gets its whole time at the resume.
void enter_steps(Outcome& outcome, const Case& current, const CommandContext& context, Instant since);
/// Cancels the timers of the steps that `outcome` leaves, and marks those that are late.
void leave_steps(Outcome& outcome, const Case& current, Instant now);

/// The clock pauses: timers are cancelled, late steps marked.
void pause_steps(Outcome& outcome, const Case& current, Instant now);
/// The clock resumes: each active step goes on with what was left of its time. One that was late stays late.
void resume_steps(Outcome& outcome, const Case& current, const CommandContext& context);

/// Marks those of `steps` that are late now, if the timer has not: whether a step was late does not hang on
/// how soon the sweep came.
void mark_late_steps(Outcome& outcome, const Case& current, const std::vector<StepName>& steps, Instant now);

/// Kind of the timer of a step's limit.
[[nodiscard]] std::string step_timer(const StepName& step);
/// The mark `step_late:<step>` that a timer `step_due:<step>` sets; nullopt for any other timer.
[[nodiscard]] std::optional<std::string> late_step_flag(const std::string& timer);

}  // namespace motcua::engine
