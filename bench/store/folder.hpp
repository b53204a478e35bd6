/// A data folder that a benchmark fills: made, published to and opened for writing as the engine would, with
/// a virtual clock.
#pragma once

#include "api/cli/store_folder.hpp"
#include "engine/runtime/clocks.hpp"
#include "engine/runtime/decider.hpp"

#include <filesystem>
#include <memory>
#include <stdexcept>
#include <utility>

namespace motcua::bench {

/// A fault ends the benchmark.
template <class T>
T must(engine::FaultOr<T> result) {
  if (!result) throw std::runtime_error(result.error().what);
  return *std::move(result);
}
inline void must(const engine::FaultOr<void>& result) {
  if (!result) throw std::runtime_error(result.error().what);
}

class Folder {
 public:
  /// Makes the folder if it is not there. The clock stands at `now`, or at the last record if that is later.
  /// Throws std::runtime_error.
  Folder(const std::filesystem::path& data, const std::filesystem::path& rules, engine::Instant now);

  /// Writes the anchor; after the last append.
  void close();

  [[nodiscard]] storage::RocksdbEventStore& store() { return *store_; }
  [[nodiscard]] storage::FileKeyStore& keys() { return *keys_; }
  [[nodiscard]] engine::VirtualClock& clock() { return *clock_; }
  [[nodiscard]] engine::RuntimePorts ports(engine::IdSource& ids) {
    return {*store_, *keys_, catalogue_, *clock_, ids};
  }

 private:
  api::StoreFolder paths_;
  std::unique_ptr<storage::RocksdbEventStore> store_{};
  std::unique_ptr<storage::FileKeyStore> keys_{};
  workflows::LoadedCatalogue catalogue_{};
  std::unique_ptr<engine::VirtualClock> clock_{};
};

}  // namespace motcua::bench
