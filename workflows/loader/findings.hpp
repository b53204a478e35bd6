/// What the loader and the linter have to say about a file of `workflows/`: file, JSON pointer, line, rule,
/// message.
#pragma once

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace motcua::workflows {

/// An error keeps the file from being loaded; a warning does not. A note says what could not be checked.
enum class Severity { note, warning, error };

/// `error`, `warning` or `note`.
[[nodiscard]] const char* name_of(Severity severity);

/// One defect of one file. Never carries a personal value: names of members, states and codes only.
struct Finding {
  std::string file{};     ///< as given by the caller: a path, or a name for bytes
  std::string pointer{};  ///< JSON pointer of the place, empty for the document as a whole
  int line = 0;           ///< from 1; 0 if the file has no such place (unreadable, absent)
  std::string rule{};     ///< stable id, e.g. `unreachable-state`
  Severity severity = Severity::error;
  std::string message{};  ///< one English sentence

  friend bool operator==(const Finding&, const Finding&) = default;
};
using Findings = std::vector<Finding>;

/// True if at least one finding is an error.
[[nodiscard]] bool has_errors(const Findings& findings);

/// Orders by file, line, pointer, rule, message; drops repetitions.
void sort_findings(Findings& findings);

/// `file:line: error: message [rule] at /pointer`, one line each, and nothing for no findings.
[[nodiscard]] std::string to_text(const Findings& findings);

/// `[{file, pointer, line, rule, severity, message}]`.
[[nodiscard]] nlohmann::json to_json(const Findings& findings);

}  // namespace motcua::workflows
