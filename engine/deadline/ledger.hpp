/// One entry of the clock ledger (sổ thời gian): every span of a case's time is read from these entries.
#pragma once

#include "engine/core/time.hpp"
#include "engine/lifecycle/legal_clock.hpp"

#include <string>

namespace motcua::engine {

/// `whose` of a pause for the applicant, and of one for another agency that nobody named.
inline constexpr const char* kApplicantsTime = "applicant";
inline constexpr const char* kOtherAgencysTime = "other_agency";

/// One entry of the clock ledger (sổ thời gian).
struct LedgerEntry {
  ClockChange change = ClockChange::none;
  std::string reason{};  ///< pause reason code; empty otherwise
  Instant at{};
  /// Whose time a pause is (tính vào thời gian của ai): `applicant`, the id of another agency, or
  /// `other_agency`; empty: not stated, which earlier releases did not.
  std::string whose{};
  friend bool operator==(const LedgerEntry&, const LedgerEntry&) = default;
};

}  // namespace motcua::engine
