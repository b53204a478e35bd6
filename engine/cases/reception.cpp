/// Reception (tiếp nhận) and its refusal (từ chối tiếp nhận): from here the legal clock runs, or the case
/// ends.
#include "engine/cases/decision_parts.hpp"
#include "engine/cases/duties.hpp"
#include "engine/cases/step_moves.hpp"
#include "engine/cases/timing.hpp"
#include "engine/deadline/receipt.hpp"

#include <algorithm>

namespace motcua::engine {
namespace {

nlohmann::json as_json(const std::vector<MissingItem>& missing) {
  auto list = nlohmann::json::array();
  for (const auto& item : missing) {
    if (!item.procedure.empty()) {
      list.push_back({{"procedure", item.procedure.value}});
    } else {
      list.push_back(item.paper.empty() ? nlohmann::json{{"pointer", item.pointer}}
                                        : nlohmann::json{{"paper", item.paper.value}});
    }
  }
  return list;
}

/// From when the limit counts that was chosen: a step's own limit begins no earlier.
Instant counts_from(const Outcome& outcome, const Definition& definition, const CommandContext& context) {
  return receipt_of(definition.time_limits[*outcome.limit].limit, *context.rules.calendar, context.now)
      .counts_from;
}

}  // namespace

/// Rejections: not_allowed (stage), invalid_data (something is missing and it is not accepted incomplete, or
/// accepted without a reason). @law one-stop/reception @law deadline/clock-start
Result<Decision> decide(const CaseView& current, const ReceiveCase& command, const CommandContext& context,
                        bool has_reason) {
  const auto stage = next_stage(current.state, Trigger::receive);
  if (!stage) return stage.error();
  const auto& definition = *context.rules.definition;
  const auto missing = missing_items(definition, current.content.data, current.state.channel,
                                     current.state.papers, current.state.earlier);
  if (!missing.empty() && !command.accept_incomplete) {
    Rejection rejection{RejectionCode::invalid_data,
                        "something is missing; supply it, or accept the case incomplete with a reason"};
    rejection.members["missing"] = as_json(missing);
    return rejection;
  }
  if (!missing.empty() && !has_reason)
    return invalid_data("/reason", "is required to accept an incomplete case");

  CaseReceived event;
  event.pins = {definition.code, definition.version, definition.hash, context.rules.calendar->hash,
                context.rules.organisation->hash};
  event.accepted_incomplete = !missing.empty();
  auto& outcome = event.outcome;
  outcome.stage = *stage;
  outcome.missing = missing;
  set_steps(outcome, definition.machine, initial_steps(definition.machine));
  outcome.steps_entered = *outcome.steps;
  outcome.timers_cancelled = {kReceptionTimer};
  if (event.accepted_incomplete) outcome.flags_added = {"accepted_incomplete"};
  choose_limit(outcome, definition,
               facts_of(current.content.data, current.state.channel, current.state.papers));
  start_clock(outcome, current.state, context);
  enter_machine(outcome, current.state, context, counts_from(outcome, definition, context));
  open_originals(outcome, current.state, current.state.papers, definition);
  return Decision{std::move(event), {}};
}

/// Rejections: not_allowed (stage), invalid_data (reason code not in the definition's list).
/// @law one-stop/refusal
Result<Decision> decide(const CaseView& current, const RefuseReception& command,
                        const CommandContext& context) {
  const auto stage = next_stage(current.state, Trigger::refuse_reception);
  if (!stage) return stage.error();
  const auto& reasons = context.rules.definition->refusal_reasons;
  if (std::find(reasons.begin(), reasons.end(), command.reason_code) == reasons.end()) {
    auto rejection = invalid_data("/data/reason_code", "is not a reason of this procedure");
    rejection.members["allowed_reasons"] = reasons;
    return rejection;
  }
  ReceptionRefused event;
  event.reason_code = command.reason_code;
  event.outcome.stage = *stage;
  close_case(event.outcome, current.state, ClockChange::none, context.now);
  return Decision{std::move(event), {}};
}

}  // namespace motcua::engine
