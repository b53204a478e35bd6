/// Base64url without padding (RFC 7515 section 2), strict: one text for one value.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace motcua::adapters {

/// Nullopt for a character outside the alphabet, an impossible length, or unused bits that are not zero (they
/// would let a second text stand for the same bytes).
[[nodiscard]] std::optional<std::string> decode_base64url(std::string_view text);
[[nodiscard]] std::string encode_base64url(std::string_view bytes);

}  // namespace motcua::adapters
