#include "adapters/identity/dev_key.hpp"

#include "adapters/identity/base64url.hpp"
#include "adapters/identity/jwt_verifier.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sys/stat.h>
#include <unistd.h>

namespace motcua::tests {
namespace {

using adapters::DevKey;
using adapters::JwtVerifier;
using adapters::TokenClaims;

class DevKeys : public ::testing::Test {
 protected:
  DevKeys()
      : folder_(std::filesystem::temp_directory_path() / ("motcua-dev-key-" + std::to_string(::getpid()))) {
    std::filesystem::create_directory(folder_);
  }
  ~DevKeys() override { std::filesystem::remove_all(folder_); }

  [[nodiscard]] std::string path(const char* name) const { return (folder_ / name).string(); }
  static unsigned mode_of(const std::string& file) {
    struct stat facts {};
    return ::stat(file.c_str(), &facts) == 0 ? facts.st_mode & 07777U : 0;
  }
  static TokenClaims claims() {
    TokenClaims made;
    made.sub = "desk-1";
    made.name = "Nguyễn Văn A";
    made.roles = {"desk_officer"};
    made.agency = "H15.50.05";
    made.issued_at = std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
    return made;
  }

  std::filesystem::path folder_;
};

TEST_F(DevKeys, MintTokensThatTheVerifierAccepts) {
  const auto key = DevKey::load_or_make(path("key.jwk"));
  ASSERT_TRUE(key.has_value());
  ASSERT_TRUE(key->write_public_jwks(path("jwks.json")).has_value());
  auto verifier = JwtVerifier::load(path("jwks.json"));
  ASSERT_TRUE(verifier.has_value()) << verifier.error().what;

  const auto identity = (*verifier)->verify(key->mint(claims()));

  ASSERT_TRUE(identity.has_value()) << identity.error().detail;
  EXPECT_EQ(identity->sub.value, "desk-1");
  EXPECT_EQ(identity->name, "Nguyễn Văn A");
}

TEST_F(DevKeys, AreMadeOnceAndKeptFromOthers) {
  const auto made = DevKey::load_or_make(path("key.jwk"));
  ASSERT_TRUE(made.has_value());
  EXPECT_EQ(mode_of(path("key.jwk")), 0600U);
  const auto loaded = DevKey::load_or_make(path("key.jwk"));
  ASSERT_TRUE(loaded.has_value());
  EXPECT_EQ(made->public_jwks(), loaded->public_jwks());
  EXPECT_EQ(made->public_jwks().find("\"d\""), std::string::npos);
}

TEST_F(DevKeys, ThatOthersCanReadOrThatAreNoKeysAreRefused) {
  ASSERT_TRUE(DevKey::load_or_make(path("key.jwk")).has_value());
  ASSERT_EQ(::chmod(path("key.jwk").c_str(), 0640), 0);
  EXPECT_FALSE(DevKey::load_or_make(path("key.jwk")).has_value());
  EXPECT_FALSE(DevKey::load(path("absent.jwk")).has_value());
  std::ofstream(path("public.jwk")) << R"({"kty":"EC","crv":"P-256","kid":"a",
    "x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"})";
  ASSERT_EQ(::chmod(path("public.jwk").c_str(), 0600), 0);
  EXPECT_FALSE(DevKey::load(path("public.jwk")).has_value());
  EXPECT_FALSE(DevKey::load_or_make(path("no/folder/key.jwk")).has_value());
}

TEST(Base64Url, HasOneTextForOneValue) {
  for (const std::string& bytes : {std::string(), std::string("f"), std::string("fo"), std::string("foo"),
                                   std::string("\xff\xfe\x00\x3f", 4)}) {
    EXPECT_EQ(adapters::decode_base64url(adapters::encode_base64url(bytes)), bytes);
  }
  EXPECT_EQ(adapters::encode_base64url("\xfb\xff"), "-_8");
  for (const char* text : {"A", "Zh", "Zm9=", "Zg==", "Zm+v", "Zm 9", "-_9"}) {
    EXPECT_FALSE(adapters::decode_base64url(text)) << text;
  }
}

}  // namespace
}  // namespace motcua::tests
