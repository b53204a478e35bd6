#include "engine/cases/state_timers.hpp"

#include "engine/cases/decision_parts.hpp"
#include "engine/cases/form_filling.hpp"
#include "engine/cases/step_moves.hpp"
#include "engine/deadline/counting.hpp"

#include <algorithm>
#include <chrono>
#include <string_view>
#include <utility>

namespace motcua::engine {
namespace {

constexpr std::string_view kStateTimer = "after:";

const Limit* after_of(const CommandContext& context, const StepName& name) {
  const auto* state = context.rules.definition->machine.find(name);
  return state == nullptr || !state->timer ? nullptr : &state->timer->after;
}

/// The end of the last day, none of which is the day of entry; on a day off, of the next working day.
/// @law deadline/calendar-days
Instant end_of_days(const Limit& limit, const WorkingCalendar& calendar, Instant since) {
  const auto day = local_day(since);
  const auto last = limit.unit == LimitUnit::month ? same_day_of_month_after(day, limit.amount)
                                                   : day + std::chrono::days{limit.amount};
  return close_of_business_after(calendar, instant_at(last, std::chrono::microseconds{0}));
}

Instant due_of(const Limit& limit, const CommandContext& context, Instant since) {
  const auto& calendar = *context.rules.calendar;
  if (counts_days_off(limit)) return end_of_days(limit, calendar, since);
  const auto unit = limit.unit == LimitUnit::working_hour ? 3600 : kWorkingDaySeconds;
  return add_working_time(calendar, since, {limit.amount * unit});
}

bool waits(const Case& current, const std::string& kind) {
  return std::any_of(current.timers.begin(), current.timers.end(),
                     [&](const CaseTimer& timer) { return timer.kind == kind; });
}

void cancel(Outcome& outcome, const Case& current, const StepName& state) {
  auto kind = state_timer(state);
  if (waits(current, kind)) outcome.timers_cancelled.push_back(std::move(kind));
}

void set(Outcome& outcome, const StepName& state, Instant due) {
  outcome.after_due[state] = due;
  outcome.timers_set.push_back({state_timer(state), due});
}

/// A way back into the state itself need not leave it: the timer has fired all the same.
void use_up_unless_left(Outcome& outcome, const MachineMove& move, const StepName& state) {
  const auto& ended = move.timers_ended;
  if (std::find(ended.begin(), ended.end(), state) != ended.end()) return;
  outcome.timers_cancelled.push_back(state_timer(state));
  outcome.after_ended.push_back(state);
}

/// The timer is used up and moves nothing.
TimerFired used_up(const StepName& state, Instant due_at) {
  TimerFired event;
  event.kind = state_timer(state);
  event.due_at = due_at;
  event.outcome.timers_cancelled = {event.kind};
  event.outcome.after_ended = {state};
  return event;
}

/// It is used up, and what it was to do is a person's task now.
Decision incident(const StepName& state, Instant due_at, const CommandContext& context) {
  auto event = used_up(state, due_at);
  event.outcome.tasks_opened = {{kIncidentTask, state_timer(state), "", context.now}};
  return {std::move(event), {}};
}

}  // namespace

std::string state_timer(const StepName& state) { return std::string(kStateTimer) + state.value; }

void begin_timers(Outcome& outcome, const Case& current, const std::vector<StepName>& begun,
                  const CommandContext& context, Instant since) {
  const bool paused = outcome.clock_state.value_or(current.clock.state) == ClockState::paused;
  for (const auto& state : begun) {
    const auto* after = after_of(context, state);
    if (after == nullptr) continue;
    if (!paused || counts_days_off(*after)) {
      set(outcome, state, due_of(*after, context, since));
    } else {
      // As if it had begun with the pause: the resume gives what is left from there, which is all of it.
      outcome.after_due[state] = due_of(*after, context, *current.clock.since);
    }
  }
}

void end_timers(Outcome& outcome, const Case& current, const std::vector<StepName>& ended) {
  for (const auto& state : ended) {
    cancel(outcome, current, state);
    if (current.after_due.contains(state)) outcome.after_ended.push_back(state);
    close_task(outcome, current, state_timer(state));
  }
}

void end_all_timers(Outcome& outcome, const Case& current) {
  for (const auto& [state, due] : current.after_due) outcome.after_ended.push_back(state);
}

void still_timers(Outcome& outcome, const Case& current, const CommandContext& context,
                  const std::string& reason) {
  const bool waits_for_applicant = reason == kSupplementPause || reason == kPaymentPause;
  for (const auto& [state, due] : current.after_due) {
    const auto* after = after_of(context, state);
    if (waits_for_applicant || after == nullptr || !counts_days_off(*after)) cancel(outcome, current, state);
  }
}

void resume_timers(Outcome& outcome, const Case& current, const CommandContext& context) {
  const auto& calendar = *context.rules.calendar;
  for (const auto& [state, due] : current.after_due) {
    const auto* after = after_of(context, state);
    if (after == nullptr || waits(current, state_timer(state))) continue;
    if (counts_days_off(*after)) {
      set(outcome, state, due);
    } else {
      const auto left = working_micros_between(calendar, *current.clock.since, due);
      set(outcome, state, add_working_micros(calendar, context.now, left));
    }
  }
}

std::optional<StepName> timed_state(const std::string& kind) {
  if (!kind.starts_with(kStateTimer)) return std::nullopt;
  return StepName(kind.substr(kStateTimer.size()));
}

Result<Decision> time_out(const CaseView& current, const StepName& state, Instant due_at,
                          const CommandContext& context) {
  if (const auto office = check_in_office(current.state); !office) return office.error();
  const auto facts = facts_of(current.state, current.content.data);
  const auto move = take_timed(context.rules.definition->machine, current.state.steps, state, facts,
                               provisional_pointers(current));
  if (move) {
    StateTimedOut event;
    event.state = state;
    event.due_at = due_at;
    follow(event.outcome, current.state, *move, context);
    use_up_unless_left(event.outcome, *move, state);
    if (const auto begun = begin_if_received(event.outcome, current.state); !begun) return begun.error();
    Decision decision{std::move(event), {}};
    const auto done = add_case_effects(decision, current, *move, context);
    if (done) return decision;
    return incident(state, due_at, context);
  }
  if (move.error().code == RejectionCode::guard_undecided) return incident(state, due_at, context);
  return Decision{used_up(state, due_at), {}};
}

}  // namespace motcua::engine
