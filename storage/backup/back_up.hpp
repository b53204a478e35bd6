/// Making a backup: what the log has grown by since the newest backup of a folder, read from a store that may
/// be in use, written, read again and checked before it counts.
#pragma once

#include "engine/core/result.hpp"
#include "engine/core/time.hpp"
#include "storage/backup/backup_folder.hpp"
#include "storage/log/raw_store.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>

namespace motcua::storage {

struct BackupRules {
  engine::Instant taken_at{};
  /// The published file that a record names, if it publishes one.
  std::function<engine::FaultOr<std::optional<engine::Digest>>(const engine::Record&)> artifact_of{};
  /// Told now and then how far the log has been copied. May be empty.
  std::function<void(std::uint64_t position, std::uint64_t head)> progress{};
};

struct BackupReport {
  std::optional<Manifest> made{};  ///< none: the log has not grown
  std::uint64_t position = 0;      ///< where the backups of the folder end now
  std::uint64_t backups = 0;       ///< in the folder
  std::uint64_t erased_keys = 0;   ///< keys that records of this backup name and the store no longer holds
};

/// The store must stay as it is meanwhile (a read-only one does). Fault: the store's log does not continue
/// the backups of the folder, a record does not have its hashes, a file was not written as it was meant; then
/// the folder holds what it held before.
[[nodiscard]] engine::FaultOr<BackupReport> back_up(const RawStore& store,
                                                    const std::filesystem::path& folder,
                                                    const BackupRules& rules);

}  // namespace motcua::storage
