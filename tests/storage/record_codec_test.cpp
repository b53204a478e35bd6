#include "storage/record/record_codec.hpp"

#include "storage/record/key_codec.hpp"
#include "storage/record/sha256.hpp"
#include "tests/conformance/store_samples.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>

namespace motcua::storage {
namespace {

using engine::Record;

constexpr engine::Id128 kLogId{0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17,
                               0x18, 0x19, 0x1a, 0x1b, 0x1c, 0x1d, 0x1e, 0x1f};

Record full_record() {
  auto record = conformance::record_at(5, conformance::case_stream('a'), 2);
  record.type_version = 3;
  record.occurred_at -= std::chrono::hours(2);
  record.on_behalf_of = "officer-3";
  record.cause = "effect:1";
  record.rules = {{"calendar", engine::Digest{1}}, {"procedure", engine::Digest{2}}};
  record.sealed = {{engine::SubjectName("/mother"), {3}, {4}, "ciphertext-and-tag-1"},
                   {engine::SubjectName("applicant"), {5}, {6}, "ciphertext-and-tag-2"}};
  return record;
}

/// The record of storage/FORMAT.md and of the golden file.
Record example_record() {
  Record record;
  record.position = 1;
  record.stream = {engine::StreamKind::procedure, "1.001193"};
  record.version = 1;
  record.type = "procedure.published";
  record.recorded_at = engine::from_micros(1'772'413'200'000'000);
  record.occurred_at = record.recorded_at;
  record.actor = engine::ActorId("admin-1");
  record.agency = engine::AgencyId("H15");
  record.command_id = {0x20, 0x21, 0x22, 0x23, 0x24, 0x25, 0x26, 0x27,
                       0x28, 0x29, 0x2a, 0x2b, 0x2c, 0x2d, 0x2e, 0x2f};
  record.rules = {{"procedure", sha256("{}")}};
  record.public_bytes = R"({"version":1})";
  record.sealed = {{engine::SubjectName("free-text"), {0x30}, {0x40}, "0123456789abcdef"}};
  return record;
}

std::string hex_lines(std::string_view bytes) {
  std::string text;
  for (; !bytes.empty(); bytes.remove_prefix(std::min<std::size_t>(32, bytes.size()))) {
    text += engine::to_hex(bytes.substr(0, 32)) + '\n';
  }
  return text;
}

std::string content_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

template <class Set>
Record arbitrary_record(const Set& subjects, const Set& kinds) {
  const auto short_text = [] { return *rc::gen::resize(40, rc::gen::arbitrary<std::string>()); };
  Record record;
  record.position = *rc::gen::nonZero<std::uint64_t>();
  record.stream.kind = static_cast<engine::StreamKind>(*rc::gen::inRange(1, 8));
  record.stream.id = 'x' + short_text();
  record.version = *rc::gen::nonZero<std::uint64_t>();
  record.type = 't' + short_text();
  record.type_version = *rc::gen::arbitrary<std::uint16_t>();
  record.recorded_at = engine::from_micros(*rc::gen::arbitrary<std::int64_t>());
  record.occurred_at = engine::from_micros(
      std::min(engine::to_micros(record.recorded_at), *rc::gen::arbitrary<std::int64_t>()));
  record.actor.value = short_text();
  record.agency.value = short_text();
  record.on_behalf_of = short_text();
  record.cause = short_text();
  record.command_id.fill(*rc::gen::arbitrary<std::uint8_t>());
  for (const auto& kind : kinds) record.rules.push_back({kind.substr(0, 40), engine::Digest{9}});
  record.public_bytes = *rc::gen::arbitrary<std::string>();
  for (const auto& subject : subjects) {
    record.sealed.push_back({engine::SubjectName(subject), {1}, {2}, *rc::gen::arbitrary<std::string>()});
  }
  return record;
}

RC_GTEST_PROP(RecordCodecProperty, DecodedIsEncodedAndVerifiesAgainstItsLeaf,
              (const std::set<std::string>& subjects, const std::set<std::uint8_t>& kind_bytes)) {
  std::set<std::string> kinds;
  for (const auto byte : kind_bytes) kinds.insert("kind" + std::to_string(byte));
  const auto record = arbitrary_record(subjects, kinds);

  const auto encoded = encode(record, kLogId);
  RC_ASSERT(encoded.has_value());
  const auto stored = decode_stored(encoded->bytes);
  RC_ASSERT(stored.has_value());
  RC_ASSERT(stored->record == record);
  RC_ASSERT(stored->log_id == kLogId);
  RC_ASSERT(stored->header == encoded->header());
  RC_ASSERT(verify(encoded->bytes, leaf_hash(encoded->header())).has_value());
}

RC_GTEST_PROP(RecordCodecProperty, GarbageIsRefusedOrIsAnEncodingAndNeverCrashes, (std::string garbage)) {
  if (!garbage.empty() && *rc::gen::arbitrary<bool>()) garbage[0] = 1;
  if (garbage.size() > 2 && *rc::gen::arbitrary<bool>()) {
    garbage[1] = 0;
    garbage[2] = static_cast<char>(garbage.size() / 2);
  }
  const auto record = decode(garbage);
  if (record) RC_ASSERT(encode(*record, kLogId).has_value());
}

TEST(RecordCodec, EveryTruncationAndEveryExtensionIsRefused) {
  const auto bytes = encode(full_record(), kLogId)->bytes;
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(decode(std::string_view(bytes).substr(0, size)).has_value()) << size;
  }
  EXPECT_FALSE(decode(bytes + '\0').has_value());
}

TEST(RecordCodec, AHeaderWithBytesBehindItsLastFieldIsRefused) {
  const auto encoded = encode(full_record(), kLogId).value();
  auto padded = encoded.bytes;
  padded.insert(encoded.header_size, 1, '\0');
  padded[1] = static_cast<char>((encoded.header_size + 1) >> 8U);
  padded[2] = static_cast<char>((encoded.header_size + 1) & 0xffU);
  EXPECT_EQ(decode(padded).error().what, "record header has 1 bytes too many");
}

TEST(RecordCodec, EveryFlippedByteIsCaughtByVerify) {
  const auto encoded = encode(full_record(), kLogId).value();
  const auto leaf = leaf_hash(encoded.header());
  ASSERT_TRUE(verify(encoded.bytes, leaf).has_value());
  for (std::size_t at = 0; at < encoded.bytes.size(); ++at) {
    for (const char flip : {'\x01', '\x80', '\xff'}) {
      auto changed = encoded.bytes;
      changed[at] = static_cast<char>(changed[at] ^ flip);
      EXPECT_FALSE(verify(changed, leaf).has_value()) << at;
      (void)decode(changed);  // must not crash
    }
  }
}

TEST(RecordCodec, AFaultNamesTheFormatOrTheFieldAtWhichTheBytesEnd) {
  EXPECT_EQ(decode("\x02\x01\x02 anything").error().what, "record format 2 is unknown, this version reads 1");
  EXPECT_EQ(decode("").error().what, "record ends inside its field format");
  const auto bytes = encode(full_record(), kLogId)->bytes;
  EXPECT_EQ(decode(std::string_view(bytes).substr(0, bytes.size() - 1)).error().what,
            "record ends inside its field ciphertext");
  auto lying = bytes;
  lying[1] = '\xff';
  EXPECT_NE(decode(lying).error().what.find("states a header of"), std::string::npos);
}

TEST(RecordCodec, VerifyNamesThePartThatDiffers) {
  const auto encoded = encode(full_record(), kLogId).value();
  const auto leaf = leaf_hash(encoded.header());
  const auto what_after_flip = [&](std::size_t at) {
    auto changed = encoded.bytes;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    return verify(changed, leaf).error().what;
  };
  EXPECT_NE(what_after_flip(encoded.bytes.find("officer-17")).find("header"), std::string::npos);
  EXPECT_NE(what_after_flip(encoded.bytes.find("registered")).find("public bytes"), std::string::npos);
  EXPECT_NE(what_after_flip(encoded.bytes.find("tag-2")).find("sealed entry 2"), std::string::npos);
  EXPECT_NE(what_after_flip(encoded.bytes.find("/mother")).find("sealed entry 1"), std::string::npos);
}

TEST(RecordCodec, RecordsThatBreakTheContractHaveNoEncoding) {
  const auto refuses = [](const auto& change) {
    auto record = full_record();
    change(record);
    return !encode(record, kLogId).has_value();
  };
  EXPECT_TRUE(refuses([](Record& r) { r.position = 0; }));
  EXPECT_TRUE(refuses([](Record& r) { r.version = 0; }));
  EXPECT_TRUE(refuses([](Record& r) { r.stream.kind = static_cast<engine::StreamKind>(8); }));
  EXPECT_TRUE(refuses([](Record& r) { r.stream.id.clear(); }));
  EXPECT_TRUE(refuses([](Record& r) { r.stream.id = std::string(256, 'x'); }));
  EXPECT_TRUE(refuses([](Record& r) { r.type.clear(); }));
  EXPECT_TRUE(refuses([](Record& r) { r.occurred_at = r.recorded_at + std::chrono::microseconds(1); }));
  EXPECT_TRUE(refuses([](Record& r) { std::swap(r.rules[0], r.rules[1]); }));
  EXPECT_TRUE(refuses([](Record& r) { std::swap(r.sealed[0], r.sealed[1]); }));
  EXPECT_TRUE(refuses([](Record& r) { r.sealed[1].subject = r.sealed[0].subject; }));
  EXPECT_TRUE(refuses([](Record& r) { r.cause = std::string(65'536, 'x'); }));
  EXPECT_TRUE(refuses([](Record& r) { r.cause = std::string(65'500, 'x'); })) << "header over 65535 bytes";
  EXPECT_FALSE(refuses([](Record& r) { r.cause = std::string(60'000, 'x'); }));
}

TEST(RecordGolden, TheBytesOfAReleasedFormatNeverChange) {
  const std::string path = SOURCE_DIR "/tests/storage/golden/record-format-1.hex";
  const auto text = hex_lines(encode(example_record(), kLogId)->bytes);
  if (std::getenv("UPDATE_GOLDEN") != nullptr) std::ofstream(path) << text;
  EXPECT_EQ(content_of(path), text);
}

TEST(RecordGolden, TheExampleOfTheFormatDocumentIsWhatTheCodecWrites) {
  const auto document = content_of(SOURCE_DIR "/storage/FORMAT.md");
  const auto encoded = encode(example_record(), kLogId).value();
  // The document breaks the bytes at field borders and comments each line.
  std::string from_document;
  const auto begin = document.find("```hex\n");
  ASSERT_NE(begin, std::string::npos);
  const auto end = document.find("```", begin + 7);
  std::istringstream lines(document.substr(begin + 7, end - begin - 7));
  for (std::string line; std::getline(lines, line);) {
    line.resize(std::min(line.size(), line.find(';')));
    line.erase(std::remove(line.begin(), line.end(), ' '), line.end());
    from_document += line;
  }
  EXPECT_EQ(from_document, engine::to_hex(encoded.bytes));
  EXPECT_NE(document.find(engine::to_hex(leaf_hash(encoded.header()))), std::string::npos);
}

RC_GTEST_PROP(KeyCodecProperty, KeysKeepTheOrderOfVersionsAndPositions,
              (std::uint64_t one, std::uint64_t other)) {
  const auto stream = conformance::case_stream('a');
  RC_ASSERT((record_key(stream, one) < record_key(stream, other)) == (one < other));
  RC_ASSERT((log_key(one) < log_key(other)) == (one < other));
  RC_ASSERT(parse_record_key(record_key(stream, one))->version == one);
  RC_ASSERT(parse_log_key(log_key(other)) == other);
}

RC_GTEST_PROP(KeyCodecProperty, MalformedKeysAndValuesAreRefusedAndNeverCrash, (const std::string& garbage)) {
  (void)parse_record_key(garbage);
  (void)parse_log_value(1, garbage);
  (void)parse_wrapped_key(garbage, garbage);
  (void)parse_idempotency({}, garbage);
  RC_ASSERT(parse_log_key(garbage).has_value() == (garbage.size() == 8));
}

TEST(KeyCodec, NoStreamIsAPrefixOfAnother) {
  const auto shorter = stream_key({engine::StreamKind::procedure, "1.00"});
  const auto longer = stream_key({engine::StreamKind::procedure, "1.001193"});
  EXPECT_FALSE(longer.starts_with(shorter));
}

}  // namespace
}  // namespace motcua::storage
