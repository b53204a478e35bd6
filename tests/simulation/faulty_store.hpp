/// The store of a run: memory, with the faults that a plan asks for. Threads of the engine call it; the plan
/// is made between two steps.
#pragma once

#include "storage/memory/memory_event_store.hpp"

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

namespace motcua::simulation {

class FaultyStore final : public engine::EventStore {
 public:
  explicit FaultyStore(std::unique_ptr<storage::MemoryEventStore> base) : base_(std::move(base)) {}

  /// The next append waits until `release`.
  void hold_next_append();
  [[nodiscard]] bool is_holding() const;
  void release();
  /// The `number`-th append from now fails.
  void fail_append(int number, storage::AppendFailure how);
  /// The next look for an idempotency key fails, or the read of a case that follows it.
  void refuse_next_lookup(bool refuse) { refuse_key_ = refuse; }
  void refuse_next_case(bool refuse) { refuse_case_ = refuse; }
  /// Another engine takes over: this one's appends fail from now on.
  void lose_epoch();
  /// What a new process finds.
  [[nodiscard]] std::unique_ptr<FaultyStore> reopen() {
    return std::make_unique<FaultyStore>(base_->reopen());
  }

  engine::FaultOr<std::uint64_t> take_epoch() override { return base_->take_epoch(); }
  engine::FaultOr<void> append(const engine::AppendBatch& batch) override;
  engine::LogHead head() const override { return base_->head(); }
  engine::FaultOr<std::vector<engine::Record>> read_stream(const engine::StreamId& stream, std::uint64_t from,
                                                           std::uint64_t to) const override;
  engine::FaultOr<void> scan_log(std::uint64_t from,
                                 const std::function<bool(const engine::LogEntry&)>& visit) const override {
    return base_->scan_log(from, visit);
  }
  engine::FaultOr<void> scan_streams(
      engine::StreamKind kind, const std::function<bool(const engine::StreamId&)>& visit) const override {
    return base_->scan_streams(kind, visit);
  }
  engine::FaultOr<void> scan_records(
      const engine::StreamRange& range,
      const std::function<bool(const engine::ScannedRecord&)>& visit) const override {
    return base_->scan_records(range, visit);
  }
  engine::FaultOr<std::optional<engine::Snapshot>> read_snapshot(const engine::StreamId& stream,
                                                                 std::uint64_t version) const override {
    return base_->read_snapshot(stream, version);
  }
  engine::FaultOr<void> scan_snapshots(
      const std::function<bool(const engine::Snapshot&)>& visit) const override {
    return base_->scan_snapshots(visit);
  }
  engine::FaultOr<std::optional<std::string>> read_row(std::string_view key) const override {
    return base_->read_row(key);
  }
  engine::FaultOr<std::vector<engine::Row>> read_rows(std::string_view prefix, std::string_view after,
                                                      std::size_t limit) const override {
    return base_->read_rows(prefix, after, limit);
  }
  engine::FaultOr<std::optional<engine::Row>> last_row(std::string_view prefix) const override {
    return base_->last_row(prefix);
  }
  engine::FaultOr<void> replace_rows(const std::vector<engine::Row>& rows) override {
    return base_->replace_rows(rows);
  }
  engine::FaultOr<std::optional<engine::IdempotencyRecord>> find_idempotency(
      const engine::Digest& scope) const override;
  engine::FaultOr<std::vector<engine::WrappedKey>> read_keys(const engine::StreamId& stream) const override {
    return base_->read_keys(stream);
  }
  engine::FaultOr<std::optional<std::string>> read_artifact(const engine::Digest& hash) const override {
    return base_->read_artifact(hash);
  }

 private:
  std::unique_ptr<storage::MemoryEventStore> base_;
  mutable std::mutex mutex_{};
  std::condition_variable gate_{};
  bool hold_next_ = false;
  bool holding_ = false;
  int fail_in_ = 0;  ///< appends until the one that fails; 0: none
  storage::AppendFailure how_ = storage::AppendFailure::before_write;
  mutable std::atomic<bool> refuse_key_{false};
  mutable std::atomic<bool> refuse_case_{false};
  mutable std::atomic<std::thread::id> sequencer_{};  ///< the only thread that asks for keys
};

}  // namespace motcua::simulation
