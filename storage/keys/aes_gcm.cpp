#include "storage/keys/aes_gcm.hpp"

#include "engine/core/ensure.hpp"

#include <climits>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <algorithm>
#include <memory>
#include <unistd.h>

namespace motcua::storage {
namespace {

struct FreeContext {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};

const EVP_CIPHER* fetched_cipher() {
  static const EVP_CIPHER* const cipher = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
  ENSURE(cipher != nullptr);
  return cipher;
}

/// Two contexts per thread, so that neither is ever switched between directions.
EVP_CIPHER_CTX* thread_context(bool encrypt) {
  thread_local const std::unique_ptr<EVP_CIPHER_CTX, FreeContext> sealing{EVP_CIPHER_CTX_new()};
  thread_local const std::unique_ptr<EVP_CIPHER_CTX, FreeContext> opening{EVP_CIPHER_CTX_new()};
  auto* const context = encrypt ? sealing.get() : opening.get();
  ENSURE(context != nullptr);
  return context;
}

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* bytes_of(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

int length_of(std::string_view text) {
  ENSURE(text.size() <= INT_MAX);
  return static_cast<int>(text.size());
}

}  // namespace

std::string gcm_seal(const SecretKey& key, const Nonce& nonce, std::string_view associated,
                     std::string_view plaintext) {
  auto* const context = thread_context(true);
  ENSURE(EVP_EncryptInit_ex(context, fetched_cipher(), nullptr, key.bytes().data(), nonce.data()) == 1);
  int written = 0;
  ENSURE(EVP_EncryptUpdate(context, nullptr, &written, bytes_of(associated), length_of(associated)) == 1);
  std::string out(plaintext.size() + kTagBytes, '\0');
  int size = 0;
  if (!plaintext.empty()) {
    ENSURE(EVP_EncryptUpdate(context, bytes_of(out), &size, bytes_of(plaintext), length_of(plaintext)) == 1);
  }
  ENSURE(EVP_EncryptFinal_ex(context, bytes_of(out) + size, &written) == 1);
  ENSURE(static_cast<std::size_t>(size + written) == plaintext.size());
  ENSURE(EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, kTagBytes, bytes_of(out) + plaintext.size()) ==
         1);
  return out;
}

std::optional<std::string> gcm_open(const SecretKey& key, const Nonce& nonce, std::string_view associated,
                                    std::string_view ciphertext) {
  if (ciphertext.size() < kTagBytes) return std::nullopt;
  const auto body = ciphertext.substr(0, ciphertext.size() - kTagBytes);
  std::string tag(ciphertext.substr(body.size()));
  auto* const context = thread_context(false);
  ENSURE(EVP_DecryptInit_ex(context, fetched_cipher(), nullptr, key.bytes().data(), nonce.data()) == 1);
  int written = 0;
  ENSURE(EVP_DecryptUpdate(context, nullptr, &written, bytes_of(associated), length_of(associated)) == 1);
  std::string out(body.size(), '\0');
  int size = 0;
  if (!body.empty()) {
    ENSURE(EVP_DecryptUpdate(context, bytes_of(out), &size, bytes_of(body), length_of(body)) == 1);
  }
  ENSURE(EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, kTagBytes, tag.data()) == 1);
  if (EVP_DecryptFinal_ex(context, bytes_of(out) + size, &written) != 1) return std::nullopt;
  return out;
}

bool RandomBuffer::take(std::uint8_t* out, std::size_t count) {
  const int process = ::getpid();
  if (process != process_ || kBytes - used_ < count) {
    if (RAND_bytes(bytes_.data(), static_cast<int>(kBytes)) != 1) return false;
    process_ = process;
    used_ = 0;
  }
  const auto begin = bytes_.begin() + static_cast<std::ptrdiff_t>(used_);
  const auto end = begin + static_cast<std::ptrdiff_t>(count);
  std::copy(begin, end, out);
  std::fill(begin, end, std::uint8_t{0});  // handed out once
  used_ += count;
  return true;
}

}  // namespace motcua::storage
