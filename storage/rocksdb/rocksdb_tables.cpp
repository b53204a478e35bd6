#include "storage/rocksdb/rocksdb_tables.hpp"

#include <rocksdb/convenience.h>
#include <rocksdb/iterator.h>

#include <algorithm>
#include <utility>

namespace motcua::storage {
namespace {

using engine::Fault;
using engine::FaultOr;
using engine::Row;

/// RocksDB asserts that even an empty slice points somewhere.
rocksdb::Slice slice(std::string_view bytes) {
  return {bytes.data() == nullptr ? "" : bytes.data(), bytes.size()};
}
std::string_view view(const rocksdb::Slice& bytes) { return {bytes.data(), bytes.size()}; }

Fault fault_of(const char* what, const rocksdb::Status& status) {
  return Fault{std::string(what) + ": " + status.ToString()};
}

rocksdb::ReadOptions read_options() {
  rocksdb::ReadOptions options;
  options.verify_checksums = true;
  options.total_order_seek = true;
  return options;
}

}  // namespace

FaultOr<std::shared_ptr<RocksdbTables>> RocksdbTables::create(const std::filesystem::path& folder) {
  std::shared_ptr<RocksdbTables> tables(new RocksdbTables);
  auto options = database_options();
  options.create_if_missing = true;
  options.create_missing_column_families = true;
  options.error_if_exists = true;
  rocksdb::DB* database = nullptr;
  const auto status = rocksdb::DB::Open(options, folder.string(), column_families(&tables->expiry_),
                                        &tables->families_, &database);
  tables->database_.reset(database);
  if (!status.ok()) return fault_of("RocksDB cannot make the store", status);
  return tables;
}

FaultOr<std::shared_ptr<RocksdbTables>> RocksdbTables::open(const std::filesystem::path& folder,
                                                            bool read_only) {
  auto options = database_options();
  // Another process may delete what it has compacted away: a reader holds on to every file of its moment.
  if (read_only) options.max_open_files = -1;
  std::vector<std::string> present;
  const auto listed = rocksdb::DB::ListColumnFamilies(options, folder.string(), &present);
  if (!listed.ok()) return fault_of("RocksDB cannot list the tables", listed);
  std::vector<std::string> ours(kTableNames.begin(), kTableNames.end());
  std::sort(ours.begin(), ours.end());
  std::sort(present.begin(), present.end());
  if (present != ours) {
    const bool newer = std::includes(present.begin(), present.end(), ours.begin(), ours.end());
    return Fault{newer ? "the store has tables that this version does not know; use the version that wrote "
                         "it, or a later one"
                       : "this is not a store: its tables are not ours"};
  }

  std::shared_ptr<RocksdbTables> tables(new RocksdbTables);
  const auto families = column_families(&tables->expiry_);
  rocksdb::DB* database = nullptr;
  const auto status =
      read_only
          ? rocksdb::DB::OpenForReadOnly(options, folder.string(), families, &tables->families_, &database)
          : rocksdb::DB::Open(options, folder.string(), families, &tables->families_, &database);
  tables->database_.reset(database);
  if (!status.ok()) return fault_of("RocksDB cannot open the store", status);
  return tables;
}

RocksdbTables::~RocksdbTables() {
  // Handles first: the database counts them and asserts that they are gone.
  for (auto* handle : families_) {
    if (database_) database_->DestroyColumnFamilyHandle(handle);
  }
}

FaultOr<std::optional<std::string>> RocksdbTables::get(Table table, std::string_view key) const {
  rocksdb::PinnableSlice value;
  const auto status = database_->Get(read_options(), family(table), slice(key), &value);
  if (status.IsNotFound()) return std::optional<std::string>{};
  if (!status.ok()) return fault_of("RocksDB cannot read", status);
  return std::optional<std::string>{value.ToString()};
}

FaultOr<void> RocksdbTables::scan(Table table, std::string_view from, std::string_view to,
                                  const Visitor& visit) const {
  auto options = read_options();
  const auto bound = slice(to);
  if (!to.empty()) options.iterate_upper_bound = &bound;
  const std::unique_ptr<rocksdb::Iterator> at(database_->NewIterator(options, family(table)));
  for (at->Seek(slice(from)); at->Valid(); at->Next()) {
    if (!visit(view(at->key()), view(at->value()))) break;
  }
  if (!at->status().ok()) return fault_of("RocksDB cannot scan", at->status());
  return {};
}

FaultOr<std::optional<Row>> RocksdbTables::last(Table table, std::string_view from,
                                                std::string_view to) const {
  auto options = read_options();
  const auto lower = slice(from);
  const auto upper = slice(to);
  options.iterate_lower_bound = &lower;
  if (!to.empty()) options.iterate_upper_bound = &upper;
  const std::unique_ptr<rocksdb::Iterator> at(database_->NewIterator(options, family(table)));
  at->SeekToLast();
  if (!at->status().ok()) return fault_of("RocksDB cannot scan", at->status());
  if (!at->Valid()) return std::optional<Row>{};
  return std::optional<Row>{Row{at->key().ToString(), at->value().ToString()}};
}

void RocksdbTables::put(Table table, std::string_view key, std::string_view value) {
  const auto status = batch_.Put(family(table), slice(key), slice(value));
  if (!status.ok() && !batch_fault_) batch_fault_ = status.ToString();
}

void RocksdbTables::erase(Table table, std::string_view key) {
  const auto status = batch_.Delete(family(table), slice(key));
  if (!status.ok() && !batch_fault_) batch_fault_ = status.ToString();
}

FaultOr<void> RocksdbTables::erase_all(Table table) {
  auto greatest = last(table, {}, {});
  if (!greatest) return greatest.error();
  if (!greatest->has_value()) return {};
  const auto end = (*greatest)->key + '\0';
  const auto status = batch_.DeleteRange(family(table), slice({}), slice(end));
  if (!status.ok()) return fault_of("RocksDB cannot take a range into a batch", status);
  return {};
}

void RocksdbTables::discard() {
  batch_.Clear();
  batch_fault_.reset();
}

FaultOr<void> RocksdbTables::commit() {
  if (batch_fault_) {
    auto fault = Fault{"RocksDB cannot take a change into the batch: " + *batch_fault_};
    discard();
    return fault;
  }
  rocksdb::WriteOptions options;
  options.sync = true;
  const auto status = database_->Write(options, &batch_);
  batch_.Clear();
  if (!status.ok()) return fault_of("RocksDB cannot write", status);
  return {};
}

FaultOr<void> RocksdbTables::compact() {
  rocksdb::CompactRangeOptions options;
  options.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForceOptimized;
  for (auto* handle : families_) {
    const auto status = database_->CompactRange(options, handle, nullptr, nullptr);
    if (!status.ok()) return fault_of("RocksDB cannot compact", status);
  }
  return {};
}

FaultOr<void> RocksdbTables::verify_checksums() const {
  const auto status = database_->VerifyChecksum(read_options());
  if (!status.ok()) return fault_of("a stored file is damaged", status);
  return {};
}

}  // namespace motcua::storage
