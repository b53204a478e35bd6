/// Which rules a trial runs on: the catalogue's, with one definition in the place of whatever the catalogue
/// has under its code.
#pragma once

#include "workflows/loader/findings.hpp"
#include "workflows/loader/loaded_catalogue.hpp"

#include <filesystem>
#include <memory>
#include <string>

namespace motcua::api {

struct TrialRules {
  workflows::Findings findings{};  ///< with an error there is no definition
  std::unique_ptr<workflows::LoadedCatalogue> catalogue{};
  std::shared_ptr<const engine::Definition> definition{};
};

/// `target` is a file or a code of the catalogue below `workflows`. A draft is tried as if it were published.
[[nodiscard]] TrialRules trial_rules(const std::string& target, const std::filesystem::path& workflows);

/// When a trial starts unless somebody says otherwise: a Monday morning on which the definition is in force.
[[nodiscard]] engine::Instant first_morning(const engine::Definition& definition);

}  // namespace motcua::api
