#include "storage/rocksdb/open_faults.hpp"

#include "storage/rocksdb/rocksdb_event_store.hpp"

#include <rocksdb/sst_file_reader.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string_view>
#include <system_error>
#include <unistd.h>
#include <vector>

namespace motcua::storage {
namespace {

namespace fs = std::filesystem;

constexpr const char* kRestore = "; restore the newest backup, nothing was changed";

/// Names of the folder's files that begin and end so, in order.
std::vector<std::string> files_like(const fs::path& folder, std::string_view begin, std::string_view end) {
  std::vector<std::string> names;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    auto name = entry.path().filename().string();
    if (name.starts_with(begin) && name.ends_with(end)) names.push_back(std::move(name));
  }
  std::sort(names.begin(), names.end());
  return names;
}

/// The first sorted file that cannot be opened; empty if all can.
std::string unreadable_file(const fs::path& folder) {
  for (const auto& name : files_like(folder, "", ".sst")) {
    rocksdb::SstFileReader reader{rocksdb::Options{}};
    if (!reader.Open((folder / name).string()).ok()) return name;
  }
  return {};
}

std::string why_locked(const fs::path& folder) {
  const auto holder = RocksdbEventStore::lock_holder(folder);
  return (holder == 0 ? std::string("another process") : "process " + std::to_string(holder)) +
         " holds the lock of this store";
}

/// The file that RocksDB means; empty if its words name it.
std::string damaged_part(const fs::path& folder, const std::string& words) {
  const auto names = [&words](const char* part) { return words.find(part) != std::string::npos; };
  if (names(".sst") || names("CURRENT")) return {};
  if (const auto name = unreadable_file(folder); !name.empty()) return "the file " + name + " is damaged: ";
  if (names("MANIFEST")) return {};
  std::string logs;
  for (const auto& name : files_like(folder, "", ".log")) logs += (logs.empty() ? "" : ", ") + name;
  return "the write-ahead log (" + logs + ") is damaged: ";
}

}  // namespace

std::optional<std::string> why_no_store(const fs::path& folder) {
  std::error_code error;
  const auto kind = fs::status(folder, error).type();
  if (kind == fs::file_type::not_found) return "there is no such folder (`motcua init` makes a store)";
  if (kind != fs::file_type::directory && kind != fs::file_type::none) return "is not a folder";
  if (::access(folder.c_str(), R_OK | X_OK) != 0) {
    return std::string("cannot be read: ") + std::strerror(errno);
  }
  if (fs::exists(folder / kUnfinished, error)) return "its init was interrupted; run `motcua init` again";
  if (fs::exists(folder / "CURRENT", error)) return std::nullopt;
  if (files_like(folder, "MANIFEST-", "").empty()) return "is not a store (`motcua init` makes one)";
  return std::string("the file CURRENT is missing") + kRestore;
}

std::string why_not_opened(const fs::path& folder, std::string words) {
  const auto says = [&words](const char* part) { return words.find(part) != std::string::npos; };
  if (says("lock hold by current process")) return "this process already holds the lock of this store";
  if (says("While lock file")) return why_locked(folder);
  if (!says("Corruption") && !says("No such file")) return words;
  // A sorted file that is missing is looked for under the name that it had in LevelDB as well.
  if (const auto old_name = words.find(".ldb"); old_name != std::string::npos)
    words.replace(old_name, 4, ".sst");
  return damaged_part(folder, words) + words + kRestore;
}

}  // namespace motcua::storage
