#include "engine/runtime/publication.hpp"

#include "engine/runtime/clock_confirmation.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <utility>

namespace motcua::engine {
namespace {

constexpr std::array kKinds{StreamKind::procedure, StreamKind::calendar, StreamKind::organisation};

std::string type_of(StreamKind kind) {
  switch (kind) {
    case StreamKind::calendar:
      return "calendar.published";
    case StreamKind::organisation:
      return "organisation.published";
    default:
      return "procedure.published";
  }
}

FaultOr<PublishedFile> read_file(const EventStore& store, const Record& record) {
  const auto payload = nlohmann::json::parse(record.public_bytes, nullptr, false);
  if (record.type != type_of(record.stream.kind) || record.type_version != 1 || !payload.is_object()) {
    return Fault{"event type " + record.type + " of a publication is unknown"};
  }
  PublishedFile file{record.stream.kind, record.stream.id, payload.value("version", std::int64_t{0}), {}, {}};
  const auto hash = published_hash(record);
  if (!hash) return hash.error();
  file.hash = **hash;
  auto bytes = store.read_artifact(file.hash);
  if (!bytes) return bytes.error();
  if (!*bytes) return Fault{"the bytes of " + file.code + " are not in the store"};
  file.bytes = std::move(**bytes);
  return file;
}

Record record_of(const PublishedFile& file, std::uint64_t position, std::uint64_t version, Instant at) {
  Record record;
  record.position = position;
  record.stream = {file.kind, file.code};
  record.version = version;
  record.type = type_of(file.kind);
  record.recorded_at = at;
  record.occurred_at = at;
  record.actor = ActorId("system");
  record.public_bytes =
      nlohmann::json{{"code", file.code}, {"hash", to_hex(file.hash)}, {"version", file.version}}.dump();
  return record;
}

}  // namespace

FaultOr<std::optional<Digest>> published_hash(const Record& record) {
  const auto kind = record.stream.kind;
  if (std::find(kKinds.begin(), kKinds.end(), kind) == kKinds.end() || record.type != type_of(kind)) {
    return std::optional<Digest>{};
  }
  const auto payload = nlohmann::json::parse(record.public_bytes, nullptr, false);
  const auto hash = payload.is_object() ? digest_from_hex(payload.value("hash", "")) : std::nullopt;
  if (!hash) return Fault{"a publication names no hash"};
  return hash;
}

FaultOr<std::vector<PublishedFile>> published_files(const EventStore& store) {
  std::vector<PublishedFile> files;
  for (const auto kind : kKinds) {
    std::vector<StreamId> streams;
    const auto scanned = store.scan_streams(kind, [&](const StreamId& stream) {
      streams.push_back(stream);
      return true;
    });
    if (!scanned) return scanned.error();
    for (const auto& stream : streams) {
      const auto records = store.read_stream(stream);
      if (!records) return records.error();
      for (const auto& record : *records) {
        auto file = read_file(store, record);
        if (!file) return file.error();
        files.push_back(*std::move(file));
      }
    }
  }
  return files;
}

FaultOr<std::size_t> publish(EventStore& store, const std::vector<PublishedFile>& files,
                             const ClockReading& reading) {
  const auto held = published_files(store);
  if (!held) return held.error();
  std::map<std::pair<StreamKind, std::string>, std::uint64_t> versions;
  for (const auto& file : *held) versions[{file.kind, file.code}] += 1;

  const auto head = store.head();
  AppendBatch batch;
  batch.first_position = head.position + 1;
  for (const auto& file : files) {
    const auto same = std::find_if(held->begin(), held->end(), [&](const PublishedFile& old) {
      return old.kind == file.kind && old.code == file.code && old.version == file.version;
    });
    if (same != held->end()) {
      if (same->hash == file.hash) continue;
      return Fault{file.code + " version " + std::to_string(file.version) +
                   " is published with other bytes; a changed file needs a new version"};
    }
    const auto version = ++versions[{file.kind, file.code}];
    const auto position = batch.first_position + batch.records.size();
    batch.records.push_back(record_of(file, position, version, std::max(reading.now, head.recorded_at)));
    batch.artifacts.push_back({file.hash, file.bytes});
  }
  if (batch.records.empty()) return std::size_t{0};
  if (reading.doubt) return Fault{clock_suspect(reading).detail + "; files that are new cannot be published"};
  const auto epoch = store.take_epoch();
  if (!epoch) return epoch.error();
  batch.epoch = *epoch;
  if (const auto written = store.append(batch); !written) return written.error();
  return batch.records.size();
}

}  // namespace motcua::engine
