/// The folder that backups lie in: `000001`, `000002`, ..., each whole and never changed again. One that is
/// being made has a name of its own until it is whole, so that a crash leaves the earlier ones as they were.
#pragma once

#include "engine/core/result.hpp"
#include "storage/backup/manifest.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace motcua::storage {

inline constexpr const char* kManifestName = "manifest.json";
inline constexpr const char* kLogFileName = "log.sst";
inline constexpr const char* kAnswersFileName = "answers.sst";

/// A whole backup.
struct StoredBackup {
  std::filesystem::path folder{};
  Manifest manifest{};
  engine::Digest manifest_hash{};

  [[nodiscard]] std::filesystem::path file(const char* name) const { return folder / name; }
  [[nodiscard]] bool has(const char* name) const;
};

/// The whole backups of a folder, oldest first; partial ones are passed over. Every manifest, the order of
/// positions and the presence and size of every file are checked, so what is missing is named. Fault: no such
/// folder, or damage, with the file's path.
[[nodiscard]] engine::FaultOr<std::vector<StoredBackup>> list_backups(const std::filesystem::path& folder);

/// Reads every byte of a backup's files and compares hashes. Fault: names the file.
[[nodiscard]] engine::FaultOr<void> check_files(const StoredBackup& backup);

/// Size and SHA-256 of a file that is there.
[[nodiscard]] engine::FaultOr<BackupFile> measure(const std::filesystem::path& path);

/// The right to make a backup in a folder: one process at a time. Any end of the process gives it back.
class BackupFolder {
 public:
  /// Makes the folder if there is none (its parent must exist), and removes partial backups. Fault: a folder
  /// that holds something else and no backup, another backup that is being made, or the file system.
  [[nodiscard]] static engine::FaultOr<std::unique_ptr<BackupFolder>> open(
      const std::filesystem::path& folder);
  BackupFolder(const BackupFolder&) = delete;
  BackupFolder& operator=(const BackupFolder&) = delete;
  ~BackupFolder();

  /// An empty folder for the files of backup `number`.
  [[nodiscard]] engine::FaultOr<std::filesystem::path> begin(std::uint64_t number);
  /// Writes the manifest and makes the backup whole: after this, and not before, it exists.
  [[nodiscard]] engine::FaultOr<void> publish(const Manifest& manifest);

 private:
  BackupFolder(std::filesystem::path folder, int lock) : folder_(std::move(folder)), lock_(lock) {}
  [[nodiscard]] engine::FaultOr<void> remove_partial() const;

  std::filesystem::path folder_;
  int lock_;
};

}  // namespace motcua::storage
