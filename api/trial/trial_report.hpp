/// What a trial tells: as text for people, as JSON for machines.
#pragma once

#include "api/trial/trial_run.hpp"

#include <nlohmann/json.hpp>

#include <string>

namespace motcua::api {

/// States and ways of a machine, and which of them no case took.
struct Coverage {
  std::size_t states = 0;
  std::size_t ways = 0;
  std::vector<std::string> states_never{};
  std::vector<TakenWay> ways_never{};
};
/// Of the states that people work in, and the ways by which people leave them.
[[nodiscard]] Coverage coverage_of(const engine::Definition& definition, const TrialFigures& figures);

/// How often each way was taken, as `motcua diagram --counts` reads it: `[{state, event, ordinal, count}]`,
/// the ordinal among the state's ways of that event.
[[nodiscard]] nlohmann::json counts_of(const engine::Definition& definition, const TrialFigures& figures);

[[nodiscard]] nlohmann::json to_json(const engine::Definition& definition, const TrialFigures& figures);
[[nodiscard]] std::string to_text(const engine::Definition& definition, const TrialFigures& figures);

}  // namespace motcua::api
