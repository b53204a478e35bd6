/// The text of a token: its three parts, its header and its claims, before and apart from the signature.
#pragma once

#include "engine/core/time.hpp"
#include "engine/ports/token_verifier.hpp"

#include <nlohmann/json.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace motcua::adapters {

/// Header and payload of a compact JWS whose three parts are canonical base64url and whose first two are JSON
/// objects.
struct TokenText {
  nlohmann::json header{};
  nlohmann::json payload{};
};

/// Nullopt for anything else, for a key named twice and for more than 8 levels.
[[nodiscard]] std::optional<TokenText> split_token(std::string_view token);

/// What a header asks for; nullopt if it asks for anything that is not supported (crit, a key of its own,
/// another typ).
struct TokenHeader {
  std::string algorithm{};
  std::string key_id{};
};
[[nodiscard]] std::optional<TokenHeader> read_header(const nlohmann::json& header);

/// Claims that are expected.
struct ClaimRules {
  std::string_view issuer{};
  std::string_view audience{};
  engine::Instant now{};
};
/// The identity, if every claim is there, well shaped and in time. Otherwise the reason, a fixed sentence.
[[nodiscard]] engine::Result<engine::Identity> read_claims(const nlohmann::json& payload,
                                                           const ClaimRules& rules);

}  // namespace motcua::adapters
