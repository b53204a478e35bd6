// Keys and small values of the tables, rows of a case: what is read back is what was written, order is kept.
#include "engine/cases/rows.hpp"
#include "storage/record/bytes.hpp"
#include "storage/record/key_codec.hpp"
#include "tests/fuzz/target.hpp"

#include <tuple>

namespace motcua::fuzz {
namespace {

using engine::StreamId;
using engine::StreamKind;

/// Whatever is accepted is the only spelling of what was read.
void read_any(std::string_view bytes) {
  if (const auto key = storage::parse_record_key(bytes)) {
    promise(storage::record_key(key->stream, key->version) == bytes, "a record key has one spelling");
  }
  if (const auto position = storage::parse_log_key(bytes)) {
    promise(storage::log_key(*position) == bytes, "a log key has one spelling");
  }
  if (const auto entry = storage::parse_log_value(7, bytes)) {
    std::string again;
    storage::put_log_value(again, entry->stream, entry->version, entry->leaf);
    promise(again == bytes && entry->position == 7, "a log value has one spelling");
  }
  if (const auto key = storage::parse_wrapped_key(bytes, "wrapped")) {
    promise(storage::wrapped_key_key(key->stream, key->subject, key->key_id) == bytes,
            "the key of a wrapped key has one spelling");
  }
  if (const auto record = storage::parse_idempotency({}, bytes)) {
    std::string again;
    storage::put_idempotency_value(again, *record);
    promise(again == bytes, "an idempotency value has one spelling");
    promise(storage::idempotency_recorded_at(bytes) == record->recorded_at, "its instant is read alone");
  }
  storage::ByteReader reader(bytes);
  if (const auto stream = storage::take_stream(reader)) {
    promise(bytes.starts_with(storage::stream_key(*stream)), "a stream has one spelling");
  }
}

/// Rows of a damaged store are no rows; they never end the process.
void read_rows(std::string_view bytes) {
  Values values(bytes);
  const engine::Row row{values.text(), std::string(values.rest())};
  if (engine::read_worklist_row(row)) {
    promise(!engine::counters_of(row).empty(), "what waits is counted");
  }
  if (const auto found = engine::read_search_key(row.key)) {
    const auto token = engine::to_hex(std::string_view(row.key).substr(1, engine::kSearchTokenBytes));
    promise(engine::search_key(token, *found) == row.key, "a search key has one spelling");
  }
  if (const auto timer = engine::read_timer_row(row)) {
    promise(row.key.starts_with(engine::timer_prefix()), "a timer row lies among the timers");
  }
  if (const auto effect = engine::read_effect_row(row)) {
    promise(
        row.key.starts_with(engine::effect_prefix()) || row.key.starts_with(engine::inside_effect_prefix()),
        "an effect row lies among the effects");
  }
  if (const auto key = engine::case_code_key(row.value)) {
    promise(engine::case_code_number(*key) > 0 || row.value.ends_with('0'), "a case code has its number");
  }
  (void)engine::decode_counter(row.value);
}

StreamId stream_from(Values& values) {
  StreamId stream{static_cast<StreamKind>(1 + values.byte() % 7), values.text()};
  if (stream.id.empty()) stream.id = "x";
  return stream;
}

/// Kind, then length, then bytes of the id: the order that storage/FORMAT.md states.
auto order_of(const StreamId& stream) {
  return std::tuple(stream.kind, stream.id.size(), std::string_view(stream.id));
}

void keep_order(std::string_view bytes) {
  Values values(bytes);
  const auto left = stream_from(values);
  const auto right = stream_from(values);
  const auto left_version = values.number();
  const auto right_version = values.number();
  const auto left_key = storage::record_key(left, left_version);
  const auto right_key = storage::record_key(right, right_version);
  promise((left_key < right_key) ==
              (std::tuple(order_of(left), left_version) < std::tuple(order_of(right), right_version)),
          "record keys are ordered by stream, then version");
  promise(
      (storage::log_key(left_version) < storage::log_key(right_version)) == (left_version < right_version),
      "log keys are ordered by position");
  promise(left == right || !storage::stream_key(left).starts_with(storage::stream_key(right)),
          "no stream is the prefix of another");
  const auto read = storage::parse_record_key(left_key);
  promise(read && read->stream == left && read->version == left_version, "a record key is read back");

  const std::string prefix = values.text();
  const std::string key(values.rest());
  const auto end = storage::after_prefix(prefix);
  promise(key.starts_with(prefix) == (key >= prefix && (end.empty() || key < end)),
          "a prefix and what follows it enclose exactly its keys");
}

}  // namespace

void try_input(std::string_view input) {
  read_any(input);
  read_rows(input);
  keep_order(input);
}

}  // namespace motcua::fuzz
