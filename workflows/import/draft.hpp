/// The definition around an imported machine. What no file says is marked `unverified` and named in the
/// report; a draft never takes force by itself.
#pragma once

#include "workflows/import/sketch.hpp"

#include <string>

namespace motcua::workflows {

/// What the source says about the procedure as a whole.
struct DraftHead {
  std::string code{};
  std::string name{};
  Json origin = Json::object();  ///< note `x-import`: where the definition comes from
  Json time_limit = nullptr;     ///< null: the source states none that could be carried over
  bool names_documents = false;  ///< the source says that papers are needed, not which
};

/// Writes the definition, adds what is to be filled in (finding to-fill-in, about the new file) and what the
/// linter says to `findings`, and gives the definition back. Nothing after an error `nothing-left` where the
/// machine has no state, or where the linter finds an error.
[[nodiscard]] std::vector<ImportedProcedure> finish_draft(const DraftHead& head, const SketchRegion& machine,
                                                          const ImportOptions& options, Reporter& reporter);

}  // namespace motcua::workflows
