/// Big-endian integers and length-prefixed bytes: the alphabet of every stored key and value
/// (storage/FORMAT.md).
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace motcua::storage {

/// Appends `value` as `width` bytes, most significant first.
inline void put_big_endian(std::string& out, std::uint64_t value, unsigned width) {
  std::array<char, 8> bytes{};
  for (unsigned i = 0; i < width; ++i) {
    bytes[i] = static_cast<char>(static_cast<std::uint8_t>(value >> (8 * (width - 1 - i))));
  }
  out.append(bytes.data(), width);
}
inline void put_u8(std::string& out, std::uint64_t value) { put_big_endian(out, value, 1); }
inline void put_u16(std::string& out, std::uint64_t value) { put_big_endian(out, value, 2); }
inline void put_u32(std::string& out, std::uint64_t value) { put_big_endian(out, value, 4); }
inline void put_u64(std::string& out, std::uint64_t value) { put_big_endian(out, value, 8); }
/// Two's complement.
inline void put_i64(std::string& out, std::int64_t value) { put_u64(out, static_cast<std::uint64_t>(value)); }

template <std::size_t N>
void put_array(std::string& out, const std::array<std::uint8_t, N>& bytes) {
  out.append(reinterpret_cast<const char*>(bytes.data()), N);
}

/// Reads a byte string from its beginning. The first read beyond the end marks the reader as failed and
/// remembers the name of the field; from then on every read answers zero or nothing. Reads never leave the
/// given bytes.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : bytes_(bytes) {}

  [[nodiscard]] std::string_view take(std::uint64_t count, const char* field) {
    if (failed_field_ != nullptr || count > bytes_.size() - at_) {
      if (failed_field_ == nullptr) failed_field_ = field;
      return {};
    }
    const auto taken = bytes_.substr(at_, static_cast<std::size_t>(count));
    at_ += taken.size();
    return taken;
  }
  [[nodiscard]] std::uint64_t number(unsigned width, const char* field) {
    std::uint64_t value = 0;
    for (const char c : take(width, field)) value = (value << 8U) | static_cast<std::uint8_t>(c);
    return value;
  }
  [[nodiscard]] std::uint8_t u8(const char* field) { return static_cast<std::uint8_t>(number(1, field)); }
  [[nodiscard]] std::uint16_t u16(const char* field) { return static_cast<std::uint16_t>(number(2, field)); }
  [[nodiscard]] std::uint32_t u32(const char* field) { return static_cast<std::uint32_t>(number(4, field)); }
  [[nodiscard]] std::uint64_t u64(const char* field) { return number(8, field); }
  [[nodiscard]] std::int64_t i64(const char* field) { return static_cast<std::int64_t>(u64(field)); }
  template <std::size_t N>
  void array(std::array<std::uint8_t, N>& out, const char* field) {
    const auto taken = take(N, field);
    if (!taken.empty()) std::memcpy(out.data(), taken.data(), N);
  }

  [[nodiscard]] bool failed() const { return failed_field_ != nullptr; }
  /// Name of the field at which the bytes ended; only after a failure.
  [[nodiscard]] const char* failed_field() const { return failed_field_; }
  [[nodiscard]] std::size_t at() const { return at_; }
  [[nodiscard]] std::size_t left() const { return bytes_.size() - at_; }

 private:
  std::string_view bytes_;
  std::size_t at_ = 0;
  const char* failed_field_ = nullptr;
};

}  // namespace motcua::storage
