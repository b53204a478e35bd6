/// The two kinds of failure that callers handle: a Rejection (the law or the office says no) and a Fault
/// (disk, network). The third kind, a bug, is ENSURE. They are never mixed.
#pragma once

#include <boost/assert/source_location.hpp>
#include <boost/system/result.hpp>
#include <nlohmann/json.hpp>

#include <stdexcept>
#include <string>
#include <utility>

namespace motcua::engine {

/// Why a command or a query is refused. Each is one problem type of the HTTP contract (`name_of`).
enum class RejectionCode {
  bad_request,
  unauthenticated,
  role_forbidden,
  not_found,
  version_conflict,
  idempotency_key_reused,
  invalid_data,
  not_allowed,
  guard_undecided,
  same_person,
  expected_version_missing,
  clock_suspect,
  overloaded,
  not_durable,
  outcome_unknown,
};

/// The law or the office says no. Shown to the caller; carries no personal value.
struct Rejection {
  RejectionCode code = RejectionCode::bad_request;
  std::string detail{};                               ///< one English sentence
  nlohmann::json members = nlohmann::json::object();  ///< extension members: codes, pointers, versions
};

/// Disk or network failed. The operation's outcome may be unknown.
struct Fault {
  std::string what{};  ///< what was tried and how it failed; no personal value
};

template <class T>
using Result = boost::system::result<T, Rejection>;
template <class T>
using FaultOr = boost::system::result<T, Fault>;

/// Problem name of the HTTP contract, e.g. `role-forbidden`.
[[nodiscard]] const char* name_of(RejectionCode code);

/// What `value()` throws on a result that holds an error: calling it unchecked is a bug in the caller.
[[noreturn]] inline void throw_exception_from_error(const Rejection& rejection,
                                                    const boost::source_location&) {
  throw std::logic_error("unchecked rejection: " + rejection.detail);
}
[[noreturn]] inline void throw_exception_from_error(const Fault& fault, const boost::source_location&) {
  throw std::runtime_error(fault.what);
}

}  // namespace motcua::engine
