/// Tables as column families of one RocksDB. Private to storage/rocksdb.
#pragma once

#include "storage/rocksdb/rocksdb_options.hpp"
#include "storage/tables/tables.hpp"

#include <rocksdb/db.h>
#include <rocksdb/write_batch.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace motcua::storage {

class RocksdbTables final : public Tables {
 public:
  /// Makes a new database with all column families. Fault: RocksDB's words.
  [[nodiscard]] static engine::FaultOr<std::shared_ptr<RocksdbTables>> create(
      const std::filesystem::path& folder);
  /// Opens one whose column families are ours. Fault: it is not, or RocksDB's words.
  [[nodiscard]] static engine::FaultOr<std::shared_ptr<RocksdbTables>> open(
      const std::filesystem::path& folder, bool read_only);
  ~RocksdbTables() override;

  [[nodiscard]] engine::FaultOr<std::optional<std::string>> get(Table table,
                                                                std::string_view key) const override;
  [[nodiscard]] engine::FaultOr<void> scan(Table table, std::string_view from, std::string_view to,
                                           const Visitor& visit) const override;
  [[nodiscard]] engine::FaultOr<std::optional<engine::Row>> last(Table table, std::string_view from,
                                                                 std::string_view to) const override;
  void put(Table table, std::string_view key, std::string_view value) override;
  void erase(Table table, std::string_view key) override;
  [[nodiscard]] engine::FaultOr<void> erase_all(Table table) override;
  void discard() override;
  [[nodiscard]] engine::FaultOr<void> commit() override;
  void expire_idempotency_before(engine::Instant moment) override { expiry_.expire_before(moment); }

  [[nodiscard]] engine::FaultOr<void> compact();
  [[nodiscard]] engine::FaultOr<void> verify_checksums() const;

 private:
  RocksdbTables() = default;
  [[nodiscard]] rocksdb::ColumnFamilyHandle* family(Table table) const {
    return families_[static_cast<std::size_t>(table)];
  }

  IdempotencyExpiry expiry_{};  ///< used by the database's threads: destroyed after it
  std::unique_ptr<rocksdb::DB> database_{};
  std::vector<rocksdb::ColumnFamilyHandle*> families_{};
  rocksdb::WriteBatch batch_{};
  std::optional<std::string> batch_fault_{};  ///< first change that RocksDB refused to take into the batch
};

}  // namespace motcua::storage
