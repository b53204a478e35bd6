/// A snapshot of a case (bản chụp trạng thái): its state after some event, so that a long history need not be
/// folded from its first. Disposable and never authoritative: whatever reads one could do without.
#pragma once

#include "engine/cases/case.hpp"
#include "engine/core/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace motcua::engine {

/// A case has a snapshot at each multiple of this version.
inline constexpr std::uint64_t kSnapshotEvery = 64;
inline constexpr std::uint64_t kSnapshotGeneration = 2;

struct CaseSnapshot {
  /// Number of the meaning of `Case`: raised when an event folds to something else than before, so that older
  /// snapshots are no longer read.
  std::uint64_t generation = kSnapshotGeneration;
  Case state{};
  /// Versions whose events sealed values of the content. The snapshot holds no value itself: they are opened
  /// where they stand, with the keys that still exist.
  std::vector<std::uint64_t> content_versions{};
  friend bool operator==(const CaseSnapshot&, const CaseSnapshot&) = default;
};

[[nodiscard]] std::string encode(const CaseSnapshot& snapshot);
/// Fault: not the text of a snapshot of this generation.
[[nodiscard]] FaultOr<CaseSnapshot> decode_snapshot(std::string_view text);

}  // namespace motcua::engine
