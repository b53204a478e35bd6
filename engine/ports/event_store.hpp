/// Port: the event log and everything that is written in one batch with it. Owned by the engine, implemented
/// by storage (RocksDB, in memory). The contract is held by one conformance suite for every implementation.
#pragma once

#include "engine/core/ids.hpp"
#include "engine/core/result.hpp"
#include "engine/core/time.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace motcua::engine {

/// Kinds of streams. The numbers are stored.
enum class StreamKind : std::uint8_t {
  case_ = 1,
  procedure = 2,
  calendar = 3,
  organisation = 4,
  lookup = 5,
  access = 6,
  system = 7,
};

/// A stream: kind and id. `id` is 1-255 bytes: 16 raw bytes (UUIDv7) for case and lookup, ASCII for the
/// others.
struct StreamId {
  StreamKind kind = StreamKind::case_;
  std::string id{};
  friend auto operator<=>(const StreamId&, const StreamId&) = default;
};
[[nodiscard]] inline StreamId stream_of(const CaseId& id) {
  return {StreamKind::case_, std::string(reinterpret_cast<const char*>(id.bytes.data()), id.bytes.size())};
}

/// Streams of one kind whose ids have one length: from <= id < to; an empty bound is none.
struct StreamRange {
  StreamKind kind = StreamKind::case_;
  std::string from{};
  std::string to{};
};

/// One sealed entry of a record: values of one data subject under that subject's key in that stream
/// (AES-256-GCM).
struct SealedEntry {
  SubjectName subject{};
  Id128 key_id{};
  std::array<std::uint8_t, 12> nonce{};
  std::string ciphertext{};  ///< with the 16-byte tag at its end
  friend bool operator==(const SealedEntry&, const SealedEntry&) = default;
};

/// A content hash that the decision relied on: `procedure`, `calendar`, `organisation`.
struct RuleHash {
  std::string kind{};
  Digest hash{};
  friend bool operator==(const RuleHash&, const RuleHash&) = default;
};

/// One event as stored. `log_id` and the digests of the header are filled by the store's codec, not by
/// callers.
struct Record {
  std::uint64_t position = 0;  ///< global, gapless from 1
  StreamId stream{};
  std::uint64_t version = 0;  ///< per stream, gapless from 1
  std::string type{};         ///< e.g. `case.received`
  std::uint16_t type_version = 1;
  Instant recorded_at{};  ///< never earlier than the record before
  Instant occurred_at{};  ///< <= recorded_at
  ActorId actor{};
  AgencyId agency{};
  std::string on_behalf_of{};         ///< empty, or an ActorId
  Id128 command_id{};                 ///< of the accepted command
  std::string cause{};                ///< empty, or `effect:<id>`, `timer:<id>:<due>`
  std::vector<RuleHash> rules{};      ///< ascending by kind
  std::string public_bytes{};         ///< canonical JSON; the stored bytes are the hashed bytes
  std::vector<SealedEntry> sealed{};  ///< one per data subject, ascending by subject
  friend bool operator==(const Record&, const Record&) = default;
};

/// A record met by a scan; valid until the visitor returns.
struct ScannedRecord {
  std::string_view stream_id{};
  const Record* record = nullptr;  ///< without its sealed entries; null: unreadable
  std::string_view why{};          ///< it is unreadable
};

/// A change of one view row: put, or delete where `value` is empty.
struct RowChange {
  std::string key{};  ///< first byte = table
  std::optional<std::string> value{};
};
struct Row {
  std::string key{};
  std::string value{};
  friend auto operator<=>(const Row&, const Row&) = default;
};

/// A wrapped data key, written in the batch that first uses it.
struct WrappedKey {
  StreamId stream{};
  SubjectName subject{};
  Id128 key_id{};
  std::string wrapped{};
};

/// What an accepted command left behind, so that a repetition gets the same answer.
struct IdempotencyRecord {
  Digest scope{};  ///< hash of agency, token subject and Idempotency-Key
  Digest body_mac{};
  Id128 command_id{};
  StreamId stream{};
  std::uint64_t version = 0;  ///< version of the stream after the command
  std::uint16_t status = 0;   ///< HTTP status of the first answer
  Instant recorded_at{};
};

/// The bytes of a published procedure, calendar or organisation file, stored once under their SHA-256.
struct Artifact {
  Digest hash{};
  std::string bytes{};
};

/// What a case's history gave up to `version`; disposable.
struct Snapshot {
  StreamId stream{};
  std::uint64_t version = 0;
  std::string bytes{};
};

