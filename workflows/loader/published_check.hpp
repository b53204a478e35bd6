/// A definition beside what is published: what `motcua lint` says of a file, and what needs the others.
#pragma once

#include "workflows/loader/findings.hpp"
#include "workflows/loader/loaded_catalogue.hpp"

#include <memory>
#include <string>

namespace motcua::workflows {

/// Outcome of a check. `definition` is null if there are errors.
struct CheckedDefinition {
  Findings findings{};  ///< about this file alone; ordered by line
  std::shared_ptr<const engine::Definition> definition{};
};

/// Checks `bytes` with every rule of the linter, against the newest published version of every other
/// procedure and the newest organisation files; another text for a version that is known is `version-taken`.
/// `file` is the name that findings carry. Reads no file and adds nothing. Any thread.
[[nodiscard]] CheckedDefinition check_beside(const LoadedCatalogue& catalogue, const std::string& bytes,
                                             const std::string& file);

}  // namespace motcua::workflows
