/// Commands of the model as the engine takes them.
#pragma once

#include "engine/cases/command.hpp"
#include "engine/ports/token_verifier.hpp"
#include "engine/runtime/command_request.hpp"
#include "tests/simulation/model/command.hpp"

#include <optional>

namespace motcua::simulation {

[[nodiscard]] engine::Identity identity_of(const model::Actor& actor);
/// None for a name that the contract does not have.
[[nodiscard]] std::optional<engine::CommandBody> body_of(const model::Command& command);
[[nodiscard]] engine::FileCase filing_of(const model::Command& command);
/// What of the request does not hang on keys.
[[nodiscard]] decltype(engine::CommandRequest::request) inner_request(const model::Command& command);

}  // namespace motcua::simulation
