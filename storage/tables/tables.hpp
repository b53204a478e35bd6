/// Sorted byte tables with one atomic, durable write: all that an event store needs from RocksDB or from
/// memory. What the bytes mean is decided above (table_event_store.hpp), once for both.
#pragma once

#include "engine/core/result.hpp"
#include "engine/ports/event_store.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace motcua::storage {

/// The tables. In RocksDB each is a column family; the order is that of kTableNames.
enum class Table : std::uint8_t { meta, records, log, artifacts, keys, idempotency, rows, snapshots };
inline constexpr std::size_t kTableCount = 8;
inline constexpr std::array<const char*, kTableCount> kTableNames{
    "default", "records", "log", "artifacts", "keys", "idempotency", "rows", "snapshots"};

class Tables {
 public:
  /// Sees a key and its value; false ends the scan. It must not call the tables.
  using Visitor = std::function<bool(std::string_view key, std::string_view value)>;

  Tables() = default;
  Tables(const Tables&) = delete;
  Tables& operator=(const Tables&) = delete;
  virtual ~Tables() = default;

  /// Reads see committed state only. Any thread.
  [[nodiscard]] virtual engine::FaultOr<std::optional<std::string>> get(Table table,
                                                                        std::string_view key) const = 0;
  /// Keys with from <= key < to (no end if `to` is empty), ascending, of one moment.
  [[nodiscard]] virtual engine::FaultOr<void> scan(Table table, std::string_view from, std::string_view to,
                                                   const Visitor& visit) const = 0;
  /// The greatest key with from <= key < to (no end if `to` is empty).
  [[nodiscard]] virtual engine::FaultOr<std::optional<engine::Row>> last(Table table, std::string_view from,
                                                                         std::string_view to) const = 0;

  /// The pending write: changes are collected in order, then committed or discarded. Appending thread only.
  virtual void put(Table table, std::string_view key, std::string_view value) = 0;
  virtual void erase(Table table, std::string_view key) = 0;
  /// Every key of the table that is committed at this moment.
  [[nodiscard]] virtual engine::FaultOr<void> erase_all(Table table) = 0;
  virtual void discard() = 0;
  /// Writes the pending changes, all or nothing, and returns after they are durable. Fault: the outcome is
  /// unknown.
  [[nodiscard]] virtual engine::FaultOr<void> commit() = 0;

  /// Idempotency values recorded before this moment may vanish at any time. Any thread.
  virtual void expire_idempotency_before(engine::Instant moment) = 0;
};

}  // namespace motcua::storage
