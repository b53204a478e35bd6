/// RocksDB settings and the reasons for them. Private to storage/rocksdb.
#pragma once

#include "storage/tables/tables.hpp"

#include <rocksdb/compaction_filter.h>
#include <rocksdb/db.h>
#include <rocksdb/options.h>

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

namespace motcua::storage {

/// Drops idempotency values recorded before a moment that the store moves forward. Any thread.
class IdempotencyExpiry final : public rocksdb::CompactionFilter {
 public:
  void expire_before(engine::Instant moment) { before_micros_.store(engine::to_micros(moment)); }
  [[nodiscard]] bool Filter(int level, const rocksdb::Slice& key, const rocksdb::Slice& value,
                            std::string* new_value, bool* value_changed) const override;
  [[nodiscard]] const char* Name() const override { return "motcua.idempotency-expiry"; }

 private:
  std::atomic<std::int64_t> before_micros_{INT64_MIN};
};

[[nodiscard]] rocksdb::DBOptions database_options();
/// Compression of what is written once and rests: zstd where the library has it.
[[nodiscard]] rocksdb::CompressionType resting_compression();
/// One descriptor per table, in the order of kTableNames. `expiry` must outlive the database.
[[nodiscard]] std::vector<rocksdb::ColumnFamilyDescriptor> column_families(const IdempotencyExpiry* expiry);

}  // namespace motcua::storage
