#include "storage/rocksdb/rocksdb_event_store.hpp"

#include "storage/log/durable_file.hpp"
#include "storage/rocksdb/rocksdb_tables.hpp"

#include <openssl/rand.h>

#include <fcntl.h>
#include <string>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace motcua::storage {
namespace {

using engine::Fault;
using engine::FaultOr;
namespace fs = std::filesystem;

Fault about(const fs::path& folder, const std::string& what) { return Fault{folder.string() + ": " + what}; }

/// The process that holds RocksDB's lock on the folder; 0 if none does. Never call it while this process
/// holds the lock: closing any descriptor of the file would release it.
pid_t lock_holder(const fs::path& folder) {
  const int file = ::open((folder / "LOCK").c_str(), O_RDWR | O_CLOEXEC);
  if (file < 0) return 0;
  struct flock lock {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  const bool asked = ::fcntl(file, F_GETLK, &lock) == 0;
  ::close(file);
  return asked && lock.l_type != F_UNLCK ? lock.l_pid : 0;
}

/// RocksDB's words, or who holds the lock if that is what they say.
std::string why_not_opened(const fs::path& folder, const std::string& words) {
  if (words.find("lock hold by current process") != std::string::npos) {
    return "this process already holds the lock of this store";
  }
  if (words.find("While lock file") == std::string::npos) return words;
  const auto holder = lock_holder(folder);
  return (holder == 0 ? std::string("another process") : "process " + std::to_string(holder)) +
         " holds the lock of this store";
}

}  // namespace

RocksdbEventStore::RocksdbEventStore(std::shared_ptr<RocksdbTables> tables)
    : TableEventStore(tables), rocksdb_(std::move(tables)) {}

RocksdbEventStore::~RocksdbEventStore() = default;

FaultOr<void> RocksdbEventStore::init(const fs::path& folder) {
  std::error_code error;
  if (fs::exists(folder, error) && !(fs::is_directory(folder, error) && fs::is_empty(folder, error))) {
    return about(folder, "is not an empty folder; nothing was changed");
  }
  fs::create_directories(folder, error);
  if (error) return about(folder, "cannot be made: " + error.message());
  engine::Id128 log_id{};
  if (RAND_bytes(log_id.data(), static_cast<int>(log_id.size())) != 1) {
    return about(folder, "no randomness for a log id");
  }
  {
    const auto tables = RocksdbTables::create(folder);
    if (!tables) return about(folder, tables.error().what);
    if (auto written = write_new_log(**tables, log_id); !written) return about(folder, written.error().what);
  }
  const auto parent = fs::absolute(folder, error).parent_path();
  return sync_directory(parent);
}

FaultOr<std::unique_ptr<RocksdbEventStore>> RocksdbEventStore::open(const fs::path& folder, OpenMode mode) {
  std::error_code error;
  if (!fs::exists(folder / "CURRENT", error))
    return about(folder, "is not a store (`motcua init` makes one)");
  const bool read_only = mode == OpenMode::read_only;
  const auto tables = RocksdbTables::open(folder, read_only);
  if (!tables) return about(folder, why_not_opened(folder, tables.error().what));
  std::unique_ptr<RocksdbEventStore> store(new RocksdbEventStore(*tables));
  if (auto loaded = store->load(!read_only); !loaded) return about(folder, loaded.error().what);
  if (read_only) store->poison("it was opened read-only");
  return store;
}

FaultOr<void> RocksdbEventStore::compact() { return rocksdb_->compact(); }

FaultOr<void> RocksdbEventStore::verify_checksums() const { return rocksdb_->verify_checksums(); }

}  // namespace motcua::storage
