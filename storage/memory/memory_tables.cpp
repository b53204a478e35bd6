#include "storage/memory/memory_tables.hpp"

#include <mutex>
#include <utility>

namespace motcua::storage {

using engine::Fault;
using engine::FaultOr;
using engine::Row;

FaultOr<std::optional<std::string>> MemoryTables::get(Table table, std::string_view key) const {
  const std::shared_lock lock(mutex_);
  const auto& map = map_of(table);
  const auto at = map.find(key);
  if (at == map.end()) return std::optional<std::string>{};
  return std::optional<std::string>{at->second};
}

FaultOr<void> MemoryTables::scan(Table table, std::string_view from, std::string_view to,
                                 const Visitor& visit) const {
  const std::shared_lock lock(mutex_);
  const auto& map = map_of(table);
  for (auto at = map.lower_bound(from); at != map.end() && (to.empty() || at->first < to); ++at) {
    if (!visit(at->first, at->second)) break;
  }
  return {};
}

FaultOr<std::optional<Row>> MemoryTables::last(Table table, std::string_view from,
                                               std::string_view to) const {
  const std::shared_lock lock(mutex_);
  const auto& map = map_of(table);
  auto at = to.empty() ? map.end() : map.lower_bound(to);
  if (at == map.begin()) return std::optional<Row>{};
  --at;
  if (at->first < from) return std::optional<Row>{};
  return std::optional<Row>{Row{at->first, at->second}};
}

void MemoryTables::put(Table table, std::string_view key, std::string_view value) {
  pending_.push_back({table, std::string(key), std::string(value)});
}

void MemoryTables::erase(Table table, std::string_view key) {
  pending_.push_back({table, std::string(key), {}});
}

FaultOr<void> MemoryTables::erase_all(Table table) {
  const std::shared_lock lock(mutex_);
  for (const auto& [key, value] : map_of(table)) pending_.push_back({table, key, {}});
  return {};
}

void MemoryTables::discard() { pending_.clear(); }

void MemoryTables::apply() {
  for (auto& change : pending_) {
    auto& map = map_of(change.table);
    if (change.value) {
      map.insert_or_assign(std::move(change.key), std::move(*change.value));
    } else {
      map.erase(change.key);
    }
  }
  pending_.clear();
}

FaultOr<void> MemoryTables::commit() {
  const std::lock_guard lock(mutex_);
  const auto failure = std::exchange(failure_, {});
  if (failure == AppendFailure::before_write) {
    pending_.clear();
    return Fault{"failure on request, nothing was written"};
  }
  apply();
  if (failure == AppendFailure::after_write) return Fault{"failure on request, everything was written"};
  return {};
}

void MemoryTables::fail_next_commit(AppendFailure how) {
  const std::lock_guard lock(mutex_);
  failure_ = how;
}

void MemoryTables::tamper(Table table, const std::string& key,
                          const std::function<bool(std::string&)>& change) {
  const std::lock_guard lock(mutex_);
  auto& map = map_of(table);
  const auto at = map.find(key);
  std::string value = at == map.end() ? std::string{} : at->second;
  if (change(value)) {
    map.insert_or_assign(key, std::move(value));
  } else {
    map.erase(key);
  }
}

}  // namespace motcua::storage
