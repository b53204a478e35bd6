#include "adapters/identity/jwt_verifier.hpp"

#include "adapters/identity/cjose_handles.hpp"
#include "adapters/identity/token_text.hpp"
#include "engine/core/ensure.hpp"
#include "engine/core/ids.hpp"

#include <openssl/evp.h>

#include <cstdint>
#include <cstring>
#include <fstream>
#include <iterator>
#include <list>
#include <map>
#include <unordered_map>
#include <utility>

namespace motcua::adapters {
namespace {

using engine::Fault;
using engine::Identity;
using nlohmann::json;

constexpr std::size_t kRsaBitsMin = 2048;
constexpr std::size_t kJwksBytesMax = 256 * 1024;

/// A public key and the algorithms it may be used with.
struct VerifyKey {
  JwkHandle key{};
  bool allows_rs256 = false;
  bool allows_ps256 = false;
  bool allows_es256 = false;

  [[nodiscard]] bool allows(std::string_view algorithm) const {
    return (algorithm == "ES256" && allows_es256) || (algorithm == "RS256" && allows_rs256) ||
           (algorithm == "PS256" && allows_ps256);
  }
};

engine::FaultOr<VerifyKey> read_key(const json& jwk) {
  cjose_err error{};
  const auto text = jwk.dump();
  VerifyKey read;
  read.key.reset(cjose_jwk_import(text.data(), text.size(), &error));
  if (!read.key) {
    return Fault{"JWKS: a key cannot be read"};
  }
  const auto only = jwk.value("alg", std::string());
  switch (cjose_jwk_get_kty(read.key.get(), &error)) {
    case CJOSE_JWK_KTY_EC:
      read.allows_es256 = cjose_jwk_EC_get_curve(read.key.get(), &error) == CJOSE_JWK_EC_P_256 &&
                          (only.empty() || only == "ES256");
      break;
    case CJOSE_JWK_KTY_RSA:
      if (cjose_jwk_get_keysize(read.key.get(), &error) < kRsaBitsMin) {
        return Fault{"JWKS: an RSA key is shorter than 2048 bits"};
      }
      read.allows_rs256 = only.empty() || only == "RS256";
      read.allows_ps256 = only.empty() || only == "PS256";
      break;
    case CJOSE_JWK_KTY_OCT:
      return Fault{"JWKS: a symmetric key cannot verify tokens"};
  }
  return read;
}

/// SHA-256 with a context that is made once: a fetch for every token would cost more than the hash.
class Hasher {
 public:
  Hasher() : context_(EVP_MD_CTX_new()), method_(EVP_MD_fetch(nullptr, "SHA256", nullptr)) {
    ENSURE(context_ != nullptr && method_ != nullptr);
  }
  Hasher(const Hasher&) = delete;
  Hasher& operator=(const Hasher&) = delete;
  ~Hasher() {
    EVP_MD_CTX_free(context_);
    EVP_MD_free(method_);
  }

  [[nodiscard]] engine::Digest operator()(std::string_view text) {
    engine::Digest digest{};
    unsigned length = 0;
    ENSURE(EVP_DigestInit_ex2(context_, method_, nullptr) == 1);
    ENSURE(EVP_DigestUpdate(context_, text.data(), text.size()) == 1);
    ENSURE(EVP_DigestFinal_ex(context_, digest.data(), &length) == 1 && length == digest.size());
    return digest;
  }

 private:
  EVP_MD_CTX* context_;
  EVP_MD* method_;
};

struct DigestHash {
  std::size_t operator()(const engine::Digest& digest) const {
    std::size_t head = 0;
    std::memcpy(&head, digest.data(), sizeof(head));
    return head;
  }
};

/// Verified tokens, the latest used first. Bounded by kTokensRemembered.
class TokenCache {
 public:
  const Identity* find(const engine::Digest& digest, engine::Instant now) {
    const auto found = places_.find(digest);
    if (found == places_.end()) {
      return nullptr;
    }
    if (found->second->second.expires_at + kTokenLeeway <= now) {
      entries_.erase(found->second);
      places_.erase(found);
      return nullptr;
    }
    entries_.splice(entries_.begin(), entries_, found->second);
    return &found->second->second;
  }

