/// Rules over the text of one file or of the whole tree: what pure code must not touch, and what nobody may
/// leave.
#pragma once

#include "tests/architecture/source_tree.hpp"

#include <set>
#include <string>
#include <vector>

namespace motcua::tests {

/// Longest function, in lines from its opening to its closing brace; longest file, in lines.
inline constexpr int kFunctionLinesMax = 70;
inline constexpr int kFileLinesMax = 600;

/// Clock, randomness, environment, threads, files, printing, unordered containers and floating point in
/// `engine/` outside `engine/runtime`. Exceptions: printing in ensure.hpp, floating point in
/// engine/procedure/guard*.
[[nodiscard]] std::vector<Finding> check_purity(const std::string& path, const std::string& text);
/// Functions and files that are too long. Relies on the formatter: a body's brace stands behind a space.
[[nodiscard]] std::vector<Finding> check_lengths(const std::string& path, const std::string& text);
/// Marks of unfinished work, and `using namespace` in headers.
[[nodiscard]] std::vector<Finding> check_leftovers(const std::string& path, const std::string& text);
/// Ids of laws, named in comments, that `known` does not hold.
[[nodiscard]] std::vector<Finding> check_laws(const std::string& path, const std::string& text,
                                              const std::set<std::string>& known);
/// Paths of one person's machine.
[[nodiscard]] std::vector<Finding> check_machine_paths(const std::string& path, const std::string& text);
/// Headers among `files` that none of them includes.
[[nodiscard]] std::vector<Finding> check_unused_headers(const std::vector<SourceFile>& files);

}  // namespace motcua::tests
