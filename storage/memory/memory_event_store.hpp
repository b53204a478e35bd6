/// The in-memory twin of the event store, for tests and simulation: same checks, same bytes, no disk. Its
/// hooks make the faults of a disk on request.
#pragma once

#include "storage/tables/table_event_store.hpp"

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

namespace motcua::storage {

class MemoryTables;

/// How an append fails on request. Either way the appender gets a Fault and the store is poisoned.
enum class AppendFailure {
  before_write,  ///< nothing was written
  after_write,   ///< everything was written, and the appender does not know: the unclear outcome
};

class MemoryEventStore final : public TableEventStore {
 public:
  /// Names every in-memory log unless another id is given, so that its bytes repeat from run to run.
  static constexpr engine::Id128 kLogId{'m', 'e', 'm', 'o', 'r', 'y'};

  /// An empty log.
  explicit MemoryEventStore(const engine::Id128& log_id = kLogId);
  ~MemoryEventStore() override;

  [[nodiscard]] engine::FaultOr<void> append(const engine::AppendBatch& batch) override;

  /// Is told every batch that was appended, on the appender's thread; null: nobody. No append may be running.
  void tell(std::function<void(const engine::AppendBatch&)> follower) { follower_ = std::move(follower); }

  /// What a new process would find: a store over the same tables, with nothing remembered. This one refuses
  /// appends from then on. No append may be running.
  [[nodiscard]] std::unique_ptr<MemoryEventStore> reopen();

  /// The next append waits, with nothing written, until `release_append`. Any thread.
  void block_next_append();
  void release_append();
  /// Returns once an append is waiting.
  void wait_until_append_is_blocked();
  /// The next append that gets as far as writing fails. Any thread.
  void fail_next_append(AppendFailure how);

  /// Changes stored bytes behind the store's back, for tests of tampering: `change` gets the value of `key`
  /// (empty if absent) and answers false to remove it.
  void tamper(Table table, const std::string& key, const std::function<bool(std::string&)>& change);

 private:
  explicit MemoryEventStore(std::shared_ptr<MemoryTables> tables);

  std::shared_ptr<MemoryTables> memory_;
  std::function<void(const engine::AppendBatch&)> follower_{};
  std::mutex gate_mutex_{};
  std::condition_variable gate_{};
  bool block_next_ = false;  ///< guarded by gate_mutex_
  bool blocked_ = false;     ///< guarded by gate_mutex_
};

}  // namespace motcua::storage
