/// Pause (tạm dừng), resume (tiếp tục) and extension (gia hạn) of the time limit. They move the clock and the
/// date, never the stage.
#include "engine/cases/decision_parts.hpp"
#include "engine/cases/timing.hpp"
#include "engine/deadline/counting.hpp"

#include <algorithm>

namespace motcua::engine {
namespace {

const PauseReason* listed_reason(const Definition& definition, const std::string& code) {
  const auto found = std::find_if(
      definition.pause_reasons.begin(), definition.pause_reasons.end(),
      [&](const PauseReason& reason) { return reason.code == code && may_pause_by_command(reason); });
  return found == definition.pause_reasons.end() ? nullptr : &*found;
}

bool is_signatory(const Case& current, const CommandContext& context, const ActorId& signer) {
  const auto* agency = context.rules.organisation->find(current.competent);
  const auto* officer = agency == nullptr ? nullptr : agency->find_officer(signer);
  return officer != nullptr && officer->has_role("signatory");
}

}  // namespace

/// Rejections: not_allowed (stage; the clock does not run; the definition does not list the reason, or it has
/// a command of its own), invalid_data (an agency for a reason that is not another agency's).
/// @law deadline/clock-exclusion
Result<Decision> decide(const CaseView& current, const PauseClock& command, const CommandContext& context) {
  if (const auto stage = check_in_office(current.state); !stage) return stage.error();
  if (current.state.clock.state != ClockState::running) return not_allowed("the clock does not run");
  const auto* reason = listed_reason(*context.rules.definition, command.reason_code);
  if (reason == nullptr) {
    return not_allowed("the procedure lists no such reason to pause the clock by command");
  }
  if (!command.agency.empty() && reason->whose != kOtherAgencysTime) {
    return invalid_data("/data/agency", "this reason is not another agency's time");
  }
  if (!command.agency.empty() && !is_agency_id(command.agency.value)) {
    return invalid_data("/data/agency", "is not an agency identifier");
  }
  ClockPaused event;
  event.reason_code = command.reason_code;
  pause_clock(event.outcome, current.state, context, command.reason_code, command.agency);
  return Decision{std::move(event), {}};
}

/// Rejections: not_allowed (stage; the clock was not paused by `pause`).
Result<Decision> decide(const CaseView& current, const ResumeClock&, const CommandContext& context) {
  if (const auto stage = check_in_office(current.state); !stage) return stage.error();
  if (current.state.clock.state != ClockState::paused) return not_allowed("the clock is not paused");
  ClockResumed event;
  resume_clock(event.outcome, current.state, context);
  return Decision{std::move(event), {}};
}

/// Rejections: not_allowed (stage; the clock does not run; no extension is left), invalid_data (date not
/// later than the current one, not later than now, or in no window; reason is no code; signer is no signatory
/// of the agency).
/// @law apology/extension
Result<Decision> decide(const CaseView& current, const ExtendDeadline& command,
                        const CommandContext& context) {
  const auto& state = current.state;
  if (const auto stage = check_in_office(state); !stage) return stage.error();
  if (state.clock.state != ClockState::running || !state.due.due_at) {
    return not_allowed("the clock does not run");
  }
  if (state.extensions >= context.rules.limiting().max_extensions) {
    return not_allowed("the procedure allows no further extension");
  }
  if (command.due_at <= *state.due.due_at || command.due_at <= context.now) {
    return invalid_data("/data/due_at", "must be later than the current date and than now");
  }
  if (!lies_in_a_window(*context.rules.calendar, command.due_at)) {
    return invalid_data("/data/due_at", "must lie inside a working window");
  }
  if (!is_plain_code(command.reason_code)) {
    return invalid_data("/data/reason_code", "must be a code of lower-case letters, digits and _");
  }
  if (!is_signatory(state, context, command.signer)) {
    return invalid_data("/data/signer", "must be a signatory of the competent agency");
  }
  DeadlineExtended event;
  event.reason_code = command.reason_code;
  event.signer = command.signer;
  event.due_at = command.due_at;
  auto& outcome = event.outcome;
  outcome.extended_to = command.due_at;
  outcome.promise = Promise{command.due_at, context.now, "extension", command.reason_code, "notice"};
  move_due(outcome, state, context, Due{state.due.legal_due, command.due_at, std::nullopt});
  outcome.flags_added.emplace_back("extended");
  if (owes_apology(state)) outcome.duties_closed.emplace_back(kApologyDuty);
  return Decision{std::move(event), {}};
}

}  // namespace motcua::engine
