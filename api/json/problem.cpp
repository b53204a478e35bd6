#include "api/json/problem.hpp"

#include "engine/core/ensure.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace motcua::api {
namespace {

struct ProblemRow {
  Problem problem = Problem::bad_json;
  const char* name = "";
  unsigned status = 0;
  const char* title = "";
};

constexpr std::array kProblems{
    ProblemRow{Problem::bad_json, "bad-json", 400, "The body is not JSON within the limits."},
    ProblemRow{Problem::duplicate_key, "duplicate-key", 400, "An object in the body names a key twice."},
    ProblemRow{Problem::bad_request, "bad-request", 400, "The request is malformed."},
    ProblemRow{Problem::idempotency_key_missing, "idempotency-key-missing", 400,
               "A write needs the header field Idempotency-Key."},
    ProblemRow{Problem::unauthenticated, "unauthenticated", 401, "A valid bearer token is needed."},
    ProblemRow{Problem::role_forbidden, "role-forbidden", 403, "The roles of the token do not permit this."},
    ProblemRow{Problem::not_found, "not-found", 404, "There is no such thing, or not for you."},
    ProblemRow{Problem::method_not_allowed, "method-not-allowed", 405,
               "The path does not offer this method."},
    ProblemRow{Problem::version_conflict, "version-conflict", 409,
               "The case has moved on since you read it."},
    ProblemRow{Problem::idempotency_key_reused, "idempotency-key-reused", 409,
               "This Idempotency-Key belongs to another request."},
    ProblemRow{Problem::too_large, "too-large", 413, "The body is larger than 1 MiB."},
    ProblemRow{Problem::unsupported_media_type, "unsupported-media-type", 415,
               "The body must be application/json."},
    ProblemRow{Problem::invalid_data, "invalid-data", 422,
               "The data does not have the shape that is asked for."},
    ProblemRow{Problem::not_allowed, "not-allowed", 422, "The case does not permit this now."},
    ProblemRow{Problem::guard_undecided, "guard-undecided", 422,
               "A condition cannot be decided from what the case holds."},
    ProblemRow{Problem::same_person, "same-person", 422, "Another person must do this step."},
    ProblemRow{Problem::expected_version_missing, "expected-version-missing", 422,
               "A write to a case needs expected_version."},
    ProblemRow{Problem::too_many_requests, "too-many-requests", 429, "Too many requests; try again later."},
    ProblemRow{Problem::not_durable, "not-durable", 503,
               "The store cannot promise durability; nothing was recorded."},
    ProblemRow{Problem::outcome_unknown, "outcome-unknown", 503,
               "It is not known whether this was recorded; ask again with the same Idempotency-Key."},
    ProblemRow{Problem::clock_suspect, "clock-suspect", 503,
               "The clock of the server is in doubt; writes wait."},
    ProblemRow{Problem::overloaded, "overloaded", 503, "The server is at its limit; try again later."},
};

constexpr bool rows_stand_in_order() {
  for (std::size_t index = 0; index < kProblems.size(); ++index) {
    if (static_cast<std::size_t>(kProblems[index].problem) != index) {
      return false;
    }
  }
  return kProblems.size() == static_cast<std::size_t>(Problem::overloaded) + 1;
}
static_assert(rows_stand_in_order());

const ProblemRow& row_of(Problem problem) {
  const auto index = static_cast<std::size_t>(problem);
  ENSURE(index < kProblems.size());
  return kProblems[index];
}

/// Length of the code point at `text[at]` if a body must not carry it as it is, else 0; its value goes to
/// `code`.
std::size_t hazard_at(std::string_view text, std::size_t at, std::uint32_t& code) {
  const auto byte = [&](std::size_t offset) {
    return at + offset < text.size() ? static_cast<std::uint8_t>(text[at + offset]) : std::uint8_t{0};
  };
  if (byte(0) == 0x7F) {  // DEL: the only ASCII control that JSON permits unescaped
    code = 0x7F;
    return 1;
  }
  if (byte(0) == 0xC2 && byte(1) >= 0x80 && byte(1) <= 0x9F) {  // C1 controls
    code = byte(1);
    return 2;
  }
  if (byte(0) == 0xD8 && byte(1) == 0x9C) {
    code = 0x061C;
    return 2;
  }
  if (byte(0) != 0xE2 || (byte(1) != 0x80 && byte(1) != 0x81)) {
    return 0;
  }
  code = 0x2000U + (byte(1) - 0x80U) * 0x40U + (byte(2) - 0x80U);
  const bool hazard = code == 0x200E || code == 0x200F || (code >= 0x2028 && code <= 0x202E) ||
                      (code >= 0x2066 && code <= 0x2069);
  return hazard ? 3 : 0;
}

/// The first byte that may start one, found by a search that looks at many bytes at once; usually there is
/// none.
std::size_t first_suspect(std::string_view text) {
  auto first = text.size();
  for (const char unit : {'\x7F', '\xC2', '\xD8', '\xE2'}) {
    first = std::min(first, text.substr(0, first).find(unit));
  }
  return first;
}

bool may_start_hazard(char unit) {
  return unit == '\x7F' || unit == '\xC2' || unit == '\xD8' || unit == '\xE2';
}

void append_escape(std::string& out, std::uint32_t code) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  out += "\\u";
  for (int shift = 12; shift >= 0; shift -= 4) {
    out += kDigits[(code >> shift) & 0xFU];
  }
}

