/// What an append leaves unsynced, seen from the system calls of RocksDB itself.
#include "tests/storage/stores.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <mutex>
#include <string>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace motcua::storage {
namespace {

namespace fs = std::filesystem;
using conformance::case_stream;
using conformance::record_at;

/// Sizes that write-ahead files had when they were last synced, by path.
class SyncedSizes {
 public:
  void note(int descriptor) {
    struct stat status {};
    if (::fstat(descriptor, &status) != 0) return;
    const auto path = fs::read_symlink("/proc/self/fd/" + std::to_string(descriptor));
    const std::lock_guard lock(mutex_);
    sizes_[path.string()] = static_cast<std::uintmax_t>(status.st_size);
  }
  [[nodiscard]] std::uintmax_t of(const fs::path& path) {
    const std::lock_guard lock(mutex_);
    return sizes_[path.string()];
  }

 private:
  std::mutex mutex_{};
  std::map<std::string, std::uintmax_t> sizes_{};
};

SyncedSizes& synced_sizes() {
  static SyncedSizes sizes;
  return sizes;
}

}  // namespace
}  // namespace motcua::storage

/// In place of the C library's, for this program and the libraries that it loads.
extern "C" int fdatasync(int descriptor) {
  motcua::storage::synced_sizes().note(descriptor);
  return static_cast<int>(::syscall(SYS_fdatasync, descriptor));
}

namespace motcua::storage {
namespace {

fs::path write_ahead_file(const fs::path& folder) {
  fs::path newest;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() == ".log") newest = std::max(newest, entry.path());
  }
  return newest;
}

/// Bytes of the newest write-ahead file that a power cut could take.
std::uintmax_t unsynced_bytes(const fs::path& folder) {
  const auto file = write_ahead_file(folder);
  return fs::file_size(file) - synced_sizes().of(file);
}

TEST(RocksdbSync, EveryAppendAndEveryEpochIsSyncedBeforeItIsAnswered) {
  RocksdbHarness harness;
  auto& store = harness.store();
  const auto epoch = store.take_epoch();
  ASSERT_TRUE(epoch.has_value());
  EXPECT_EQ(unsynced_bytes(harness.data()), 0U);
  for (std::uint64_t i = 1; i <= 20; ++i) {
    const auto before = fs::file_size(write_ahead_file(harness.data()));
    engine::AppendBatch batch;
    batch.epoch = *epoch;
    batch.first_position = i;
    batch.records = {record_at(i, case_stream('a'), i)};
    ASSERT_TRUE(store.append(batch).has_value());
    EXPECT_GT(fs::file_size(write_ahead_file(harness.data())), before) << "nothing was written";
    EXPECT_EQ(unsynced_bytes(harness.data()), 0U);
  }
}

}  // namespace
}  // namespace motcua::storage
