#include "adapters/identity/jwt_verifier.hpp"

#include "tests/identity/token_maker.hpp"

#include <gtest/gtest.h>

namespace motcua::tests {
namespace {

using adapters::JwtOptions;
using adapters::JwtVerifier;
using nlohmann::json;
using Kind = SigningKey::Kind;

constexpr std::int64_t kNow = 1'772'413'200;  // 2026-03-02 08:00 in Hanoi

class Tokens : public ::testing::Test {
 protected:
  Tokens() : ec_(Kind::ec_p256, "ec-1"), jwks_(jwks_of({ec_.public_jwk(), rsa().public_jwk()})) {
    verifier_ = make(jwks_);
  }

  /// One RSA key for all tests: making it takes a while.
  static const SigningKey& rsa() {
    static const SigningKey key(Kind::rsa_2048, "rsa-1");
    return key;
  }

  std::unique_ptr<JwtVerifier> make(const std::string& jwks, JwtOptions options = {}) {
    options.now = [this] { return engine::Instant{std::chrono::seconds{second_}}; };
    auto made = JwtVerifier::from_jwks(jwks, std::move(options));
    EXPECT_TRUE(made.has_value()) << (made ? "" : made.error().what);
    return made ? std::move(*made) : nullptr;
  }

  static json claims() {
    return {{"sub", "officer-1"},
            {"name", "Lò Thị Mẩy"},
            {"roles", {"desk_officer", "auditor"}},
            {"agency", "H15.50.05"},
            {"exp", kNow + 600},
            {"nbf", kNow},
            {"iat", kNow}};
  }
  static json with(const char* name, const json& value) {
    auto changed = claims();
    changed[name] = value;
    return changed;
  }
  static json without(const char* name) {
    auto changed = claims();
    changed.erase(name);
    return changed;
  }

  bool accepts(const std::string& token) {
    const auto identity = verifier_->verify(token);
    if (!identity) {
      EXPECT_EQ(identity.error().code, engine::RejectionCode::unauthenticated);
      EXPECT_TRUE(token.size() < 8 || identity.error().detail.find(token.substr(0, 8)) == std::string::npos);
    }
    return identity.has_value();
  }
  bool accepts_claims(const json& changed) { return accepts(ec_.sign("ES256", changed)); }

