/// What one backup (bản sao lưu) holds and continues, as its file `manifest.json` says it. To the byte:
/// storage/FORMAT.md.
#pragma once

#include "engine/core/result.hpp"
#include "engine/core/time.hpp"
#include "storage/log/merkle.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace motcua::storage {

/// Format of backups that this version writes and reads.
inline constexpr std::uint32_t kBackupFormat = 1;

/// One file of a backup beside its manifest.
struct BackupFile {
  std::string name{};
  std::uint64_t bytes = 0;
  engine::Digest sha256{};
  friend bool operator==(const BackupFile&, const BackupFile&) = default;
};

struct Manifest {
  std::uint64_t number = 0;  ///< from 1 without a gap
  engine::Id128 log_id{};
  std::uint64_t epoch = 0;        ///< highest taken when the backup was made
  std::uint64_t first = 0;        ///< position of the first record: the backup before ends at first - 1
  RightEdge edge{};               ///< of the log at the last record; its size is that position
  engine::Instant recorded_at{};  ///< of the last record
  engine::Instant taken_at{};     ///< wall clock
  engine::Digest previous{};      ///< SHA-256 of the manifest before; zeros in the first
  std::uint64_t keys = 0;         ///< wrapped keys
  std::uint64_t artifacts = 0;
  std::uint64_t answers = 0;
  std::vector<BackupFile> files{};

  [[nodiscard]] std::uint64_t last() const { return edge.size(); }
  [[nodiscard]] std::uint64_t records() const { return last() - first + 1; }
  [[nodiscard]] std::uint64_t bytes() const;
  friend bool operator==(const Manifest&, const Manifest&) = default;
};

[[nodiscard]] std::string to_text(const Manifest& manifest);
/// Fault: a newer format, or any other bytes than to_text writes: a damaged manifest is not read.
[[nodiscard]] engine::FaultOr<Manifest> parse_manifest(std::string_view text);

}  // namespace motcua::storage
