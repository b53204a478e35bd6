/// Delegation (ủy quyền xử lý): a step's holder has another officer do it, in the holder's name.
#include "engine/cases/decision_parts.hpp"
#include "engine/cases/step_standing.hpp"

#include <chrono>

namespace motcua::engine {

/// Rejections: not_allowed (stage, step, nobody holds it), invalid_data (officer: the holder, another
/// agency's, without the role, absent; the day is over), same_person.
Result<Decision> decide(const CaseView& current, const DelegateStep& command, const CommandContext& context) {
  const auto& state = current.state;
  const auto step = step_in_office(state, command.step, context);
  if (!step) return step.error();
  const auto* holder = holder_of(state, (*step)->name);
  if (holder == nullptr) return not_allowed("nobody holds the step: assign or claim it first");
  if (command.to == *holder) return invalid_data("/data/to", "holds the step already");
  if (const auto fit = check_officer_for(state, **step, command.to, "/data/to", context); !fit) {
    return fit.error();
  }
  if (const auto there = check_not_absent(state, **step, command.to, "/data/to", context); !there) {
    return there.error();
  }
  if (const auto other = check_same_person(state, **step, command.to, holder->value); !other) {
    return other.error();
  }
  StepDelegated event;
  event.step = (*step)->name;
  event.from = *holder;
  event.to = command.to;
  if (command.until) event.until = instant_at(*command.until + std::chrono::days{1}, {});
  if (event.until && *event.until <= context.now) {
    return invalid_data("/data/until", "must not lie before today");
  }
  return Decision{std::move(event), {}};
}

}  // namespace motcua::engine
