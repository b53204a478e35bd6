/// The one door for JSON from outside: bytes in, a value within the limits of the contract out, or a problem.
#pragma once

#include "api/json/problem.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <string_view>
#include <variant>

namespace motcua::api {

/// Why a body is refused. The detail names the rule and the byte, never what the body says.
struct JsonRefusal {
  Problem problem = Problem::bad_json;
  std::string detail{};
};

/// Parses `body` in one pass without recursion. Refusals:
///  - bad_json       not JSON (RFC 8259, no byte order mark, no comments), not UTF-8, a lone surrogate,
///  deeper than
///                   kJsonDepthMax, more than kJsonTokensMax tokens, a string over kJsonStringBytesMax, an
///                   integer beyond 64 bits, a number beyond double
///  - duplicate_key  an object names a key twice
///  - invalid_data   U+0000 in a string or key
///  - bad_request    JSON, but not an object
[[nodiscard]] std::variant<nlohmann::json, JsonRefusal> parse_json_body(std::string_view body);

}  // namespace motcua::api
