/// Parts of row keys: numbers in big-endian bytes, so that keys ascend as the numbers do. Internal to this
/// folder.
#pragma once

#include "engine/cases/rows.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace motcua::engine {

inline constexpr std::size_t kIdBytes = 16;
inline constexpr std::size_t kNumberBytes = 8;

inline void append_be64(std::string& key, std::uint64_t value) {
  for (int shift = 56; shift >= 0; shift -= 8) key.push_back(static_cast<char>(value >> shift & 0xFFU));
}

inline std::uint64_t read_be64(std::string_view bytes) {
  std::uint64_t value = 0;
  for (const char byte : bytes.substr(0, kNumberBytes)) value = value << 8 | static_cast<unsigned char>(byte);
  return value;
}

inline std::string table_key(RowTable table) { return std::string(1, static_cast<char>(table)); }

/// One byte of length, then the text: ids and codes have at most 255 bytes.
inline void append_sized(std::string& key, std::string_view text) {
  key.push_back(static_cast<char>(text.size()));
  key.append(text);
}

/// Takes a sized text off the front; false if it is cut short.
inline bool take_sized(std::string_view& key, std::string_view& text) {
  if (key.empty()) return false;
  const auto size = static_cast<std::size_t>(static_cast<unsigned char>(key.front()));
  if (key.size() < 1 + size) return false;
  text = key.substr(1, size);
  key.remove_prefix(1 + size);
  return true;
}

inline std::string_view bytes_of(const CaseId& id) {
  return {reinterpret_cast<const char*>(id.bytes.data()), id.bytes.size()};
}

}  // namespace motcua::engine
