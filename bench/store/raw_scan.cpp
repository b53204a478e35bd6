#include "bench/store/measure.hpp"

#include <rocksdb/cache.h>
#include <rocksdb/db.h>
#include <rocksdb/table.h>

#include <chrono>
#include <memory>
#include <stdexcept>

namespace motcua::bench {
namespace {

constexpr std::size_t kBlockCacheBytes = std::size_t{96} << 20U;  // what the engine gives itself

void check(const rocksdb::Status& status) {
  if (!status.ok()) throw std::runtime_error(status.ToString());
}

}  // namespace

struct RawScan::Database {
  std::unique_ptr<rocksdb::DB> db{};
  std::vector<rocksdb::ColumnFamilyHandle*> families{};  ///< default, records

  ~Database() {
    // Handles go before the database: Debian's library asserts it.
    for (auto* family : families) db->DestroyColumnFamilyHandle(family);
  }
};

RawScan::RawScan(const std::filesystem::path& data) : database_(std::make_unique<Database>()) {
  rocksdb::Options options;
  options.track_and_verify_wals_in_manifest =
      true;  // as the store was written; else Debian's library asserts
  rocksdb::BlockBasedTableOptions blocks;
  blocks.block_cache = rocksdb::NewLRUCache(kBlockCacheBytes);
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(blocks));
  rocksdb::DB* opened = nullptr;
  check(rocksdb::DB::OpenForReadOnly(options, data.string(),
                                     {{rocksdb::kDefaultColumnFamilyName, options}, {"records", options}},
                                     &database_->families, &opened));
  database_->db.reset(opened);
}

RawScan::~RawScan() = default;

Pass RawScan::run() const {
  Pass pass;
  rocksdb::ReadOptions options;
  options.verify_checksums = true;
  const auto start = std::chrono::steady_clock::now();
  const std::unique_ptr<rocksdb::Iterator> at(database_->db->NewIterator(options, database_->families[1]));
  std::size_t bytes = 0;
  for (at->SeekToFirst(); at->Valid(); at->Next()) {
    bytes += at->key().size() + at->value().size();
    pass.records += 1;
  }
  check(at->status());
  pass.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  if (bytes == 0) throw std::runtime_error("there are no records");
  return pass;
}

}  // namespace motcua::bench
