/// BPMN written in a test, and the paths of what became of it.
#pragma once

#include "tests/import/support.hpp"

#include <set>
#include <string>

namespace motcua::workflows {

/// The report about `sample.bpmn` of this text.
[[nodiscard]] ImportReport imported(const std::string& text);

/// A process `p` of the given elements, one to a line from line 3 on.
[[nodiscard]] std::string process(const std::string& elements);
[[nodiscard]] std::string flow(const std::string& id, const std::string& from, const std::string& to);

/// States of the first procedure of the report.
[[nodiscard]] const Json& states_of(const ImportReport& report);

/// Paths of the first procedure from reception to an end that never come to the same steps twice; each of
/// them is run to the end.
[[nodiscard]] std::set<Path> run_every_path(const ImportReport& report);

}  // namespace motcua::workflows
