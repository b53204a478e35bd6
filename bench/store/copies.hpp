/// Fills a data folder with many open cases at once: copies of a few real cases with other identifiers,
/// codes, officers and due dates. Records, rows and counters agree with each other as in any store, but the
/// copies hold no sealed entry.
#pragma once

#include "bench/store/folder.hpp"

#include <cstdint>
#include <optional>

namespace motcua::bench {

struct CopyPlan {
  std::uint64_t cases = 0;
  /// If set, each case is only received and has one timer: the first is due at this moment, each next one a
  /// microsecond later.
  std::optional<engine::Instant> timers_at{};
};

/// One claimed case in so many is held by `kRareOfficer`.
inline constexpr std::uint64_t kRareOneIn = 1000;
inline constexpr const char* kRareOfficer = "rare-1";

void fill_copies(Folder& folder, const CopyPlan& plan);

}  // namespace motcua::bench
