/// Files that the loader's tests read.
#pragma once

#include <fstream>
#include <sstream>
#include <string>

namespace motcua::workflows {

/// Bytes of a file of the source tree, e.g. `workflows/calendars/vn.json`.
inline std::string source_file(const std::string& path) {
  std::ifstream file(std::string(SOURCE_DIR) + "/" + path, std::ios::binary);
  std::ostringstream bytes;
  bytes << file.rdbuf();
  return bytes.str();
}

/// `text` with the first `from` replaced.
inline std::string with(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  return at == std::string::npos ? std::string("nothing to replace: ") + from
                                 : text.replace(at, from.size(), to);
}

}  // namespace motcua::workflows
