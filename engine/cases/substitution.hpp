/// Substitution (làm thay khi vắng mặt): for some days an officer is absent, and another one does the absent
/// one's work in the absent one's name. Pure.
#pragma once

#include "engine/core/ids.hpp"
#include "engine/core/result.hpp"
#include "engine/core/time.hpp"
#include "engine/ports/token_verifier.hpp"
#include "engine/procedure/organisation.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace motcua::engine {

/// Most roles one substitution lists.
inline constexpr std::size_t kSubstitutedRolesMax = 16;

struct Substitution {
  std::uint64_t id = 0;  ///< version of the access stream that set it
  AgencyId agency{};     ///< of both officers
  ActorId absent{};
  ActorId substitute{};
  std::vector<std::string> roles{};  ///< that are substituted, ascending
  Instant from{};
  Instant until{};  ///< it is over here
  ActorId set_by{};
  Instant set_at{};
  ActorId ended_by{};
  std::optional<Instant> ended_at{};  ///< if it was ended before its time

  /// Where it is over indeed.
  [[nodiscard]] Instant over_at() const;
  [[nodiscard]] bool holds_at(Instant now) const { return from <= now && now < over_at(); }
  friend bool operator==(const Substitution&, const Substitution&) = default;
};
using SubstitutionHandle = std::shared_ptr<const Substitution>;

/// Every substitution ever set, by id.
class Substitutions {
 public:
  void set(const Substitution& substitution);
  /// Nothing if there is no such substitution.
  void end(std::uint64_t id, const ActorId& by, Instant at);

  [[nodiscard]] const std::map<std::uint64_t, Substitution>& all() const { return all_; }
  [[nodiscard]] const Substitution* find(std::uint64_t id) const;
  /// Those under which `absent` of `agency` is absent for `role` at `now`.
  [[nodiscard]] std::vector<const Substitution*> of(const AgencyId& agency, const ActorId& absent,
                                                    std::string_view role, Instant now) const;

 private:
  std::map<std::uint64_t, Substitution> all_{};
  std::map<ActorId, std::vector<std::uint64_t>> by_absent_{};
};
using SubstitutionsHandle = std::shared_ptr<const Substitutions>;

/// Command: from day to day, both counted.
struct SetSubstitution {
  ActorId absent{};
  ActorId substitute{};
  LocalDay from{};
  LocalDay until{};
  std::vector<std::string> roles{};  ///< empty: all that the absent officer holds
};
/// Command: over from now on.
struct EndSubstitution {
  std::uint64_t id = 0;
};

struct SubstitutionCommand {
  std::variant<SetSubstitution, EndSubstitution> body{};
  std::optional<std::string> reason{};  ///< free text; sealed
};

/// What is to be recorded; `id` and `set_at` are the record's.
/// Rejections: role_forbidden (no supervisor), invalid_data (pointers: the absent officer is of no agency
/// below the asker's; the substitute is another agency's, lacks a role, or would stand in for itself, also
/// through others: `loop`; the days), in this order.
[[nodiscard]] Result<Substitution> decide(const Substitutions& table, const SetSubstitution& command,
                                          const Organisation* organisation, const Identity& asker,
                                          Instant now);
/// The substitution that is to be ended. Rejections: role_forbidden, invalid_data (there is none that the
/// asker could end), not_allowed (it is over).
[[nodiscard]] Result<Substitution> decide(const Substitutions& table, const EndSubstitution& command,
                                          const Identity& asker, Instant now);

/// True if the asker may know of it: officers of the agency, supervisors and leaders above, auditors.
[[nodiscard]] bool may_see(const Identity& asker, const Substitution& substitution);

/// Who is there at an instant: until when delegations hold, and who stands in for whom.
struct Attendance {
  Instant now{};
  const Substitutions* substitutions = nullptr;  ///< null: nobody is absent
};

}  // namespace motcua::engine