  void put(const engine::Digest& digest, const Identity& identity) {
    if (entries_.size() == kTokensRemembered) {
      places_.erase(entries_.back().first);
      entries_.pop_back();
    }
    entries_.emplace_front(digest, identity);
    places_.insert_or_assign(digest, entries_.begin());
  }

 private:
  using Entries = std::list<std::pair<engine::Digest, Identity>>;
  Entries entries_{};
  std::unordered_map<engine::Digest, Entries::iterator, DigestHash> places_{};
};

engine::Rejection unauthenticated(const char* detail) {
  return engine::Rejection{engine::RejectionCode::unauthenticated, detail, json::object()};
}

bool signature_is_good(std::string_view token, const VerifyKey& key) {
  cjose_err error{};
  const JwsHandle jws(cjose_jws_import(token.data(), token.size(), &error));
  return jws && cjose_jws_verify(jws.get(), key.key.get(), &error);
}

}  // namespace

struct JwtVerifier::State {
  JwtOptions options{};
  std::map<std::string, VerifyKey, std::less<>> keys{};
  Hasher hasher{};
  TokenCache cache{};
};

JwtVerifier::JwtVerifier(std::unique_ptr<State> state) : state_(std::move(state)) {}
JwtVerifier::~JwtVerifier() = default;

engine::FaultOr<std::unique_ptr<JwtVerifier>> JwtVerifier::load(const std::string& path, JwtOptions options) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    return Fault{"JWKS: the file cannot be opened"};
  }
  const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  return from_jwks(text, std::move(options));
}

engine::FaultOr<std::unique_ptr<JwtVerifier>> JwtVerifier::from_jwks(std::string_view jwks,
                                                                     JwtOptions options) {
  if (jwks.size() > kJwksBytesMax) {
    return Fault{"JWKS: longer than 256 KiB"};
  }
  const auto document = json::parse(jwks, nullptr, false);
  if (!document.is_object() || !document.contains("keys") || !document["keys"].is_array()) {
    return Fault{"JWKS: not an object with an array `keys`"};
  }
  auto state = std::make_unique<State>();
  state->options = std::move(options);
  if (!state->options.now) {
    state->options.now = [] {
      return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
    };
  }
  for (const auto& jwk : document["keys"]) {
    if (!jwk.is_object() || !jwk.contains("kid") || !jwk["kid"].is_string() ||
        (jwk.contains("alg") && !jwk["alg"].is_string())) {
      return Fault{"JWKS: a key is not an object with a `kid`"};
    }
    if (jwk.contains("use") && jwk["use"] != "sig") {
      continue;
    }
    auto key = read_key(jwk);
    if (!key) {
      return key.error();
    }
    if (!state->keys.emplace(jwk["kid"].get<std::string>(), std::move(*key)).second) {
      return Fault{"JWKS: two keys have the same `kid`"};
    }
  }
  return std::unique_ptr<JwtVerifier>(new JwtVerifier(std::move(state)));
}

engine::Result<Identity> JwtVerifier::verify(std::string_view token) {
  if (token.empty() || token.size() > kTokenBytesMax) {
    return unauthenticated("The token is empty or longer than 8 KiB.");
  }
  const auto now = state_->options.now();
  const auto digest = state_->hasher(token);
  if (const auto* known = state_->cache.find(digest, now)) {
    return *known;
  }
  const auto text = split_token(token);
  const auto header = text ? read_header(text->header) : std::nullopt;
  if (!header) {
    return unauthenticated("The token is not a signed token of a supported form.");
  }
  const auto key = state_->keys.find(header->key_id);
  if (key == state_->keys.end() || !key->second.allows(header->algorithm)) {
    return unauthenticated("The token names no key and algorithm that are accepted.");
  }
  if (!signature_is_good(token, key->second)) {
    return unauthenticated("The signature of the token is wrong.");
  }
  auto identity = read_claims(text->payload, {state_->options.issuer, state_->options.audience, now});
  if (identity) {
    state_->cache.put(digest, *identity);
  }
  return identity;
}

}  // namespace motcua::adapters
