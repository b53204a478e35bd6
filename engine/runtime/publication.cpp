#include "engine/runtime/publication.hpp"

#include "engine/runtime/clock_confirmation.hpp"
#include "engine/runtime/proposal_records.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <optional>
#include <utility>

namespace motcua::engine {
namespace {

constexpr std::array kKinds{StreamKind::procedure, StreamKind::calendar, StreamKind::organisation};

nlohmann::json json_of(const PublishedVersion& published) {
  return {{"code", published.code}, {"hash", to_hex(published.hash)}, {"version", published.version}};
}

FaultOr<PublishedVersion> version_of(const nlohmann::json& payload) {
  const auto hash = payload.is_object() ? digest_from_hex(payload.value("hash", "")) : std::nullopt;
  if (!hash) return Fault{"a publication names no hash"};
  return PublishedVersion{payload.value("code", ""), payload.value("version", std::int64_t{0}), *hash};
}

FaultOr<PublishedFile> read_file(const EventStore& store, const StreamId& stream,
                                 const PublishedVersion& published) {
  PublishedFile file{stream.kind, stream.id, published.version, published.hash, {}};
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
  record.type = publication_type(file.kind);
  record.recorded_at = at;
  record.occurred_at = at;
  record.actor = ActorId("system");
  record.public_bytes = public_text({file.code, file.version, file.hash});
  return record;
}

}  // namespace

std::string publication_type(StreamKind kind) {
  switch (kind) {
    case StreamKind::calendar:
      return "calendar.published";
    case StreamKind::organisation:
      return "organisation.published";
    default:
      return "procedure.published";
  }
}

std::string public_text(const PublishedVersion& published, const std::vector<PublishedVersion>& descendants,
                        std::optional<std::uint64_t> warnings) {
  auto payload = json_of(published);
  for (const auto& descendant : descendants) payload["descendants"].push_back(json_of(descendant));
  if (warnings) payload["warnings"] = *warnings;
  return payload.dump();
}

bool is_publication(const Record& record) {
  const auto kind = record.stream.kind;
  return std::find(kKinds.begin(), kKinds.end(), kind) != kKinds.end() &&
         record.type == publication_type(kind);
}

FaultOr<Publication> read_publication(const Record& record) {
  if (!is_publication(record) || record.type_version != 1) {
    return Fault{"event type " + record.type + " of a publication is unknown"};
  }
  const auto payload = nlohmann::json::parse(record.public_bytes, nullptr, false);
  auto published = version_of(payload);
  if (!published) return published.error();
  Publication publication{*std::move(published), {}, record.position, record.recorded_at, {}};
  if (const auto warnings = payload.find("warnings"); warnings != payload.end()) {
    if (!warnings->is_number_unsigned()) return Fault{"a publication counts no warnings"};
    publication.warnings = warnings->get<std::uint64_t>();
  }
  if (payload.contains("descendants")) {
    for (const auto& each : payload["descendants"]) {
      auto descendant = version_of(each);
      if (!descendant) return descendant.error();
      publication.descendants.push_back(*std::move(descendant));
    }
  }
  return publication;
}

FaultOr<PublicationHandle> publication_at(const EventStore& store, const StreamId& stream,
                                          std::uint64_t version) {
  const auto records = store.read_stream(stream, version, version);
  if (!records) return records.error();
  if (records->empty()) return Fault{"a record of a publication is missing"};
  if (!is_publication(records->front())) return PublicationHandle{};
  auto publication = read_publication(records->front());
  if (!publication) return publication.error();
  return PublicationHandle{std::make_shared<const Publication>(*std::move(publication))};
}

FaultOr<std::vector<Publication>> publications_of(const EventStore& store, const StreamId& stream) {
  const auto records = store.read_stream(stream);
  if (!records) return records.error();
  std::vector<Publication> publications;
  for (const auto& record : *records) {
    if (!is_publication(record)) continue;
    auto publication = read_publication(record);
    if (!publication) return publication.error();
    publications.push_back(*std::move(publication));
  }
  return publications;
}

FaultOr<std::optional<Digest>> published_hash(const Record& record) {
  if (!is_publication(record)) return std::optional<Digest>{};
  const auto publication = read_publication(record);
  if (!publication) return publication.error();
  return std::optional(publication->published.hash);
}

namespace {

/// What the streams of one kind hold.
struct Held {
  std::vector<std::pair<StreamId, PublishedVersion>> published{};
  std::map<StreamId, std::uint64_t> versions{};  ///< of the last record of each stream
};

FaultOr<Held> held_of(const EventStore& store, StreamKind kind) {
  Held held;
  std::optional<Fault> fault;
  const auto scanned = store.scan_records({kind, {}, {}}, [&](const ScannedRecord& seen) {
    if (seen.record == nullptr) {
      fault = Fault{"a stored record is unreadable: " + std::string(seen.why)};
      return false;
    }
    const auto& record = *seen.record;
    held.versions[record.stream] = record.version;
    if (is_about_proposals(record.type)) return true;
    const auto publication = read_publication(record);
    if (!publication) fault = publication.error();
    if (publication) held.published.emplace_back(record.stream, publication->published);
    return !fault;
  });
  if (!scanned) return scanned.error();
  if (fault) return *fault;
  return held;
}

}  // namespace

FaultOr<std::vector<PublishedFile>> published_files(const EventStore& store) {
  std::vector<PublishedFile> files;
  for (const auto kind : kKinds) {
    const auto held = held_of(store, kind);
    if (!held) return held.error();
    for (const auto& [stream, published] : held->published) {
      auto file = read_file(store, stream, published);
      if (!file) return file.error();
      files.push_back(*std::move(file));
    }
  }
  return files;
}

FaultOr<std::size_t> publish(EventStore& store, const std::vector<PublishedFile>& files,
                             const ClockReading& reading) {
  std::vector<std::pair<StreamId, PublishedVersion>> held;
  std::map<StreamId, std::uint64_t> versions;
  for (const auto kind : kKinds) {
    auto of_kind = held_of(store, kind);
    if (!of_kind) return of_kind.error();
    std::move(of_kind->published.begin(), of_kind->published.end(), std::back_inserter(held));
    versions.merge(of_kind->versions);
  }

  const auto head = store.head();
  AppendBatch batch;
  batch.first_position = head.position + 1;
  for (const auto& file : files) {
    const StreamId stream{file.kind, file.code};
    const auto same = std::find_if(held.begin(), held.end(), [&](const auto& old) {
      return old.first == stream && old.second.version == file.version;
    });
    if (same != held.end()) {
      if (same->second.hash == file.hash) continue;
      return Fault{file.code + " version " + std::to_string(file.version) +
                   " is published with other bytes; a changed file needs a new version"};
    }
    const auto version = ++versions[stream];
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
