#include "adapters/identity/token_text.hpp"

#include "adapters/identity/base64url.hpp"
#include "adapters/identity/jwt_verifier.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <set>
#include <utility>
#include <vector>

namespace motcua::adapters {
namespace {

using nlohmann::json;

constexpr int kDepthMax = 8;
constexpr std::size_t kSubBytesMax = 128;
constexpr std::size_t kAgencyBytesMax = 64;
constexpr std::size_t kNameBytesMax = 256;
constexpr std::size_t kKeyIdBytesMax = 128;
constexpr std::size_t kRolesMax = 32;
/// Seconds since 1970 up to the year 9999: beyond, an instant would overflow.
constexpr std::int64_t kSecondsMax = 253'402'300'799;

constexpr std::array<std::string_view, 9> kRoles{"desk_officer", "case_officer", "signatory",
                                                 "supervisor",   "integrator",   "auditor",
                                                 "leader",       "portal",       "admin"};

engine::Rejection unauthenticated(const char* detail) {
  return engine::Rejection{engine::RejectionCode::unauthenticated, detail, json::object()};
}

std::optional<json> parse_object(std::string_view text) {
  std::vector<std::set<std::string>> keys;
  bool refused = false;
  const auto watch = [&](int depth, json::parse_event_t event, json& value) {
    refused = refused || depth > kDepthMax;
    if (event == json::parse_event_t::object_start) {
      keys.emplace_back();
    } else if (event == json::parse_event_t::object_end) {
      keys.pop_back();
    } else if (event == json::parse_event_t::key) {
      refused = refused || !keys.back().insert(value.get<std::string>()).second;
    }
    return !refused;
  };
  if (text.find('\0') != std::string_view::npos) {
    return std::nullopt;
  }
  auto value = json::parse(text, watch, false);
  if (refused || !value.is_object()) {
    return std::nullopt;
  }
  return value;
}

/// A string claim of 1..`bytes_max` bytes of visible ASCII, else empty.
std::string ascii_claim(const json& object, const char* name, std::size_t bytes_max) {
  const auto found = object.find(name);
  if (found == object.end() || !found->is_string()) {
    return {};
  }
  const auto& text = found->get_ref<const std::string&>();
  const bool fits = text.size() <= bytes_max && std::all_of(text.begin(), text.end(), [](char unit) {
                      return unit > ' ' && unit < '\x7F';
                    });
  return fits ? text : std::string();
}

/// Seconds since 1970 of a NumericDate; a fraction is cut off. Nullopt if absent or not such a number.
std::optional<std::int64_t> seconds_of(const json& payload, const char* name) {
  const auto found = payload.find(name);
  if (found == payload.end() || !found->is_number()) {
    return std::nullopt;
  }
  const auto seconds = found->get<double>();
  if (!(seconds >= 0) || seconds > static_cast<double>(kSecondsMax)) {
    return std::nullopt;
  }
  return static_cast<std::int64_t>(seconds);
}

bool is_audience(const json& payload, std::string_view wanted) {
  const auto found = payload.find("aud");
  if (found == payload.end()) {
    return false;
  }
  if (found->is_string()) {
    return found->get_ref<const std::string&>() == wanted;
  }
  return found->is_array() && std::any_of(found->begin(), found->end(), [&](const json& one) {
           return one.is_string() && one.get_ref<const std::string&>() == wanted;
         });
}

/// Fixed sentence, or null if the token is in time. Sets `expires_at`.
const char* check_times(const json& payload, engine::Instant now, engine::Instant& expires_at) {
  const auto leeway = kTokenLeeway.count();
  const auto second = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
  const auto expires = seconds_of(payload, "exp");
  if (!expires) {
    return "The token has no time of expiry.";
  }
  if (*expires + leeway <= second) {
    return "The token has expired.";
  }
  for (const char* name : {"nbf", "iat"}) {
    const auto from = seconds_of(payload, name);
    if (payload.contains(name) && (!from || *from > second + leeway)) {
      return "The token is not valid yet.";
    }
  }
  expires_at = engine::Instant{std::chrono::seconds{*expires}};
  return nullptr;
}

/// False unless `roles` is an array of at most kRolesMax strings. Roles outside the closed list are dropped.
bool read_roles(const json& payload, std::vector<std::string>& roles) {
  const auto found = payload.find("roles");
  if (found == payload.end() || !found->is_array() || found->size() > kRolesMax) {
    return false;
  }
  for (const auto& role : *found) {
    if (!role.is_string()) {
      return false;
    }
    const auto& text = role.get_ref<const std::string&>();
    const bool is_known = std::find(kRoles.begin(), kRoles.end(), text) != kRoles.end();
    if (is_known && std::find(roles.begin(), roles.end(), text) == roles.end()) {
      roles.push_back(text);
    }
  }
  return true;
}

bool is_agency_id(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char unit) {
    return (unit >= 'A' && unit <= 'Z') || (unit >= 'a' && unit <= 'z') || (unit >= '0' && unit <= '9') ||
           unit == '.' || unit == '-' || unit == '_';
  });
}

}  // namespace

