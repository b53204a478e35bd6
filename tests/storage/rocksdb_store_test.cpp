#include "storage/log/verify.hpp"
#include "storage/rocksdb/rocksdb_event_store.hpp"
#include "storage/rocksdb/rocksdb_options.hpp"
#include "tests/storage/intruder.hpp"
#include "tests/storage/stores.hpp"

#include <gtest/gtest.h>
#include <rocksdb/table.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <sys/resource.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace motcua::storage {
namespace {

namespace fs = std::filesystem;
using conformance::case_stream;
using conformance::record_at;

TEST(RocksdbInit, MakesAnAbsentOrEmptyFolderAStoreWithALogIdOfItsOwn) {
  const TemporaryFolder folder;
  fs::create_directory(folder.path() / "empty");
  ASSERT_TRUE(RocksdbEventStore::init(folder.path() / "empty").has_value());
  ASSERT_TRUE(RocksdbEventStore::init(folder.path() / "absent").has_value());
  const auto one = RocksdbEventStore::open(folder.path() / "empty");
  const auto other = RocksdbEventStore::open(folder.path() / "absent");
  ASSERT_TRUE(one.has_value() && other.has_value());
  EXPECT_NE((*one)->head().log_id, (*other)->head().log_id);
}

TEST(RocksdbInit, RefusesAFolderThatHoldsAnythingAndLeavesItAlone) {
  const TemporaryFolder folder;
  std::ofstream(folder.path() / "letter.txt") << "Kính gửi";
  EXPECT_FALSE(RocksdbEventStore::init(folder.path()).has_value());
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator{}), 1);
  EXPECT_FALSE(RocksdbEventStore::init(folder.path() / "letter.txt").has_value());
  RocksdbHarness harness;
  harness.close();
  EXPECT_FALSE(RocksdbEventStore::init(harness.data()).has_value()) << "a store is not made twice";
}

TEST(RocksdbOpen, NeverMakesAStore) {
  const TemporaryFolder folder;
  for (const auto mode : {OpenMode::read_write, OpenMode::read_only}) {
    EXPECT_FALSE(RocksdbEventStore::open(folder.path(), mode).has_value());
    EXPECT_FALSE(RocksdbEventStore::open(folder.path() / "absent", mode).has_value());
  }
  EXPECT_TRUE(fs::is_empty(folder.path()));
}

TEST(RocksdbInit, BegunAnewAfterAnInterruptionAndNotOpenedBefore) {
  const TemporaryFolder folder;
  std::ofstream(folder.path() / "UNFINISHED");
  std::ofstream(folder.path() / "CURRENT") << "half a word";
  const auto early = RocksdbEventStore::open(folder.path());
  ASSERT_FALSE(early.has_value());
  EXPECT_NE(early.error().what.find("run `motcua init` again"), std::string::npos) << early.error().what;

  ASSERT_TRUE(RocksdbEventStore::init(folder.path()).has_value());
  EXPECT_FALSE(fs::exists(folder.path() / "UNFINISHED"));
  EXPECT_TRUE(RocksdbEventStore::open(folder.path()).has_value());
  EXPECT_FALSE(RocksdbEventStore::init(folder.path()).has_value());
}

TEST(RocksdbOpen, ASecondOpenerOfThisProcessIsRefusedAndTheLockStays) {
  const RocksdbHarness harness;
  for (int i = 0; i < 2; ++i) {
    const auto second = RocksdbEventStore::open(harness.data());
    ASSERT_FALSE(second.has_value());
    EXPECT_NE(second.error().what.find("holds the lock"), std::string::npos) << second.error().what;
  }
}

