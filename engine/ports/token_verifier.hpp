/// Port: who is asking. Tokens are verified by an adapter; the engine sees only the verified identity.
#pragma once

#include "engine/core/ids.hpp"
#include "engine/core/result.hpp"
#include "engine/core/time.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace motcua::engine {

/// A verified token. Roles (vai trò) are names of the closed list of the contract: desk_officer,
/// case_officer, signatory, supervisor, integrator, auditor, leader, portal, admin; names outside the list
/// are dropped.
struct Identity {
  ActorId sub{};
  std::string name{};  ///< of the officer; shown, never logged
  std::vector<std::string> roles{};
  AgencyId agency{};
  Instant expires_at{};  ///< system time, not domain time

  [[nodiscard]] bool has_role(std::string_view role) const {
    return std::find(roles.begin(), roles.end(), role) != roles.end();
  }
};

class TokenVerifier {
 public:
  TokenVerifier() = default;
  TokenVerifier(const TokenVerifier&) = delete;
  TokenVerifier& operator=(const TokenVerifier&) = delete;
  virtual ~TokenVerifier() = default;

  /// Verifies signature, algorithm, times and claims of a compact JWS. Rejection: unauthenticated, whose
  /// detail never repeats the token. I/O thread only.
  [[nodiscard]] virtual Result<Identity> verify(std::string_view token) = 0;
};

}  // namespace motcua::engine
