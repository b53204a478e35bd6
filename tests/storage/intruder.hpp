/// Somebody who edits a closed store with plain RocksDB.
#pragma once

#include "storage/tables/tables.hpp"

#include <gtest/gtest.h>
#include <rocksdb/db.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace motcua::storage {

/// Changes bytes of a closed store behind its back, as somebody with a copy of RocksDB could.
class Intruder {
 public:
  explicit Intruder(const std::filesystem::path& folder) {
    std::vector<rocksdb::ColumnFamilyDescriptor> families;
    for (const char* const name : kTableNames) families.emplace_back(name, rocksdb::ColumnFamilyOptions{});
    rocksdb::DB* database = nullptr;
    const auto status = rocksdb::DB::Open({}, folder.string(), families, &families_, &database);
    database_.reset(database);
    if (!status.ok()) ADD_FAILURE() << status.ToString();
  }
  Intruder(const Intruder&) = delete;
  Intruder& operator=(const Intruder&) = delete;
  ~Intruder() {
    for (auto* family : families_) database_->DestroyColumnFamilyHandle(family);
  }
  [[nodiscard]] std::string get(Table table, const std::string& key) {
    std::string value;
    EXPECT_TRUE(database_->Get({}, family(table), key, &value).ok());
    return value;
  }
  [[nodiscard]] bool has(Table table, const std::string& key) {
    std::string value;
    return database_->Get({}, family(table), key, &value).ok();
  }
  void put(Table table, const std::string& key, const std::string& value) {
    EXPECT_TRUE(database_->Put({}, family(table), key, value).ok());
  }
  void erase(Table table, const std::string& key) {
    EXPECT_TRUE(database_->Delete({}, family(table), key).ok());
  }
  void flip(Table table, const std::string& key, std::size_t at) {
    auto value = get(table, key);
    ASSERT_LT(at, value.size());
    value[at] = static_cast<char>(value[at] ^ 1);
    put(table, key, value);
  }

 private:
  [[nodiscard]] rocksdb::ColumnFamilyHandle* family(Table table) {
    return families_[static_cast<std::size_t>(table)];
  }
  std::unique_ptr<rocksdb::DB> database_{};
  std::vector<rocksdb::ColumnFamilyHandle*> families_{};
};

}  // namespace motcua::storage
