#include "engine/runtime/replay.hpp"

#include "engine/cases/event.hpp"
#include "engine/runtime/case_loader.hpp"

#include <algorithm>
#include <utility>

namespace motcua::engine {

namespace {

/// Folds records as a scan brings them, one case after another.
class CaseFolder {
 public:
  explicit CaseFolder(const std::function<void(const Case&)>& visit) : visit_(visit) {}

  void take(const ScannedRecord& scanned) {
    if (scanned.stream_id != id_) begin(scanned.stream_id);
    if (broken_) return;
    if (scanned.record == nullptr)
      return give_up("a stored record is unreadable: " + std::string(scanned.why));
    const auto& record = *scanned.record;
    const auto read = decode_event_into(event_, record.type, record.type_version, record.public_bytes);
    if (!read) return give_up("record " + std::to_string(record.version) + ": " + read.error().what);
    evolve_in_place(current_, event_, meta_of(record));
  }
  [[nodiscard]] std::vector<UnreadableCase> end() {
    begin({});
    return std::move(unreadable_);
  }

 private:
  void begin(std::string_view id) {
    if (!id_.empty() && !broken_) visit_(current_);
    id_ = id;
    broken_ = false;
    current_ = Case{};
  }
  void give_up(std::string why) {
    broken_ = true;
    CaseId id;
    std::copy_n(id_.begin(), std::min(id_.size(), id.bytes.size()), id.bytes.begin());
    unreadable_.push_back({id, std::move(why)});
  }

  const std::function<void(const Case&)>& visit_;
  std::string id_{};
  Case current_{};
  Event event_{};
  bool broken_ = false;
  std::vector<UnreadableCase> unreadable_{};
};

}  // namespace

FaultOr<std::vector<UnreadableCase>> replay_cases(const EventStore& store, const StreamRange& range,
                                                  const std::function<void(const Case&)>& visit) {
  CaseFolder folder(visit);
  const auto scanned = store.scan_records(range, [&](const ScannedRecord& record) {
    folder.take(record);
    return true;
  });
  if (!scanned) return scanned.error();
  return folder.end();
}

FaultOr<std::vector<UnreadableCase>> replay_cases_until(const EventStore& store, const StreamRange& range,
                                                        Instant until,
                                                        const std::function<void(const Case&)>& visit) {
  CaseFolder folder(visit);
  const auto scanned = store.scan_records(range, [&](const ScannedRecord& record) {
    if (record.record == nullptr || record.record->recorded_at <= until) folder.take(record);
    return true;
  });
  if (!scanned) return scanned.error();
  return folder.end();
}

FaultOr<std::vector<UnreadableCase>> unreadable_cases(const EventStore& store) {
  return replay_cases(store, {}, [](const Case&) {});
}

/// Case ids ascend with time, and so does the log: its quantiles name cases that halve, third, ... the
/// records.
FaultOr<std::vector<StreamRange>> case_ranges(const EventStore& store, std::size_t parts) {
  std::vector<std::string> bounds;
  for (std::size_t part = 1; part < parts; ++part) {
    const auto scanned = store.scan_log(store.head().position * part / parts + 1, [&](const LogEntry& entry) {
      if (entry.stream.kind != StreamKind::case_) return true;
      bounds.push_back(entry.stream.id);
      return false;
    });
    if (!scanned) return scanned.error();
  }
  std::sort(bounds.begin(), bounds.end());
  bounds.erase(std::unique(bounds.begin(), bounds.end()), bounds.end());
  std::vector<StreamRange> ranges(1);
  for (auto& bound : bounds) {
    ranges.back().to = bound;
    ranges.push_back({StreamKind::case_, std::move(bound), {}});
  }
  return ranges;
}

}  // namespace motcua::engine
