#include "engine/cases/substitution.hpp"

#include "engine/cases/acting_roles.hpp"
#include "engine/cases/decision_parts.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace motcua::engine {
namespace {

/// A stretch of time in which somebody stands in for somebody.
struct Stretch {
  Instant from{};
  Instant until{};
};

Stretch common(const Stretch& one, const Stretch& other) {
  return {std::max(one.from, other.from), std::min(one.until, other.until)};
}

/// Officers from whom the work would come back to `home` within `within`; empty if it does not. `path` begins
/// with the new substitution.
std::vector<ActorId> loop_to(const Substitutions& table, const AgencyId& agency, const ActorId& home,
                             std::vector<ActorId> path, const Stretch& within) {
  for (const auto& [id, next] : table.all()) {
    if (next.agency != agency || next.absent != path.back()) continue;
    const auto overlap = common(within, {next.from, next.over_at()});
    if (overlap.from >= overlap.until) continue;
    if (std::find(path.begin() + 1, path.end(), next.substitute) != path.end()) continue;
    auto longer = path;
    longer.push_back(next.substitute);
    if (next.substitute == home) return longer;
    if (auto found = loop_to(table, agency, home, std::move(longer), overlap); !found.empty()) return found;
  }
  return {};
}

Rejection loop(const std::vector<ActorId>& officers) {
  std::string text;
  auto names = nlohmann::json::array();
  for (const auto& officer : officers) {
    text += (text.empty() ? "" : " -> ") + officer.value;
    names.push_back(officer.value);
  }
  auto rejection = invalid_data("/substitute", "closes a loop of substitutions: " + text);
  rejection.members["loop"] = std::move(names);
  return rejection;
}

bool supervises(const Identity& asker, const AgencyId& agency) {
  return asker.has_role("supervisor") && is_agency_or_above(asker.agency, agency);
}

/// Checks the roles that are substituted, and fills in all that the absent officer holds.
Result<std::vector<std::string>> roles_of(const SetSubstitution& command, const Officer& absent,
                                          const Officer& substitute) {
  auto roles = command.roles.empty() ? absent.roles : command.roles;
  std::sort(roles.begin(), roles.end());
  roles.erase(std::unique(roles.begin(), roles.end()), roles.end());
  if (roles.empty()) return invalid_data("/absent", "holds no role that could be substituted");
  for (const auto& role : roles) {
    if (!absent.has_role(role))
      return invalid_data("/roles", "has a role that the absent officer does not hold");
    if (!substitute.has_role(role)) return invalid_data("/substitute", "does not hold the role " + role);
  }
  return roles;
}

/// The agency below the asker's in which the absent officer works.
const Agency* agency_of(const Organisation& organisation, const Identity& asker, const ActorId& absent) {
  const auto found =
      std::find_if(organisation.agencies.begin(), organisation.agencies.end(), [&](const Agency& agency) {
        return is_agency_or_above(asker.agency, agency.id) && agency.find_officer(absent) != nullptr;
      });
  return found == organisation.agencies.end() ? nullptr : &*found;
}

}  // namespace

Instant Substitution::over_at() const { return ended_at ? std::min(until, *ended_at) : until; }

void Substitutions::set(const Substitution& substitution) {
  by_absent_[substitution.absent].push_back(substitution.id);
  all_.insert_or_assign(substitution.id, substitution);
}

void Substitutions::end(std::uint64_t id, const ActorId& by, Instant at) {
  const auto found = all_.find(id);
  if (found == all_.end()) return;
  found->second.ended_by = by;
  found->second.ended_at = at;
}

const Substitution* Substitutions::find(std::uint64_t id) const {
  const auto found = all_.find(id);
  return found == all_.end() ? nullptr : &found->second;
}

std::vector<const Substitution*> Substitutions::of(const AgencyId& agency, const ActorId& absent,
                                                   std::string_view role, Instant now) const {
  std::vector<const Substitution*> found;
  const auto ids = by_absent_.find(absent);
  if (ids == by_absent_.end()) return found;
  for (const auto id : ids->second) {
    const auto& one = all_.at(id);
    const bool about =
        one.agency == agency && std::find(one.roles.begin(), one.roles.end(), role) != one.roles.end();
    if (about && one.holds_at(now)) found.push_back(&one);
  }
  return found;
}

Result<Substitution> decide(const Substitutions& table, const SetSubstitution& command,
                            const Organisation* organisation, const Identity& asker, Instant now) {
  if (!asker.has_role("supervisor")) return role_forbidden(asker);
  const auto* agency = organisation == nullptr ? nullptr : agency_of(*organisation, asker, command.absent);
  if (agency == nullptr) return invalid_data("/absent", "is not an officer of an agency that you supervise");
  const auto* substitute = agency->find_officer(command.substitute);
  if (substitute == nullptr) return invalid_data("/substitute", "is not an officer of the same agency");
  if (command.substitute == command.absent) return loop({command.absent, command.absent});
  auto roles = roles_of(command, *agency->find_officer(command.absent), *substitute);
  if (!roles) return roles.error();
  if (command.until < command.from) return invalid_data("/until", "must not lie before the first day");
  Substitution decided;
  decided.agency = agency->id;
  decided.absent = command.absent;
  decided.substitute = command.substitute;
  decided.roles = *std::move(roles);
  decided.from = instant_at(command.from, {});
  decided.until = instant_at(command.until + std::chrono::days{1}, {});
  decided.set_by = asker.sub;
  if (decided.until <= now) return invalid_data("/until", "must not lie before today");
  const auto back = loop_to(table, agency->id, command.absent, {command.absent, command.substitute},
                            {std::max(decided.from, now), decided.until});
  if (!back.empty()) return loop(back);
  return decided;
}

Result<Substitution> decide(const Substitutions& table, const EndSubstitution& command, const Identity& asker,
                            Instant now) {
  if (!asker.has_role("supervisor")) return role_forbidden(asker);
  const auto* found = table.find(command.id);
  if (found == nullptr || !supervises(asker, found->agency)) {
    return invalid_data("/end", "is not a substitution of an agency that you supervise");
  }
  if (found->over_at() <= now) {
    return not_allowed("the substitution was over at " + to_rfc3339(found->over_at()));
  }
  return *found;
}

bool may_see(const Identity& asker, const Substitution& substitution) {
  if (asker.has_role("auditor")) return true;
  const bool above = asker.has_role("supervisor") || asker.has_role("leader");
  if (above && is_agency_or_above(asker.agency, substitution.agency)) return true;
  const bool officer = std::any_of(asker.roles.begin(), asker.roles.end(), [](const std::string& role) {
    return role != "portal" && role != "integrator";
  });
  return officer && asker.agency == substitution.agency;
}

}  // namespace motcua::engine
