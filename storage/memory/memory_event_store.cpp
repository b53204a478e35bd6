#include "storage/memory/memory_event_store.hpp"

#include "engine/core/ensure.hpp"
#include "storage/memory/memory_tables.hpp"

#include <utility>

namespace motcua::storage {

using engine::FaultOr;

MemoryEventStore::MemoryEventStore(std::shared_ptr<MemoryTables> tables)
    : TableEventStore(tables), memory_(std::move(tables)) {
  ENSURE(load(false).has_value());
}

MemoryEventStore::MemoryEventStore(const engine::Id128& log_id)
    : MemoryEventStore([&log_id] {
        auto tables = std::make_shared<MemoryTables>();
        ENSURE(write_new_log(*tables, log_id).has_value());
        return tables;
      }()) {}

MemoryEventStore::~MemoryEventStore() = default;

FaultOr<void> MemoryEventStore::append(const engine::AppendBatch& batch) {
  {
    std::unique_lock lock(gate_mutex_);
    if (block_next_) {
      block_next_ = false;
      blocked_ = true;
      gate_.notify_all();
      gate_.wait(lock, [this] { return !blocked_; });
    }
  }
  auto appended = TableEventStore::append(batch);
  if (appended && follower_) follower_(batch);
  return appended;
}

std::unique_ptr<MemoryEventStore> MemoryEventStore::reopen() {
  poison("it was opened again");
  return std::unique_ptr<MemoryEventStore>(new MemoryEventStore(memory_));
}

void MemoryEventStore::block_next_append() {
  const std::lock_guard lock(gate_mutex_);
  block_next_ = true;
}

void MemoryEventStore::release_append() {
  const std::lock_guard lock(gate_mutex_);
  block_next_ = false;
  blocked_ = false;
  gate_.notify_all();
}

void MemoryEventStore::wait_until_append_is_blocked() {
  std::unique_lock lock(gate_mutex_);
  gate_.wait(lock, [this] { return blocked_; });
}

void MemoryEventStore::fail_next_append(AppendFailure how) { memory_->fail_next_commit(how); }

void MemoryEventStore::tamper(Table table, const std::string& key,
                              const std::function<bool(std::string&)>& change) {
  memory_->tamper(table, key, change);
}

}  // namespace motcua::storage
