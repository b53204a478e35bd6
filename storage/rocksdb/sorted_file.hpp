/// One file of keys and values that is written once, in order: RocksDB's table file, compressed, each block
/// with its checksum. It belongs to no store.
#pragma once

#include "engine/core/result.hpp"

#include <filesystem>
#include <functional>
#include <memory>
#include <string_view>

namespace rocksdb {
class SstFileWriter;
}

namespace motcua::storage {

/// One thread at a time. A file that was not finished is worth nothing.
class SortedFileWriter {
 public:
  /// Makes the file. Fault: the file system refuses.
  [[nodiscard]] static engine::FaultOr<std::unique_ptr<SortedFileWriter>> create(
      const std::filesystem::path& path);
  ~SortedFileWriter();

  /// Fault: a key that is not greater than the one before, or the disk. After it the file is worth nothing.
  [[nodiscard]] engine::FaultOr<void> put(std::string_view key, std::string_view value);
  /// Returns after the file is on disk; it must hold at least one key. Its folder is not synced.
  [[nodiscard]] engine::FaultOr<void> finish();

 private:
  SortedFileWriter(std::filesystem::path path, std::unique_ptr<rocksdb::SstFileWriter> writer);

  std::filesystem::path path_;
  std::unique_ptr<rocksdb::SstFileWriter> writer_;
};

/// Every key of a finished file, ascending, until `visit(key, value)` answers false. Each block's checksum is
/// checked. Fault: not such a file, or damaged. Any thread.
[[nodiscard]] engine::FaultOr<void> scan_sorted_file(
    const std::filesystem::path& path, const std::function<bool(std::string_view, std::string_view)>& visit);

}  // namespace motcua::storage
