/// The catalogue in memory: definitions, calendars and organisations read from bytes, found by content hash
/// and date.
#pragma once

#include "engine/ports/catalogue.hpp"
#include "workflows/loader/check_file.hpp"
#include "workflows/loader/findings.hpp"
#include "workflows/loader/lint.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <string>
#include <utility>
#include <vector>

namespace motcua::workflows {

/// One loaded file, as the log stores it: once under its SHA-256.
struct Artifact {
  FileKind kind = FileKind::procedure;
  std::string code{};
  std::int64_t version = 0;
  engine::Digest hash{};
  std::string bytes{};
};

/// Name of the kind as stream kinds and messages write it: `procedure`, `calendar`, `organisation`.
[[nodiscard]] const char* name_of(FileKind kind);

using CalendarList = std::vector<std::shared_ptr<const engine::WorkingCalendar>>;

/// A calendar that might be published, and what would follow from it.
struct CalendarFamily {
  Findings findings{};       ///< with an error `calendars` is empty
  CalendarList calendars{};  ///< the calendar, then new versions of all that inherit from it, parents first
};

/// Any thread may read while another adds. Values are immutable once added; nothing is ever removed. The
/// `add_*` functions add nothing if a finding is an error. The same bytes added again change nothing and give
/// no finding; the same (code, version) with other bytes is refused (rule `version-taken`). A calendar with a
/// parent is held, listed and hashed with the parent's part filled in.
class LoadedCatalogue final : public engine::Catalogue {
 public:
  /// Checks the bytes with every rule of the linter and adds them. `file` is the name that findings carry.
  Findings add_procedure(const std::string& bytes, const std::string& file = "procedure.json");
  Findings add_calendar(const std::string& bytes, const std::string& file = "calendar.json");
  Findings add_organisation(const std::string& bytes, const std::string& file = "organisation.json");

  /// Adds bytes that were checked when they were published, as a store replays them: linter rules that came
  /// later do not apply; only what cannot be read at all, and another text for the same version, is refused.
  Findings add_published(FileKind kind, const std::string& bytes,
                         const std::string& file = "stored artifact");

  /// Adds every file of a folder laid out like `workflows/` (`calendars/`, `organisation/`,
  /// `catalogue/<code>/`). Files without errors are added even if others have some. Also gives the findings
  /// that need several files.
  Findings load_folder(const std::filesystem::path& folder);

  /// Checks a calendar with every rule of the linter, and makes the next version of every calendar whose
  /// newest version inherits from it. Adds nothing.
  [[nodiscard]] CalendarFamily check_family(const std::string& bytes,
                                            const std::string& file = "calendar.json") const;
  /// Adds calendars that were checked; those that are known stay as they are.
  void add_calendars(const CalendarList& calendars);
  /// Adds a definition that was checked; one that is known stays as it is.
  void add_definition(const std::shared_ptr<const engine::Definition>& definition);
  /// The newest version of each organisation file.
  [[nodiscard]] std::vector<std::shared_ptr<const engine::Organisation>> newest_organisations() const;
  /// Every calendar whose parent has a newer version than the one it was made with gets a version that
  /// follows it.
  Findings follow_parents();
  /// A version of a calendar; null if unknown.
  [[nodiscard]] std::shared_ptr<const engine::WorkingCalendar> calendar_version(const std::string& code,
                                                                                std::int64_t version) const;

  /// Everything added so far: calendars, organisations, procedures; each ascending by code, then version.
  [[nodiscard]] std::vector<Artifact> artifacts() const;

  [[nodiscard]] std::shared_ptr<const engine::Definition> definition_on(const engine::ProcedureCode& code,
                                                                        engine::LocalDay day) const override;
  [[nodiscard]] std::shared_ptr<const engine::Definition> definition(const engine::ProcedureCode& code,
                                                                     std::int64_t version) const override;
  [[nodiscard]] std::vector<std::shared_ptr<const engine::Definition>> versions(
      const engine::ProcedureCode& code) const override;
  [[nodiscard]] std::shared_ptr<const engine::Definition> definition_by_hash(
      const engine::Digest& hash) const override;
  [[nodiscard]] std::vector<std::shared_ptr<const engine::Definition>> definitions() const override;
  [[nodiscard]] std::shared_ptr<const engine::WorkingCalendar> calendar(
      const std::string& code) const override;
  [[nodiscard]] std::shared_ptr<const engine::WorkingCalendar> calendar_by_hash(
      const engine::Digest& hash) const override;
  [[nodiscard]] std::shared_ptr<const engine::Organisation> organisation_of(
      const engine::AgencyId& agency) const override;
  [[nodiscard]] std::shared_ptr<const engine::Organisation> organisation_by_hash(
      const engine::Digest& hash) const override;

 private:
  /// Values of one kind, found by (code, version) and by content hash.
  template <class Value>
  struct Shelf {
    std::map<std::pair<std::string, std::int64_t>, std::shared_ptr<const Value>> versions{};
    std::map<engine::Digest, std::shared_ptr<const Value>> by_hash{};
  };

  /// The newest version of each calendar.
  [[nodiscard]] CalendarList newest_calendars() const;
  /// Appends to `family` the newest versions of all that inherit from its members, made anew where they
  /// follow an older version of their parent.
  void extend(CalendarList& family, Findings& findings) const;
  /// Every version added so far, as a parent for others.
  [[nodiscard]] ParentCalendars known_calendars() const;

  mutable std::shared_mutex mutex_{};
  Shelf<engine::Definition> definitions_{};
  Shelf<engine::WorkingCalendar> calendars_{};
  Shelf<engine::Organisation> organisations_{};
};

}  // namespace motcua::workflows
