#include "engine/cases/timing.hpp"

#include "engine/cases/decision_parts.hpp"
#include "engine/cases/derivation.hpp"
#include "engine/cases/duties.hpp"
#include "engine/cases/state_timers.hpp"
#include "engine/cases/step_limits.hpp"
#include "engine/deadline/counting.hpp"
#include "engine/deadline/timers.hpp"
#include "engine/procedure/guard.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace motcua::engine {
namespace {

/// A case ended at its due instant was on time.
constexpr std::chrono::seconds kOverdueAfter{1};

bool is_of_limit(const std::string& kind) {
  return kind == kNearingTimer || kind == kDueTimer || kind == kOverdueTimer;
}

bool has_flag(const Case& current, const char* flag) {
  return std::find(current.flags.begin(), current.flags.end(), flag) != current.flags.end();
}

void cancel_limit_timers(Outcome& outcome, const Case& current) {
  for (const auto& timer : current.timers) {
    if (is_of_limit(timer.kind)) outcome.timers_cancelled.push_back(timer.kind);
  }
}

/// The timers of `due` that lie ahead, and the marks of an earlier due instant taken away if this one does.
void set_limit_timers(Outcome& outcome, const Case& current, const CommandContext& context, Instant due) {
  const auto now = context.now;
  const auto nearing = nearing_of(*context.rules.calendar, now, due);
  if (nearing > now) outcome.timers_set.push_back({kNearingTimer, nearing});
  if (due > now) outcome.timers_set.push_back({kDueTimer, due});
  if (due > now || !has_flag(current, kOverdueTimer)) {
    outcome.timers_set.push_back({kOverdueTimer, due + kOverdueAfter});
  }
  for (const auto* mark : {kNearingTimer, kDueTimer, kOverdueTimer}) {
    const bool passed = mark == kNearingTimer ? nearing <= now : due <= now;
    if (!passed && has_flag(current, mark)) outcome.flags_removed.emplace_back(mark);
  }
}

/// True if the last ordinary promise was broken before the pause and `due` lies behind it. A limit that has
/// run out gives no time back, so only a limit that was changed afterwards does this; it excuses as an
/// extension does, and undoes nothing.
bool mends_a_broken_promise(const Case& current, Instant due) {
  const auto ordinary = std::find_if(current.promises.rbegin(), current.promises.rend(),
                                     [](const Promise& promise) { return promise.basis != "extension"; });
  return ordinary != current.promises.rend() && ordinary->due_at < *current.clock.since &&
         ordinary->due_at < due;
}

std::vector<LedgerEntry> ledger_after(const Case& current, const Outcome& outcome) {
  auto ledger = current.clock.ledger;
  if (outcome.clock) ledger.push_back(*outcome.clock);
  return ledger;
}

/// Whose time a pause for `reason` is: supplement and payment are the applicant's unless the file says so
/// otherwise; empty where it says nothing.
std::string whose_time(const Definition& definition, const std::string& reason, const AgencyId& agency) {
  const auto& reasons = definition.pause_reasons;
  const auto listed = std::find_if(reasons.begin(), reasons.end(),
                                   [&](const PauseReason& each) { return each.code == reason; });
  const auto whose = listed == reasons.end() ? std::string() : listed->whose;
  if (whose == kOtherAgencysTime && !agency.empty()) return agency.value;
  const bool applicants = listed != reasons.end() && !may_pause_by_command(*listed);
  return whose.empty() && applicants ? kApplicantsTime : whose;
}

Standing standing_with(const Outcome& outcome, const Case& current, const CommandContext& context) {
  Case limited;
  limited.limit = outcome.limit.value_or(current.limit);
  limited.limit_supplements = outcome.limit_supplements.value_or(current.limit_supplements);
  return standing_after(limited, ledger_after(current, outcome), context.rules.limiting(),
                        *context.rules.calendar, Detail::instants);
}

}  // namespace

bool holds(const nlohmann::json& when, const nlohmann::json& facts) {
  if (when.is_null()) return true;
  const auto answer = evaluate(when, facts);
  const auto* decided = std::get_if<Decided>(&answer);
  return decided != nullptr && truthy(decided->value);
}

std::size_t applicable_limit(const Definition& definition, const nlohmann::json& facts) {
  const auto& limits = definition.time_limits;
  const auto found = std::find_if(limits.begin(), limits.end(),
                                  [&](const TimeLimit& limit) { return holds(limit.when, facts); });
  return found == limits.end() ? limits.size() - 1 : static_cast<std::size_t>(found - limits.begin());
}

