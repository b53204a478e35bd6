/// Timers (mốc thời gian), answers of the register (kết quả tra cứu) and versions that take open cases along
/// (chuyển sang phiên bản mới), as the engine records them.
#include "engine/cases/consultation.hpp"
#include "engine/cases/decision_parts.hpp"
#include "engine/cases/duties.hpp"
#include "engine/cases/engine_command.hpp"
#include "engine/cases/migration.hpp"
#include "engine/cases/state_timers.hpp"
#include "engine/cases/step_limits.hpp"
#include "engine/cases/timing.hpp"

#include <algorithm>

namespace motcua::engine {
namespace {

/// The case's own limit has run out before it was received.
constexpr const char* kReceptionLate = "reception_late";
/// The applicant has not answered a supplement request in time.
constexpr const char* kSilent = "silent";
/// The result was not handed over in time.
constexpr const char* kDeliveryLate = "delivery_late";

const OpenEffect* find_effect(const Case& current, const EffectRef& ref) {
  const auto found = std::find_if(current.effects.begin(), current.effects.end(),
                                  [&](const OpenEffect& effect) { return effect.ref == ref; });
  return found == current.effects.end() ? nullptr : &*found;
}

/// The flag that a fired timer sets.
std::string mark_of(const Case& current, const std::string& timer) {
  if (timer == kReceptionTimer) return kReceptionLate;
  if (timer == kSilenceTimer) return kSilent;
  if (timer == kDeliveryTimer) return kDeliveryLate;
  if (auto late = late_step_flag(timer)) return *std::move(late);
  return consultation_mark(current, timer).value_or(timer);
}

/// The applicant has not answered in time, and the definition says that the case is stopped. A supply that
/// was recorded before has cancelled the timer. @law one-stop/supplement-request
Result<Decision> stop_for_silence(const Case& current, const std::string& law, Instant now) {
  const auto stage = next_stage(current, Trigger::stop);
  if (!stage) return stage.error();
  auto event = stopped(current, law, *stage, now);
  event.outcome.flags_added.emplace_back(kSilent);
  return Decision{std::move(event), {}};
}

Result<Decision> decide_one(const CaseView& current, const FireTimer& command,
                            const CommandContext& context) {
  const auto& timers = current.state.timers;
  const auto timer = std::find_if(timers.begin(), timers.end(), [&](const CaseTimer& each) {
    return each.kind == command.kind && each.due_at == command.due_at;
  });
  if (timer == timers.end()) return not_allowed("the case has no such timer");
  if (context.now < command.due_at) return not_allowed("the timer is not due yet");
  const auto& reply = context.rules.definition->supplement_reply;
  if (command.kind == kSilenceTimer && reply && reply->stops) {
    return stop_for_silence(current.state, reply->law, context.now);
  }
  if (const auto state = timed_state(command.kind)) {
    return time_out(current, *state, command.due_at, context);
  }
  TimerFired event;
  event.kind = command.kind;
  event.due_at = command.due_at;
  auto& outcome = event.outcome;
  outcome.timers_cancelled = {command.kind};
  outcome.flags_added = {mark_of(current.state, command.kind)};
  if (command.kind == kOverdueTimer && !owes_apology(current.state)) outcome.duties_opened = {kApologyDuty};
  return Decision{std::move(event), {}};
}

/// A difference is a task with both values; a person looked up anew may agree, or differ otherwise, and the
/// task of the earlier answer gives way.
void compare(Decision& decision, Outcome& outcome, const CaseView& current, const PersonAnswer& answer,
             const FormChange& change, const CommandContext& context) {
  const auto say = [&](const FormChange::Difference& value) {
    add_personal(decision.personal, context.rules.definition->subject_of(value.pointer),
                 {{"registered", {{value.pointer, value.registered}}}});
  };
  for (const auto& difference : change.differences) {
    close_task(outcome, current.state, difference.pointer);
    outcome.tasks_opened.push_back({kDifferenceTask, difference.pointer, answer.lookup, context.now});
    say(difference);
  }
  for (const auto& agreed : change.agreed) {
    close_task(outcome, current.state, agreed.pointer);
    if (current.content.registered.contains(agreed.pointer)) say(agreed);
  }
}

Result<Decision> decide_one(const CaseView& current, const RecordAnswer& command,
                            const CommandContext& context) {
  const auto* effect = find_effect(current.state, command.effect);
  if (effect == nullptr) {
    AnswerIgnored event;
    event.effect = command.effect;
    event.answer_class = command.answer.answer_class;
    return Decision{std::move(event), {}};
  }
  const auto& definition = *context.rules.definition;
  FormFilling filling(definition, current.content.applicant, current.content.data, *current.state.provenance,
                      context.now);
  auto answer = command.answer;
  answer.subject = effect->subject;  // the question says about whom, not the answer
  filling.answer(answer);
  filling.derive_rest();
  LookupAnswered event;
  auto& outcome = event.outcome;
  outcome.effects_closed = {command.effect};
  // What the register says may complete somebody else's identifiers.
  const auto asked = subjects_to_look_up(definition, current.content.applicant, current.content.data);
  follow_people(outcome, filling, current, asked, definition);
  const auto change = filling.take();
  event.effect = command.effect;
  event.subject = effect->subject;
  event.answer_class = command.answer.answer_class;
  event.detail = command.answer.detail;
  event.lookup = command.answer.lookup;
  Decision decision{{}, split_by_subject(definition, change.added)};
  compare(decision, outcome, current, command.answer, change, context);
  outcome.provenance = change.provenance;
  outcome.missing = missing_after(current.state, definition, change.data, current.state.papers);
  reconsider_limit(outcome, current.state, context,
                   facts_of(change.data, current.state.channel, current.state.papers));
  decision.event = std::move(event);
  return decision;
}

Result<Decision> decide_one(const CaseView& current, const RecordFailure& command,
                            const CommandContext& context) {
  const auto* effect = find_effect(current.state, command.effect);
  if (effect == nullptr || effect->failed_once) return not_allowed("nothing is to be recorded");
  FormFilling filling(*context.rules.definition, current.content.applicant, current.content.data,
                      *current.state.provenance, context.now);
  filling.answer({effect->subject, kUnavailable, command.detail, "", context.now, {}});
  LookupUnavailable event;
  event.effect = command.effect;
  event.subject = effect->subject;
  event.detail = command.detail;
  event.outcome.effects_failed = {command.effect};
  event.outcome.provenance = filling.take().provenance;
  return Decision{std::move(event), {}};
}

/// True if the refusal is not about whether the case fits: it is too early, or there is no work left to fit.
bool is_of_the_moment(const Rejection& why) {
  const auto obstacle = why.members.find("obstacle");
  return obstacle == why.members.end() || *obstacle == obstacle::stage ||
         *obstacle == obstacle::not_received || *obstacle == obstacle::not_in_force;
}

Result<Decision> decide_one(const CaseView& current, const SwitchCase& command,
                            const CommandContext& context) {
  const auto& state = current.state;
  if (state.version != command.seen) return not_allowed("the case has moved since it was looked at");
  if (context.target == nullptr || state.pins.procedure_version >= context.target->version) {
    return not_allowed("there is no later version to follow");
  }
  const auto& target = *context.target;
  auto moved =
      decide(current, MigrateCase{target.version, {}, MigratedLimit::kept, target.effective_law}, context);
  if (moved || is_of_the_moment(moved.error())) return moved;
  SwitchRefused event;
  event.version = target.version;
  event.obstacle = moved.error().members.at("obstacle").get<std::string>();
  close_task(event.outcome, state, kSwitchIncident);
  event.outcome.tasks_opened = {{kIncidentTask, kSwitchIncident, "", context.now}};
  return Decision{std::move(event), {}};
}

}  // namespace

Result<Decision> decide(const CaseView& current, const EngineCommand& command,
                        const CommandContext& context) {
  auto decision = std::visit([&](const auto& one) { return decide_one(current, one, context); }, command);
  if (decision) ask_to_report(*decision, current.state);
  return decision;
}

}  // namespace motcua::engine
