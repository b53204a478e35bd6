/// Restoration (khôi phục từ bản sao lưu): the log itself says that it was cut back to what a backup held, so
/// that an auditor sees it for ever.
#pragma once

#include "engine/ports/event_store.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace motcua::engine {

struct Restoration {
  std::uint64_t position = 0;         ///< the last one taken from the backups
  std::uint64_t backup = 0;           ///< number of the backup that held it
  std::uint64_t backup_position = 0;  ///< where that backup ended
  Instant backup_taken_at{};
  std::string command{};    ///< as it was given, without paths
  Instant recorded_at{};    ///< when the restore took place; read back, or of the record to be written
  std::uint64_t epoch = 0;  ///< the first epoch after it
};

/// Records the restoration at the end of `store`'s log, under `restoration.epoch`, which must be the highest
/// taken. Its recorded_at is that of the last record if the clock lies before it.
[[nodiscard]] FaultOr<void> record_restoration(EventStore& store, const Restoration& restoration);

/// Every restoration of the log, oldest first.
[[nodiscard]] FaultOr<std::vector<Restoration>> restorations(const EventStore& store);

}  // namespace motcua::engine