TEST(RocksdbOpen, AnotherProcessIsRefusedAndToldWhoHoldsTheLock) {
  RocksdbHarness harness;
  harness.close();
  int ends[2] = {};
  ASSERT_EQ(::pipe(ends), 0);
  const pid_t holder = ::fork();
  if (holder == 0) {
    auto opened = RocksdbEventStore::open(harness.data());
    const char outcome = opened ? 'y' : 'n';
    if (::write(ends[1], &outcome, 1) == 1) ::pause();
    ::_exit(0);
  }
  char outcome = 0;
  ASSERT_EQ(::read(ends[0], &outcome, 1), 1);
  EXPECT_EQ(outcome, 'y');
  for (int i = 0; i < 2; ++i) {
    const auto refused = RocksdbEventStore::open(harness.data());
    ASSERT_FALSE(refused.has_value());
    EXPECT_NE(refused.error().what.find("process " + std::to_string(holder) + " holds the lock"),
              std::string::npos)
        << refused.error().what;
  }
  EXPECT_TRUE(RocksdbEventStore::open(harness.data(), OpenMode::read_only).has_value());
  ::kill(holder, SIGKILL);
  ::waitpid(holder, nullptr, 0);
  ::close(ends[0]);
  ::close(ends[1]);
  harness.open();
}

TEST(RocksdbOpen, ReadOnlySeesTheLogBesideAWriterAndWritesNothing) {
  RocksdbHarness harness;
  append_records(harness.store(), 3);
  const auto reader = RocksdbEventStore::open(harness.data(), OpenMode::read_only);
  ASSERT_TRUE(reader.has_value()) << reader.error().what;
  append_records(harness.store(), 2);
  EXPECT_EQ((*reader)->head().position, 3U);
  EXPECT_EQ((*reader)->read_stream(case_stream('a')).value().size(), 3U);
  EXPECT_TRUE(verify_store(**reader, std::nullopt).value().clean());
  EXPECT_EQ((*reader)->take_epoch().error().what, "the store refuses writes: it was opened read-only");
  EXPECT_FALSE((*reader)->replace_rows({}).has_value());
  engine::AppendBatch batch;
  batch.epoch = (*reader)->head().epoch;
  batch.first_position = 4;
  EXPECT_FALSE((*reader)->append(batch).has_value());
}

TEST(RocksdbOpen, AFolderWithoutItsManifestOrWithForeignTablesIsRefused) {
  RocksdbHarness harness;
  append_records(harness.store(), 1);
  harness.close();
  std::ofstream(harness.data() / "CURRENT") << "MANIFEST-999999\n";
  EXPECT_FALSE(RocksdbEventStore::open(harness.data()).has_value());
}

TEST(RocksdbOptions, NoTableHasAnIndexOrFilterThatIsReadWholeForOneKey) {
  const IdempotencyExpiry expiry;
  for (const auto& table : column_families(&expiry)) {
    const auto* blocks = table.options.table_factory->GetOptions<rocksdb::BlockBasedTableOptions>();
    ASSERT_NE(blocks, nullptr) << table.name;
    EXPECT_EQ(blocks->index_type, rocksdb::BlockBasedTableOptions::kTwoLevelIndexSearch) << table.name;
    EXPECT_TRUE(blocks->filter_policy == nullptr || blocks->partition_filters) << table.name;
  }
}

TEST(RocksdbCompaction, ExpiredAnswersVanishAndOthersStay) {
  RocksdbHarness harness;
  auto& store = harness.store();
  engine::AppendBatch batch;
  batch.epoch = store.take_epoch().value();
  batch.first_position = 1;
  batch.records = {record_at(1, case_stream('a'), 1)};
  const auto start = batch.records[0].recorded_at;
  for (const int day : {0, 1}) {
    engine::IdempotencyRecord answer;
    answer.scope = {static_cast<std::uint8_t>(day)};
    answer.stream = case_stream('a');
    answer.recorded_at = start + std::chrono::days(day);
    batch.idempotency.push_back(answer);
  }
  ASSERT_TRUE(store.append(batch).has_value());
  batch.first_position = 2;
  batch.records = {record_at(2, case_stream('a'), 2)};
  batch.records[0].recorded_at = start + std::chrono::days(31);
  batch.idempotency.clear();
  ASSERT_TRUE(store.append(batch).has_value());
  harness.reopen();  // the moment of expiry is known again from the head
  ASSERT_TRUE(harness.store().compact().has_value());
  EXPECT_FALSE(harness.store().find_idempotency({0}).value().has_value());
  EXPECT_TRUE(harness.store().find_idempotency({1}).value().has_value());
  harness.close();
  Intruder intruder(harness.data());
  EXPECT_FALSE(intruder.has(Table::idempotency, std::string(32, '\0')));
  EXPECT_TRUE(intruder.has(Table::idempotency, '\x01' + std::string(31, '\0')));
}

