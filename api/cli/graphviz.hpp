/// The layout program Graphviz, run beside us: it reads a drawing and writes SVG.
#pragma once

#include <string>

namespace motcua::api {

/// SVG of a DOT text. Throws std::runtime_error, in words for the person at the terminal, if `dot` is not
/// installed, fails, or takes longer than half a minute.
[[nodiscard]] std::string svg_of(const std::string& dot);

}  // namespace motcua::api
