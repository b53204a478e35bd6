/// Applicants and what they hand in. Nobody real: every number begins with 000.
#pragma once

#include "engine/ports/population_registry.hpp"
#include "tests/simulation/draw.hpp"
#include "tests/simulation/model/command.hpp"
#include "tests/simulation/model/procedure.hpp"

namespace motcua::simulation {

/// Identifiers of a synthetic person.
[[nodiscard]] nlohmann::json person(std::size_t number);

/// What somebody files: form, papers and applicant of `command` are drawn. `incomplete`: something is absent.
void fill_in(model::Command& command, const model::Procedure& procedure, Draw& draw, bool incomplete);

/// A value that fits the leaf.
[[nodiscard]] nlohmann::json value_for(const std::string& pointer, Draw& draw);

/// What a register that works answers.
[[nodiscard]] engine::RegisterAnswer answer_for(const engine::PersonQuery& query, Draw& draw);

}  // namespace motcua::simulation
