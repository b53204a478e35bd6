/// Makes tokens of every kind, good and bad.
#pragma once

#include <nlohmann/json.hpp>

#include <memory>
#include <string>
#include <string_view>

namespace motcua::tests {

/// A key pair made for the test.
class SigningKey {
 public:
  enum class Kind { ec_p256, ec_p384, rsa_2048, rsa_1024, symmetric };
  SigningKey(Kind kind, std::string key_id);
  SigningKey(const SigningKey&) = delete;
  SigningKey& operator=(const SigningKey&) = delete;
  ~SigningKey();

  /// Signs `claims` under a header of `header` and, if missing there, `alg` and `kid`.
  [[nodiscard]] std::string sign(const std::string& algorithm, const nlohmann::json& claims,
                                 nlohmann::json header = nlohmann::json::object()) const;
  [[nodiscard]] nlohmann::json public_jwk() const;
  /// SubjectPublicKeyInfo of an EC P-256 key, as PEM.
  [[nodiscard]] std::string public_pem() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// `{"keys": [...]}`.
[[nodiscard]] std::string jwks_of(std::initializer_list<nlohmann::json> keys);
/// Header and claims without a signature, with an HMAC-SHA-256 under `secret`, or with no third part at all.
[[nodiscard]] std::string unsigned_token(const nlohmann::json& header, const nlohmann::json& claims);
[[nodiscard]] std::string hs256_token(const nlohmann::json& header, const nlohmann::json& claims,
                                      std::string_view secret);

}  // namespace motcua::tests
