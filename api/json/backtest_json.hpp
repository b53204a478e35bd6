/// Back-tests as the contract shows them, over HTTP and on the command line alike: figures, verdict, and a
/// line for each case. Ids and codes of cases, names of the definition, instants: no personal value.
#pragma once

#include "engine/procedure/definition.hpp"
#include "engine/runtime/backtest.hpp"

#include <nlohmann/json.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <vector>

namespace motcua::api {

/// How many cases may suffer without failing the candidate.
struct BacktestAllowance {
  std::size_t stranded = 0;
  std::size_t late = 0;
};

/// What is said of all lines together. Points into the report, which must outlive it.
struct BacktestSummary {
  std::size_t open = 0;
  std::size_t same = 0;
  std::size_t earlier = 0;
  std::size_t later = 0;
  std::vector<std::int64_t> moved_seconds{};  ///< by how much dates move, absolute, ascending
  std::size_t late_before = 0;
  std::size_t late_after = 0;
  std::vector<const engine::BacktestLine*> newly_late{};
  std::size_t no_longer_late = 0;
  std::map<std::string, std::vector<const engine::BacktestLine*>> stranded{};  ///< by place and reason
  std::size_t stranded_cases = 0;
  std::map<std::string, std::size_t> refused{};
  std::vector<std::string> reasons{};  ///< why the verdict is no; empty: it is yes
};

[[nodiscard]] BacktestSummary summary_of(const engine::BacktestReport& report,
                                         const BacktestAllowance& allowance);

/// Ways of the candidate that no case took: `[{from, event, to}]`.
[[nodiscard]] nlohmann::json unused_ways(const engine::Definition& candidate,
                                         const engine::BacktestReport& report);

/// The value below which `share` hundredths of `ascending` lie; 0 if there is none.
[[nodiscard]] std::int64_t portion(const std::vector<std::int64_t>& ascending, std::size_t share);

inline constexpr std::size_t kAllLines = std::numeric_limits<std::size_t>::max();

/// `{verdict, reasons, procedure, version, hash, cases, open, deadlines, stranded, ..., lines,
/// lines_left_out}`. Of more than `lines_max` cases those come first of which something is to be said:
/// stranded, refused, late or moved.
[[nodiscard]] nlohmann::json backtest_json(const engine::Definition& candidate,
                                           const engine::BacktestReport& report,
                                           const BacktestSummary& summary, std::size_t lines_max = kAllLines);

}  // namespace motcua::api
