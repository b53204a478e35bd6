#include "storage/record/key_codec.hpp"

#include "storage/record/bytes.hpp"
#include "storage/record/sha256.hpp"

#include <utility>

namespace motcua::storage {

using engine::Digest;
using engine::IdempotencyRecord;
using engine::LogEntry;
using engine::StreamId;
using engine::StreamKind;
using engine::WrappedKey;

bool is_valid(const StreamId& stream) {
  return stream.kind >= StreamKind::case_ && stream.kind <= StreamKind::system && !stream.id.empty() &&
         stream.id.size() <= 0xff;
}

void put_stream(std::string& out, const StreamId& stream) {
  put_u8(out, static_cast<std::uint8_t>(stream.kind));
  put_u8(out, stream.id.size());
  out.append(stream.id);
}

std::optional<StreamId> take_stream(ByteReader& reader) {
  StreamId stream;
  stream.kind = static_cast<StreamKind>(reader.u8("stream kind"));
  stream.id = std::string(reader.take(reader.u8("stream id"), "stream id"));
  if (reader.failed() || !is_valid(stream)) return std::nullopt;
  return stream;
}

std::string after_prefix(std::string_view prefix) {
  std::string next(prefix);
  while (!next.empty() && next.back() == '\xff') next.pop_back();
  if (!next.empty()) next.back() = static_cast<char>(static_cast<std::uint8_t>(next.back()) + 1);
  return next;
}

std::string stream_key(const StreamId& stream) {
  std::string key;
  key.reserve(2 + stream.id.size());
  put_stream(key, stream);
  return key;
}

std::string record_key(const StreamId& stream, std::uint64_t version) {
  std::string key;
  key.reserve(10 + stream.id.size());
  put_stream(key, stream);
  put_u64(key, version);
  return key;
}

std::string log_key(std::uint64_t position) {
  std::string key;
  put_u64(key, position);
  return key;
}

std::string wrapped_key_key(const StreamId& stream, const engine::SubjectName& subject,
                            const engine::Id128& key_id) {
  std::string key;
  key.reserve(20 + stream.id.size() + subject.value.size());
  put_stream(key, stream);
  put_u16(key, subject.value.size());
  key.append(subject.value);
  put_array(key, key_id);
  return key;
}

std::optional<RecordKey> parse_record_key(std::string_view key) {
  ByteReader reader(key);
  auto stream = take_stream(reader);
  const auto version = reader.u64("version");
  if (!stream || reader.failed() || reader.left() != 0) return std::nullopt;
  return RecordKey{std::move(*stream), version};
}

std::optional<std::uint64_t> parse_log_key(std::string_view key) {
  ByteReader reader(key);
  const auto position = reader.u64("position");
  if (reader.failed() || reader.left() != 0) return std::nullopt;
  return position;
}

void put_log_value(std::string& out, const StreamId& stream, std::uint64_t version, const Digest& leaf) {
  put_stream(out, stream);
  put_u64(out, version);
  put_array(out, leaf);
}

std::optional<LogEntry> parse_log_value(std::uint64_t position, std::string_view value) {
  ByteReader reader(value);
  LogEntry entry;
  entry.position = position;
  auto stream = take_stream(reader);
  entry.version = reader.u64("version");
  reader.array(entry.leaf, "leaf");
  if (!stream || reader.failed() || reader.left() != 0) return std::nullopt;
  entry.stream = std::move(*stream);
  return entry;
}

std::optional<WrappedKey> parse_wrapped_key(std::string_view key, std::string_view value) {
  ByteReader reader(key);
  WrappedKey wrapped;
  auto stream = take_stream(reader);
  wrapped.subject.value = std::string(reader.take(reader.u16("subject"), "subject"));
  reader.array(wrapped.key_id, "key id");
  if (!stream || reader.failed() || reader.left() != 0) return std::nullopt;
  wrapped.stream = std::move(*stream);
  wrapped.wrapped = std::string(value);
  return wrapped;
}

void put_idempotency_value(std::string& out, const IdempotencyRecord& record) {
  put_i64(out, engine::to_micros(record.recorded_at));
  put_array(out, record.body_mac);
  put_array(out, record.command_id);
  put_stream(out, record.stream);
  put_u64(out, record.version);
  put_u16(out, record.status);
}

std::optional<IdempotencyRecord> parse_idempotency(const Digest& scope, std::string_view value) {
  ByteReader reader(value);
  IdempotencyRecord record;
  record.scope = scope;
  record.recorded_at = engine::from_micros(reader.i64("recorded_at"));
  reader.array(record.body_mac, "body mac");
  reader.array(record.command_id, "command id");
  auto stream = take_stream(reader);
  record.version = reader.u64("version");
  record.status = reader.u16("status");
  if (!stream || reader.failed() || reader.left() != 0) return std::nullopt;
  record.stream = std::move(*stream);
  return record;
}

std::optional<engine::Instant> idempotency_recorded_at(std::string_view value) {
  ByteReader reader(value);
  const auto micros = reader.i64("recorded_at");
  if (reader.failed()) return std::nullopt;
  return engine::from_micros(micros);
}

}  // namespace motcua::storage
