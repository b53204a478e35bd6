/// What a change of the legal clock brings with it: due instant, promise, timers, marks. One place, so that
/// every command that starts, pauses or resumes the clock does the same.
#pragma once

#include "engine/cases/decision.hpp"

#include <nlohmann/json.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace motcua::engine {

/// Timers of the time limit: a case that runs has those that lie ahead.
inline constexpr const char* kNearingTimer = "nearing";  ///< sắp đến hạn
inline constexpr const char* kDueTimer = "due";          ///< đến hạn
inline constexpr const char* kOverdueTimer = "overdue";  ///< quá hạn: one second after the due instant
/// The time to answer a supplement request has run out (người dân im lặng).
inline constexpr const char* kSilenceTimer = "silence";
/// The duty that an overdue case opens, and an extension closes: apology with reason and new date (mẫu 04).
/// @law apology/extension
inline constexpr const char* kApologyDuty = "apology";

/// True while an apology is owed.
[[nodiscard]] bool owes_apology(const Case& current);

/// True if the condition is decided true for `facts`, or there is none.
[[nodiscard]] bool holds(const nlohmann::json& when, const nlohmann::json& facts);

/// Index of the first time limit whose condition holds for `facts`; undecided conditions do not hold.
[[nodiscard]] std::size_t applicable_limit(const Definition& definition, const nlohmann::json& facts);
/// Indices of the supplements of `limit` whose conditions hold, ascending; undecided conditions do not hold.
[[nodiscard]] std::vector<std::size_t> applicable_supplements(const TimeLimit& limit,
                                                              const nlohmann::json& facts);
/// States in `outcome` which limit and supplements apply at reception.
void choose_limit(Outcome& outcome, const Definition& definition, const nlohmann::json& facts);

/// Starts the clock at reception under the limit of `outcome`. @law deadline/clock-start
void start_clock(Outcome& outcome, const Case& current, const CommandContext& context);
/// Pauses it, the limits of the steps and the timers of states: what is left stands in `due.remaining`. The
/// definition says whose time it is; `agency` names the other agency, or nobody does.
/// @law deadline/clock-exclusion
void pause_clock(Outcome& outcome, const Case& current, const CommandContext& context,
                 const std::string& reason, const AgencyId& agency = {});
/// Resumes it with a new promise; the date of an extension moves by what the pause took from it, and the
/// promise keeps that basis. The promise's reason is the pause's. The limits of the steps go on too.
void resume_clock(Outcome& outcome, const Case& current, const CommandContext& context);
/// Timers and marks for a due instant that was moved without the clock's doing.
void move_due(Outcome& outcome, const Case& current, const CommandContext& context, const Due& due);

/// A running case that ends after its due instant is overdue, also if the timer has not fired yet: whether a
/// case was late does not hang on how soon the sweep came. Mark and duty as the timer's.
void mark_lateness(Outcome& outcome, const Case& current, Instant now);

/// If values given now put the case under another limit: the running clock's due instant follows. Promises
/// stay what they were; the flag `limit_changed` tells the officer.
void reconsider_limit(Outcome& outcome, const Case& current, const CommandContext& context,
                      const nlohmann::json& facts);

}  // namespace motcua::engine
