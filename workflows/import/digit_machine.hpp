/// The states and actions of one DIGIT business service as a sketch of a machine.
#pragma once

#include "workflows/import/digit_values.hpp"
#include "workflows/import/sketch.hpp"

#include <string>

namespace motcua::workflows {

/// Reads `states` of the business service at `at`. Without a start state or with states that cannot be told
/// apart the sketch is empty, after an error. `names_documents` becomes true if a state asks for uploads.
[[nodiscard]] SketchRegion digit_machine(DigitSource& source, const Json& service, const std::string& at,
                                         const ImportOptions& options, bool& names_documents);

}  // namespace motcua::workflows
