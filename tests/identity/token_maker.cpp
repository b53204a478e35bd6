#include "tests/identity/token_maker.hpp"

#include "adapters/identity/base64url.hpp"

#include <cjose/cjose.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>

#include <array>
#include <cstdint>
#include <stdexcept>
#include <utility>

namespace motcua::tests {

using nlohmann::json;

struct SigningKey::State {
  cjose_jwk_t* key = nullptr;
  std::string key_id{};
};

namespace {

cjose_jwk_t* make_key(SigningKey::Kind kind) {
  static constexpr std::array<std::uint8_t, 3> kExponent{1, 0, 1};
  cjose_err error{};
  switch (kind) {
    case SigningKey::Kind::ec_p256:
      return cjose_jwk_create_EC_random(CJOSE_JWK_EC_P_256, &error);
    case SigningKey::Kind::ec_p384:
      return cjose_jwk_create_EC_random(CJOSE_JWK_EC_P_384, &error);
    case SigningKey::Kind::rsa_2048:
      return cjose_jwk_create_RSA_random(2048, kExponent.data(), 3, &error);
    case SigningKey::Kind::rsa_1024:
      return cjose_jwk_create_RSA_random(1024, kExponent.data(), 3, &error);
    case SigningKey::Kind::symmetric:
      return cjose_jwk_create_oct_random(256, &error);
  }
  return nullptr;
}

std::string signed_part(const json& header, const json& claims) {
  return adapters::encode_base64url(header.dump()) + "." + adapters::encode_base64url(claims.dump());
}

}  // namespace

SigningKey::SigningKey(Kind kind, std::string key_id) : state_(std::make_unique<State>()) {
  cjose_err error{};
  state_->key = make_key(kind);
  state_->key_id = std::move(key_id);
  if (state_->key == nullptr ||
      !cjose_jwk_set_kid(state_->key, state_->key_id.data(), state_->key_id.size(), &error)) {
    throw std::runtime_error("no key");
  }
}

SigningKey::~SigningKey() { cjose_jwk_release(state_->key); }

std::string SigningKey::sign(const std::string& algorithm, const json& claims, json header) const {
  cjose_err error{};
  header.emplace("alg", algorithm);
  header.emplace("kid", state_->key_id);
  cjose_header_t* made = cjose_header_new(&error);
  for (const auto& [name, value] : header.items()) {
    if (value.is_string()) {
      cjose_header_set(made, name.c_str(), value.get<std::string>().c_str(), &error);
    } else {
      cjose_header_set_raw(made, name.c_str(), value.dump().c_str(), &error);
    }
  }
  const auto text = claims.is_string() ? claims.get<std::string>() : claims.dump();
  cjose_jws_t* jws = cjose_jws_sign(state_->key, made, reinterpret_cast<const std::uint8_t*>(text.data()),
                                    text.size(), &error);
  const char* compact = nullptr;
  if (jws == nullptr || !cjose_jws_export(jws, &compact, &error)) {
    throw std::runtime_error(std::string("no signature: ") + error.message);
  }
  std::string token(compact);
  cjose_jws_release(jws);
  cjose_header_release(made);
  return token;
}

json SigningKey::public_jwk() const {
  cjose_err error{};
  char* text =
      cjose_jwk_to_json(state_->key, cjose_jwk_get_kty(state_->key, &error) == CJOSE_JWK_KTY_OCT, &error);
  auto jwk = json::parse(text);
  cjose_get_dealloc()(text);
  return jwk;
}

std::string SigningKey::public_pem() const {
  // SubjectPublicKeyInfo for P-256: a fixed prefix, then the uncompressed point.
  static constexpr std::array<std::uint8_t, 27> kPrefix{0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48,
                                                        0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48,
                                                        0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00, 0x04};
  const auto jwk = public_jwk();
  std::string der(reinterpret_cast<const char*>(kPrefix.data()), kPrefix.size());
  der += adapters::decode_base64url(jwk["x"].get<std::string>()).value();
  der += adapters::decode_base64url(jwk["y"].get<std::string>()).value();
  std::array<unsigned char, 256> text{};
  const int length = EVP_EncodeBlock(text.data(), reinterpret_cast<const unsigned char*>(der.data()),
                                     static_cast<int>(der.size()));
  std::string base64(reinterpret_cast<const char*>(text.data()), static_cast<std::size_t>(length));
  for (std::size_t at = 64; at < base64.size(); at += 65) {
    base64.insert(at, "\n");
  }
  return "-----BEGIN PUBLIC KEY-----\n" + base64 + "\n-----END PUBLIC KEY-----\n";
}

std::string jwks_of(std::initializer_list<json> keys) { return json{{"keys", json::array_t(keys)}}.dump(); }

std::string unsigned_token(const json& header, const json& claims) {
  return signed_part(header, claims) + ".";
}

std::string hs256_token(const json& header, const json& claims, std::string_view secret) {
  const auto part = signed_part(header, claims);
  std::array<unsigned char, 32> mac{};
  unsigned length = 0;
  HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
       reinterpret_cast<const unsigned char*>(part.data()), part.size(), mac.data(), &length);
  return part + "." + adapters::encode_base64url({reinterpret_cast<const char*>(mac.data()), mac.size()});
}

}  // namespace motcua::tests
