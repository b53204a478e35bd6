#include "storage/backup/rebuild_log.hpp"

#include "storage/tables/table_event_store.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace motcua::storage {
namespace {

using engine::Fault;
using engine::FaultOr;

/// Records or answers written at once.
constexpr std::size_t kBatch = 1000;

class Rebuilder {
 public:
  Rebuilder(RawStore& store, std::uint64_t epoch) : store_(store), epoch_(epoch) { begin(); }

  FaultOr<void> add(BackupEntry entry) {
    report_.records += 1;
    report_.keys += entry.keys.size();
    report_.artifacts += entry.artifacts.size();
    batch_.records.push_back(std::move(entry.record));
    std::move(entry.keys.begin(), entry.keys.end(), std::back_inserter(batch_.keys));
    std::move(entry.artifacts.begin(), entry.artifacts.end(), std::back_inserter(batch_.artifacts));
    return batch_.records.size() < kBatch ? FaultOr<void>{} : flush();
  }

  /// An answer stays if what it answered stays. All records are written before.
  FaultOr<void> add(const engine::IdempotencyRecord& answer) {
    if (answer.recorded_at < store_.head().recorded_at - kIdempotencyKept) return {};
    const auto answered = store_.read_stream(answer.stream, answer.version, answer.version);
    if (!answered) return answered.error();
    if (answered->empty()) return {};
    report_.answers += 1;
    batch_.idempotency.push_back(answer);
    return batch_.idempotency.size() < kBatch ? FaultOr<void>{} : flush();
  }

  FaultOr<void> flush() {
    auto written = store_.append(batch_);
    begin();
    return written;
  }

  [[nodiscard]] const RebuildReport& report() const { return report_; }

 private:
  void begin() {
    batch_ = {};
    batch_.epoch = epoch_;
    batch_.first_position = store_.head().position + 1;
  }

  RawStore& store_;
  std::uint64_t epoch_;
  engine::AppendBatch batch_{};
  RebuildReport report_{};
};

}  // namespace

FaultOr<RebuildReport> rebuild_log(
    RawStore& store, const std::vector<StoredBackup>& backups, const Cut& cut,
    const std::function<void(std::uint64_t position, std::uint64_t end)>& progress) {
  const auto epoch = store.take_epoch();
  if (!epoch) return epoch.error();
  Rebuilder rebuilder(store, *epoch);
  RightEdge edge;
  for (std::size_t i = 0; i < cut.backups; ++i) {
    const auto& manifest = backups[i].manifest;
    auto end = read_log(backups[i].file(kLogFileName), manifest.log_id, std::move(edge), cut.position,
                        [&](BackupEntry entry) {
                          const auto position = entry.record.position;
                          if (progress) progress(position, cut.position);
                          return rebuilder.add(std::move(entry));
                        });
    if (!end) return end.error();
    if (*end != manifest.edge) {
      return Fault{backups[i].file(kLogFileName).string() + ": its records do not have the manifest's root"};
    }
    edge = *std::move(end);
  }
  if (auto written = rebuilder.flush(); !written) return written.error();
  for (std::size_t i = 0; i < cut.backups; ++i) {
    const auto read = read_answers(
        backups[i], [&](const engine::IdempotencyRecord& answer) { return rebuilder.add(answer); });
    if (!read) return read.error();
  }
  if (auto written = rebuilder.flush(); !written) return written.error();
  if (store.head().position != cut.position) {
    return Fault{"the log rebuilt ends at position " + std::to_string(store.head().position) + ", not " +
                 std::to_string(cut.position)};
  }
  return rebuilder.report();
}

}  // namespace motcua::storage
