#include "storage/tables/table_event_store.hpp"

#include "storage/record/bytes.hpp"
#include "storage/record/key_codec.hpp"
#include "storage/record/sha256.hpp"

#include <utility>

namespace motcua::storage {

using engine::AppendBatch;
using engine::Fault;
using engine::FaultOr;
using engine::LogHead;
using engine::Record;

namespace {

// Keys of the meta table.
constexpr std::string_view kMetaFormat = "format";
constexpr std::string_view kMetaLogId = "log";
constexpr std::string_view kMetaEpoch = "epoch";
constexpr std::string_view kMetaHead = "head";
constexpr std::string_view kMetaEdge = "edge";

std::string encoded_head(const LogHead& head) {
  std::string bytes;
  put_u64(bytes, head.position);
  put_i64(bytes, engine::to_micros(head.recorded_at));
  put_array(bytes, head.root);
  return bytes;
}

std::string encoded_epoch(std::uint64_t epoch) {
  std::string bytes;
  put_u64(bytes, epoch);
  return bytes;
}

Fault damaged_meta(std::string_view key) {
  return Fault{"the store's meta entry '" + std::string(key) + "' is absent or malformed"};
}

/// The value of a meta entry that must exist.
FaultOr<std::string> meta(const Tables& tables, std::string_view key) {
  auto value = tables.get(Table::meta, key);
  if (!value) return value.error();
  if (!value->has_value()) return damaged_meta(key);
  return FaultOr<std::string>(boost::system::in_place_value, std::move(**value));
}

FaultOr<void> load_format(const Tables& tables) {
  const auto stored = tables.get(Table::meta, kMetaFormat);
  if (!stored) return stored.error();
  if (!stored->has_value()) return Fault{"this is not a store: its meta table has no format"};
  ByteReader reader(**stored);
  const auto format = reader.u32("format");
  if (reader.failed() || reader.left() != 0) return damaged_meta(kMetaFormat);
  if (format > kStoreFormat) {
    return Fault{"the store has format " + std::to_string(format) + ", this version knows formats up to " +
                 std::to_string(kStoreFormat) + "; use the version that wrote it, or a later one"};
  }
  if (format != kStoreFormat) return Fault{"store format " + std::to_string(format) + " is unknown"};
  return {};
}

}  // namespace

FaultOr<void> TableEventStore::write_new_log(Tables& tables, const engine::Id128& log_id,
                                             std::uint64_t epoch) {
  std::string format;
  put_u32(format, kStoreFormat);
  LogHead head;
  const RightEdge edge;
  head.root = edge.root();
  tables.put(Table::meta, kMetaFormat, format);
  tables.put(Table::meta, kMetaLogId, view_of(log_id));
  tables.put(Table::meta, kMetaEpoch, encoded_epoch(epoch));
  tables.put(Table::meta, kMetaHead, encoded_head(head));
  tables.put(Table::meta, kMetaEdge, edge.encoded());
  return tables.commit();
}

FaultOr<void> TableEventStore::load(bool check_edge) {
  if (auto format = load_format(*tables_); !format) return format;
  End end;
  const auto log_id = meta(*tables_, kMetaLogId);
  if (!log_id) return log_id.error();
  ByteReader id_reader(*log_id);
  id_reader.array(end.head.log_id, "log id");
  if (id_reader.failed() || id_reader.left() != 0) return damaged_meta(kMetaLogId);

  const auto epoch = meta(*tables_, kMetaEpoch);
  if (!epoch) return epoch.error();
  ByteReader epoch_reader(*epoch);
  end.head.epoch = epoch_reader.u64("epoch");
  if (epoch_reader.failed() || epoch_reader.left() != 0) return damaged_meta(kMetaEpoch);

  const auto head = meta(*tables_, kMetaHead);
  if (!head) return head.error();
  ByteReader head_reader(*head);
  end.head.position = head_reader.u64("position");
  end.head.recorded_at = engine::from_micros(head_reader.i64("recorded_at"));
  head_reader.array(end.head.root, "root");
  if (head_reader.failed() || head_reader.left() != 0) return damaged_meta(kMetaHead);

  const auto edge_bytes = meta(*tables_, kMetaEdge);
  if (!edge_bytes) return edge_bytes.error();
  auto edge = RightEdge::decode(*edge_bytes);
  if (!edge) return edge.error();
  if (check_edge && (edge->size() != end.head.position || edge->root() != end.head.root)) {
    return Fault{"the store's right edge does not have the root that its head states at position " +
                 std::to_string(end.head.position)};
  }
  end.edge = std::move(*edge);
  publish(std::move(end));
  return {};
}

void TableEventStore::poison(std::string why) {
  const std::lock_guard lock(end_mutex_);
  if (!poisoned_) poisoned_ = std::move(why);
}

std::optional<std::string> TableEventStore::poisoned() const {
  const std::lock_guard lock(end_mutex_);
  return poisoned_;
}

void TableEventStore::publish(End end) {
  tables_->expire_idempotency_before(end.head.recorded_at - kIdempotencyKept);
  const std::lock_guard lock(end_mutex_);
  end_ = std::move(end);
}

FaultOr<void> TableEventStore::commit(const char* what) {
  auto written = tables_->commit();
  if (!written) {
    poison(std::string("an earlier ") + what + " failed: " + written.error().what);
    return Fault{std::string(what) + " failed, its outcome is unknown: " + written.error().what};
  }
  return {};
}

FaultOr<std::uint64_t> TableEventStore::take_epoch() {
  if (const auto why = poisoned()) return Fault{"the store refuses writes: " + *why};
  End end = end_;
  ++end.head.epoch;
  tables_->put(Table::meta, kMetaEpoch, encoded_epoch(end.head.epoch));
  if (auto done = commit("taking an epoch"); !done) return done.error();
  const auto epoch = end.head.epoch;
  publish(std::move(end));
  return epoch;
}

FaultOr<void> TableEventStore::check_order(const AppendBatch& batch) const {
  const auto& head = end_.head;
  if (batch.epoch == 0 || batch.epoch != head.epoch) {
    return Fault{"epoch " + std::to_string(batch.epoch) + " may not append, the highest taken is " +
                 std::to_string(head.epoch)};
  }
  if (batch.first_position != head.position + 1) {
    return Fault{"batch begins at position " + std::to_string(batch.first_position) +
                 ", the log's next position is " + std::to_string(head.position + 1)};
  }
  return {};
}

FaultOr<void> TableEventStore::append(const AppendBatch& batch) {
  if (const auto why = poisoned()) return Fault{"the store refuses writes: " + *why};
  if (auto order = check_order(batch); !order) return order;
  End end = end_;  // only this thread writes end_
  if (auto staged = stage(batch, end); !staged) {
    tables_->discard();
    versions_.roll_back();
    return staged;
  }
  if (auto done = commit("append"); !done) return done;
  versions_.settle();
  publish(std::move(end));
  return {};
}

FaultOr<void> TableEventStore::stage(const AppendBatch& batch, End& end) {
  for (const auto& record : batch.records) {
    if (auto staged = stage_record(record, end); !staged) return staged;
  }
  if (!batch.records.empty()) {
    end.head.root = end.edge.root();
    stage_end(end);
  }
  for (const auto& row : batch.rows) {
    if (row.value) {
      tables_->put(Table::rows, row.key, *row.value);
    } else {
      tables_->erase(Table::rows, row.key);
    }
  }
  for (const auto& snapshot : batch.snapshots) {
    if (!is_valid(snapshot.stream)) return Fault{"a snapshot has no valid stream"};
    value_.assign(view_of(sha256(snapshot.bytes)));
    value_.append(snapshot.bytes);
    tables_->put(Table::snapshots, record_key(snapshot.stream, snapshot.version), value_);
  }
  if (auto staged = stage_keys_and_answers(batch); !staged) return staged;
  return stage_artifacts(batch);
}

FaultOr<void> TableEventStore::stage_record(const Record& record, End& end) {
  const auto at = [&record] { return " at position " + std::to_string(record.position); };
  if (record.position != end.head.position + 1) {
    return Fault{"record" + at() + " follows position " + std::to_string(end.head.position)};
  }
  if (end.head.position != 0 && record.recorded_at < end.head.recorded_at) {
    return Fault{"recorded_at goes back" + at()};
  }
  const auto advanced = versions_.advance(*tables_, record.stream, record.version);
  if (!advanced) return advanced.error();
  if (!*advanced) {
    return Fault{"version " + std::to_string(record.version) + " is not the next of its stream" + at()};
  }
  const auto encoded = encoder_.encode(record, end.head.log_id);
  if (!encoded) return Fault{encoded.error().what + at()};

  key_.clear();
  put_stream(key_, record.stream);
  put_u64(key_, record.version);
  tables_->put(Table::records, key_, encoded->bytes);

  const auto leaf = leaf_hash(encoded->header);
  key_.clear();
  put_u64(key_, record.position);
  value_.clear();
  put_log_value(value_, record.stream, record.version, leaf);
  tables_->put(Table::log, key_, value_);

  end.edge.append(leaf);
  end.head.position = record.position;
  end.head.recorded_at = record.recorded_at;
  return {};
}

void TableEventStore::stage_end(const End& end) {
  tables_->put(Table::meta, kMetaEdge, end.edge.encoded());
  tables_->put(Table::meta, kMetaHead, encoded_head(end.head));
}

FaultOr<void> TableEventStore::stage_keys_and_answers(const AppendBatch& batch) {
  for (const auto& wrapped : batch.keys) {
    if (!is_valid(wrapped.stream) || wrapped.subject.value.size() > 0xffff) {
      return Fault{"a wrapped key has no valid stream or its subject is over 65535 bytes"};
    }
    tables_->put(Table::keys, wrapped_key_key(wrapped.stream, wrapped.subject, wrapped.key_id),
                 wrapped.wrapped);
  }
  for (const auto& answer : batch.idempotency) {
    if (!is_valid(answer.stream)) return Fault{"an idempotency record has no valid stream"};
    value_.clear();
    put_idempotency_value(value_, answer);
    tables_->put(Table::idempotency, view_of(answer.scope), value_);
  }
  return {};
}

FaultOr<void> TableEventStore::stage_artifacts(const AppendBatch& batch) {
  for (const auto& artifact : batch.artifacts) {
    if (sha256(artifact.bytes) != artifact.hash) {
      return Fault{"an artifact's bytes do not have the hash " + engine::to_hex(artifact.hash)};
    }
    const auto stored = tables_->get(Table::artifacts, view_of(artifact.hash));
    if (!stored) return stored.error();
    if (!stored->has_value()) tables_->put(Table::artifacts, view_of(artifact.hash), artifact.bytes);
  }
  return {};
}

FaultOr<void> TableEventStore::replace_rows(const std::vector<engine::Row>& rows) {
  if (const auto why = poisoned()) return Fault{"the store refuses writes: " + *why};
  for (const auto table : {Table::rows, Table::snapshots}) {
    if (auto erased = tables_->erase_all(table); !erased) {
      tables_->discard();
      return erased;
    }
  }
  for (const auto& row : rows) tables_->put(Table::rows, row.key, row.value);
  return commit("replacing the rows");
}

}  // namespace motcua::storage
