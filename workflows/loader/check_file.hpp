/// From bytes to a checked value: text, schema, rules, reading. What loading and linting share.
#pragma once

#include "engine/procedure/definition_rules.hpp"
#include "workflows/loader/catalogue_check.hpp"
#include "workflows/loader/linked_check.hpp"
#include "workflows/loader/lint.hpp"
#include "workflows/loader/readers.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

namespace motcua::workflows {

/// How much of a file is checked.
enum class Checks {
  all,           ///< as motcua lint does
  only_reading,  ///< it was checked when it was published, by the rules of that day
};

/// Outcome of one file. `value` is null if there are errors.
template <class Value>
struct Checked {
  LocatedJson located{};
  std::shared_ptr<const Value> value{};
};

[[nodiscard]] Checked<engine::Definition> check_procedure(const std::string& bytes, const std::string& file,
                                                          Checks checks);
/// Calendars that may be named as a parent, by code and version; null if unknown. Empty: there are none.
using ParentCalendars =
    std::function<std::shared_ptr<const engine::WorkingCalendar>(const std::string&, std::int64_t)>;

/// Findings `unknown-parent`, `cyclic-parent` (its own) beside those of the text.
[[nodiscard]] Checked<engine::WorkingCalendar> check_calendar(const std::string& bytes,
                                                              const std::string& file, Checks checks,
                                                              const ParentCalendars& parents);
[[nodiscard]] Checked<engine::Organisation> check_organisation(const std::string& bytes,
                                                               const std::string& file, Checks checks);

/// A file of a folder laid out like `workflows/`.
struct FoundFile {
  std::filesystem::path path{};
  FileKind kind = FileKind::procedure;
};
/// The files below `path` (or `path` itself), ascending by path. Unreadable paths are findings.
[[nodiscard]] std::vector<FoundFile> find_files(const std::filesystem::path& path, Findings& findings);
/// The file's bytes; a finding `unreadable-file` and an empty text if it cannot be read or is too large.
[[nodiscard]] std::optional<std::string> read_bytes(const std::filesystem::path& path, Findings& findings);

/// Rules that need several files: roles that nobody holds, calendars that no file defines, agencies defined
/// twice, and those of CatalogueCheck and LinkedCheck. Files are read once more for the lines of what is
/// found.
class CrossCheck {
 public:
  void add(const Checked<engine::Definition>& checked);
  void add(const Checked<engine::WorkingCalendar>& checked);
  void add(const Checked<engine::Organisation>& checked);
  [[nodiscard]] Findings findings() const;
  /// The same without reading a file: lines stay kLineUnknown.
  [[nodiscard]] Findings places() const;

 private:
  struct Use {
    Finding place{};
    std::string name{};
    std::string organisation{};  ///< code of the file, of agencies
  };
  /// Notes the version of a calendar or organisation file; a finding if another text has it.
  void add_version(const LocatedJson& located, FileKind kind, const engine::Digest& hash);
  std::vector<Use> roles_used_{};
  std::vector<Use> calendars_used_{};
  std::vector<Use> agencies_{};
  std::vector<std::string> roles_held_{};
  std::vector<std::string> calendars_{};
  std::map<std::tuple<FileKind, std::string, std::int64_t>, engine::Digest> versions_{};
  Findings taken_{};
  CatalogueCheck catalogue_{};
  LinkedCheck linked_{};
};

}  // namespace motcua::workflows
