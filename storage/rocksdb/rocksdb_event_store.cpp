#include "storage/rocksdb/rocksdb_event_store.hpp"

#include "storage/log/durable_file.hpp"
#include "storage/rocksdb/open_faults.hpp"
#include "storage/rocksdb/rocksdb_tables.hpp"

#include <openssl/rand.h>

#include <algorithm>
#include <fcntl.h>
#include <fstream>
#include <set>
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

/// Removes what an `init` that was interrupted has left; the mark goes last.
FaultOr<void> clear_unfinished(const fs::path& folder) {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    if (entry.path().filename() != kUnfinished) fs::remove(entry.path(), error);
  }
  fs::remove(folder / kUnfinished, error);
  if (!fs::is_empty(folder, error) || error) return Fault{"cannot be cleared of an interrupted init"};
  return {};
}

std::set<std::string> files_in(const fs::path& folder) {
  std::set<std::string> names;
  std::error_code error;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    names.insert(at->path().filename().string());
  }
  return names;
}

bool is_write_ahead(const std::string& name) { return name.ends_with(".log"); }

/// Times that a reader looks again at a folder that changes under its eyes. Files go every few
/// seconds at most, an opening takes less.
constexpr int kLooksMax = 100;

/// A reader takes the list of tables first and the write-ahead files after it. What another process flushed
/// and dropped in between would be in neither: then it looks again, and so it does before it calls a folder
/// damaged, since a table may come and go while it looks.
FaultOr<std::shared_ptr<RocksdbTables>> open_read_only(const fs::path& folder) {
  auto before = files_in(folder);
  std::string complaint;
  for (int look = 1;; ++look) {
    auto tables = RocksdbTables::open(folder, true);
    auto after = files_in(folder);
    const bool same_logs = std::all_of(before.begin(), before.end(), [&](const std::string& name) {
      return !is_write_ahead(name) || after.contains(name);
    });
    const bool lasts = !tables && before == after && tables.error().what == complaint;
    if (tables ? same_logs : lasts) return tables;
    if (!tables) complaint = tables.error().what;
    if (look == kLooksMax) {
      return tables ? FaultOr<std::shared_ptr<RocksdbTables>>(Fault{"its files change too fast to be read"})
                    : tables;
    }
    before = std::move(after);
  }
}

}  // namespace

bool RocksdbEventStore::is_vacant(const fs::path& folder) {
  std::error_code error;
  if (!fs::exists(folder, error)) return true;
  if (!fs::is_directory(folder, error)) return false;
  return fs::is_empty(folder, error) || fs::exists(folder / kUnfinished, error);
}

RocksdbEventStore::RocksdbEventStore(std::shared_ptr<RocksdbTables> tables)
    : TableEventStore(tables), rocksdb_(std::move(tables)) {}

RocksdbEventStore::~RocksdbEventStore() = default;

int RocksdbEventStore::lock_holder(const fs::path& folder) {
  const int file = ::open((folder / "LOCK").c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return 0;
  struct flock lock {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  const bool asked = ::fcntl(file, F_GETLK, &lock) == 0;
  ::close(file);
  return asked && lock.l_type != F_UNLCK ? lock.l_pid : 0;
}

FaultOr<void> RocksdbEventStore::init(const fs::path& folder) {
  engine::Id128 log_id{};
  if (RAND_bytes(log_id.data(), static_cast<int>(log_id.size())) != 1) {
    return about(folder, "no randomness for a log id");
  }
  return init(folder, log_id, 0);
}

FaultOr<void> RocksdbEventStore::init(const fs::path& folder, const engine::Id128& log_id,
                                      std::uint64_t epoch) {
  std::error_code error;
  if (!is_vacant(folder)) return about(folder, "is not an empty folder; nothing was changed");
  fs::create_directories(folder, error);
  if (error) return about(folder, "cannot be made: " + error.message());
  if (const auto cleared = clear_unfinished(folder); !cleared) return about(folder, cleared.error().what);
  if (!std::ofstream(folder / kUnfinished)) return about(folder, "cannot be written to");
  if (auto synced = sync_directory(folder); !synced) return synced;
  {
    const auto tables = RocksdbTables::create(folder);
    if (!tables) return about(folder, tables.error().what);
    if (auto written = write_new_log(**tables, log_id, epoch); !written) {
      return about(folder, written.error().what);
    }
  }
  const auto parent = fs::absolute(folder, error).parent_path();
  if (auto synced = sync_directory(parent); !synced) return synced;
  fs::remove(folder / kUnfinished, error);
  if (error) return about(folder, "cannot be finished: " + error.message());
  return sync_directory(folder);
}

FaultOr<std::unique_ptr<RocksdbEventStore>> RocksdbEventStore::open(const fs::path& folder, OpenMode mode) {
  if (const auto why = why_no_store(folder)) return about(folder, *why);
  const bool read_only = mode == OpenMode::read_only;
  const auto tables = read_only ? open_read_only(folder) : RocksdbTables::open(folder, false);
  if (!tables) return about(folder, why_not_opened(folder, tables.error().what));
  std::unique_ptr<RocksdbEventStore> store(new RocksdbEventStore(*tables));
  if (auto loaded = store->load(!read_only); !loaded) return about(folder, loaded.error().what);
  if (read_only) store->poison("it was opened read-only");
  return store;
}

FaultOr<void> RocksdbEventStore::compact() { return rocksdb_->compact(); }

FaultOr<void> RocksdbEventStore::verify_checksums() const { return rocksdb_->verify_checksums(); }

FaultOr<void> RocksdbEventStore::settle(const fs::path& folder) {
  for (const auto& name : files_in(folder)) {
    if (!is_write_ahead(name)) continue;
    // One that has gone meanwhile is in tables, which were synced before it went.
    auto synced = sync_file(folder / name);
    if (!synced && fs::exists(folder / name)) return synced;
  }
  return {};
}

}  // namespace motcua::storage
