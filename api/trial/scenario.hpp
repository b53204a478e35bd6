/// A scenario (kịch bản): cases that an integrator wrote down, with what must become of them.
#pragma once

#include "api/trial/trial_run.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace motcua::api {

/// What a scenario says that cannot be, by pointer: a member that is missing, an expectation that did not
/// come true.
struct ScenarioFinding {
  std::string pointer{};
  std::string message{};
};

struct ScenarioOutcome {
  TrialFigures figures{};
  std::vector<ScenarioFinding> findings{};
};

/// `{start?, cases: [{at?, channel, applicant, data, papers, commands: [{at | after_minutes, command, role?,
/// data, reason?, refused?}], expect: {stage?, steps?, late?, due_at?}}]}`. The members of a case and of a
/// command are those of the HTTP contract; `after_minutes` are of working time since the case's last command;
/// `refused` names the problem that the command must meet.
[[nodiscard]] ScenarioOutcome play_scenario(TrialOffice& office, const engine::Definition& definition,
                                            const nlohmann::json& scenario);

}  // namespace motcua::api