TEST(RocksdbChecksums, ADamagedFileIsFound) {
  RocksdbHarness harness;
  append_records(harness.store(), 50);
  ASSERT_TRUE(harness.store().compact().has_value());
  EXPECT_TRUE(harness.store().verify_checksums().has_value());
  harness.close();
  for (const auto& entry : fs::directory_iterator(harness.data())) {
    if (entry.path().extension() != ".sst") continue;
    std::fstream file(entry.path(), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(20);
    file.put('\x7f');
  }
  const auto opened = RocksdbEventStore::open(harness.data(), OpenMode::read_only);
  EXPECT_TRUE(!opened.has_value() || !(*opened)->verify_checksums().has_value());
}

/// Appends until the limit on file sizes refuses, as a full disk would; answers 0 if everything went as
/// promised.
int append_until_refused(const fs::path& folder) {
  std::signal(SIGXFSZ, SIG_IGN);
  auto opened = RocksdbEventStore::open(folder);
  if (!opened) return 1;
  auto& store = *opened->release();  // never closed: the process ends as after a power cut
  const auto epoch = store.take_epoch();
  if (!epoch) return 2;
  const rlimit limit{64 * 1024, 64 * 1024};
  if (::setrlimit(RLIMIT_FSIZE, &limit) != 0) return 3;
  for (std::uint64_t i = 1; i < 10'000; ++i) {
    engine::AppendBatch batch;
    batch.epoch = *epoch;
    batch.first_position = store.head().position + 1;
    batch.records = {record_at(batch.first_position, case_stream('a'), batch.first_position)};
    if (store.append(batch)) continue;
    const auto failed_at = store.head().position;
    const bool refuses = store.poisoned() && !store.append(batch) && !store.take_epoch();
    return refuses && store.head().position == failed_at && failed_at == i - 1 ? 0 : 4;
  }
  return 5;
}

TEST(RocksdbFailStop, AfterTheDiskRefusedAWriteTheStoreRefusesEveryFurtherOne) {
  RocksdbHarness harness;
  harness.close();
  const pid_t child = ::fork();
  if (child == 0) ::_exit(append_until_refused(harness.data()));
  int status = 0;
  ::waitpid(child, &status, 0);
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
  harness.open();
  EXPECT_GT(harness.store().head().position, 0U);
  EXPECT_TRUE(verify_store(harness.store(), std::nullopt).value().clean());
}

TEST(RocksdbConcurrency, ReadersSeeWholeBatchesWhileOneThreadAppends) {
  RocksdbHarness harness;
  auto& store = harness.store();
  const auto epoch = store.take_epoch().value();
  std::thread appender([&] {
    for (std::uint64_t i = 0; i < 100; ++i) {
      engine::AppendBatch batch;
      batch.epoch = epoch;
      batch.first_position = store.head().position + 1;
      for (std::uint64_t k = 0; k < 3; ++k) {
        batch.records.push_back(record_at(batch.first_position + k, case_stream('a'), 3 * i + k + 1));
      }
      EXPECT_TRUE(store.append(batch).has_value());
    }
  });
  for (int i = 0; i < 200; ++i) {
    const auto durable = store.head().position;
    const auto seen = store.read_stream(case_stream('a')).value().size();
    EXPECT_GE(seen, durable);
    EXPECT_EQ(seen % 3, 0U);
  }
  appender.join();
}

}  // namespace
}  // namespace motcua::storage
