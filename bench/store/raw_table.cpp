#include "bench/store/raw_table.hpp"

#include <rocksdb/cache.h>
#include <rocksdb/db.h>
#include <rocksdb/table.h>

#include <stdexcept>
#include <vector>

namespace motcua::bench {
namespace {

constexpr std::size_t kBlockCacheBytes = std::size_t{96} << 20U;  // what the engine gives itself

void check(const rocksdb::Status& status) {
  if (!status.ok()) throw std::runtime_error(status.ToString());
}

}  // namespace

struct RawTable::Database {
  std::unique_ptr<rocksdb::DB> db{};
  std::vector<rocksdb::ColumnFamilyHandle*> families{};  ///< the one that RocksDB insists on, and ours

  ~Database() {
    // Handles go before the database: Debian's library asserts it.
    for (auto* family : families) db->DestroyColumnFamilyHandle(family);
  }
};

RawTable::RawTable(const std::filesystem::path& data, const std::string& name)
    : database_(std::make_unique<Database>()) {
  rocksdb::Options options;
  options.track_and_verify_wals_in_manifest =
      true;  // as the store was written; else Debian's library asserts
  rocksdb::BlockBasedTableOptions blocks;
  blocks.block_cache = rocksdb::NewLRUCache(kBlockCacheBytes);
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(blocks));
  rocksdb::DB* opened = nullptr;
  check(rocksdb::DB::OpenForReadOnly(options, data.string(),
                                     {{rocksdb::kDefaultColumnFamilyName, options}, {name, options}},
                                     &database_->families, &opened));
  database_->db.reset(opened);
}

RawTable::~RawTable() = default;

void RawTable::for_each(const std::function<void(std::string_view, std::string_view)>& visit) const {
  rocksdb::ReadOptions options;
  options.verify_checksums = true;
  const std::unique_ptr<rocksdb::Iterator> at(database_->db->NewIterator(options, database_->families[1]));
  for (at->SeekToFirst(); at->Valid(); at->Next()) {
    visit({at->key().data(), at->key().size()}, {at->value().data(), at->value().size()});
  }
  check(at->status());
}

}  // namespace motcua::bench
