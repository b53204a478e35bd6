/// The signing key of a development server and the tokens made with it. Never used without `--dev`.
#pragma once

#include "engine/core/result.hpp"
#include "engine/core/time.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace motcua::adapters {

/// What a token shall say.
struct TokenClaims {
  std::string sub{};
  std::string name{};  ///< left out when empty
  std::vector<std::string> roles{};
  std::string agency{};
  engine::Instant issued_at{};  ///< system time; `iat` and `nbf`
  std::chrono::seconds lifetime{std::chrono::hours{12}};
  std::string type = "at+jwt";  ///< `typ` of the header
};

/// An ES256 key in a JWK file of mode 0600.
class DevKey {
 public:
  /// Loads the key, or makes and stores one if there is no file. A file that others can read is refused.
  [[nodiscard]] static engine::FaultOr<DevKey> load_or_make(const std::string& path);
  /// Loads the key; a missing file is a Fault.
  [[nodiscard]] static engine::FaultOr<DevKey> load(const std::string& path);
  DevKey(DevKey&&) noexcept;
  DevKey& operator=(DevKey&&) noexcept;
  ~DevKey();

  /// A signed token in compact form.
  [[nodiscard]] std::string mint(const TokenClaims& claims) const;
  /// `{"keys": [...]}` with the public half, for JwtVerifier::from_jwks.
  [[nodiscard]] std::string public_jwks() const;
  /// Writes public_jwks() to `path`, mode 0644, replacing what was there.
  [[nodiscard]] engine::FaultOr<void> write_public_jwks(const std::string& path) const;

 private:
  struct State;
  explicit DevKey(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace motcua::adapters
