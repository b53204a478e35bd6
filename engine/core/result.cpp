#include "engine/core/result.hpp"

#include "engine/core/ensure.hpp"

namespace motcua::engine {

const char* name_of(RejectionCode code) {
  switch (code) {
    case RejectionCode::bad_request:
      return "bad-request";
    case RejectionCode::unauthenticated:
      return "unauthenticated";
    case RejectionCode::role_forbidden:
      return "role-forbidden";
    case RejectionCode::not_found:
      return "not-found";
    case RejectionCode::version_conflict:
      return "version-conflict";
    case RejectionCode::idempotency_key_reused:
      return "idempotency-key-reused";
    case RejectionCode::invalid_data:
      return "invalid-data";
    case RejectionCode::not_allowed:
      return "not-allowed";
    case RejectionCode::guard_undecided:
      return "guard-undecided";
    case RejectionCode::same_person:
      return "same-person";
    case RejectionCode::expected_version_missing:
      return "expected-version-missing";
    case RejectionCode::clock_suspect:
      return "clock-suspect";
    case RejectionCode::overloaded:
      return "overloaded";
    case RejectionCode::not_durable:
      return "not-durable";
    case RejectionCode::outcome_unknown:
      return "outcome-unknown";
  }
  ensure_failed("rejection code is known", __FILE__, __LINE__);
}

}  // namespace motcua::engine
