/// The steps of a case in another version of its definition (các bước sau khi chuyển phiên bản): where it
/// stands there, who holds what, and which times go on. Pure.
#pragma once

#include "engine/cases/decision.hpp"

#include <map>
#include <vector>

namespace motcua::engine {

/// The machines of the version that the case leaves and of the one that it goes to.
struct MachinePair {
  const Machine& from;
  const Machine& to;
};

struct MovedSteps {
  std::vector<StepName> after{};                        ///< in document order
  std::map<StepName, std::vector<StepName>> sources{};  ///< of each: the steps that lead there, in order
  /// True if the step is the one that had this name, and nothing else leads there.
  [[nodiscard]] bool stays(const StepName& step) const;
};

/// Where the active steps go. Rejection: invalid_data (`/data/map`, member `obstacle`: step_unknown,
/// step_not_atomic, steps_not_together, completed_step_unknown).
[[nodiscard]] Result<MovedSteps> move_steps(const Case& current, const MachinePair& machines,
                                            const StepMap& map);

/// Officers keep their steps and what they have delegated where they may: they hold the role that the step
/// has now, if that is another, and completed nothing that it must not be completed with. Of steps that
/// become one, nobody holds it unless one officer held all.
void carry_officers(CaseMigrated& event, const Case& current, const MovedSteps& moved,
                    const MachinePair& machines, const CommandContext& context);
/// The time of a step goes on under its new name, and late stays late; a step that has none yet gets that of
/// the target.
void carry_step_limits(Outcome& outcome, const Case& current, const MovedSteps& moved,
                       const CommandContext& context);
/// The same for timers of states; what has run out does not run again.
void carry_timers(Outcome& outcome, const Case& current, const MovedSteps& moved, const MachinePair& machines,
                  const StepMap& map, const CommandContext& context);

}  // namespace motcua::engine