/// `text` is JSON. Outside strings JSON is ASCII without controls, so every hazard found lies within a
/// string.

}  // namespace

const char* name_of(Problem problem) { return row_of(problem).name; }
unsigned status_of(Problem problem) { return row_of(problem).status; }
const char* title_of(Problem problem) { return row_of(problem).title; }

Problem problem_of(engine::RejectionCode code) {
  switch (code) {
    case engine::RejectionCode::bad_request:
      return Problem::bad_request;
    case engine::RejectionCode::unauthenticated:
      return Problem::unauthenticated;
    case engine::RejectionCode::role_forbidden:
      return Problem::role_forbidden;
    case engine::RejectionCode::not_found:
      return Problem::not_found;
    case engine::RejectionCode::version_conflict:
      return Problem::version_conflict;
    case engine::RejectionCode::idempotency_key_reused:
      return Problem::idempotency_key_reused;
    case engine::RejectionCode::invalid_data:
      return Problem::invalid_data;
    case engine::RejectionCode::not_allowed:
      return Problem::not_allowed;
    case engine::RejectionCode::guard_undecided:
      return Problem::guard_undecided;
    case engine::RejectionCode::same_person:
      return Problem::same_person;
    case engine::RejectionCode::expected_version_missing:
      return Problem::expected_version_missing;
    case engine::RejectionCode::clock_suspect:
      return Problem::clock_suspect;
    case engine::RejectionCode::overloaded:
      return Problem::overloaded;
    case engine::RejectionCode::not_durable:
      return Problem::not_durable;
    case engine::RejectionCode::outcome_unknown:
      return Problem::outcome_unknown;
  }
  engine::ensure_failed("rejection code is known", __FILE__, __LINE__);
}

std::string escape_hazards(std::string text) {
  std::uint32_t code = 0;
  std::size_t at = first_suspect(text);
  while (at < text.size() && !(may_start_hazard(text[at]) && hazard_at(text, at, code) != 0)) {
    ++at;
  }
  if (at == text.size()) {
    return text;
  }
  std::string escaped;
  escaped.reserve(text.size() + 32);
  std::size_t copied = 0;
  for (; at < text.size(); ++at) {
    if (!may_start_hazard(text[at])) {
      continue;
    }
    if (const auto length = hazard_at(text, at, code); length != 0) {
      escaped.append(text, copied, at - copied);
      append_escape(escaped, code);
      copied = at + length;
      at = copied - 1;
    }
  }
  escaped.append(text, copied);
  return escaped;
}

std::string dump_json(const nlohmann::json& value) {
  return escape_hazards(value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
}

Response json_response(const nlohmann::json& value, unsigned status) {
  Response response;
  response.status = status;
  response.body = dump_json(value);
  return response;
}

Response problem_response(Problem problem, std::string_view detail, std::string_view request_id,
                          const nlohmann::json& members) {
  const auto& row = row_of(problem);
  auto body = members.is_object() ? members : nlohmann::json::object();
  body["type"] = std::string("/problems/") + row.name;
  body["title"] = row.title;
  body["status"] = row.status;
  body["detail"] = detail.empty() ? std::string_view(row.title) : detail;
  body["request_id"] = request_id;
  Response response;
  response.status = row.status;
  response.content_type = kProblemContentType;
  response.body = dump_json(body);
  if (row.status == 401) {
    response.headers.emplace_back("WWW-Authenticate", "Bearer");
  } else if (row.status == 429 || row.status == 503) {
    response.headers.emplace_back("Retry-After", "1");
  }
  return response;
}

Response problem_response(const engine::Rejection& rejection, std::string_view request_id) {
  return problem_response(problem_of(rejection.code), rejection.detail, request_id, rejection.members);
}

}  // namespace motcua::api
