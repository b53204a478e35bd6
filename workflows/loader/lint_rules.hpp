/// Every rule of the linter by its stable id: what it says and why. The text is
/// `workflows/schema/lint-rules.json`, from which the pages in docs/lint are written too.
#pragma once

#include "workflows/loader/findings.hpp"

#include <string>
#include <vector>

namespace motcua::workflows {

struct LintRule {
  std::string id{};                     ///< e.g. `unreachable-state`; never changes
  Severity severity = Severity::error;  ///< that it has as a rule
  std::string what{};                   ///< what is wrong, one or two English sentences
  std::string why{};                    ///< what would come of it
  std::string law{};                    ///< act and article; empty: no law asks for it
};

/// All rules, in the order of the file.
[[nodiscard]] const std::vector<LintRule>& lint_rules();

/// Page about a rule, relative to the repository: `docs/lint/unreachable-state.md`.
[[nodiscard]] std::string page_of(const std::string& rule);

}  // namespace motcua::workflows
