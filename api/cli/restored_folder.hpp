/// A data folder made from backups: built beside its place, verified, and only then put there.
#pragma once

#include "api/cli/store_folder.hpp"
#include "engine/runtime/restoration.hpp"
#include "storage/backup/rebuild_log.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace motcua::api {

struct RestoreOrder {
  StoreFolder folder{};         ///< where to; complete
  std::string command{};        ///< as given, for the log
  engine::Instant now{};        ///< of the restoration
  bool replace_anchor = false;  ///< accept that the anchor beside the folder has seen more, or another log
};

struct RestoreReport {
  storage::RebuildReport log{};
  engine::Restoration restoration{};
  engine::LogHead head{};              ///< of the restored log, with the restoration in it
  std::filesystem::path old_anchor{};  ///< where the anchor that stood there is kept; empty: there was none
};

/// Fault: the folder is not vacant, the anchor speaks against it, damage, or the disk; then nothing is left
/// at its place.
[[nodiscard]] engine::FaultOr<RestoreReport> restore_folder(const std::vector<storage::StoredBackup>& backups,
                                                            const storage::Cut& cut,
                                                            const RestoreOrder& order);

}  // namespace motcua::api
