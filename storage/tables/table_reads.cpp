// The reading half of TableEventStore.
#include "storage/record/bytes.hpp"
#include "storage/record/key_codec.hpp"
#include "storage/record/record_codec.hpp"
#include "storage/record/sha256.hpp"
#include "storage/tables/table_event_store.hpp"

#include <algorithm>
#include <utility>

namespace motcua::storage {

using engine::Fault;
using engine::FaultOr;
using engine::LogEntry;
using engine::LogHead;
using engine::Record;
using engine::Row;
using engine::StreamId;

namespace {

constexpr std::size_t kSlice = 512;
constexpr std::size_t kArtifactSlice = 8;  // artifacts may have a megabyte each

/// Least key greater than `key`.
std::string after_key(std::string_view key) { return std::string(key) + '\0'; }

/// Id of the stream in a record's key, which begins with kind and length.
std::string_view stream_id_of(std::string_view key) {
  return key.size() < 2 ? std::string_view() : key.substr(2, static_cast<std::uint8_t>(key[1]));
}

Fault unreadable_record(const Fault& fault) { return Fault{"a stored record is unreadable: " + fault.what}; }
/// A stored snapshot; nullopt if it is not the one that was written.
std::optional<engine::Snapshot> parse_snapshot(std::string_view key, std::string_view value) {
  auto parsed = parse_record_key(key);
  const auto hash = value.substr(0, std::tuple_size_v<engine::Digest>);
  const auto bytes = value.substr(hash.size());
  if (!parsed || view_of(sha256(bytes)) != hash) return std::nullopt;
  return engine::Snapshot{std::move(parsed->stream), parsed->version, std::string(bytes)};
}

Fault malformed(const char* what) { return Fault{std::string("the store holds a malformed ") + what}; }

}  // namespace

LogHead TableEventStore::head() const {
  const std::lock_guard lock(end_mutex_);
  return end_.head;
}

Anchor TableEventStore::current_anchor() const {
  const std::lock_guard lock(end_mutex_);
  return {end_.head.log_id, end_.edge};
}

FaultOr<std::vector<Record>> TableEventStore::read_stream(const StreamId& stream, std::uint64_t from,
                                                          std::uint64_t to) const {
  std::vector<Record> records;
  if (!is_valid(stream) || from > to) return records;
  records.reserve(std::min<std::uint64_t>(to - from + 1, 16));
  const auto end = to == UINT64_MAX ? after_prefix(stream_key(stream)) : record_key(stream, to + 1);
  std::optional<Fault> fault;
  const auto scanned = tables_->scan(Table::records, record_key(stream, from), end,
                                     [&](std::string_view, std::string_view value) {
                                       auto record = decode(value);
                                       if (!record) {
                                         fault = unreadable_record(record.error());
                                         return false;
                                       }
                                       records.push_back(std::move(*record));
                                       return true;
                                     });
  if (!scanned) return scanned.error();
  if (fault) return *fault;
  return records;
}

FaultOr<void> TableEventStore::scan_in_slices(
    Table table, std::string from, const std::string& to, std::size_t slice,
    const std::function<bool(std::string_view, std::string_view)>& visit) const {
  std::vector<Row> taken;
  do {
    taken.clear();
    const auto scanned = tables_->scan(table, from, to, [&](std::string_view key, std::string_view value) {
      taken.push_back({std::string(key), std::string(value)});
      return taken.size() < slice;
    });
    if (!scanned) return scanned;
    for (const auto& row : taken) {
      if (!visit(row.key, row.value)) return {};
    }
    if (!taken.empty()) from = after_key(taken.back().key);
  } while (taken.size() == slice);
  return {};
}

FaultOr<void> TableEventStore::scan_log(std::uint64_t from,
                                        const std::function<bool(const LogEntry&)>& visit) const {
  std::optional<Fault> fault;
  const auto scanned = scan_raw_log(from, [&](std::string_view key, std::string_view value) {
    const auto position = parse_log_key(key);
    const auto entry = position ? parse_log_value(*position, value) : std::nullopt;
    if (!entry) fault = malformed("log entry");
    return entry && visit(*entry);
  });
  if (!scanned) return scanned;
  if (fault) return *fault;
  return {};
}

FaultOr<void> TableEventStore::scan_raw_log(
    std::uint64_t from, const std::function<bool(std::string_view, std::string_view)>& visit) const {
  return scan_in_slices(Table::log, log_key(from), {}, kSlice, visit);
}

FaultOr<void> TableEventStore::scan_streams(engine::StreamKind kind,
                                            const std::function<bool(const StreamId&)>& visit) const {
  std::string from(1, static_cast<char>(kind));
  const auto to = after_prefix(from);
  constexpr std::size_t kStepsBeforeSeek = 16;  // a new seek costs about as much as this many steps
  while (true) {
    std::vector<StreamId> found;
    std::size_t steps = 0;
    bool seek = false;
    std::optional<Fault> fault;
    const auto scanned = tables_->scan(Table::records, from, to, [&](std::string_view key, std::string_view) {
      auto parsed = parse_record_key(key);
      if (!parsed) {
        fault = malformed("record key");
        return false;
      }
      if (!found.empty() && found.back() == parsed->stream) {
        seek = ++steps == kStepsBeforeSeek;
        return !seek;
      }
      if (found.size() == kSlice) {
        seek = true;
        return false;
      }
      steps = 0;
      found.push_back(std::move(parsed->stream));
      return true;
    });
    if (!scanned) return scanned;
    if (fault) return *fault;
    for (const auto& stream : found) {
      if (!visit(stream)) return {};
    }
    if (!seek) return {};
    from = after_prefix(stream_key(found.back()));
  }
}

FaultOr<void> TableEventStore::scan_records(
    const engine::StreamRange& range, const std::function<bool(const engine::ScannedRecord&)>& visit) const {
  const std::string kind(1, static_cast<char>(range.kind));
  const auto from = range.from.empty() ? kind : stream_key({range.kind, range.from});
  const auto to = range.to.empty() ? after_prefix(kind) : stream_key({range.kind, range.to});
  UnsealedReader reader;
  return tables_->scan(Table::records, from, to, [&](std::string_view key, std::string_view value) {
    const auto id = stream_id_of(key);
    const auto record = reader.read(value);
    if (record) return visit({id, *record, {}});
    return visit({id, nullptr, record.error().what});
  });
}

FaultOr<std::optional<std::string>> TableEventStore::read_row(std::string_view key) const {
  return tables_->get(Table::rows, key);
}

FaultOr<std::vector<Row>> TableEventStore::read_rows(std::string_view prefix, std::string_view after,
                                                     std::size_t limit) const {
  std::vector<Row> rows;
  if (limit == 0) return rows;
  const auto from = after.empty() || after < prefix ? std::string(prefix) : after_key(after);
  const auto to = after_prefix(prefix);
  if (!to.empty() && from >= to) return rows;
  const auto scanned =
      tables_->scan(Table::rows, from, to, [&](std::string_view key, std::string_view value) {
        rows.push_back({std::string(key), std::string(value)});
        return rows.size() < limit;
      });
  if (!scanned) return scanned.error();
  return rows;
}

FaultOr<std::optional<Row>> TableEventStore::last_row(std::string_view prefix) const {
  return tables_->last(Table::rows, prefix, after_prefix(prefix));
}

FaultOr<std::optional<engine::Snapshot>> TableEventStore::read_snapshot(const StreamId& stream,
                                                                        std::uint64_t version) const {
  using Found = std::optional<engine::Snapshot>;
  if (!is_valid(stream)) return Found{};
  const auto end = version == UINT64_MAX ? after_prefix(stream_key(stream)) : record_key(stream, version + 1);
  const auto row = tables_->last(Table::snapshots, stream_key(stream), end);
  if (!row) return row.error();
  return row->has_value() ? parse_snapshot((*row)->key, (*row)->value) : Found{};
}

FaultOr<void> TableEventStore::scan_snapshots(
    const std::function<bool(const engine::Snapshot&)>& visit) const {
  return scan_in_slices(Table::snapshots, {}, {}, kSlice, [&](std::string_view key, std::string_view value) {
    const auto snapshot = parse_snapshot(key, value);
    return !snapshot || visit(*snapshot);
  });
}

FaultOr<std::optional<engine::IdempotencyRecord>> TableEventStore::find_idempotency(
    const engine::Digest& scope) const {
  using Found = std::optional<engine::IdempotencyRecord>;
  const auto newest = head().recorded_at;
  const auto value = tables_->get(Table::idempotency, view_of(scope));
  if (!value) return value.error();
  if (!value->has_value()) return Found{};
  auto record = parse_idempotency(scope, **value);
  if (!record) return malformed("idempotency record");
  if (record->recorded_at < newest - kIdempotencyKept) return Found{};
  return record;
}

FaultOr<std::vector<engine::WrappedKey>> TableEventStore::read_keys(const StreamId& stream) const {
  std::vector<engine::WrappedKey> keys;
  if (!is_valid(stream)) return keys;
  const auto prefix = stream_key(stream);
  bool is_malformed = false;
  const auto scanned = tables_->scan(Table::keys, prefix, after_prefix(prefix),
                                     [&](std::string_view key, std::string_view value) {
                                       auto wrapped = parse_wrapped_key(key, value);
                                       is_malformed = !wrapped;
                                       if (wrapped) keys.push_back(std::move(*wrapped));
                                       return !is_malformed;
                                     });
  if (!scanned) return scanned.error();
  if (is_malformed) return malformed("wrapped key");
  return keys;
}

FaultOr<std::optional<std::string>> TableEventStore::read_artifact(const engine::Digest& hash) const {
  return tables_->get(Table::artifacts, view_of(hash));
}

FaultOr<void> TableEventStore::scan_record_keys(const std::function<bool(std::string_view)>& visit) const {
  std::string from;
  std::vector<std::string> keys;
  do {
    keys.clear();
    const auto scanned = tables_->scan(Table::records, from, {}, [&](std::string_view key, std::string_view) {
      keys.emplace_back(key);
      return keys.size() < kSlice;
    });
    if (!scanned) return scanned;
    for (const auto& key : keys) {
      if (!visit(key)) return {};
    }
    if (!keys.empty()) from = after_key(keys.back());
  } while (keys.size() == kSlice);
  return {};
}

FaultOr<std::vector<std::optional<std::string>>> TableEventStore::read_raw_records(
    const std::vector<RecordRef>& wanted) const {
  std::vector<std::optional<std::string>> found;
  found.reserve(wanted.size());
  for (const auto& ref : wanted) {
    auto bytes = tables_->get(Table::records, record_key(ref.stream, ref.version));
    if (!bytes) return bytes.error();
    found.push_back(std::move(*bytes));
  }
  return found;
}

FaultOr<void> TableEventStore::scan_artifacts(
    const std::function<bool(std::string_view, std::string_view)>& visit) const {
  return scan_in_slices(Table::artifacts, {}, {}, kArtifactSlice, visit);
}

FaultOr<void> TableEventStore::scan_raw_answers(
    const std::function<bool(std::string_view, std::string_view)>& visit) const {
  return scan_in_slices(Table::idempotency, {}, {}, kSlice, visit);
}

FaultOr<std::string> TableEventStore::raw_edge() const {
  auto stored = tables_->get(Table::meta, "edge");
  if (!stored) return stored.error();
  return FaultOr<std::string>(boost::system::in_place_value, stored->value_or(std::string{}));
}

}  // namespace motcua::storage
