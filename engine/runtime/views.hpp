/// Views are a pure function of the cases: what they must hold, and whether they do.
#pragma once

#include "engine/core/result.hpp"
#include "engine/ports/event_store.hpp"
#include "engine/runtime/replay.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace motcua::engine {

struct ExpectedRows {
  std::vector<Row> rows{};                   ///< ascending by key
  std::vector<UnreadableCase> unreadable{};  ///< cases whose rows are not among them
};
/// Every row that the cases of the store give, counters included. Replays each case, on every core.
[[nodiscard]] FaultOr<ExpectedRows> expected_rows(const EventStore& store);

/// Replaces the rows of a store that an earlier release wrote, whose rows meant something else; true if it
/// had to. Before anything else is done with the store.
[[nodiscard]] FaultOr<bool> renew_rows(EventStore& store);

struct ViewsReport {
  std::uint64_t rows = 0;                    ///< expected
  std::uint64_t missing = 0;                 ///< expected, not stored
  std::uint64_t unexpected = 0;              ///< stored, not expected
  std::uint64_t different = 0;               ///< stored with other bytes
  std::uint64_t snapshots = 0;               ///< stored and readable
  std::uint64_t false_snapshots = 0;         ///< of them, other than what the records give
  std::vector<std::string> keys{};           ///< hexadecimal keys of the first 100 rows that do not agree
  std::vector<UnreadableCase> unreadable{};  ///< their stored rows count as unexpected or different
  bool of_earlier_release = false;  ///< the rows mean something else: a start of the engine renews them
  [[nodiscard]] bool clean() const {
    return missing + unexpected + different + false_snapshots == 0 && unreadable.empty();
  }
};
/// Compares the stored rows and snapshots with the expected ones, byte by byte.
[[nodiscard]] FaultOr<ViewsReport> check_views(const EventStore& store);

}  // namespace motcua::engine
