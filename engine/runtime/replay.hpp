/// Replay of every case of a store in one pass over its records.
#pragma once

#include "engine/cases/case.hpp"
#include "engine/core/result.hpp"
#include "engine/ports/event_store.hpp"

#include <functional>
#include <string>
#include <vector>

namespace motcua::engine {

/// A case that cannot be replayed.
struct UnreadableCase {
  CaseId id{};
  std::string why{};
};

/// Folds each case of `range` from its records, ascending by id; answers those that cannot be. Opens nothing,
/// reads no rule.
[[nodiscard]] FaultOr<std::vector<UnreadableCase>> replay_cases(
    const EventStore& store, const StreamRange& range, const std::function<void(const Case&)>& visit);
/// The same as of `until`: later records are left out, and cases that did not exist yet.
[[nodiscard]] FaultOr<std::vector<UnreadableCase>> replay_cases_until(
    const EventStore& store, const StreamRange& range, Instant until,
    const std::function<void(const Case&)>& visit);

/// Every case of the store that cannot be replayed.
[[nodiscard]] FaultOr<std::vector<UnreadableCase>> unreadable_cases(const EventStore& store);

/// Ranges that together hold every case once, about the same number of records each; for threads.
[[nodiscard]] FaultOr<std::vector<StreamRange>> case_ranges(const EventStore& store, std::size_t parts);

}  // namespace motcua::engine
