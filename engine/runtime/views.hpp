/// Views are a pure function of the cases: what they must hold, and whether they do.
#pragma once

#include "engine/ports/event_store.hpp"
#include "engine/runtime/case_loader.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace motcua::engine {

/// A case that cannot be replayed.
struct UnreadableCase {
  CaseId id{};
  std::string why{};
};

struct ExpectedRows {
  std::vector<Row> rows{};                   ///< ascending by key
  std::vector<UnreadableCase> unreadable{};  ///< cases whose rows are not among them
};
/// Every row that the cases of the store give, counters included. Replays each case.
[[nodiscard]] FaultOr<ExpectedRows> expected_rows(const EventStore& store, const CaseLoader& loader);

/// Every case that cannot be replayed.
[[nodiscard]] FaultOr<std::vector<UnreadableCase>> unreadable_cases(const EventStore& store,
                                                                    const CaseLoader& loader);

struct ViewsReport {
  std::uint64_t rows = 0;                    ///< expected
  std::uint64_t missing = 0;                 ///< expected, not stored
  std::uint64_t unexpected = 0;              ///< stored, not expected
  std::uint64_t different = 0;               ///< stored with other bytes
  std::vector<std::string> keys{};           ///< hexadecimal keys of the first 100 rows that do not agree
  std::vector<UnreadableCase> unreadable{};  ///< their stored rows count as unexpected or different
  [[nodiscard]] bool clean() const { return missing + unexpected + different == 0 && unreadable.empty(); }
};
/// Compares the stored rows with the expected ones, byte by byte.
[[nodiscard]] FaultOr<ViewsReport> check_views(const EventStore& store, const CaseLoader& loader);

}  // namespace motcua::engine
