#include "engine/cases/recalculation.hpp"

#include "engine/cases/decision_parts.hpp"
#include "engine/cases/derivation.hpp"
#include "engine/cases/timing.hpp"
#include "engine/deadline/counting.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace motcua::engine {
namespace {

constexpr std::array kMoves{DueMove::later, DueMove::earlier, DueMove::moved_into_window, DueMove::paused};

Standing standing_by(const Case& current, const Definition& definition, const WorkingCalendar& calendar) {
  return standing_after(current, current.clock.ledger, definition, calendar, Detail::instants);
}

std::optional<Recalculation> move_of_extension(Instant due, const CalendarChange& change) {
  if (lies_in_a_window(*change.after, due)) return std::nullopt;
  const auto moved = close_of_business_after(*change.after, due);
  if (moved == no_opening() || moved == due) return std::nullopt;
  return Recalculation{DueMove::moved_into_window, due, moved};
}

Rejection stale(const char* why) {
  auto rejection = not_allowed(why);
  rejection.members["stale"] = true;
  return rejection;
}

/// What is left of a paused limit, counted by the newer calendar.
Due paused_due(const Case& current, const Definition& definition, const WorkingCalendar& calendar) {
  auto remaining = standing_by(current, definition, calendar).remaining;
  if (current.extended_to) {
    remaining = working_time_between(calendar, *current.clock.since, *current.extended_to);
  }
  return {std::nullopt, std::nullopt, remaining};
}

void follow(Outcome& outcome, const Case& current, const Recalculation& recalculated,
            const CommandContext& context) {
  const auto& definition = context.rules.limiting();
  const auto& calendar = *context.rules.calendar;
  if (!recalculated.due_after) {
    outcome.due = paused_due(current, definition, calendar);
    return;
  }
  const auto due = *recalculated.due_after;
  move_due(outcome, current, context, Due{standing_by(current, definition, calendar).legal_due, due, {}});
  const bool was_broken = *current.due.due_at < context.now;
  const char* basis = current.extended_to || was_broken ? "extension" : "calendar";
  outcome.promise = Promise{due, context.now, basis, "", "notice"};
  if (current.extended_to) outcome.extended_to = due;
}

}  // namespace

std::string_view name_of(DueMove move) {
  switch (move) {
    case DueMove::later:
      return "later";
    case DueMove::earlier:
      return "earlier";
    case DueMove::moved_into_window:
      return "moved_into_window";
    case DueMove::paused:
      return "paused";
  }
  return {};
}

std::optional<DueMove> due_move_from(std::string_view name) {
  const auto found =
      std::find_if(kMoves.begin(), kMoves.end(), [&](DueMove each) { return name_of(each) == name; });
  return found == kMoves.end() ? std::nullopt : std::optional(*found);
}

std::optional<Recalculation> recalculate(const Case& current, const Definition& definition,
                                         const CalendarChange& change) {
  if (change.days.empty()) return std::nullopt;
  if (current.clock.state == ClockState::paused) {
    const bool touched = current.due.remaining && change.days.back() >= local_day(*current.clock.since);
    return touched ? std::optional(Recalculation{DueMove::paused, {}, {}}) : std::nullopt;
  }
  if (current.clock.state != ClockState::running || !current.due.due_at) return std::nullopt;
  const auto due = *current.due.due_at;
  if (due < instant_at(change.days.front(), std::chrono::microseconds{0})) return std::nullopt;
  if (current.extended_to) return move_of_extension(due, change);
  const auto legal = standing_by(current, definition, *change.after).legal_due;
  if (!legal || *legal == due || *legal == no_opening()) return std::nullopt;
  return Recalculation{*legal > due ? DueMove::later : DueMove::earlier, due, *legal};
}

Result<Decision> decide(const CaseView& current, const DecideRecalculation& command,
                        const CommandContext& context) {
  const auto& state = current.state;
  const auto& declined = state.calendars_declined;
  if (std::find(declined.begin(), declined.end(), command.calendar->hash) != declined.end()) {
    return stale("it has been decided that the case keeps its calendar");
  }
  const auto change = change_between(context.rules.calendar, command.calendar);
  const auto recalculated = recalculate(state, context.rules.limiting(), change);
  if (!recalculated) return stale("the case is not affected by this version of the calendar (any more)");
  if (*recalculated != command.proposed) return stale("the case has moved since this date was proposed");
  std::vector<PersonalEntry> personal;
  if (!command.reason.empty()) {
    add_personal(personal, SubjectName("free-text"), {{"reason", command.reason}});
  }
  if (!command.accept) {
    RecalculationDeclined event;
    event.calendar = command.calendar->hash;
    return Decision{std::move(event), std::move(personal)};
  }
  if (recalculated->due_after && *recalculated->due_after <= context.now) {
    return not_allowed("the new date has passed already");
  }
  Rules newer = context.rules;
  newer.calendar = command.calendar;
  DeadlineRecalculated event;
  event.calendar = command.calendar->hash;
  follow(event.outcome, state, *recalculated, {newer, context.actor, context.now});
  return Decision{std::move(event), std::move(personal)};
}

}  // namespace motcua::engine
