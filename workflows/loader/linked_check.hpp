/// Rules about linked procedures that need the whole catalogue: what a branch names of another definition,
/// and procedures that would open each other's cases without end.
#pragma once

#include "workflows/loader/located_json.hpp"

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace motcua::workflows {

/// Takes files one after the other, then says what they show together. Keeps no document.
class LinkedCheck {
 public:
  void add(const LocatedJson& located);
  /// Findings linked-unknown (warning), linked-field, linked-circle. Nothing is unknown while there is one
  /// procedure only.
  [[nodiscard]] Findings findings() const;

 private:
  /// A place of another definition that a branch names.
  struct Named {
    std::string file{};
    std::string pointer{};
    std::string procedure{};
    std::string what{};  ///< pointer of a leaf, or code of a paper; empty: the procedure itself
  };
  void add_places(const Json& schema, const std::string& procedure, const std::string& at);
  void name(const LocatedJson& located, const std::string& at, const Json& branch);
  [[nodiscard]] bool comes_back(const std::string& procedure) const;

  std::set<std::string> procedures_{};
  std::vector<std::size_t> places_{};  ///< hashes of procedure and leaf or paper: a catalogue has many
  std::vector<Named> named_{};
  std::map<std::string, std::set<std::string>> opens_{};  ///< by procedure
};

}  // namespace motcua::workflows
