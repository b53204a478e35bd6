// Stored records: any bytes are refused or are the encoding of one record; every record is read back.
#include "storage/record/record_codec.hpp"
#include "tests/fuzz/target.hpp"

namespace motcua::fuzz {
namespace {

using engine::Record;

/// The bytes without the digests of the header's end, which the fuzzer cannot guess.
std::string without_digests(std::string_view bytes, std::size_t header_size, std::size_t sealed) {
  std::string masked(bytes);
  const std::size_t digests = 32 + 2 + 32 * sealed;
  promise(digests <= header_size, "a header ends with its digests");
  for (std::size_t i = 0; i < 32; ++i) masked[header_size - digests + i] = 0;
  for (std::size_t i = 0; i < 32 * sealed; ++i) masked[header_size - 32 * sealed + i] = 0;
  return masked;
}

void read_any(std::string_view bytes) {
  const auto stored = storage::decode_stored(bytes);
  if (!stored) {
    promise(!stored.error().what.empty(), "a refusal says why");
    promise(storage::verify(bytes, {}).has_error(), "what cannot be read does not verify");
    return;
  }
  const auto again = storage::encode(stored->record, stored->log_id);
  promise(again.has_value(), "what is read can be written");
  const auto sealed = stored->sealed.size();
  promise(again->header_size == stored->header.size(), "written again, the header is as long");
  promise(without_digests(bytes, stored->header.size(), sealed) ==
              without_digests(again->bytes, again->header_size, sealed),
          "accepted bytes are the only encoding of their record, up to digests");
  promise(storage::verify(*stored, storage::leaf_hash(stored->header)).has_value() == (again->bytes == bytes),
          "a record verifies if its digests are those of its parts");
}

Record record_from(Values& values) {
  Record record;
  record.position = values.number() | 1U;
  record.stream = {static_cast<engine::StreamKind>(1 + values.byte() % 7),
                   "s" + values.text().substr(0, 254)};
  record.version = values.number() | 1U;
  record.type = "t" + values.text().substr(0, 254);
  record.type_version = static_cast<std::uint16_t>(values.number());
  record.occurred_at = engine::from_micros(static_cast<std::int64_t>(values.number()));
  record.recorded_at =
      std::max(record.occurred_at, engine::from_micros(static_cast<std::int64_t>(values.number())));
  record.actor.value = values.text();
  record.agency.value = values.text();
  record.on_behalf_of = values.text();
  values.fill(record.command_id);
  record.cause = values.text();
  for (int i = values.byte() % 4; i > 0; --i) {
    record.rules.push_back({"rule-" + std::to_string(9 - i), {values.byte()}});
  }
  for (int i = values.byte() % 4; i > 0; --i) {
    record.sealed.push_back(
        {engine::SubjectName("/person-" + std::to_string(9 - i)), {values.byte()}, {}, values.text()});
  }
  record.public_bytes = std::string(values.rest());
  return record;
}

void write_any(std::string_view bytes) {
  Values values(bytes);
  const auto changed_byte = values.number();
  const auto record = record_from(values);
  const engine::Id128 log_id{1, 2, 3};
  auto encoded = storage::encode(record, log_id);
  promise(encoded.has_value(), "a record within its limits has an encoding");
  const auto leaf = storage::leaf_hash(encoded->header());
  const auto stored = storage::decode_stored(encoded->bytes);
  promise(stored && stored->record == record && stored->log_id == log_id, "a record is read back");
  promise(storage::verify(encoded->bytes, leaf).has_value(), "a record verifies against its leaf");
  auto& byte = encoded->bytes[changed_byte % encoded->bytes.size()];
  byte = static_cast<char>(byte ^ 0x20);
  promise(storage::verify(encoded->bytes, leaf).has_error(), "a changed byte does not verify");
}

}  // namespace

void try_input(std::string_view input) {
  read_any(input);
  write_any(input);
}

}  // namespace motcua::fuzz
