#include "engine/runtime/restoration.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace motcua::engine {
namespace {

const char* const kType = "system.restored";

StreamId system_stream() { return {StreamKind::system, "main"}; }

}  // namespace

FaultOr<void> record_restoration(EventStore& store, const Restoration& restoration) {
  const auto earlier = store.read_stream(system_stream());
  if (!earlier) return earlier.error();
  const auto head = store.head();
  Record record;
  record.position = head.position + 1;
  record.stream = system_stream();
  record.version = earlier->size() + 1;
  record.type = kType;
  record.recorded_at = std::max(restoration.recorded_at, head.recorded_at);
  record.occurred_at = record.recorded_at;
  record.actor = ActorId("system");
  record.cause = "restore";
  record.public_bytes = nlohmann::json{{"backup", restoration.backup},
                                       {"backup_position", restoration.backup_position},
                                       {"backup_taken_at", to_micros(restoration.backup_taken_at)},
                                       {"command", restoration.command},
                                       {"epoch", restoration.epoch},
                                       {"log", to_hex(head.log_id)},
                                       {"position", restoration.position}}
                            .dump();
  AppendBatch batch;
  batch.epoch = restoration.epoch;
  batch.first_position = record.position;
  batch.records.push_back(std::move(record));
  return store.append(batch);
}

FaultOr<std::vector<Restoration>> restorations(const EventStore& store) {
  const auto records = store.read_stream(system_stream());
  if (!records) return records.error();
  std::vector<Restoration> found;
  for (const auto& record : *records) {
    if (record.type != kType) continue;
    const auto payload = nlohmann::json::parse(record.public_bytes, nullptr, false);
    if (record.type_version != 1 || !payload.is_object()) return Fault{"a restoration is malformed"};
    found.push_back({payload.value("position", std::uint64_t{0}), payload.value("backup", std::uint64_t{0}),
                     payload.value("backup_position", std::uint64_t{0}),
                     from_micros(payload.value("backup_taken_at", std::int64_t{0})),
                     payload.value("command", ""), record.recorded_at,
                     payload.value("epoch", std::uint64_t{0})});
  }
  return found;
}

}  // namespace motcua::engine
