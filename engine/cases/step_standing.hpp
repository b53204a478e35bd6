/// By what right an officer works on a step that somebody holds: in the own name, as the holder's delegate
/// (ủy quyền), or for an absent holder (làm thay). Pure.
#pragma once

#include "engine/cases/case.hpp"
#include "engine/cases/substitution.hpp"
#include "engine/core/result.hpp"
#include "engine/procedure/machine.hpp"

#include <string>

namespace motcua::engine {

inline constexpr const char* kDelegationStanding = "delegation";
inline constexpr const char* kSubstitutionStanding = "substitution";
inline constexpr const char* kTakeoverStanding = "takeover";

struct StepStanding {
  std::string name{};          ///< empty: in the own name
  std::string on_behalf_of{};  ///< whose name; empty: the own
};

/// Who holds the step; null if nobody does.
[[nodiscard]] const ActorId* holder_of(const Case& current, const StepName& step);

/// By what right `officer` does the step. Rejection: not_allowed (another officer holds it, or the delegation
/// is over).
[[nodiscard]] Result<StepStanding> standing_of(const Case& current, const MachineState& step,
                                               const ActorId& officer, const Attendance& attendance);
/// True if `officer` may give the step back to the queue: the holder, or who stands in for an absent holder.
[[nodiscard]] bool may_release(const Case& current, const MachineState& step, const ActorId& officer,
                               const Attendance& attendance);

}  // namespace motcua::engine
