/// Checks definitions, calendars and organisations without loading them anywhere (motcua lint).
#pragma once

#include "workflows/loader/findings.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace motcua::workflows {

/// What one file describes; decided by its place and name, else by its members.
enum class FileKind { procedure, calendar, organisation };

/// Checks one text as `kind`. `file` is the name that findings carry.
[[nodiscard]] Findings lint_bytes(FileKind kind, const std::string& bytes, const std::string& file);

/// Checks files and folders (folders recursively: `procedure.json`, `calendars/*.json`,
/// `organisation/*.json`), each alone and then all together: roles that nobody holds, calendars that no file
/// defines, codes given twice. Reads the file system; never throws. A path that does not exist or cannot be
/// read is a finding. Ordered by file and line.
[[nodiscard]] Findings lint(const std::vector<std::filesystem::path>& paths);

}  // namespace motcua::workflows
