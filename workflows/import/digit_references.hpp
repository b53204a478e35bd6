/// How the actions of a DIGIT file name states: by name, or by UUID.
#pragma once

#include "workflows/import/code_names.hpp"
#include "workflows/import/digit_values.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace motcua::workflows {

struct DigitReferences {
  bool sound = true;                              ///< false: two states cannot be told apart
  std::vector<std::string> names{};               ///< code of each state, in order
  std::optional<std::size_t> nameless{};          ///< the state before the first action
  std::map<std::string, std::string> codes_of{};  ///< name or UUID as the file writes it -> code
  std::map<std::string, std::string> hints{};     ///< UUID by which an action calls its own state -> code
  TakenCodes codes{};

  /// Code of the state that `reference` names; nullopt if the file has none.
  [[nodiscard]] std::optional<std::string> find(const std::string& reference) const;
};

/// Findings: duplicate-state, bad-name, nameless-state, name-changed.
[[nodiscard]] DigitReferences read_references(DigitSource& source, const Json& states, const std::string& at);

}  // namespace motcua::workflows
