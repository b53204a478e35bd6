/// Keys and small values of every table, to the byte as in storage/FORMAT.md. Pure; any thread.
#pragma once

#include "engine/core/result.hpp"
#include "engine/ports/event_store.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace motcua::storage {

class ByteReader;

/// True if the kind is known and the id has 1 to 255 bytes: only then may the stream be put into a key.
[[nodiscard]] bool is_valid(const engine::StreamId& stream);

/// Appends kind byte, length byte, id.
void put_stream(std::string& out, const engine::StreamId& stream);
/// Reads what put_stream wrote; nullopt if it is cut or not valid.
[[nodiscard]] std::optional<engine::StreamId> take_stream(ByteReader& reader);

/// Least key that is greater than every key starting with `prefix`; empty if there is none.
[[nodiscard]] std::string after_prefix(std::string_view prefix);

[[nodiscard]] std::string stream_key(const engine::StreamId& stream);
[[nodiscard]] std::string record_key(const engine::StreamId& stream, std::uint64_t version);
[[nodiscard]] std::string log_key(std::uint64_t position);
[[nodiscard]] std::string wrapped_key_key(const engine::StreamId& stream, const engine::SubjectName& subject,
                                          const engine::Id128& key_id);

struct RecordKey {
  engine::StreamId stream{};
  std::uint64_t version = 0;
};
[[nodiscard]] std::optional<RecordKey> parse_record_key(std::string_view key);
[[nodiscard]] std::optional<std::uint64_t> parse_log_key(std::string_view key);

/// Appends stream, version, leaf of a log entry (the position is the key).
void put_log_value(std::string& out, const engine::StreamId& stream, std::uint64_t version,
                   const engine::Digest& leaf);
[[nodiscard]] std::optional<engine::LogEntry> parse_log_value(std::uint64_t position, std::string_view value);

/// Stream, subject and key id from the key; `wrapped` is the value.
[[nodiscard]] std::optional<engine::WrappedKey> parse_wrapped_key(std::string_view key,
                                                                  std::string_view value);

void put_idempotency_value(std::string& out, const engine::IdempotencyRecord& record);
[[nodiscard]] std::optional<engine::IdempotencyRecord> parse_idempotency(const engine::Digest& scope,
                                                                         std::string_view value);
/// recorded_at of a stored idempotency value, without reading the rest; nullopt if it is cut.
[[nodiscard]] std::optional<engine::Instant> idempotency_recorded_at(std::string_view value);

}  // namespace motcua::storage
