/// How a case ends: withdrawn (rút hồ sơ), stopped (dừng xử lý), resolved (đã xử lý xong), returned (đã trả
/// kết quả).
#include "engine/cases/decision_parts.hpp"
#include "engine/cases/duties.hpp"
#include "engine/cases/linked.hpp"
#include "engine/deadline/counting.hpp"

#include <algorithm>
#include <set>

namespace motcua::engine {
namespace {

constexpr const char* kReturnChannels[] = {"counter", "post", "online"};

Result<void> check_results(const Definition& definition, const ResolveCase& command) {
  if (command.results.empty()) return invalid_data("/data/results", "must have at least one result");
  std::set<std::string> seen;
  for (std::size_t i = 0; i < command.results.size(); ++i) {
    const auto pointer = "/data/results/" + std::to_string(i) + "/code";
    const auto& code = command.results[i].code;
    const bool known = std::any_of(definition.results.begin(), definition.results.end(),
                                   [&](const ResultRule& rule) { return rule.code == code; });
    if (!known) return invalid_data(pointer, "is not a result of this procedure");
    if (!seen.insert(code).second) return invalid_data(pointer, "is listed twice");
  }
  return {};
}

}  // namespace

CaseStopped stopped(const Case& current, const std::string& law, Stage stage, Instant now) {
  CaseStopped event;
  event.law = law;
  event.outcome.stage = stage;
  close_case(event.outcome, current, ClockChange::end, now);
  close_duty(event.outcome, current, kOriginalsDuty);
  return event;
}

/// Rejections: not_allowed (stage: a decision exists, or the case is over). @law one-stop/withdrawal
Result<Decision> decide(const CaseView& current, const WithdrawCase&, const CommandContext& context) {
  const auto stage = next_stage(current.state, Trigger::withdraw);
  if (!stage) return stage.error();
  CaseWithdrawn event;
  event.outcome.stage = *stage;
  close_case(event.outcome, current.state, ClockChange::end, context.now);
  close_duty(event.outcome, current.state, kOriginalsDuty);
  return Decision{std::move(event), {}};
}

/// Rejections: not_allowed (stage), invalid_data (law not cited by the definition).
/// @law one-stop/stop-on-request
Result<Decision> decide(const CaseView& current, const StopCase& command, const CommandContext& context) {
  const auto stage = next_stage(current.state, Trigger::stop);
  if (!stage) return stage.error();
  const auto& laws = context.rules.definition->law;
  if (std::none_of(laws.begin(), laws.end(),
                   [&](const LawReference& law) { return law.id == command.law; })) {
    return invalid_data("/data/law", "is not a law that the procedure cites");
  }
  return Decision{stopped(current.state, command.law, *stage, context.now), {}};
}

/// Rejections: not_allowed (stage; the step machine is in no final state), invalid_data (results).
Result<Decision> decide(const CaseView& current, const ResolveCase& command, const CommandContext& context) {
  const auto stage = next_stage(current.state, Trigger::resolve);
  if (!stage) return stage.error();
  if (!current.state.steps_final) return not_allowed("the steps of the procedure are not finished");
  if (const auto results = check_results(*context.rules.definition, command); !results)
    return results.error();
  CaseResolved event;
  auto typed = nlohmann::json::object();
  for (const auto& result : command.results) {
    event.results.push_back({result.code, result.document_id});
    if (!result.data.is_null()) typed[result.code] = result.data;
  }
  event.outcome.stage = *stage;
  close_case(event.outcome, current.state, ClockChange::end, context.now);
  event.outcome.duties_opened.emplace_back(kDeliveryDuty);
  if (const auto limit = context.rules.definition->delivery_limit) {
    event.outcome.timers_set = {
        {kDeliveryTimer, add_working_time(*context.rules.calendar, context.now, *limit)}};
  }
  Decision decision{std::move(event), {}};
  if (!typed.empty()) add_personal(decision.personal, SubjectName("data"), {{"results", typed}});
  return decision;
}

/// Rejections: not_allowed (stage; originals were not shown), invalid_data (channel).
/// @law one-stop/return-of-result
Result<Decision> decide(const CaseView& current, const ReturnResult& command, const CommandContext&) {
  const auto stage = next_stage(current.state, Trigger::return_result);
  if (!stage) return stage.error();
  if (std::find(std::begin(kReturnChannels), std::end(kReturnChannels), command.channel) ==
      std::end(kReturnChannels)) {
    return invalid_data("/data/channel", "must be counter, post or online");
  }
  if (owes(current.state, kOriginalsDuty) && !command.originals) {
    return not_allowed(
        "originals of papers filed electronically must be shown first: say so in data.originals");
  }
  ResultReturned event;
  event.channel = command.channel;
  event.outcome.stage = *stage;
  for (const auto* duty : {kDeliveryDuty, kOriginalsDuty}) close_duty(event.outcome, current.state, duty);
  for (const auto& timer : current.state.timers) event.outcome.timers_cancelled.push_back(timer.kind);
  // A correction between resolution and return may have asked the register anew.
  close_effects(event.outcome, current.state);
  Decision decision{std::move(event), {}};
  add_personal(decision.personal, SubjectName("free-text"), {{"to", command.to}});
  return decision;
}

}  // namespace motcua::engine
