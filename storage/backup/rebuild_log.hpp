/// A log written anew, record for record, from backups: it has the same hashes, or it is refused.
#pragma once

#include "engine/core/result.hpp"
#include "storage/backup/backup_log.hpp"
#include "storage/log/raw_store.hpp"

#include <cstdint>
#include <functional>
#include <vector>

namespace motcua::storage {

struct RebuildReport {
  std::uint64_t records = 0;
  std::uint64_t keys = 0;
  std::uint64_t artifacts = 0;
  std::uint64_t answers = 0;
};

/// Appends the records of `backups` up to `cut` to an empty store of the same log, with keys, published files
/// and the answers to the commands that are left; takes an epoch for it. Rows are not written. Fault: damage,
/// or the store refuses.
[[nodiscard]] engine::FaultOr<RebuildReport> rebuild_log(
    RawStore& store, const std::vector<StoredBackup>& backups, const Cut& cut,
    const std::function<void(std::uint64_t position, std::uint64_t end)>& progress = {});

}  // namespace motcua::storage
