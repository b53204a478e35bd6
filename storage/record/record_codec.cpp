#include "storage/record/record_codec.hpp"

#include "storage/record/bytes.hpp"
#include "storage/record/key_codec.hpp"
#include "storage/record/sha256.hpp"

#include <utility>

namespace motcua::storage {
namespace {

using engine::Digest;
using engine::Fault;
using engine::FaultOr;
using engine::Id128;
using engine::Record;
using engine::SealedEntry;

constexpr std::size_t kHeaderPreamble = 3;  // format, header length

/// Why `record` has no encoding, or nullptr. Encoder and decoder share it, so that both accept the same
/// records.
const char* defect_of(const Record& record) {
  if (record.position == 0) return "position is 0";
  if (!is_valid(record.stream)) return "stream kind is unknown or its id is not 1 to 255 bytes";
  if (record.version == 0) return "version is 0";
  if (record.type.empty() || record.type.size() > 0xff) return "type is not 1 to 255 bytes";
  if (record.occurred_at > record.recorded_at) return "occurred_at is later than recorded_at";
  if (record.actor.value.size() > 0xffff) return "actor is over 65535 bytes";
  if (record.agency.value.size() > 0xffff) return "agency is over 65535 bytes";
  if (record.on_behalf_of.size() > 0xffff) return "on_behalf_of is over 65535 bytes";
  if (record.cause.size() > 0xffff) return "cause is over 65535 bytes";
  if (record.rules.size() > 0xff) return "there are more than 255 rule hashes";
  for (std::size_t i = 0; i < record.rules.size(); ++i) {
    if (record.rules[i].kind.size() > 0xff) return "kind of a rule hash is over 255 bytes";
    if (i > 0 && record.rules[i - 1].kind >= record.rules[i].kind)
      return "rule hashes are not ascending by kind";
  }
  if (record.public_bytes.size() > 0xffff'ffff) return "public bytes are 4 GiB or more";
  if (record.sealed.size() > 0xffff) return "there are more than 65535 sealed entries";
  for (std::size_t i = 0; i < record.sealed.size(); ++i) {
    if (record.sealed[i].subject.value.size() > 0xffff)
      return "subject of a sealed entry is over 65535 bytes";
    if (record.sealed[i].ciphertext.size() > 0xffff'ffff) return "a ciphertext is 4 GiB or more";
    if (i > 0 && record.sealed[i - 1].subject >= record.sealed[i].subject) {
      return "sealed entries are not ascending by subject";
    }
  }
  return nullptr;
}

void put_text16(std::string& out, std::string_view text) {
  put_u16(out, text.size());
  out.append(text);
}

void put_sealed_entry(std::string& out, const SealedEntry& entry) {
  put_text16(out, entry.subject.value);
  put_array(out, entry.key_id);
  put_array(out, entry.nonce);
  put_u32(out, entry.ciphertext.size());
  out.append(entry.ciphertext);
}

Fault changed_public_bytes() { return Fault{"public bytes do not have the hash that the header states"}; }

Fault cut_at(const ByteReader& reader) {
  return Fault{std::string("record ends inside its field ") + reader.failed_field()};
}

std::string_view text16(ByteReader& reader, const char* field) {
  const auto size = reader.u16(field);
  return reader.take(size, field);
}

/// Reads the header's fields after its preamble. False if the bytes end too early (see
/// `reader.failed_field`).
bool read_header(ByteReader& reader, StoredRecord& stored) {
  auto& record = stored.record;
  reader.array(stored.log_id, "log id");
  record.position = reader.u64("position");
  record.stream.kind = static_cast<engine::StreamKind>(reader.u8("stream kind"));
  record.stream.id = reader.take(reader.u8("stream id"), "stream id");
  record.version = reader.u64("version");
  record.type = reader.take(reader.u8("type"), "type");
  record.type_version = reader.u16("type version");
  record.recorded_at = engine::from_micros(reader.i64("recorded_at"));
  record.occurred_at = engine::from_micros(reader.i64("occurred_at"));
  record.actor.value = text16(reader, "actor");
  record.agency.value = text16(reader, "agency");
  record.on_behalf_of = text16(reader, "on_behalf_of");
  reader.array(record.command_id, "command id");
  record.cause = text16(reader, "cause");
  const unsigned rules = reader.u8("rule hashes");
  record.rules.clear();
  for (unsigned i = 0; i < rules && !reader.failed(); ++i) {
    auto& rule = record.rules.emplace_back();
    rule.kind = reader.take(reader.u8("rule kind"), "rule kind");
    reader.array(rule.hash, "rule hash");
  }
  reader.array(stored.public_digest, "digest of the public bytes");
  const unsigned sealed = reader.u16("sealed entries");
  stored.sealed_digests.clear();
  for (unsigned i = 0; i < sealed && !reader.failed(); ++i) {
    reader.array(stored.sealed_digests.emplace_back(), "digest of a sealed entry");
  }
  return !reader.failed();
}

void read_public(ByteReader& reader, StoredRecord& stored) {
  stored.public_bytes = reader.take(reader.u32("public bytes"), "public bytes");
  stored.record.public_bytes = stored.public_bytes;
}

bool read_body(ByteReader& reader, std::string_view body, StoredRecord& stored) {
  read_public(reader, stored);
  for (std::size_t i = 0; i < stored.sealed_digests.size() && !reader.failed(); ++i) {
    const auto begin = reader.at();
    SealedEntry entry;
    entry.subject.value = text16(reader, "subject");
    reader.array(entry.key_id, "key id");
    reader.array(entry.nonce, "nonce");
    entry.ciphertext = reader.take(reader.u32("ciphertext"), "ciphertext");
    if (reader.failed()) return false;
    stored.sealed.push_back(body.substr(begin, reader.at() - begin));
    stored.record.sealed.push_back(std::move(entry));
  }
  return !reader.failed();
}

}  // namespace

void RecordEncoder::put_header(const Record& record, const Id128& log_id) {
  put_u8(out_, kRecordFormat);
  put_u16(out_, 0);  // header length, known at the end
  put_array(out_, log_id);
  put_u64(out_, record.position);
  put_stream(out_, record.stream);
  put_u64(out_, record.version);
  put_u8(out_, record.type.size());
  out_.append(record.type);
  put_u16(out_, record.type_version);
  put_i64(out_, engine::to_micros(record.recorded_at));
  put_i64(out_, engine::to_micros(record.occurred_at));
  put_text16(out_, record.actor.value);
  put_text16(out_, record.agency.value);
  put_text16(out_, record.on_behalf_of);
  put_array(out_, record.command_id);
  put_text16(out_, record.cause);
  put_u8(out_, record.rules.size());
  for (const auto& rule : record.rules) {
    put_u8(out_, rule.kind.size());
    out_.append(rule.kind);
    put_array(out_, rule.hash);
  }
  put_array(out_, sha256(record.public_bytes));
  put_u16(out_, sealed_digests_.size());
  for (const auto& digest : sealed_digests_) put_array(out_, digest);
}

FaultOr<EncodedView> RecordEncoder::encode(const Record& record, const Id128& log_id) {
  if (const char* const defect = defect_of(record)) {
    return Fault{std::string("record has no encoding: ") + defect};
  }
  out_.clear();
  sealed_.clear();
  sealed_digests_.clear();
  for (const auto& entry : record.sealed) {
    const auto begin = sealed_.size();
    put_sealed_entry(sealed_, entry);
    sealed_digests_.push_back(sha256(std::string_view(sealed_).substr(begin)));
  }
  put_header(record, log_id);
  const auto header_size = out_.size();
  if (header_size > kHeaderBytesMax) {
    return Fault{"record has no encoding: its header is over 65535 bytes"};
  }
  out_[1] = static_cast<char>(static_cast<std::uint8_t>(header_size >> 8U));
  out_[2] = static_cast<char>(static_cast<std::uint8_t>(header_size));
  put_u32(out_, record.public_bytes.size());
  out_.append(record.public_bytes);
  out_.append(sealed_);
  const std::string_view bytes = out_;
  return EncodedView{bytes, bytes.substr(0, header_size)};
}

FaultOr<EncodedRecord> encode(const Record& record, const Id128& log_id) {
  RecordEncoder encoder;
  const auto encoded = encoder.encode(record, log_id);
  if (!encoded) return encoded.error();
  return EncodedRecord{std::string(encoded->bytes), encoded->header.size()};
}

namespace {

/// Reads the header of `bytes` into `stored`; answers what follows it.
FaultOr<std::string_view> open_header(std::string_view bytes, StoredRecord& stored) {
  ByteReader preamble(bytes);
  const unsigned format = preamble.u8("format");
  const std::size_t header_size = preamble.u16("header length");
  if (preamble.failed()) return cut_at(preamble);
  if (format != kRecordFormat) {
    return Fault{"record format " + std::to_string(format) + " is unknown, this version reads 1"};
  }
  if (header_size < kHeaderPreamble || header_size > bytes.size()) {
    return Fault{"record states a header of " + std::to_string(header_size) + " bytes, it has " +
                 std::to_string(bytes.size())};
  }
  stored.header = bytes.substr(0, header_size);
  ByteReader header(stored.header.substr(kHeaderPreamble));
  if (!read_header(header, stored)) return cut_at(header);
  if (header.left() != 0) {
    return Fault{"record header has " + std::to_string(header.left()) + " bytes too many"};
  }
  return bytes.substr(header_size);
}

std::optional<Fault> check(const Record& record) {
  const char* const defect = defect_of(record);
  if (defect == nullptr) return std::nullopt;
  return Fault{std::string("record is not well-formed: ") + defect};
}

}  // namespace

FaultOr<StoredRecord> decode_stored(std::string_view bytes) {
  StoredRecord stored;
  const auto body = open_header(bytes, stored);
  if (!body) return body.error();
  ByteReader reader(*body);
  if (!read_body(reader, *body, stored)) return cut_at(reader);
  if (reader.left() != 0) return Fault{"record has " + std::to_string(reader.left()) + " bytes too many"};
  if (auto defect = check(stored.record)) return *std::move(defect);
  return stored;
}

FaultOr<const Record*> UnsealedReader::read(std::string_view bytes) {
  const auto body = open_header(bytes, stored_);
  if (!body) return body.error();
  ByteReader reader(*body);
  read_public(reader, stored_);
  if (reader.failed()) return cut_at(reader);
  if (auto defect = check(stored_.record)) return *std::move(defect);
  return &stored_.record;
}

FaultOr<Record> decode(std::string_view bytes) {
  auto stored = decode_stored(bytes);
  if (!stored) return stored.error();
  if (sha256(stored->public_bytes) != stored->public_digest) return changed_public_bytes();
  return std::move(stored->record);
}

Digest leaf_hash(std::string_view header) {
  constexpr char kLeafPrefix = 0;
  return sha256({std::string_view(&kLeafPrefix, 1), header});
}

FaultOr<void> verify(const StoredRecord& stored, const Digest& leaf) {
  if (leaf_hash(stored.header) != leaf) return Fault{"header does not have the hash that the log states"};
  if (sha256(stored.public_bytes) != stored.public_digest) return changed_public_bytes();
  for (std::size_t i = 0; i < stored.sealed.size(); ++i) {
    if (sha256(stored.sealed[i]) != stored.sealed_digests[i]) {
      return Fault{"sealed entry " + std::to_string(i + 1) +
                   " does not have the hash that the header states"};
    }
  }
  return {};
}

FaultOr<void> verify(std::string_view bytes, const Digest& leaf) {
  const auto stored = decode_stored(bytes);
  if (!stored) return stored.error();
  return verify(*stored, leaf);
}

}  // namespace motcua::storage
