/// A data folder and the two files beside it: master key and anchor. How commands open them.
#pragma once

#include "engine/core/result.hpp"
#include "engine/ports/clock.hpp"
#include "storage/keys/file_key_store.hpp"
#include "storage/log/anchor.hpp"
#include "storage/rocksdb/rocksdb_event_store.hpp"
#include "workflows/loader/loaded_catalogue.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace motcua::api {

/// Where a store's files are.
struct StoreFolder {
  std::filesystem::path data{};
  std::filesystem::path anchor{};      ///< default: `<data>.anchor`
  std::filesystem::path master_key{};  ///< default: `<data>.master-key`
};
/// Fills what is empty with the defaults.
[[nodiscard]] StoreFolder with_defaults(StoreFolder folder);

/// Makes the data folder a store, the master key and the anchor. A master key that exists is kept; an anchor
/// of a log that holds anything is a Fault: that log is missed, not to be replaced.
[[nodiscard]] engine::FaultOr<void> init_store(const StoreFolder& folder);
/// True if there is nothing at the data path, an empty folder, or an init that was interrupted.
[[nodiscard]] bool is_vacant(const StoreFolder& folder);

/// Opens a store to write, after a look that changes nothing has compared it with its anchor; writes the
/// anchor anew. Without an anchor file: a Fault unless the log is empty or `may_make_anchor`. Every Fault
/// names the file and leaves all as it was.
[[nodiscard]] engine::FaultOr<std::unique_ptr<storage::RocksdbEventStore>> open_checked(
    const StoreFolder& folder, bool may_make_anchor);

/// Loads what the store has published.
[[nodiscard]] engine::FaultOr<void> load_published(const engine::EventStore& store,
                                                   workflows::LoadedCatalogue& catalogue);
/// Publishes what the catalogue holds and the store does not. Before the sequencer starts.
[[nodiscard]] engine::FaultOr<void> publish_loaded(engine::EventStore& store,
                                                   const workflows::LoadedCatalogue& catalogue,
                                                   const engine::ClockReading& reading);

}  // namespace motcua::api
