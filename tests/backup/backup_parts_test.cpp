#include "storage/backup/back_up.hpp"
#include "storage/backup/rebuild_log.hpp"
#include "storage/record/sha256.hpp"
#include "tests/storage/intruder.hpp"
#include "tests/storage/stores.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace motcua::storage {
namespace {

using conformance::case_stream;
using conformance::record_at;
using engine::Record;

/// Four commands: two records with one id, one record, two records with one cause, one record.
std::vector<Record> commands() {
  std::vector<Record> records;
  for (std::uint64_t position = 1; position <= 6; ++position) {
    records.push_back(record_at(position, case_stream('a'), position));
  }
  records[1].command_id = records[0].command_id;
  records[1].recorded_at = records[0].recorded_at;
  records[1].occurred_at = records[0].recorded_at;
  for (const auto i : {3U, 4U}) {
    records[i].cause = "effect:1:1:1";
    records[i].recorded_at = records[3].recorded_at;
    records[i].occurred_at = records[3].recorded_at;
  }
  return records;
}

class BackupParts : public ::testing::Test {
 protected:
  void append(std::vector<Record> records) {
    engine::AppendBatch batch;
    batch.epoch = source_.take_epoch().value();
    batch.first_position = source_.head().position + 1;
    for (const auto& record : records) {
      for (const auto& sealed : record.sealed) {
        batch.keys.push_back({record.stream, sealed.subject, sealed.key_id, "wrapped"});
      }
      batch.idempotency.push_back({sha256(std::to_string(record.position)),
                                   {},
                                   record.command_id,
                                   record.stream,
                                   record.version,
                                   200,
                                   record.recorded_at});
    }
    batch.records = std::move(records);
    ASSERT_TRUE(source_.append(batch).has_value());
  }
  [[nodiscard]] engine::FaultOr<BackupReport> back_up_now() {
    BackupRules rules;
    rules.artifact_of = [](const Record&) {
      return engine::FaultOr<std::optional<engine::Digest>>(std::optional<engine::Digest>{});
    };
    return back_up(source_, to(), rules);
  }
  [[nodiscard]] std::filesystem::path to() const { return folder_.path() / "backups"; }
  [[nodiscard]] std::uint64_t cut_at(const CutAt& at) const {
    const auto cut = find_cut(list_backups(to()).value(), at);
    return cut ? cut->position : 0;
  }