std::optional<TokenText> split_token(std::string_view token) {
  const auto first = token.find('.');
  const auto second = first == std::string_view::npos ? first : token.find('.', first + 1);
  if (second == std::string_view::npos || token.find('.', second + 1) != std::string_view::npos) {
    return std::nullopt;
  }
  const auto header = decode_base64url(token.substr(0, first));
  const auto payload = decode_base64url(token.substr(first + 1, second - first - 1));
  const auto signature = decode_base64url(token.substr(second + 1));
  if (!header || !payload || !signature || signature->empty()) {
    return std::nullopt;
  }
  auto header_json = parse_object(*header);
  auto payload_json = parse_object(*payload);
  if (!header_json || !payload_json) {
    return std::nullopt;
  }
  return TokenText{std::move(*header_json), std::move(*payload_json)};
}

std::optional<TokenHeader> read_header(const json& header) {
  for (const char* name : {"crit", "b64", "jwk", "jku", "x5u", "x5c"}) {
    if (header.contains(name)) {
      return std::nullopt;
    }
  }
  if (header.contains("typ")) {
    auto type = ascii_claim(header, "typ", 32);
    std::transform(type.begin(), type.end(), type.begin(), [](char unit) {
      return unit >= 'A' && unit <= 'Z' ? static_cast<char>(unit + 32) : unit;
    });
    if (type != "jwt" && type != "at+jwt" && type != "application/at+jwt") {
      return std::nullopt;
    }
  }
  TokenHeader read{ascii_claim(header, "alg", 16), ascii_claim(header, "kid", kKeyIdBytesMax)};
  if (read.algorithm.empty() || read.key_id.empty()) {
    return std::nullopt;
  }
  return read;
}

engine::Result<engine::Identity> read_claims(const json& payload, const ClaimRules& rules) {
  engine::Identity identity;
  if (const char* detail = check_times(payload, rules.now, identity.expires_at)) {
    return unauthenticated(detail);
  }
  if (!rules.issuer.empty() && ascii_claim(payload, "iss", 512) != rules.issuer) {
    return unauthenticated("The token is from another issuer.");
  }
  if (!rules.audience.empty() && !is_audience(payload, rules.audience)) {
    return unauthenticated("The token is meant for another service.");
  }
  identity.sub.value = ascii_claim(payload, "sub", kSubBytesMax);
  identity.agency.value = ascii_claim(payload, "agency", kAgencyBytesMax);
  const auto name = payload.find("name");
  const bool name_is_fit =
      name == payload.end() ||
      (name->is_string() && name->get_ref<const std::string&>().size() <= kNameBytesMax &&
       name->get_ref<const std::string&>().find('\0') == std::string::npos);
  if (identity.sub.empty() || !is_agency_id(identity.agency.value) || !name_is_fit ||
      !read_roles(payload, identity.roles)) {
    return unauthenticated("The token lacks a claim: sub, roles and agency are needed.");
  }
  if (name != payload.end()) {
    identity.name = name->get_ref<const std::string&>();
  }
  return identity;
}

}  // namespace motcua::adapters
