/// SHA-256 as the log uses it everywhere. The library's digest is fetched once and its context is reused per
/// thread.
#pragma once

#include "engine/core/ids.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string_view>

struct evp_md_ctx_st;  // OpenSSL's context

namespace motcua::storage {

/// SHA-256 of `bytes`. Any thread.
[[nodiscard]] engine::Digest sha256(std::string_view bytes);
/// SHA-256 of the parts one after another. Any thread.
[[nodiscard]] engine::Digest sha256(std::initializer_list<std::string_view> parts);
/// HMAC-SHA-256 (RFC 2104). Any thread.
[[nodiscard]] engine::Digest hmac_sha256(std::string_view key, std::string_view bytes);

/// SHA-256 of bytes that come piece by piece.
class Sha256 {
 public:
  Sha256();
  void add(std::string_view bytes);
  /// Of everything added. Once.
  [[nodiscard]] engine::Digest digest();

 private:
  struct Free {
    void operator()(evp_md_ctx_st* context) const;
  };
  std::unique_ptr<evp_md_ctx_st, Free> context_;
};

/// The bytes of an array as a view; valid as long as the array.
template <std::size_t N>
[[nodiscard]] std::string_view view_of(const std::array<std::uint8_t, N>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), N};
}

}  // namespace motcua::storage
