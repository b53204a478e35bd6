#include "engine/cases/step_limits.hpp"

#include "engine/deadline/counting.hpp"

#include <algorithm>
#include <chrono>
#include <string_view>

namespace motcua::engine {
namespace {

constexpr std::string_view kStepTimer = "step_due:";
constexpr std::string_view kLateStep = "step_late:";
/// A step left at its due instant was in time.
constexpr std::chrono::seconds kLateAfter{1};

const Limit* limit_of(const CommandContext& context, const StepName& step) {
  const auto* state = context.rules.definition->machine.find(step);
  return state == nullptr || !state->time_limit ? nullptr : &*state->time_limit;
}

Instant due_of(const Limit& limit, const CommandContext& context, Instant since) {
  const auto unit = limit.unit == LimitUnit::working_hour ? 3600 : kWorkingDaySeconds;
  return add_working_time(*context.rules.calendar, since, {limit.amount * unit});
}

void set(Outcome& outcome, const StepName& step, Instant due) {
  outcome.step_due[step] = due;
  outcome.timers_set.push_back({step_timer(step), due + kLateAfter});
}

void cancel_timer(Outcome& outcome, const Case& current, const StepName& step) {
  const auto kind = step_timer(step);
  const bool waits = std::any_of(current.timers.begin(), current.timers.end(),
                                 [&](const CaseTimer& timer) { return timer.kind == kind; });
  if (waits) outcome.timers_cancelled.push_back(kind);
}

}  // namespace

std::string step_timer(const StepName& step) { return std::string(kStepTimer) + step.value; }

void enter_steps(Outcome& outcome, const Case& current, const CommandContext& context, Instant since) {
  if (outcome.clock_state.value_or(current.clock.state) != ClockState::running) return;
  for (const auto& step : outcome.steps_entered) {
    if (const auto* limit = limit_of(context, step)) set(outcome, step, due_of(*limit, context, since));
  }
}

void leave_steps(Outcome& outcome, const Case& current, Instant now) {
  for (const auto& step : outcome.steps_left) cancel_timer(outcome, current, step);
  mark_late_steps(outcome, current, outcome.steps_left, now);
}

void pause_steps(Outcome& outcome, const Case& current, Instant now) {
  for (const auto& step : current.steps) cancel_timer(outcome, current, step);
  mark_late_steps(outcome, current, current.steps, now);
}

void resume_steps(Outcome& outcome, const Case& current, const CommandContext& context) {
  const auto& calendar = *context.rules.calendar;
  const auto paused_at = *current.clock.since;
  for (const auto& step : current.steps) {
    const auto known = current.step_due.find(step);
    if (known == current.step_due.end()) {
      if (const auto* limit = limit_of(context, step))
        set(outcome, step, due_of(*limit, context, context.now));
    } else if (known->second >= paused_at) {
      const auto left = working_micros_between(calendar, paused_at, known->second);
      set(outcome, step, add_working_micros(calendar, context.now, left));
    }
  }
}

void mark_late_steps(Outcome& outcome, const Case& current, const std::vector<StepName>& steps, Instant now) {
  if (current.clock.state != ClockState::running) return;
  for (const auto& step : steps) {
    const auto due = current.step_due.find(step);
    if (due == current.step_due.end() || now <= due->second) continue;
    const auto flag = std::string(kLateStep) + step.value;
    const bool marked = std::find(current.flags.begin(), current.flags.end(), flag) != current.flags.end();
    if (!marked) outcome.flags_added.push_back(flag);
  }
}

std::optional<std::string> late_step_flag(const std::string& timer) {
  if (!timer.starts_with(kStepTimer)) return std::nullopt;
  return std::string(kLateStep) + timer.substr(kStepTimer.size());
}

}  // namespace motcua::engine
