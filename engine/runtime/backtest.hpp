/// Back-test (thử lại trên hồ sơ đã qua): what a candidate definition would have made of the cases in the
/// log. It reads and decides nothing: what people did is taken as given, and asked of the candidate's rules.
#pragma once

#include "engine/procedure/definition.hpp"
#include "engine/runtime/case_loader.hpp"
#include "engine/runtime/replay.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace motcua::engine {

/// Where the candidate has no way that an officer took, or none at all.
struct Stranding {
  std::uint64_t version = 0;  ///< of the case's record; 0: where the case stands now
  std::vector<StepName> steps{};
  std::string event{};  ///< that was taken; empty: the candidate offers none
  std::string why{};
};

/// One case under the candidate.
struct BacktestLine {
  CaseId id{};
  std::string code{};
  bool open = false;
  std::optional<Instant> due_before{};  ///< by the rules that it pins; empty while paused or without a limit
  std::optional<Instant> due_after{};   ///< by the candidate
  bool extended = false;                ///< an extension's date holds, whatever the limit
  bool late_before = false;             ///< the end, or now, lies after that date
  bool late_after = false;
  std::optional<Stranding> stranded{};
  std::vector<std::string> refused{};  ///< what the candidate would not have accepted
};

/// A way of the candidate: state and place in its list of transitions.
using WayOfCandidate = std::pair<std::size_t, std::size_t>;

struct BacktestReport {
  std::vector<BacktestLine> lines{};  ///< ascending by id
  std::map<WayOfCandidate, std::size_t>
      taken{};  ///< how often each way of the candidate would have been taken
  std::vector<UnreadableCase> unreadable{};
  std::size_t without_values =
      0;  ///< cases whose sealed values could not be opened: conditions stay undecided
  std::size_t without_calendar = 0;  ///< cases whose calendar is not known: no dates
};

/// How many cases, and which, a report speaks of.
struct BacktestScope {
  std::optional<Instant> since{};  ///< only cases filed since then; open ones always
  Instant now{};
  std::function<bool()>
      goes_on{};  ///< asked now and then; false ends the work with a Fault. None: to the end
};

/// Every received case of the candidate's procedure, against the candidate.
[[nodiscard]] FaultOr<BacktestReport> backtest(const EventStore& store, KeyStore* keys,
                                               const Catalogue& catalogue, const Definition& candidate,
                                               const BacktestScope& scope);

}  // namespace motcua::engine