struct AppendBatch {
  std::uint64_t epoch = 0;
  std::uint64_t first_position = 0;  ///< of records[0]; the head + 1 also where records is empty
  std::vector<Record> records{};
  std::vector<RowChange> rows{};  ///< applied in order
  std::vector<WrappedKey> keys{};
  std::vector<IdempotencyRecord> idempotency{};
  std::vector<Artifact> artifacts{};
  std::vector<Snapshot> snapshots{};
};

/// End of the log.
struct LogHead {
  Id128 log_id{};
  std::uint64_t epoch = 0;     ///< the highest epoch ever taken
  std::uint64_t position = 0;  ///< of the last record; 0 if the log is empty
  Instant recorded_at{};       ///< of the last record
  Digest root{};               ///< RFC 6962 root over all leaves
};

/// One entry of the log index.
struct LogEntry {
  std::uint64_t position = 0;
  StreamId stream{};
  std::uint64_t version = 0;
  Digest leaf{};  ///< SHA-256(0x00 || header bytes)
};

class EventStore {
 public:
  EventStore() = default;
  EventStore(const EventStore&) = delete;
  EventStore& operator=(const EventStore&) = delete;
  virtual ~EventStore() = default;

  /// Takes the next epoch: from now on `append` with an older one fails. Durable when it returns.
  [[nodiscard]] virtual FaultOr<std::uint64_t> take_epoch() = 0;

  /// Writes everything in `batch` or nothing, and returns after it is on disk. Fails, without writing, if the
  /// epoch is not the highest, if `first_position` is not head + 1, if a version is not its stream's next, if
  /// recorded_at goes back, or if an artifact's bytes do not have its hash. After any Fault of the disk the
  /// outcome is unknown and the store refuses every further append. Called from one thread at a time.
  [[nodiscard]] virtual FaultOr<void> append(const AppendBatch& batch) = 0;

  /// Durable head. Reads below see durable state only; all are safe to call from any thread.
  [[nodiscard]] virtual LogHead head() const = 0;

  /// Records of one stream with from <= version <= to, ascending; empty if there are none.
  [[nodiscard]] virtual FaultOr<std::vector<Record>> read_stream(const StreamId& stream,
                                                                 std::uint64_t from = 1,
                                                                 std::uint64_t to = UINT64_MAX) const = 0;
  /// Log entries from position `from`, ascending, until `visit` answers false.
  [[nodiscard]] virtual FaultOr<void> scan_log(std::uint64_t from,
                                               const std::function<bool(const LogEntry&)>& visit) const = 0;
  /// Every stream of `kind`, ascending by id, until `visit` answers false.
  [[nodiscard]] virtual FaultOr<void> scan_streams(
      StreamKind kind, const std::function<bool(const StreamId&)>& visit) const = 0;

  /// Every record of the streams of `range`, ascending by stream and version, without its sealed entries,
  /// until `visit` answers false, which must not call the store. For replays of many streams in one pass.
  [[nodiscard]] virtual FaultOr<void> scan_records(
      const StreamRange& range, const std::function<bool(const ScannedRecord&)>& visit) const = 0;

  [[nodiscard]] virtual FaultOr<std::optional<std::string>> read_row(std::string_view key) const = 0;
  /// Rows whose key starts with `prefix` and is greater than `after` (if not empty), ascending, at most
  /// `limit`.
  [[nodiscard]] virtual FaultOr<std::vector<Row>> read_rows(std::string_view prefix, std::string_view after,
                                                            std::size_t limit) const = 0;
  /// The last row whose key starts with `prefix`.
  [[nodiscard]] virtual FaultOr<std::optional<Row>> last_row(std::string_view prefix) const = 0;
  /// Deletes every row and every snapshot and puts `rows` in their place, all or nothing. For `views
  /// rebuild`, with no engine running.
  [[nodiscard]] virtual FaultOr<void> replace_rows(const std::vector<Row>& rows) = 0;

  /// The newest snapshot of a stream at or before `version`; none if its bytes are damaged.
  [[nodiscard]] virtual FaultOr<std::optional<Snapshot>> read_snapshot(const StreamId& stream,
                                                                       std::uint64_t version) const = 0;
  /// Every undamaged snapshot, until `visit` answers false, which may call the store.
  [[nodiscard]] virtual FaultOr<void> scan_snapshots(
      const std::function<bool(const Snapshot&)>& visit) const = 0;

  [[nodiscard]] virtual FaultOr<std::optional<IdempotencyRecord>> find_idempotency(
      const Digest& scope) const = 0;
  [[nodiscard]] virtual FaultOr<std::vector<WrappedKey>> read_keys(const StreamId& stream) const = 0;
  [[nodiscard]] virtual FaultOr<std::optional<std::string>> read_artifact(const Digest& hash) const = 0;
};

}  // namespace motcua::engine
