/// The master key: wraps every data key and keys every MAC. A small text file beside the data folder, never
/// inside it.
#pragma once

#include "engine/core/result.hpp"

#include <array>
#include <cstdint>
#include <filesystem>
#include <string_view>

namespace motcua::storage {

/// 256 secret bits, overwritten when they go. Never printed.
class SecretKey {
 public:
  SecretKey() = default;
  SecretKey(const SecretKey&) = default;
  SecretKey& operator=(const SecretKey&) = default;
  ~SecretKey();

  [[nodiscard]] std::array<std::uint8_t, 32>& bytes() { return bytes_; }
  [[nodiscard]] const std::array<std::uint8_t, 32>& bytes() const { return bytes_; }
  [[nodiscard]] std::string_view view() const {
    return {reinterpret_cast<const char*>(bytes_.data()), bytes_.size()};
  }
  /// Fault: the system has no randomness.
  [[nodiscard]] static engine::FaultOr<SecretKey> random();

 private:
  std::array<std::uint8_t, 32> bytes_{};
};

/// Makes a file with a new key, mode 0600. Fault: it exists already, or the disk.
[[nodiscard]] engine::FaultOr<SecretKey> create_master_key(const std::filesystem::path& path);
/// Reads the file. Fault: absent, not a regular file, readable or writable by group or others, or not a key.
[[nodiscard]] engine::FaultOr<SecretKey> load_master_key(const std::filesystem::path& path);

}  // namespace motcua::storage
