/// What the log says about timers that fired.
#pragma once

#include "engine/core/time.hpp"
#include "storage/rocksdb/rocksdb_event_store.hpp"

#include <cstdint>

namespace motcua::bench {

struct Fired {
  std::uint64_t events = 0;
  std::uint64_t twice = 0;         ///< of them, for a timer that had fired before
  std::uint64_t out_of_order = 0;  ///< of them, due before the one fired before
};

/// Reads every record of a case, in the order of the log.
[[nodiscard]] Fired read_fired(const storage::RocksdbEventStore& store);

}  // namespace motcua::bench