  MemoryEventStore source_{};
  TemporaryFolder folder_{};
};

TEST_F(BackupParts, ACutNeverPartsTheRecordsOfOneCommand) {
  append(commands());
  ASSERT_TRUE(back_up_now().has_value());
  EXPECT_EQ(cut_at({}), 6U);
  const std::vector<std::uint64_t> ends{0, 2, 3, 3, 5, 6};
  for (std::uint64_t asked = 1; asked <= ends.size(); ++asked) {
    EXPECT_EQ(cut_at({asked, {}}), ends[asked - 1]) << asked;
  }
  EXPECT_EQ(cut_at({7, {}}), 0U) << "beyond the end";
}

TEST_F(BackupParts, ACutByTimeKeepsWhatWasRecordedThenOrEarlier) {
  const auto records = commands();
  append(records);
  ASSERT_TRUE(back_up_now().has_value());
  EXPECT_EQ(cut_at({{}, records[2].recorded_at}), 3U);
  EXPECT_EQ(cut_at({{}, records[2].recorded_at - std::chrono::microseconds{1}}), 2U);
  EXPECT_EQ(cut_at({{}, records[0].recorded_at - std::chrono::microseconds{1}}), 0U);
  EXPECT_EQ(cut_at({{}, records[5].recorded_at + std::chrono::days{1}}), 6U);
}

TEST_F(BackupParts, TheEndOfAnEarlierBackupIsAnEnd) {
  auto records = commands();
  const std::vector<Record> rest(records.begin() + 3, records.end());
  records.resize(3);
  append(records);
  ASSERT_TRUE(back_up_now().has_value());
  append(rest);
  const auto second = back_up_now();
  ASSERT_TRUE(second.has_value()) << second.error().what;
  EXPECT_EQ(second->made->first, 4U);
  EXPECT_EQ(cut_at({4, {}}), 3U) << "position 4 begins a command of the second backup";
}

TEST_F(BackupParts, ARebuiltLogHasRecordsKeysAndAnswersUpToTheCutAndNoMore) {
  append(commands());
  ASSERT_TRUE(back_up_now().has_value());
  const auto backups = list_backups(to()).value();
  MemoryEventStore rebuilt;
  const auto report = rebuild_log(rebuilt, backups, find_cut(backups, {4, {}}).value());
  ASSERT_TRUE(report.has_value()) << report.error().what;
  EXPECT_EQ(rebuilt.head().position, 3U);
  EXPECT_EQ(rebuilt.read_stream(case_stream('a')).value(),
            source_.read_stream(case_stream('a'), 1, 3).value());
  EXPECT_EQ(rebuilt.read_keys(case_stream('a')).value().size(), 1U);
  EXPECT_EQ(report->answers, 3U);
  EXPECT_TRUE(rebuilt.find_idempotency(sha256("3")).value().has_value());
  EXPECT_FALSE(rebuilt.find_idempotency(sha256("4")).value().has_value());
}

TEST_F(BackupParts, AStoreOfAnotherHistoryIsRefusedAndTheBackupsStay) {
  append(commands());
  ASSERT_TRUE(back_up_now().has_value());
  auto other = commands();
  other[5].actor = engine::ActorId("officer-99");
  const TemporaryFolder elsewhere;
  MemoryEventStore fork;
  engine::AppendBatch batch;
  batch.epoch = fork.take_epoch().value();
  batch.first_position = 1;
  batch.records = other;
  ASSERT_TRUE(fork.append(batch).has_value());
  const auto refused = back_up(fork, to(), {});
  ASSERT_FALSE(refused.has_value());
  EXPECT_NE(refused.error().what.find("the root differs"), std::string::npos) << refused.error().what;
  EXPECT_EQ(list_backups(to()).value().size(), 1U);
}

TEST_F(BackupParts, ASecondBackupAtTheSameTimeIsRefused) {
  append(commands());
  const auto first = BackupFolder::open(to());
  ASSERT_TRUE(first.has_value());
  const auto second = back_up_now();
  ASSERT_FALSE(second.has_value());
  EXPECT_NE(second.error().what.find("another process is making a backup"), std::string::npos);
}

TEST(Manifest, IsReadBackEqualAndEveryFlippedBitIsNoticed) {
  Manifest manifest;
  manifest.number = 2;
  manifest.first = 4;
  for (int i = 0; i < 6; ++i) manifest.edge.append(sha256(std::to_string(i)));
  manifest.files = {{"log.sst", 1000, sha256("log")}};
  const auto text = to_text(manifest);
  ASSERT_EQ(parse_manifest(text).value(), manifest);
  for (std::size_t at = 0; at < text.size(); ++at) {
    auto flipped = text;
    flipped[at] = static_cast<char>(flipped[at] ^ (1 << (at % 8)));
    EXPECT_FALSE(parse_manifest(flipped).has_value()) << at;
  }
}

TEST(Manifest, OfANewerFormatIsRefusedByThatName) {
  auto text = to_text(Manifest{});
  text.replace(text.find("\"format\": 1"), 11, "\"format\": 2");
  const auto refused = parse_manifest(text);
  ASSERT_FALSE(refused.has_value());
  EXPECT_NE(refused.error().what.find("has format 2, this version knows formats up to 1"), std::string::npos);
}

TEST(StoreFormat, ANewerOneIsRefusedForWritingAndReadingByThatName) {
  RocksdbHarness harness;
  harness.close();
  { Intruder(harness.data()).put(Table::meta, "format", std::string("\0\0\0\2", 4)); }
  for (const auto mode : {OpenMode::read_write, OpenMode::read_only}) {
    const auto refused = RocksdbEventStore::open(harness.data(), mode);
    ASSERT_FALSE(refused.has_value());
    EXPECT_NE(refused.error().what.find("has format 2, this version knows formats up to 1"),
              std::string::npos)
        << refused.error().what;
  }
}

TEST(ReadOnlyBesideAWriter, NeverSeesALogWithAHole) {
  RocksdbHarness harness;
  append_records(harness.store(), 10);
  std::atomic<bool> ended{false};
  std::thread writer([&] {
    char name = 'b';
    while (!ended) {
      append_records(harness.store(), 5, case_stream(name++));
      EXPECT_TRUE(harness.store().compact().has_value());  // flushes, and drops write-ahead files
    }
  });
  for (int look = 0; look < 30; ++look) {
    const auto reader = RocksdbEventStore::open(harness.data(), OpenMode::read_only);
    if (!reader) {
      ADD_FAILURE() << reader.error().what;
      continue;
    }
    Anchor empty{(*reader)->head().log_id, {}};
    const auto whole = check_against_anchor(**reader, empty);
    EXPECT_TRUE(whole.has_value()) << whole.error().what;
    EXPECT_TRUE(RocksdbEventStore::settle(harness.data()).has_value());
  }
  ended = true;
  writer.join();
}

}  // namespace
}  // namespace motcua::storage
