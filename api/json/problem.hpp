/// Problems of the HTTP contract (RFC 9457) and the one way in which JSON leaves the process.
#pragma once

#include "api/http/message.hpp"
#include "engine/core/result.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <string_view>

namespace motcua::api {

/// Every problem type of the contract. The engine's rejections are a part of them.
enum class Problem {
  bad_json,
  duplicate_key,
  bad_request,
  idempotency_key_missing,
  unauthenticated,
  role_forbidden,
  not_found,
  method_not_allowed,
  version_conflict,
  idempotency_key_reused,
  too_large,
  unsupported_media_type,
  invalid_data,
  not_allowed,
  guard_undecided,
  same_person,
  expected_version_missing,
  too_many_requests,
  not_durable,
  outcome_unknown,
  clock_suspect,
  overloaded,
};

/// `bad-json`, ...: the last part of the problem's type.
[[nodiscard]] const char* name_of(Problem problem);
/// HTTP status, 400-503.
[[nodiscard]] unsigned status_of(Problem problem);
/// One short English sentence, the same for every occurrence.
[[nodiscard]] const char* title_of(Problem problem);
/// The problem that a rejection of the engine is.
[[nodiscard]] Problem problem_of(engine::RejectionCode code);

inline constexpr std::string_view kProblemContentType = "application/problem+json";

/// Body `{type, title, status, detail, request_id, ...members}`; `members` cannot replace the named ones. 401
/// carries WWW-Authenticate, 429 and 503 carry Retry-After. Neither `detail` nor `members` may hold personal
/// values.
[[nodiscard]] Response problem_response(Problem problem, std::string_view detail, std::string_view request_id,
                                        const nlohmann::json& members = nlohmann::json::object());
[[nodiscard]] Response problem_response(const engine::Rejection& rejection, std::string_view request_id);

/// Text of `value` for a body: UTF-8, no spaces; control characters, bidi controls (U+061C, U+200E, U+200F,
/// U+202A-202E, U+2066-2069) and line separators (U+2028, U+2029) as \uXXXX, so that a name can never turn a
/// line of a screen or a log around. Bytes that are not UTF-8 become U+FFFD.
[[nodiscard]] std::string dump_json(const nlohmann::json& value);

/// The escaping part of dump_json, for text that is JSON already.
[[nodiscard]] std::string escape_hazards(std::string text);

/// 200 (or `status`) with `value` as its body.
[[nodiscard]] Response json_response(const nlohmann::json& value, unsigned status = 200);

}  // namespace motcua::api