  std::int64_t second_ = kNow;
  SigningKey ec_;
  std::string jwks_;
  std::unique_ptr<JwtVerifier> verifier_{};
};

TEST_F(Tokens, SayWhoIsAsking) {
  const auto identity = verifier_->verify(ec_.sign("ES256", claims()));

  ASSERT_TRUE(identity.has_value());
  EXPECT_EQ(identity->sub.value, "officer-1");
  EXPECT_EQ(identity->name, "Lò Thị Mẩy");
  EXPECT_EQ(identity->roles, (std::vector<std::string>{"desk_officer", "auditor"}));
  EXPECT_EQ(identity->agency.value, "H15.50.05");
  EXPECT_EQ(identity->expires_at, engine::Instant{std::chrono::seconds{kNow + 600}});
}

TEST_F(Tokens, OfEachAllowedAlgorithmAreAccepted) {
  EXPECT_TRUE(accepts(ec_.sign("ES256", claims())));
  EXPECT_TRUE(accepts(rsa().sign("RS256", claims())));
  EXPECT_TRUE(accepts(rsa().sign("PS256", claims())));
}

TEST_F(Tokens, OfOtherAlgorithmsAreRefusedAlthoughTheKeyCould) {
  for (const char* algorithm : {"RS384", "RS512", "PS384", "PS512"}) {
    EXPECT_FALSE(accepts(rsa().sign(algorithm, claims()))) << algorithm;
  }
  const SigningKey p384(Kind::ec_p384, "ec-384");
  verifier_ = make(jwks_of({p384.public_jwk()}));
  EXPECT_FALSE(accepts(p384.sign("ES384", claims())));
}

TEST_F(Tokens, MayBeTypedAsAccessTokenOrJwtOrNotAtAll) {
  for (const char* type : {"at+jwt", "JWT", "AT+JWT", "application/at+jwt"}) {
    EXPECT_TRUE(accepts(ec_.sign("ES256", claims(), {{"typ", type}}))) << type;
  }
  for (const char* type : {"secevent+jwt", "", "dpop+jwt"}) {
    EXPECT_FALSE(accepts(ec_.sign("ES256", claims(), {{"typ", type}}))) << type;
  }
}

TEST_F(Tokens, OutOfTimeAreRefusedBeyondOneMinute) {
  EXPECT_TRUE(accepts_claims(with("exp", kNow - 59)));
  EXPECT_FALSE(accepts_claims(with("exp", kNow - 60)));
  EXPECT_TRUE(accepts_claims(with("nbf", kNow + 60)));
  EXPECT_FALSE(accepts_claims(with("nbf", kNow + 61)));
  EXPECT_FALSE(accepts_claims(with("iat", kNow + 61)));
  EXPECT_FALSE(accepts_claims(with("exp", "2030-01-01")));
  EXPECT_FALSE(accepts_claims(with("exp", -1)));
  EXPECT_FALSE(accepts_claims(with("exp", 1e300)));
  EXPECT_FALSE(accepts_claims(with("nbf", "now")));
  EXPECT_TRUE(accepts_claims(with("exp", kNow + 0.5)));
  EXPECT_TRUE(accepts_claims(without("nbf")));
}

TEST_F(Tokens, RememberedOnesExpireToo) {
  const auto token = ec_.sign("ES256", claims());
  EXPECT_TRUE(accepts(token));
  second_ = kNow + 659;
  EXPECT_TRUE(accepts(token));
  second_ = kNow + 660;
  EXPECT_FALSE(accepts(token));
  EXPECT_FALSE(accepts(token));
}

TEST_F(Tokens, WithAnyBitFlippedAreRefused) {
  const auto token = ec_.sign("ES256", claims());
  ASSERT_TRUE(accepts(token));
  for (std::size_t at = 0; at < token.size(); ++at) {
    for (const int bit : {0, 1, 5}) {
      auto forged = token;
      forged[at] = static_cast<char>(forged[at] ^ (1 << bit));
      EXPECT_FALSE(accepts(forged)) << at << " " << bit;
    }
  }
}

TEST_F(Tokens, UnsignedOrSymmetricAreRefused) {
  for (const char* algorithm : {"none", "None", "NONE", "nOnE", ""}) {
    EXPECT_FALSE(accepts(unsigned_token({{"alg", algorithm}, {"kid", "ec-1"}}, claims())));
  }
  const auto pem = ec_.public_pem();
  for (const char* algorithm : {"HS256", "ES256", "RS256"}) {
    EXPECT_FALSE(accepts(hs256_token({{"alg", algorithm}, {"kid", "ec-1"}}, claims(), pem)));
    EXPECT_FALSE(accepts(hs256_token({{"alg", algorithm}, {"kid", "ec-1"}}, claims(), "")));
    EXPECT_FALSE(accepts(hs256_token({{"alg", algorithm}, {"kid", "rsa-1"}}, claims(), jwks_)));
  }
}

TEST_F(Tokens, OfAnotherKeyOrNameAreRefused) {
  const SigningKey other(Kind::ec_p256, "ec-1");
  EXPECT_FALSE(accepts(other.sign("ES256", claims())));
  const SigningKey unknown(Kind::ec_p256, "ec-2");
  EXPECT_FALSE(accepts(unknown.sign("ES256", claims())));
  EXPECT_FALSE(accepts(ec_.sign("ES256", claims(), {{"kid", "rsa-1"}})));
  EXPECT_FALSE(accepts(ec_.sign("ES256", claims(), {{"kid", "../../etc/passwd"}})));
  EXPECT_FALSE(accepts(ec_.sign("ES256", claims(), {{"kid", "' OR 1=1 --"}})));
}

TEST_F(Tokens, WhoseAlgorithmIsNotTheKeysAreRefused) {
  auto only_ps = rsa().public_jwk();
  only_ps["alg"] = "PS256";
  auto not_for_signing = ec_.public_jwk();
  not_for_signing["use"] = "enc";
  verifier_ = make(jwks_of({only_ps, not_for_signing}));
  EXPECT_TRUE(accepts(rsa().sign("PS256", claims())));
  EXPECT_FALSE(accepts(rsa().sign("RS256", claims())));
  EXPECT_FALSE(accepts(ec_.sign("ES256", claims())));
}

TEST_F(Tokens, ThatBringTheirOwnRulesOrKeysAreRefused) {
  EXPECT_FALSE(accepts(ec_.sign("ES256", claims(), {{"crit", {"exp"}}, {"exp", 1}})));
  EXPECT_FALSE(accepts(ec_.sign("ES256", claims(), {{"jwk", ec_.public_jwk()}})));
  EXPECT_FALSE(accepts(ec_.sign("ES256", claims(), {{"jku", "https://example.org/keys"}})));
  EXPECT_FALSE(accepts(ec_.sign("ES256", claims(), {{"x5u", "https://example.org/chain"}})));
}

TEST_F(Tokens, WithoutANeededOrWithAMisshapenClaimAreRefused) {
  for (const char* name : {"sub", "roles", "agency", "exp"}) {
    EXPECT_FALSE(accepts_claims(without(name))) << name;
    EXPECT_FALSE(accepts_claims(with(name, nullptr))) << name;
    EXPECT_FALSE(accepts_claims(with(name, json::object()))) << name;
  }
  EXPECT_FALSE(accepts_claims(with("sub", "")));
  EXPECT_FALSE(accepts_claims(with("sub", std::string(129, 'a'))));
  EXPECT_FALSE(accepts_claims(with("sub", "Đào")));
  EXPECT_FALSE(accepts_claims(with("sub", "a b")));
  EXPECT_FALSE(accepts_claims(with("agency", "H15/50")));
  EXPECT_FALSE(accepts_claims(with("agency", std::string(65, 'H'))));
  EXPECT_FALSE(accepts_claims(with("roles", "admin")));
  EXPECT_FALSE(accepts_claims(with("roles", {1})));
  EXPECT_FALSE(accepts_claims(with("roles", std::vector<std::string>(33, "admin"))));
  EXPECT_FALSE(accepts_claims(with("name", 7)));
  EXPECT_FALSE(accepts_claims(with("name", std::string(257, 'n'))));
  EXPECT_TRUE(accepts_claims(without("name")));
}

TEST_F(Tokens, RolesOutsideTheListAreDropped) {
  const auto identity = verifier_->verify(ec_.sign("ES256", with("roles", {"root", "leader", "leader"})));
  ASSERT_TRUE(identity.has_value());
  EXPECT_EQ(identity->roles, (std::vector<std::string>{"leader"}));
}

TEST_F(Tokens, ThatNameAClaimTwiceOrNestDeeplyAreRefused) {
  auto twice = claims().dump();
  twice.insert(1, R"("roles":["admin"],)");
  EXPECT_FALSE(accepts_claims(twice));
  EXPECT_FALSE(accepts_claims(with("x", json::parse(std::string(40, '[') + std::string(40, ']')))));
  EXPECT_FALSE(accepts_claims("not json"));
  EXPECT_FALSE(accepts_claims("[]"));
  EXPECT_FALSE(accepts_claims("{" + std::string(3000, '[')));
}

TEST_F(Tokens, LongerThanEightKibibytesOrOfOtherFormsAreRefused) {
  EXPECT_TRUE(accepts_claims(with("note", std::string(5000, 'x'))));
  EXPECT_FALSE(accepts_claims(with("note", std::string(8000, 'x'))));
  EXPECT_FALSE(accepts(std::string(100'000, 'a')));
  const auto token = ec_.sign("ES256", claims());
  for (const std::string& other :
       {std::string(), std::string("."), std::string(".."), std::string("a.b.c"), token + ".", token + "=",
        token + "\n", " " + token, token + ".a.b", token.substr(0, token.rfind('.'))}) {
    EXPECT_FALSE(accepts(other)) << other.size();
  }
}

TEST_F(Tokens, OfAnotherIssuerOrForAnotherServiceAreRefusedIfAsked) {
  JwtOptions options;
  options.issuer = "https://id.example.gov.vn";
  options.audience = "motcua";
  verifier_ = make(jwks_, options);
  auto good = with("iss", "https://id.example.gov.vn");
  good["aud"] = {"other", "motcua"};
  EXPECT_TRUE(accepts_claims(good));
  good["aud"] = "motcua";
  EXPECT_TRUE(accepts_claims(good));
  good["aud"] = "other";
  EXPECT_FALSE(accepts_claims(good));
  EXPECT_FALSE(accepts_claims(with("aud", "motcua")));
}

TEST(KeySets, ThatCannotBeTrustedAreRefusedWhenRead) {
  const SigningKey ec(Kind::ec_p256, "k");
  const SigningKey weak(Kind::rsa_1024, "w");
  const SigningKey symmetric(Kind::symmetric, "s");
  auto unnamed = ec.public_jwk();
  unnamed.erase("kid");
  EXPECT_TRUE(JwtVerifier::from_jwks(jwks_of({ec.public_jwk()})).has_value());
  for (const auto& jwks :
       {jwks_of({weak.public_jwk()}), jwks_of({symmetric.public_jwk()}), jwks_of({unnamed}),
        jwks_of({ec.public_jwk(), ec.public_jwk()}), std::string("{}"), std::string("nonsense"),
        std::string(R"({"keys":[{"kty":"EC","kid":"a"}]})"), std::string(R"({"keys":[1]})")}) {
    EXPECT_FALSE(JwtVerifier::from_jwks(jwks).has_value()) << jwks;
  }
  EXPECT_FALSE(JwtVerifier::load("/nonexistent/keys.json").has_value());
}

}  // namespace
}  // namespace motcua::tests