/// @law deadline/added-time
std::vector<std::size_t> applicable_supplements(const TimeLimit& limit, const nlohmann::json& facts) {
  std::vector<std::size_t> applicable;
  for (std::size_t i = 0; i < limit.supplements.size(); ++i) {
    if (holds(limit.supplements[i].when, facts)) applicable.push_back(i);
  }
  return applicable;
}

void choose_limit(Outcome& outcome, const Definition& definition, const nlohmann::json& facts) {
  outcome.limit = applicable_limit(definition, facts);
  auto supplements = applicable_supplements(definition.time_limits[*outcome.limit], facts);
  if (!supplements.empty()) outcome.limit_supplements = std::move(supplements);
}

void start_clock(Outcome& outcome, const Case& current, const CommandContext& context) {
  change_clock(outcome, current, ClockChange::start, context.now);
  const auto due = standing_with(outcome, current, context).legal_due;
  if (!due) return;
  outcome.promise = Promise{*due, context.now, "reception", "", "receipt"};
  outcome.due = Due{due, due, std::nullopt};
  set_limit_timers(outcome, current, context, *due);
}

void pause_clock(Outcome& outcome, const Case& current, const CommandContext& context,
                 const std::string& reason, const AgencyId& agency) {
  change_clock(outcome, current, ClockChange::pause, context.now, reason,
               whose_time(*context.rules.definition, reason, agency));
  pause_steps(outcome, current, context.now);
  still_timers(outcome, current, context, reason);
  auto remaining = standing_with(outcome, current, context).remaining;
  if (current.extended_to && current.due.due_at) {
    remaining = working_time_between(*context.rules.calendar, context.now, *current.due.due_at);
  }
  outcome.due = Due{std::nullopt, std::nullopt, remaining};
  cancel_limit_timers(outcome, current);
}

void resume_clock(Outcome& outcome, const Case& current, const CommandContext& context) {
  change_clock(outcome, current, ClockChange::resume, context.now);
  resume_steps(outcome, current, context);
  resume_timers(outcome, current, context);
  const auto legal = standing_with(outcome, current, context).legal_due;
  if (!legal) return;
  auto due = *legal;
  // A date that rests on an extension still does after a pause: else a short pause would turn it into an
  // ordinary promise, and a case that broke its own would count as in time.
  const char* basis = current.extended_to ? "extension" : "resume";
  if (current.extended_to) {
    due = shift_by_processing_time(*context.rules.calendar, *current.extended_to, *current.clock.since,
                                   context.now);
    outcome.extended_to = due;
  }
  outcome.due = Due{legal, due, std::nullopt};
  outcome.promise = Promise{due, context.now, basis, current.clock.reason, "notice"};
  set_limit_timers(outcome, current, context, due);
  if (mends_a_broken_promise(current, due)) outcome.promise->basis = "extension";
}

void move_due(Outcome& outcome, const Case& current, const CommandContext& context, const Due& due) {
  outcome.due = due;
  cancel_limit_timers(outcome, current);
  if (due.due_at) set_limit_timers(outcome, current, context, *due.due_at);
}

void mark_lateness(Outcome& outcome, const Case& current, Instant now) {
  const bool running = current.clock.state == ClockState::running && current.due.due_at;
  if (!running || now <= *current.due.due_at || has_flag(current, kOverdueTimer)) return;
  outcome.flags_added.emplace_back(kOverdueTimer);
  if (!owes_apology(current)) outcome.duties_opened.emplace_back(kApologyDuty);
}

bool owes_apology(const Case& current) { return owes(current, kApologyDuty); }

void reconsider_limit(Outcome& outcome, const Case& current, const CommandContext& context,
                      const nlohmann::json& facts) {
  const auto state = current.clock.state;
  if (state != ClockState::running && state != ClockState::paused) return;
  const auto& definition = context.rules.limiting();
  const auto limit = applicable_limit(definition, facts);
  auto supplements = applicable_supplements(definition.time_limits[limit], facts);
  if (limit == current.limit && supplements == current.limit_supplements) return;
  if (limit != current.limit) outcome.limit = limit;
  if (supplements != current.limit_supplements) outcome.limit_supplements = std::move(supplements);
  outcome.flags_added.emplace_back("limit_changed");
  if (state != ClockState::running || outcome.clock) return;  // counted when the clock changes
  const auto legal = standing_with(outcome, current, context).legal_due;
  if (legal)
    move_due(outcome, current, context, Due{legal, current.extended_to ? current.due.due_at : legal, {}});
}

}  // namespace motcua::engine
