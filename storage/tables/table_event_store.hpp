/// The event store over sorted tables: keys, values, checks and the log's edge, the same for every kind of
/// tables.
#pragma once

#include "storage/log/raw_store.hpp"
#include "storage/record/record_codec.hpp"
#include "storage/tables/stream_versions.hpp"
#include "storage/tables/tables.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace motcua::storage {

/// How long an accepted command's answer is remembered.
inline constexpr std::chrono::days kIdempotencyKept{30};
/// Format version of the whole store, in its meta table.
inline constexpr std::uint32_t kStoreFormat = 1;

class TableEventStore : public RawStore {
 public:
  [[nodiscard]] engine::FaultOr<std::uint64_t> take_epoch() override;
  /// As the port says. A batch that is refused by a check leaves the store usable; after a failed write the
  /// store is poisoned. Epoch 0 is never the highest. Position, version, order of rules and of sealed entries
  /// are checked too.
  [[nodiscard]] engine::FaultOr<void> append(const engine::AppendBatch& batch) override;
  [[nodiscard]] engine::LogHead head() const override;

  [[nodiscard]] engine::FaultOr<std::vector<engine::Record>> read_stream(
      const engine::StreamId& stream, std::uint64_t from = 1, std::uint64_t to = UINT64_MAX) const override;
  /// Visitors may call the store.
  [[nodiscard]] engine::FaultOr<void> scan_log(
      std::uint64_t from, const std::function<bool(const engine::LogEntry&)>& visit) const override;
  [[nodiscard]] engine::FaultOr<void> scan_streams(
      engine::StreamKind kind, const std::function<bool(const engine::StreamId&)>& visit) const override;
  [[nodiscard]] engine::FaultOr<void> scan_records(
      const engine::StreamRange& range,
      const std::function<bool(const engine::ScannedRecord&)>& visit) const override;
  [[nodiscard]] engine::FaultOr<std::optional<std::string>> read_row(std::string_view key) const override;
  [[nodiscard]] engine::FaultOr<std::vector<engine::Row>> read_rows(std::string_view prefix,
                                                                    std::string_view after,
                                                                    std::size_t limit) const override;
  [[nodiscard]] engine::FaultOr<std::optional<engine::Row>> last_row(std::string_view prefix) const override;
  [[nodiscard]] engine::FaultOr<void> replace_rows(const std::vector<engine::Row>& rows) override;
  [[nodiscard]] engine::FaultOr<std::optional<engine::Snapshot>> read_snapshot(
      const engine::StreamId& stream, std::uint64_t version) const override;
  [[nodiscard]] engine::FaultOr<void> scan_snapshots(
      const std::function<bool(const engine::Snapshot&)>& visit) const override;
  [[nodiscard]] engine::FaultOr<std::optional<engine::IdempotencyRecord>> find_idempotency(
      const engine::Digest& scope) const override;
  [[nodiscard]] engine::FaultOr<std::vector<engine::WrappedKey>> read_keys(
      const engine::StreamId& stream) const override;
  [[nodiscard]] engine::FaultOr<std::optional<std::string>> read_artifact(
      const engine::Digest& hash) const override;

  [[nodiscard]] Anchor current_anchor() const override;
  [[nodiscard]] engine::FaultOr<void> scan_raw_log(
      std::uint64_t from,
      const std::function<bool(std::string_view, std::string_view)>& visit) const override;
  [[nodiscard]] engine::FaultOr<void> scan_record_keys(
      const std::function<bool(std::string_view)>& visit) const override;
  [[nodiscard]] engine::FaultOr<std::vector<std::optional<std::string>>> read_raw_records(
      const std::vector<RecordRef>& wanted) const override;
  [[nodiscard]] engine::FaultOr<void> scan_artifacts(
      const std::function<bool(std::string_view, std::string_view)>& visit) const override;
  [[nodiscard]] engine::FaultOr<void> scan_raw_answers(
      const std::function<bool(std::string_view, std::string_view)>& visit) const override;
  [[nodiscard]] engine::FaultOr<std::string> raw_edge() const override;

  /// Why every further append is refused, or nullopt. Any thread.
  [[nodiscard]] std::optional<std::string> poisoned() const;

 protected:
  explicit TableEventStore(std::shared_ptr<Tables> tables) : tables_(std::move(tables)) {}

  /// Writes the meta entries of an empty log into empty tables. `epoch` is the highest that was ever taken.
  [[nodiscard]] static engine::FaultOr<void> write_new_log(Tables& tables, const engine::Id128& log_id,
                                                           std::uint64_t epoch = 0);
  /// Reads the meta entries; with `check_edge`, the stored edge must have the head's root. Before any other
  /// call. Fault: not a store of this format, or meta entries that contradict each other.
  [[nodiscard]] engine::FaultOr<void> load(bool check_edge);
  /// Refuses appends and other writes from now on.
  void poison(std::string why);
  [[nodiscard]] const std::shared_ptr<Tables>& tables() const { return tables_; }

 private:
  struct End {  ///< the log's end after a batch
    engine::LogHead head{};
    RightEdge edge{};
  };

  [[nodiscard]] engine::FaultOr<void> check_order(const engine::AppendBatch& batch) const;
  [[nodiscard]] engine::FaultOr<void> stage(const engine::AppendBatch& batch, End& end);
  [[nodiscard]] engine::FaultOr<void> stage_record(const engine::Record& record, End& end);
  [[nodiscard]] engine::FaultOr<void> stage_artifacts(const engine::AppendBatch& batch);
  [[nodiscard]] engine::FaultOr<void> stage_keys_and_answers(const engine::AppendBatch& batch);
  void stage_end(const End& end);
  void publish(End end);
  [[nodiscard]] engine::FaultOr<void> commit(const char* what);
  /// Scans in slices, so that `visit` runs outside the tables and may call the store.
  [[nodiscard]] engine::FaultOr<void> scan_in_slices(
      Table table, std::string from, const std::string& to, std::size_t slice,
      const std::function<bool(std::string_view, std::string_view)>& visit) const;

  std::shared_ptr<Tables> tables_;
  StreamVersions versions_{};
  RecordEncoder encoder_{};
  std::string key_{};    ///< reused by stage_*
  std::string value_{};  ///< reused by stage_*

  mutable std::mutex end_mutex_{};
  End end_{};                              ///< durable; guarded by end_mutex_, written by the appender only
  std::optional<std::string> poisoned_{};  ///< guarded by end_mutex_
};

}  // namespace motcua::storage
