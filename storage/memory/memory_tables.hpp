/// Tables in memory: one ordered map each, behind one reader-writer lock.
#pragma once

#include "storage/memory/memory_event_store.hpp"
#include "storage/tables/tables.hpp"

#include <map>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <vector>

namespace motcua::storage {

class MemoryTables final : public Tables {
 public:
  [[nodiscard]] engine::FaultOr<std::optional<std::string>> get(Table table,
                                                                std::string_view key) const override;
  [[nodiscard]] engine::FaultOr<void> scan(Table table, std::string_view from, std::string_view to,
                                           const Visitor& visit) const override;
  [[nodiscard]] engine::FaultOr<std::optional<engine::Row>> last(Table table, std::string_view from,
                                                                 std::string_view to) const override;
  void put(Table table, std::string_view key, std::string_view value) override;
  void erase(Table table, std::string_view key) override;
  [[nodiscard]] engine::FaultOr<void> erase_all(Table table) override;
  void discard() override;
  [[nodiscard]] engine::FaultOr<void> commit() override;
  void expire_idempotency_before(engine::Instant) override {}

  /// The next commit fails.
  void fail_next_commit(AppendFailure how);
  void tamper(Table table, const std::string& key, const std::function<bool(std::string&)>& change);

 private:
  using Map = std::map<std::string, std::string, std::less<>>;
  struct Change {
    Table table{};
    std::string key{};
    std::optional<std::string> value{};  ///< empty: erase
  };

  [[nodiscard]] const Map& map_of(Table table) const { return maps_[static_cast<std::size_t>(table)]; }
  [[nodiscard]] Map& map_of(Table table) { return maps_[static_cast<std::size_t>(table)]; }
  void apply();

  mutable std::shared_mutex mutex_{};
  std::array<Map, kTableCount> maps_{};     ///< guarded by mutex_
  std::optional<AppendFailure> failure_{};  ///< guarded by mutex_
  std::vector<Change> pending_{};           ///< appending thread only
};

}  // namespace motcua::storage
