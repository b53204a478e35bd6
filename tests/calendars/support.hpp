/// Calendars of the tests: the shipped ones, and texts to change.
#pragma once

#include "tests/workflows/support.hpp"
#include "workflows/loader/loaded_catalogue.hpp"

#include <gtest/gtest.h>

#include <string>

namespace motcua::workflows {

inline const LoadedCatalogue& shipped() {
  static LoadedCatalogue catalogue;
  static const Findings findings = catalogue.load_folder(std::string(SOURCE_DIR) + "/workflows");
  EXPECT_EQ(to_text(findings), "");
  return catalogue;
}

inline engine::LocalDay day(const std::string& text) { return engine::parse_iso_day(text).value(); }

}  // namespace motcua::workflows
