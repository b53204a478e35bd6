/// One table of a data folder through RocksDB alone: no code of the engine between the bytes and the reader.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace motcua::bench {

/// Read-only; sees the table as it was when it was opened. No engine may be writing.
class RawTable {
 public:
  RawTable(const std::filesystem::path& data, const std::string& name);
  ~RawTable();
  RawTable(const RawTable&) = delete;
  RawTable& operator=(const RawTable&) = delete;

  /// Every key and value, ascending, checksums verified.
  void for_each(const std::function<void(std::string_view key, std::string_view value)>& visit) const;

 private:
  struct Database;
  std::unique_ptr<Database> database_;
};

}  // namespace motcua::bench
