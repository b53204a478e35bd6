/// Bearer tokens: JWS in compact form, RS256, PS256 or ES256, verified with the public keys of a JWKS file.
#pragma once

#include "engine/core/result.hpp"
#include "engine/ports/token_verifier.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace motcua::adapters {

/// Longest token looked at at all, bytes.
inline constexpr std::size_t kTokenBytesMax = 8 * 1024;
/// Difference of clocks that is forgiven at `exp`, `nbf` and `iat`.
inline constexpr std::chrono::seconds kTokenLeeway{60};
/// Verified tokens remembered.
inline constexpr std::size_t kTokensRemembered = 10'000;

struct JwtOptions {
  std::string issuer{};    ///< if not empty, `iss` must equal it
  std::string audience{};  ///< if not empty, `aud` must be or contain it
  /// System time. Tests replace it; the virtual clock for domain time never does.
  std::function<engine::Instant()> now{};
};

/// The key decides the algorithm, never the token: an EC key (P-256) takes ES256, an RSA key (2048 bits or
/// more) RS256 and PS256, or only the one its `alg` names; symmetric keys are refused when the file is read.
/// A token needs `kid`, `exp`, `sub`, `roles`, `agency`; unknown `crit` and any `jwk`, `jku`, `x5u`, `x5c` is
/// refused; `typ` is absent, JWT or at+jwt. A verified token is remembered under its SHA-256 until it
/// expires. One thread.
class JwtVerifier final : public engine::TokenVerifier {
 public:
  /// Reads a JWKS file `{"keys": [...]}`.
  [[nodiscard]] static engine::FaultOr<std::unique_ptr<JwtVerifier>> load(const std::string& path,
                                                                          JwtOptions options = {});
  /// The same from its text.
  [[nodiscard]] static engine::FaultOr<std::unique_ptr<JwtVerifier>> from_jwks(std::string_view jwks,
                                                                               JwtOptions options = {});
  ~JwtVerifier() override;

  [[nodiscard]] engine::Result<engine::Identity> verify(std::string_view token) override;

 private:
  struct State;
  explicit JwtVerifier(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace motcua::adapters
