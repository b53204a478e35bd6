/// Where the engine's case is not what the model expects.
#pragma once

#include "engine/cases/case.hpp"
#include "engine/runtime/case_loader.hpp"
#include "tests/simulation/model/office_model.hpp"

#include <string>

namespace motcua::simulation {

/// One line for each member that differs: `stage: the model says received, the engine in_process`. Empty if
/// all agree.
[[nodiscard]] std::string differences(const model::OfficeCase& expected, const engine::LoadedCase& actual);

/// What the model takes over from an answer.
[[nodiscard]] model::Facts facts_of(const engine::LoadedCase& actual);

/// True if everything that people typed stands in the form.
[[nodiscard]] bool holds_what_was_typed(const nlohmann::json& data, const nlohmann::json& typed);

}  // namespace motcua::simulation
