/// The event store on RocksDB: one process, one folder, every batch synced. It must not repair: a fault of
/// the disk ends its writing, and the next start checks what is there.
#pragma once

#include "storage/tables/table_event_store.hpp"

#include <filesystem>
#include <memory>

namespace motcua::storage {

class RocksdbTables;

enum class OpenMode { read_write, read_only };

class RocksdbEventStore final : public TableEventStore {
 public:
  /// True for an absent or empty folder and for one whose `init` was interrupted.
  [[nodiscard]] static bool is_vacant(const std::filesystem::path& folder);
  /// Makes a vacant folder a store with a new random log id. Fault: the folder holds anything, or the disk.
  [[nodiscard]] static engine::FaultOr<void> init(const std::filesystem::path& folder);
  /// The same for the log `log_id`, whose epochs up to `epoch` were taken elsewhere.
  [[nodiscard]] static engine::FaultOr<void> init(const std::filesystem::path& folder,
                                                  const engine::Id128& log_id, std::uint64_t epoch);

  /// The process that holds the store's lock; 0 if none does. Never while this process holds it: closing any
  /// descriptor of the lock file would release it.
  [[nodiscard]] static int lock_holder(const std::filesystem::path& folder);

  /// Opens what `init` made; never creates. Read-only: takes no lock, writes nothing, sees the log as it was
  /// at one moment for as long as it is open, may run beside an appending process, and does not judge a
  /// damaged right edge (verify_store does). Fault: not a store of ours, a newer or unknown format, a damaged
  /// log or meta table, or another process (named by its id) that holds the lock.
  [[nodiscard]] static engine::FaultOr<std::unique_ptr<RocksdbEventStore>> open(
      const std::filesystem::path& folder, OpenMode mode = OpenMode::read_write);
  ~RocksdbEventStore() override;

  /// Rewrites every table: drops expired idempotency records and what was overwritten. Minutes for a large
  /// store. Any thread.
  [[nodiscard]] engine::FaultOr<void> compact();
  /// Reads every block of every file and checks its checksum. Any thread.
  [[nodiscard]] engine::FaultOr<void> verify_checksums() const;
  /// After a read-only open beside a running engine: returns when everything that this store has seen would
  /// outlive a power cut, the newest batch too, whose writer may still wait for the disk.
  [[nodiscard]] static engine::FaultOr<void> settle(const std::filesystem::path& folder);

 private:
  explicit RocksdbEventStore(std::shared_ptr<RocksdbTables> tables);

  std::shared_ptr<RocksdbTables> rocksdb_;
};

}  // namespace motcua::storage
