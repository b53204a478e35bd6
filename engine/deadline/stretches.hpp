/// The clock ledger as stretches of running and paused time.
#pragma once

#include "engine/deadline/ledger.hpp"

#include <optional>
#include <string>
#include <vector>

namespace motcua::engine {

struct Stretch {
  bool paused = false;
  std::string reason{};  ///< of a pause
  std::string whose{};   ///< of a pause, as its entry says
  Instant from{};
  std::optional<Instant> to{};  ///< empty: it lasts
};

/// Running and paused stretches in turn, from the start on, gapless; only the last may be open. Empty if the
/// clock never started. An end closes nothing: the limit goes on being counted to its due instant.
[[nodiscard]] std::vector<Stretch> stretches_of(const std::vector<LedgerEntry>& ledger);

/// The paused stretch, not an empty one, that overlaps [from, to) and begins first; null if none does.
[[nodiscard]] const Stretch* first_pause_within(const std::vector<Stretch>& stretches, Instant from,
                                                Instant to);

}  // namespace motcua::engine
