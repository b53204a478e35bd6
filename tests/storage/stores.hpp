/// Stores for tests, each in a place of its own.
#pragma once

#include "storage/memory/memory_event_store.hpp"
#include "storage/rocksdb/rocksdb_event_store.hpp"
#include "tests/conformance/store_samples.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <unistd.h>
#include <utility>

namespace motcua::storage {

/// A folder that is removed with everything in it.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "motcua-test-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) ADD_FAILURE() << "no temporary folder";
    path_ = name;
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_{};
};

class MemoryHarness final : public conformance::StoreHarness {
 public:
  [[nodiscard]] engine::EventStore& store() override { return *store_; }
  void reopen() override { store_ = store_->reopen(); }

 private:
  std::unique_ptr<MemoryEventStore> store_ = std::make_unique<MemoryEventStore>();
};

class RocksdbHarness final : public conformance::StoreHarness {
 public:
  RocksdbHarness() {
    const auto made = RocksdbEventStore::init(data());
    if (!made) ADD_FAILURE() << made.error().what;
    open();
  }
  [[nodiscard]] RocksdbEventStore& store() override { return *store_; }
  void reopen() override {
    close();
    open();
  }
  void close() { store_.reset(); }
  void open() {
    auto opened = RocksdbEventStore::open(data());
    if (!opened) {
      ADD_FAILURE() << opened.error().what;
      return;
    }
    store_ = std::move(*opened);
  }
  [[nodiscard]] std::filesystem::path data() const { return folder_.path() / "data"; }
  [[nodiscard]] const std::filesystem::path& folder() const { return folder_.path(); }

 private:
  TemporaryFolder folder_{};
  std::unique_ptr<RocksdbEventStore> store_{};
};

/// Takes an epoch if there is none and appends `count` records to `stream`, one batch each.
inline void append_records(engine::EventStore& store, std::uint64_t count,
                           const engine::StreamId& stream = conformance::case_stream('a')) {
  const auto epoch = store.take_epoch();
  ASSERT_TRUE(epoch.has_value()) << epoch.error().what;
  const auto present = store.read_stream(stream);
  ASSERT_TRUE(present.has_value()) << present.error().what;
  for (std::uint64_t i = 1; i <= count; ++i) {
    engine::AppendBatch batch;
    batch.epoch = *epoch;
    batch.first_position = store.head().position + 1;
    batch.records = {conformance::record_at(batch.first_position, stream, present->size() + i)};
    const auto appended = store.append(batch);
    ASSERT_TRUE(appended.has_value()) << appended.error().what;
  }
}

}  // namespace motcua::storage
