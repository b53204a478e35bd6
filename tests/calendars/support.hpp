/// Calendars of the tests: the shipped ones, and texts to change.
#pragma once

#include "workflows/loader/loaded_catalogue.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <memory>
#include <sstream>
#include <string>

namespace motcua::workflows {

/// Bytes of a file of the source tree.
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

inline const LoadedCatalogue& shipped() {
  static LoadedCatalogue catalogue;
  static const Findings findings = catalogue.load_folder(std::string(SOURCE_DIR) + "/workflows");
  EXPECT_EQ(to_text(findings), "");
  return catalogue;
}

inline engine::LocalDay day(const std::string& text) { return engine::parse_iso_day(text).value(); }

}  // namespace motcua::workflows
