#include "storage/record/sha256.hpp"

#include "engine/core/ensure.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <memory>

namespace motcua::storage {
namespace {

struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

/// Fetching resolves providers by name under a lock: once per process, never per hash.
const EVP_MD* fetched_digest() {
  static const EVP_MD* const digest = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  ENSURE(digest != nullptr);
  return digest;
}

EVP_MD_CTX* thread_context() {
  thread_local const std::unique_ptr<EVP_MD_CTX, FreeContext> context{EVP_MD_CTX_new()};
  ENSURE(context != nullptr);
  return context.get();
}

}  // namespace

engine::Digest sha256(std::initializer_list<std::string_view> parts) {
  EVP_MD_CTX* const context = thread_context();
  ENSURE(EVP_DigestInit_ex(context, fetched_digest(), nullptr) == 1);
  for (const auto part : parts) {
    ENSURE(EVP_DigestUpdate(context, part.data(), part.size()) == 1);
  }
  engine::Digest digest{};
  unsigned int size = 0;
  ENSURE(EVP_DigestFinal_ex(context, digest.data(), &size) == 1 && size == digest.size());
  return digest;
}

engine::Digest sha256(std::string_view bytes) { return sha256({bytes}); }

void Sha256::Free::operator()(evp_md_ctx_st* context) const { EVP_MD_CTX_free(context); }

Sha256::Sha256() : context_(EVP_MD_CTX_new()) {
  ENSURE(context_ != nullptr && EVP_DigestInit_ex(context_.get(), fetched_digest(), nullptr) == 1);
}

void Sha256::add(std::string_view bytes) {
  ENSURE(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) == 1);
}

engine::Digest Sha256::digest() {
  engine::Digest digest{};
  unsigned int size = 0;
  ENSURE(EVP_DigestFinal_ex(context_.get(), digest.data(), &size) == 1 && size == digest.size());
  return digest;
}

engine::Digest hmac_sha256(std::string_view key, std::string_view bytes) {
  constexpr std::size_t kBlock = 64;
  std::array<std::uint8_t, kBlock> inner{};
  if (key.size() > kBlock) {
    const auto shortened = sha256(key);
    std::copy(shortened.begin(), shortened.end(), inner.begin());
  } else {
    std::transform(key.begin(), key.end(), inner.begin(),
                   [](char c) { return static_cast<std::uint8_t>(c); });
  }
  auto outer = inner;
  for (auto& byte : inner) byte ^= 0x36U;
  for (auto& byte : outer) byte ^= 0x5cU;
  const auto digest = sha256({view_of(inner), bytes});
  return sha256({view_of(outer), view_of(digest)});
}

}  // namespace motcua::storage
