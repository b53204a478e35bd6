#include "engine/runtime/replay.hpp"

#include "engine/cases/event.hpp"
#include "engine/runtime/case_loader.hpp"

#include <algorithm>
#include <utility>

namespace motcua::engine {

FaultOr<void> replay_cases(const EventStore& store, const StreamRange& range,
                           const std::function<void(const Case&)>& visit) {
  Event event;
  Case current;
  std::optional<Fault> fault;
  const auto scanned = store.scan_records(range, [&](const Record& record) {
    if (record.version == 1) {
      if (current.version != 0) visit(current);
      current = Case{};
    }
    const auto read = decode_event_into(event, record.type, record.type_version, record.public_bytes);
    if (!read) {
      fault = read.error();
      return false;
    }
    evolve_in_place(current, event, meta_of(record));
    return true;
  });
  if (!scanned) return scanned;
  if (fault) return *fault;
  if (current.version != 0) visit(current);
  return {};
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
