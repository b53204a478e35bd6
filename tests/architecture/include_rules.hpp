/// Who may know whom: the table of folders and libraries (docs/decisions/0003-include-roots.md), as a
/// function over one file. CMake's include roots hold the folders; this also holds system headers, which
/// CMake cannot hide.
#pragma once

#include "tests/architecture/source_tree.hpp"

#include <string>
#include <vector>

namespace motcua::tests {

/// One `#include` line.
struct Include {
  int line = 0;         ///< from 1
  std::string path{};   ///< between the quotes or angle brackets
  bool quoted = false;  ///< "..." rather than <...>
};
[[nodiscard]] std::vector<Include> includes_of(const std::string& text);

/// Broken include rules of the file at `path` (relative to the tree's root).
[[nodiscard]] std::vector<Finding> check_includes(const std::string& path, const std::string& text);

}  // namespace motcua::tests
