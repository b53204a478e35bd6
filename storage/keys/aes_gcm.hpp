/// AES-256-GCM with 96-bit nonces and 128-bit tags at the end of the ciphertext. The cipher is fetched once,
/// its contexts are reused per thread.
#pragma once

#include "storage/keys/master_key.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace motcua::storage {

using Nonce = std::array<std::uint8_t, 12>;
inline constexpr std::size_t kTagBytes = 16;

/// Ciphertext and tag. Any thread.
[[nodiscard]] std::string gcm_seal(const SecretKey& key, const Nonce& nonce, std::string_view associated,
                                   std::string_view plaintext);
/// Plaintext, or nullopt if the tag does not fit key, nonce, associated data and ciphertext. Any thread.
[[nodiscard]] std::optional<std::string> gcm_open(const SecretKey& key, const Nonce& nonce,
                                                  std::string_view associated, std::string_view ciphertext);

/// Random bytes in advance, so that a nonce does not cost a call of the generator. One thread at a time. A
/// child process never reuses its parent's bytes.
class RandomBuffer {
 public:
  /// False if the system has no randomness; then `out` is unchanged.
  template <std::size_t N>
  [[nodiscard]] bool fill(std::array<std::uint8_t, N>& out) {
    static_assert(N <= kBytes);
    return take(out.data(), N);
  }

 private:
  static constexpr std::size_t kBytes = 4096;
  [[nodiscard]] bool take(std::uint8_t* out, std::size_t count);

  std::array<std::uint8_t, kBytes> bytes_{};
  std::size_t used_ = kBytes;
  int process_ = 0;
};

}  // namespace motcua::storage
