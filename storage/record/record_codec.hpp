/// Bytes of one record (bản ghi sự kiện): header, public bytes, sealed entries. The header commits to the
/// rest by SHA-256, the log's tree commits to the header. To the byte: storage/FORMAT.md. Nothing is
/// re-serialised to verify.
#pragma once

#include "engine/core/result.hpp"
#include "engine/ports/event_store.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace motcua::storage {

/// Largest header in bytes. A header is one entry of the transparency log, whose entries have 16-bit lengths.
inline constexpr std::size_t kHeaderBytesMax = 65'535;
/// Format that `RecordEncoder` writes.
inline constexpr std::uint8_t kRecordFormat = 1;

/// An encoded record. Views into the encoder's buffer: valid until its next call.
struct EncodedView {
  std::string_view bytes{};   ///< the stored value
  std::string_view header{};  ///< its first part, which the leaf hashes
};

/// Encodes one record after another into a reused buffer. One thread at a time.
class RecordEncoder {
 public:
  /// Fault, naming the field: position or version 0, unknown stream kind, stream id or type empty or over 255
  /// bytes, occurred_at after recorded_at, rules not ascending by kind, sealed entries not ascending by
  /// subject (each once), a text over its length field, a header over kHeaderBytesMax, public bytes or a
  /// ciphertext of 4 GiB or more.
  [[nodiscard]] engine::FaultOr<EncodedView> encode(const engine::Record& record,
                                                    const engine::Id128& log_id);

 private:
  void put_header(const engine::Record& record, const engine::Id128& log_id);

  std::string out_{};
  std::string sealed_{};  ///< encoded entries, in order
  std::vector<engine::Digest> sealed_digests_{};
};

/// An encoded record that owns its bytes.
struct EncodedRecord {
  std::string bytes{};
  std::size_t header_size = 0;
  [[nodiscard]] std::string_view header() const { return std::string_view(bytes).substr(0, header_size); }
};
/// As RecordEncoder::encode, for code that is not in a hurry. Any thread.
[[nodiscard]] engine::FaultOr<EncodedRecord> encode(const engine::Record& record,
                                                    const engine::Id128& log_id);

/// A record and where its parts lie in the stored bytes. The views live as long as the bytes.
struct StoredRecord {
  engine::Record record{};
  engine::Id128 log_id{};
  std::string_view header{};
  std::string_view public_bytes{};
  engine::Digest public_digest{};                ///< as the header states it
  std::vector<std::string_view> sealed{};        ///< encoded entries
  std::vector<engine::Digest> sealed_digests{};  ///< as the header states them
};

/// Reads stored bytes. Total: whatever the bytes, it never reads outside them, never throws for their content
/// and allocates no more than they hold. Every byte string it accepts is the only encoding of its record up
/// to digests. Fault, naming the field or the format: anything else. Hashes are not checked (`verify`). Any
/// thread.
[[nodiscard]] engine::FaultOr<engine::Record> decode(std::string_view bytes);
[[nodiscard]] engine::FaultOr<StoredRecord> decode_stored(std::string_view bytes);

/// Reads records without their sealed entries, one after another with the same memory. One thread at a time.
class UnsealedReader {
 public:
  /// As `decode`, but what follows the public bytes is not looked at. Valid until the next call.
  [[nodiscard]] engine::FaultOr<const engine::Record*> read(std::string_view bytes);

 private:
  StoredRecord stored_{};
};

/// SHA-256(0x00 || header): the record's leaf in the tree (RFC 6962). Any thread.
[[nodiscard]] engine::Digest leaf_hash(std::string_view header);

/// Re-hashes stored bytes: the header against `leaf`, public bytes and sealed entries against the header.
/// Fault naming the first part that differs. Any thread.
[[nodiscard]] engine::FaultOr<void> verify(std::string_view bytes, const engine::Digest& leaf);
/// The same on a record already decoded.
[[nodiscard]] engine::FaultOr<void> verify(const StoredRecord& stored, const engine::Digest& leaf);

}  // namespace motcua::storage
