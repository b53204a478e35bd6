/// Port: published rules by content hash and by date. Immutable values behind shared pointers; any thread.
#pragma once

#include "engine/deadline/working_calendar.hpp"
#include "engine/procedure/definition.hpp"
#include "engine/procedure/organisation.hpp"

#include <memory>
#include <string>
#include <vector>

namespace motcua::engine {

class Catalogue {
 public:
  Catalogue() = default;
  Catalogue(const Catalogue&) = delete;
  Catalogue& operator=(const Catalogue&) = delete;
  virtual ~Catalogue() = default;

  /// The published definition in force on `day`; null if there is none.
  [[nodiscard]] virtual std::shared_ptr<const Definition> definition_on(const ProcedureCode& code,
                                                                        LocalDay day) const = 0;
  /// A version of a definition; null if unknown.
  [[nodiscard]] virtual std::shared_ptr<const Definition> definition(const ProcedureCode& code,
                                                                     std::int64_t version) const = 0;
  /// Every version of a definition, drafts too, ascending; none if the code is unknown.
  [[nodiscard]] virtual std::vector<std::shared_ptr<const Definition>> versions(
      const ProcedureCode& code) const = 0;
  [[nodiscard]] virtual std::shared_ptr<const Definition> definition_by_hash(const Digest& hash) const = 0;
  /// The newest version of each published definition, ascending by code.
  [[nodiscard]] virtual std::vector<std::shared_ptr<const Definition>> definitions() const = 0;

  /// The newest version of a calendar; null if unknown.
  [[nodiscard]] virtual std::shared_ptr<const WorkingCalendar> calendar(const std::string& code) const = 0;
  [[nodiscard]] virtual std::shared_ptr<const WorkingCalendar> calendar_by_hash(const Digest& hash) const = 0;

  /// The newest version of the organisation file that holds `agency`; null if none does.
  [[nodiscard]] virtual std::shared_ptr<const Organisation> organisation_of(const AgencyId& agency) const = 0;
  [[nodiscard]] virtual std::shared_ptr<const Organisation> organisation_by_hash(
      const Digest& hash) const = 0;
};

}  // namespace motcua::engine
