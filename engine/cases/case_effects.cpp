/// What a way of the step machine does to the case itself: triggers of the life cycle, pauses of the clock.
/// No law of its own: the commands say yes or no.
#include "engine/cases/decision_parts.hpp"

#include <utility>

namespace motcua::engine {
namespace {

std::vector<const CaseEffect*> effects_of(const MachineMove& move) {
  std::vector<const CaseEffect*> effects;
  for (const auto& way : move.taken) {
    if (way.transition->effect) effects.push_back(&*way.transition->effect);
  }
  for (const auto* way : move.joined) {
    if (way->effect) effects.push_back(&*way->effect);
  }
  return effects;
}

Result<Decision> decide_effect(const CaseView& current, const CaseEffect& effect,
                               const CommandContext& context) {
  switch (effect.kind) {
    case CaseEffect::Kind::request_supplement: {
      RequestSupplement command;
      for (const auto& item : effect.items) command.items.push_back({item, ""});
      return decide(current, command, context);
    }
    case CaseEffect::Kind::request_payment:
      return decide(current, RequestPayment{effect.code}, context);
    case CaseEffect::Kind::withdraw:
      return decide(current, WithdrawCase{}, context);
    case CaseEffect::Kind::stop:
      return decide(current, StopCase{effect.code}, context);
    case CaseEffect::Kind::pause:
      return decide(current, PauseClock{effect.code, {}}, context);
    case CaseEffect::Kind::resume:
      return decide(current, ResumeClock{}, context);
  }
  return not_allowed("no such effect");
}

}  // namespace

Result<void> add_case_effects(Decision& decision, const CaseView& current, const MachineMove& move,
                              const CommandContext& context) {
  const auto effects = effects_of(move);
  if (effects.empty()) return {};
  if (effects.size() > 1) return not_allowed("two ways of this event would change the case itself at once");
  const auto& before = current.state;
  const auto after =
      evolve(before, decision.event,
             {before.id, before.version + 1, context.now, context.actor.sub, decision.on_behalf_of});
  auto content = current.content;
  for (const auto& entry : decision.personal) fold(content, entry.value);
  auto next = decide_effect({after, content}, *effects.front(), context);
  if (!next) return next.error();
  next->on_behalf_of = decision.on_behalf_of;
  decision.then.push_back(*std::move(next));
  return {};
}

}  // namespace motcua::engine
