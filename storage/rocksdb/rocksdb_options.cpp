#include "storage/rocksdb/rocksdb_options.hpp"

#include "storage/record/key_codec.hpp"

#include <rocksdb/cache.h>
#include <rocksdb/convenience.h>
#include <rocksdb/env.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/slice_transform.h>
#include <rocksdb/table.h>
#include <rocksdb/utilities/table_properties_collectors.h>

#include <algorithm>

namespace motcua::storage {
namespace {

constexpr std::size_t kMiB = std::size_t{1} << 20U;
constexpr std::size_t kBlockCacheBytes = 64 * kMiB;     // data, index and filter blocks of all tables
constexpr std::size_t kWriteBuffersBytes = 80 * kMiB;  // memtables of all tables
constexpr std::uint64_t kWalBytesMax = 64 * kMiB;       // bounds recovery to about a second
constexpr int kOpenFilesMax = 768;                      // below the usual limit of 1024 descriptors
constexpr std::uint32_t kDictionaryBytes = 16 * 1024;
constexpr std::size_t kCaseStreamBytes = 18;  // kind, length, UUID: the key of a record without its version
constexpr double kBloomBitsPerKey = 10;

/// The first of `wanted` that the library was built with.
rocksdb::CompressionType supported(std::initializer_list<rocksdb::CompressionType> wanted) {
  const auto built_in = rocksdb::GetSupportedCompressions();
  for (const auto type : wanted) {
    if (std::find(built_in.begin(), built_in.end(), type) != built_in.end()) return type;
  }
  return rocksdb::kNoCompression;
}

/// Where a record rests, not where it is flushed to in a hurry.
void compress_hard(rocksdb::ColumnFamilyOptions& options) {
  options.bottommost_compression = resting_compression();
  if (options.bottommost_compression == rocksdb::kZSTD) {
    // Events resemble each other more than themselves: a trained dictionary saves another quarter.
    options.bottommost_compression_opts.enabled = true;
    options.bottommost_compression_opts.max_dict_bytes = kDictionaryBytes;
    options.bottommost_compression_opts.zstd_max_train_bytes = 100 * kDictionaryBytes;
    // Without it a whole file waits in memory, unpacked, until its dictionary is trained.
    options.bottommost_compression_opts.max_dict_buffer_bytes = 200 * kDictionaryBytes;
  }
}

rocksdb::ColumnFamilyOptions options_of(Table table, const std::shared_ptr<rocksdb::Cache>& cache,
                                        const IdempotencyExpiry* expiry) {
  rocksdb::ColumnFamilyOptions options;
  rocksdb::BlockBasedTableOptions blocks;
  blocks.block_cache = cache;
  blocks.cache_index_and_filter_blocks = true;
  blocks.pin_l0_filter_and_index_blocks_in_cache = true;
  // A file's index and filter in one block each can outgrow their share of the cache: then every look-up
  // reads and unpacks a megabyte.
  blocks.index_type = rocksdb::BlockBasedTableOptions::kTwoLevelIndexSearch;
  blocks.partition_filters = true;
  blocks.format_version = 5;
  blocks.block_size = 16 * 1024;
  options.write_buffer_size = 16 * kMiB;
  options.level_compaction_dynamic_level_bytes = true;
  options.force_consistency_checks = true;
  options.compression = supported({rocksdb::kLZ4Compression, rocksdb::kSnappyCompression});
  const auto bloom = [&blocks] {
    blocks.filter_policy.reset(rocksdb::NewBloomFilterPolicy(kBloomBitsPerKey));
  };
  switch (table) {
    case Table::meta:
      break;  // two keys, overwritten by every batch: a small buffer would be flushed every second

    case Table::records:
      // The next record of a case stands beside its last one: no search of the whole memtable for the place.
      options.memtable_insert_with_hint_prefix_extractor.reset(
          rocksdb::NewFixedPrefixTransform(kCaseStreamBytes));
      options.write_buffer_size = 32 * kMiB;
      compress_hard(options);
      break;
    case Table::log:
      options.compression = rocksdb::kNoCompression;  // hashes
      break;
    case Table::artifacts:
      compress_hard(options);
      break;
    case Table::keys:
      break;
    case Table::idempotency:
      bloom();
      // Almost every look-up is for a key that nobody has used: the filter answers it without a search.
      options.memtable_whole_key_filtering = true;
      options.memtable_prefix_bloom_size_ratio = 0.1;
      options.compaction_filter = expiry;
      options.periodic_compaction_seconds = 7 * 24 * 60 * 60;  // so that they vanish from quiet files too
      break;
    case Table::rows:
      // A worklist row keeps its key while a case is worked on: the new value goes beside the old one.
      options.memtable_insert_with_hint_prefix_extractor.reset(rocksdb::NewNoopTransform());
      bloom();
      blocks.block_size = 4 * 1024;
      // Work lists are queues: their front is mostly tombstones until it is compacted.
      options.table_properties_collector_factories.push_back(
          rocksdb::NewCompactOnDeletionCollectorFactory(4096, 2048));
      break;
    case Table::snapshots:
      compress_hard(options);
      break;
  }
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(blocks));
  return options;
}

}  // namespace

bool IdempotencyExpiry::Filter(int, const rocksdb::Slice&, const rocksdb::Slice& value, std::string*,
                               bool*) const {
  const auto recorded_at = idempotency_recorded_at({value.data(), value.size()});
  return recorded_at && engine::to_micros(*recorded_at) < before_micros_.load();
}

rocksdb::CompressionType resting_compression() {
  return supported({rocksdb::kZSTD, rocksdb::kLZ4Compression});
}

rocksdb::DBOptions database_options() {
  rocksdb::DBOptions options;
  options.create_if_missing = false;
  options.create_missing_column_families = false;
  options.paranoid_checks = true;
  // The default mode drops acknowledged batches behind a damaged one without a word; the absolute mode
  // refuses the honest torn tail of a crash. What this mode cannot see, the anchor does.
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  options.track_and_verify_wals_in_manifest = true;
  options.verify_sst_unique_id_in_manifest = true;
  options.manual_wal_flush = false;
  options.avoid_flush_during_shutdown = false;
  options.max_total_wal_size = kWalBytesMax;
  options.db_write_buffer_size = kWriteBuffersBytes;
  options.max_open_files = kOpenFilesMax;
  options.max_background_jobs = 2;
  // Commands come before flushes and compactions, which on two cores stand in their way.
  for (const auto pool : {rocksdb::Env::Priority::LOW, rocksdb::Env::Priority::HIGH}) {
    options.env->LowerThreadPoolCPUPriority(pool, rocksdb::CpuPriority::kLow);
  }
  options.bytes_per_sync = kMiB;
  options.allow_concurrent_memtable_write = false;  // one appender
  options.enable_pipelined_write = false;
  options.max_log_file_size = 4 * kMiB;
  options.keep_log_file_num = 4;
  options.stats_dump_period_sec = 0;
  options.stats_persist_period_sec = 0;
  options.info_log_level = rocksdb::InfoLogLevel::WARN_LEVEL;
  return options;
}

std::vector<rocksdb::ColumnFamilyDescriptor> column_families(const IdempotencyExpiry* expiry) {
  const auto cache = rocksdb::NewLRUCache(kBlockCacheBytes);
  std::vector<rocksdb::ColumnFamilyDescriptor> families;
  for (std::size_t i = 0; i < kTableCount; ++i) {
    families.emplace_back(kTableNames[i], options_of(static_cast<Table>(i), cache, expiry));
  }
  return families;
}

}  // namespace motcua::storage
