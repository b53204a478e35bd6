#include "storage/backup/backup_folder.hpp"

#include "storage/log/durable_file.hpp"
#include "storage/record/sha256.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <sys/file.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace motcua::storage {
namespace {

using engine::Fault;
using engine::FaultOr;
namespace fs = std::filesystem;

constexpr std::size_t kManifestBytesMax = 64 * 1024;
constexpr std::size_t kReadAtOnce = std::size_t{1} << 18U;
constexpr std::size_t kNumberDigits = 6;
constexpr const char* kLockName = "LOCK";
constexpr const char* kPartial = ".partial";

std::string name_of(std::uint64_t number) {
  const auto digits = std::to_string(number);
  return std::string(kNumberDigits - std::min(kNumberDigits, digits.size()), '0') + digits;
}

bool is_backup(const std::string& name) {
  return name.size() >= kNumberDigits && name.find_first_not_of("0123456789") == std::string::npos;
}

bool is_partial(const std::string& name) {
  return name.ends_with(kPartial) && is_backup(name.substr(0, name.size() - std::strlen(kPartial)));
}

FaultOr<std::vector<std::string>> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    names.push_back(at->path().filename().string());
  }
  if (error) return Fault{"cannot read the folder " + folder.string() + ": " + error.message()};
  std::sort(names.begin(), names.end());
  return FaultOr<std::vector<std::string>>(boost::system::in_place_value, std::move(names));
}

Fault about(const fs::path& path, const std::string& what) { return Fault{path.string() + ": " + what}; }

FaultOr<void> check_sizes(const StoredBackup& backup) {
  for (const auto& file : backup.manifest.files) {
    const auto path = backup.folder / file.name;
    std::error_code error;
    const auto bytes = fs::file_size(path, error);
    if (error) return about(path, "a file of the backup cannot be read: " + error.message());
    if (bytes != file.bytes) {
      return about(path, "the file has " + std::to_string(bytes) + " bytes, the manifest says " +
                             std::to_string(file.bytes));
    }
  }
  return {};
}

FaultOr<StoredBackup> read_backup(const fs::path& folder) {
  const auto path = folder / kManifestName;
  const auto text = read_small_file(path, kManifestBytesMax);
  if (!text) return text.error();
  auto manifest = parse_manifest(*text);
  if (!manifest) return about(path, manifest.error().what);
  StoredBackup backup{folder, *std::move(manifest), sha256(*text)};
  if (auto sized = check_sizes(backup); !sized) return sized.error();
  return backup;
}

/// Each backup continues the one before it.
FaultOr<void> check_chain(const std::vector<StoredBackup>& backups) {
  engine::Digest previous{};
  std::uint64_t last = 0;
  std::uint64_t number = 0;
  for (const auto& backup : backups) {
    const auto& manifest = backup.manifest;
    const auto path = backup.file(kManifestName);
    ++number;
    if (manifest.number != number || backup.folder.filename() != name_of(number)) {
      return about(path, "backup " + name_of(number) + " is missing before it");
    }
    if (manifest.previous != previous || manifest.first != last + 1 ||
        manifest.log_id != backups.front().manifest.log_id) {
      return about(path, "it does not continue the backup before it");
    }
    previous = backup.manifest_hash;
    last = manifest.last();
  }
  return {};
}

}  // namespace

bool StoredBackup::has(const char* name) const {
  return std::any_of(manifest.files.begin(), manifest.files.end(),
                     [&](const BackupFile& one) { return one.name == name; });
}

FaultOr<std::vector<StoredBackup>> list_backups(const fs::path& folder) {
  const auto names = names_in(folder);
  if (!names) return names.error();
  std::vector<StoredBackup> backups;
  for (const auto& name : *names) {
    if (!is_backup(name)) continue;
    auto backup = read_backup(folder / name);
    if (!backup) return backup.error();
    backups.push_back(*std::move(backup));
  }
  if (auto chained = check_chain(backups); !chained) return chained.error();
  return FaultOr<std::vector<StoredBackup>>(boost::system::in_place_value, std::move(backups));
}

FaultOr<BackupFile> measure(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return about(path, "cannot be opened");
  BackupFile measured{path.filename().string(), 0, {}};
  Sha256 hash;
  std::vector<char> piece(kReadAtOnce);
  do {
    file.read(piece.data(), static_cast<std::streamsize>(piece.size()));
    const auto got = static_cast<std::size_t>(file.gcount());
    hash.add({piece.data(), got});
    measured.bytes += got;
  } while (file);
  if (file.bad()) return about(path, "cannot be read");
  measured.sha256 = hash.digest();
  return measured;
}

FaultOr<void> check_files(const StoredBackup& backup) {
  for (const auto& file : backup.manifest.files) {
    const auto found = measure(backup.folder / file.name);
    if (!found) return found.error();
    if (*found != file) return about(backup.folder / file.name, "the file is damaged: its hash differs");
  }
  return {};
}

FaultOr<std::unique_ptr<BackupFolder>> BackupFolder::open(const fs::path& folder) {
  std::error_code error;
  const bool made = fs::create_directory(folder, error);
  if (error) return about(folder, "the folder cannot be made: " + error.message());
  if (made) {
    fs::permissions(folder, fs::perms::owner_all, error);
    if (auto synced = sync_directory(fs::absolute(folder).parent_path()); !synced) return synced.error();
  }
  const auto names = names_in(folder);
  if (!names) return names.error();
  const bool ours = std::any_of(names->begin(), names->end(), [](const std::string& name) {
    return name == kLockName || is_backup(name) || is_partial(name);
  });
  if (!names->empty() && !ours) {
    return about(folder, "the folder holds other things and no backup; nothing was changed");
  }
  const int lock = ::open((folder / kLockName).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock < 0) return about(folder / kLockName, std::strerror(errno));
  std::unique_ptr<BackupFolder> opened(new BackupFolder(folder, lock));
  if (::flock(lock, LOCK_EX | LOCK_NB) != 0) {
    return about(folder, "another process is making a backup there");
  }
  if (auto removed = opened->remove_partial(); !removed) return removed.error();
  return opened;
}

BackupFolder::~BackupFolder() { ::close(lock_); }

FaultOr<void> BackupFolder::remove_partial() const {
  const auto names = names_in(folder_);
  if (!names) return names.error();
  for (const auto& name : *names) {
    if (!is_partial(name)) continue;
    std::error_code error;
    fs::remove_all(folder_ / name, error);
    if (error) return about(folder_ / name, "a partial backup cannot be removed: " + error.message());
  }
  return {};
}

FaultOr<fs::path> BackupFolder::begin(std::uint64_t number) {
  auto partial = folder_ / (name_of(number) + kPartial);
  std::error_code error;
  fs::create_directory(partial, error);
  if (error) return about(partial, "the folder cannot be made: " + error.message());
  return FaultOr<fs::path>(boost::system::in_place_value, std::move(partial));
}

FaultOr<void> BackupFolder::publish(const Manifest& manifest) {
  const auto whole = folder_ / name_of(manifest.number);
  const auto partial = folder_ / (name_of(manifest.number) + kPartial);
  if (auto written = create_file(partial / kManifestName, to_text(manifest), 0600); !written) return written;
  std::error_code error;
  fs::rename(partial, whole, error);
  if (error) return about(whole, "the backup cannot be given its name: " + error.message());
  return sync_directory(folder_);
}

}  // namespace motcua::storage
