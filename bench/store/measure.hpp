/// How fast a data folder is read: raw, replayed, made into rows again, and back in time.
#pragma once

#include "bench/store/raw_table.hpp"
#include "engine/core/ids.hpp"
#include "storage/rocksdb/rocksdb_event_store.hpp"

#include <cstdint>
#include <vector>

namespace motcua::bench {

/// What one pass over the folder did.
struct Pass {
  double seconds = 0;
  std::uint64_t records = 0;
  std::uint64_t cases = 0;
  std::uint64_t rows = 0;
  [[nodiscard]] double records_per_second() const { return static_cast<double>(records) / seconds; }
  [[nodiscard]] double cases_per_second() const { return static_cast<double>(cases) / seconds; }
};

/// RocksDB's own iteration over the records. One thread.
[[nodiscard]] Pass scan(const RawTable& records);
/// Decodes and evolves every case from its records: no catalogue, no keys. One thread.
[[nodiscard]] Pass replay(const storage::RocksdbEventStore& store);
/// Every row of every case, as `views rebuild` computes them. As many threads as that takes.
[[nodiscard]] Pass rebuild(const storage::RocksdbEventStore& store);

/// A case that is long enough to travel in.
struct LengthyCase {
  engine::CaseId id{};
  std::uint64_t events = 0;
};
inline constexpr std::uint64_t kLengthyEvents = 100;

/// What the folder holds. Replays every case, unmeasured.
struct Survey {
  std::uint64_t cases = 0;
  std::uint64_t records = 0;  ///< of cases
  engine::Digest states{};    ///< one hash over all of them
  std::vector<LengthyCase> lengthy{};
};
[[nodiscard]] Survey survey(const storage::RocksdbEventStore& store);

/// Medians in microseconds, of as many reads of each kind, in turn.
struct Travel {
  double case_us = 0;   ///< a lengthy case as of some version
  double point_us = 0;  ///< one record of such a case by its key
};
[[nodiscard]] Travel travel(const storage::RocksdbEventStore& store, const std::vector<LengthyCase>& cases,
                            std::size_t reads, std::uint64_t seed);

}  // namespace motcua::bench
