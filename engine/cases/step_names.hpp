/// Names of steps in another version of a definition (tên bước giữa hai phiên bản). Pure.
#pragma once

#include "engine/cases/case.hpp"

#include <vector>

namespace motcua::engine {

/// What `state` is called now: as the map says, else as before. Empty: it has no counterpart.
[[nodiscard]] std::vector<StepName> names_now(const StepMap& map, const StepName& state);

/// Who completed a step has completed what it is called now. A step without counterpart is forgotten.
[[nodiscard]] std::vector<StepCompletion> renamed(const std::vector<StepCompletion>& completions,
                                                  const StepMap& map);

}  // namespace motcua::engine
