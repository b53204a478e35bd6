/// What every event store must do. A store instantiates it in two lines (in one file per binary):
///   INSTANTIATE_TEST_SUITE_P(Memory, EventStoreSuite, ::testing::Values(StoreFactory{"Memory", &make}),
///   name_of_store);
#pragma once

#include "engine/ports/event_store.hpp"
#include "tests/conformance/store_samples.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace motcua::conformance {

class EventStoreSuite : public ::testing::TestWithParam<StoreFactory> {
 protected:
  void SetUp() override {
    harness_ = GetParam().make();
    const auto epoch = store().take_epoch();
    ASSERT_TRUE(epoch.has_value()) << epoch.error().what;
    epoch_ = *epoch;
  }

  [[nodiscard]] engine::EventStore& store() { return harness_->store(); }
  [[nodiscard]] engine::AppendBatch batch() {
    engine::AppendBatch next;
    next.epoch = epoch_;
    next.first_position = store().head().position + 1;
    return next;
  }
  /// Appends one record of `stream` at the head.
  void append_one(const engine::StreamId& stream, std::uint64_t version) {
    auto next = batch();
    next.records.push_back(record_at(next.first_position, stream, version));
    const auto appended = store().append(next);
    ASSERT_TRUE(appended.has_value()) << appended.error().what;
  }
  void put_rows(std::vector<engine::RowChange> rows) {
    auto next = batch();
    next.rows = std::move(rows);
    ASSERT_TRUE(store().append(next).has_value());
  }
  /// A refused batch leaves head, rows and the right to append as they were.
  void expect_refused(const engine::AppendBatch& refused, const std::string& because) {
    const auto before = store().head();
    const auto appended = store().append(refused);
    ASSERT_FALSE(appended.has_value());
    EXPECT_NE(appended.error().what.find(because), std::string::npos) << appended.error().what;
    EXPECT_EQ(store().head().position, before.position);
    EXPECT_EQ(store().head().root, before.root);
    EXPECT_TRUE(store().append(batch()).has_value()) << "the store must stay usable";
  }

  std::unique_ptr<StoreHarness> harness_{};
  std::uint64_t epoch_ = 0;
};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(EventStoreSuite);

TEST_P(EventStoreSuite, AnEmptyLogHasTheRootOfTheEmptyTreeAndNothingToRead) {
  const auto head = store().head();
  EXPECT_EQ(head.position, 0U);
  EXPECT_EQ(engine::to_hex(head.root), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_TRUE(store().read_stream(case_stream('a')).value().empty());
  EXPECT_TRUE(store().read_rows("", "", 10).value().empty());
  EXPECT_EQ(store().last_row("").value(), std::nullopt);
}

TEST_P(EventStoreSuite, AnAppendedRecordIsReadBackEqual) {
  auto next = batch();
  auto record = record_at(1, case_stream('a'), 1);
  record.on_behalf_of = "officer-3";
  record.cause = "effect:1/2";
  record.occurred_at -= std::chrono::hours(5);
  record.public_bytes = std::string("\0{\"x\":1}", 9);
  next.records = {record};
  ASSERT_TRUE(store().append(next).has_value());
  EXPECT_EQ(store().read_stream(case_stream('a')).value(), next.records);
  EXPECT_EQ(store().head().position, 1U);
  EXPECT_EQ(store().head().recorded_at, record.recorded_at);
}

TEST_P(EventStoreSuite, AStaleEpochMayNotAppend) {
  auto stale = batch();
  ASSERT_EQ(store().take_epoch().value(), epoch_ + 1);
  stale.records.push_back(record_at(1, case_stream('a'), 1));
  ++epoch_;
  expect_refused(stale, "epoch");
}

TEST_P(EventStoreSuite, AnEpochThatNobodyTookMayNotAppend) {
  auto early = batch();
  early.epoch = epoch_ + 1;
  expect_refused(early, "epoch");
  early.epoch = 0;
  expect_refused(early, "epoch");
}

TEST_P(EventStoreSuite, ABatchMustBeginBehindTheHead) {
  append_one(case_stream('a'), 1);
  for (const std::uint64_t wrong : {0U, 1U, 3U}) {
    auto misplaced = batch();
    misplaced.first_position = wrong;
    misplaced.records.push_back(record_at(wrong, case_stream('b'), 1));
    expect_refused(misplaced, "position");
    misplaced.records.clear();
    expect_refused(misplaced, "position");
  }
}

TEST_P(EventStoreSuite, PositionsInsideABatchHaveNoGap) {
  auto gap = batch();
  gap.records.push_back(record_at(1, case_stream('a'), 1));
  gap.records.push_back(record_at(3, case_stream('b'), 1));
  expect_refused(gap, "position");
}

TEST_P(EventStoreSuite, AVersionMustBeTheNextOfItsStream) {
  append_one(case_stream('a'), 1);
  append_one(case_stream('a'), 2);
  for (const bool remembered : {true, false}) {
    if (!remembered) {
      harness_->reopen();
      epoch_ = store().take_epoch().value();
    }
    for (const std::uint64_t wrong : {0U, 1U, 2U, 4U}) {
      auto next = batch();
      next.records.push_back(record_at(next.first_position, case_stream('a'), wrong));
      expect_refused(next, "version");
    }
    auto unborn = batch();
    unborn.records.push_back(record_at(unborn.first_position, case_stream('z'), 2));
    expect_refused(unborn, "version");
  }
  append_one(case_stream('a'), 3);
}

TEST_P(EventStoreSuite, RecordedAtNeverGoesBack) {
  append_one(case_stream('a'), 1);
  auto back = batch();
  back.records.push_back(record_at(2, case_stream('a'), 2));
  back.records[0].recorded_at = store().head().recorded_at - std::chrono::microseconds(1);
  back.records[0].occurred_at = back.records[0].recorded_at;
  expect_refused(back, "recorded_at");
  back.records[0].recorded_at = store().head().recorded_at;
  back.records[0].occurred_at = back.records[0].recorded_at;
  EXPECT_TRUE(store().append(back).has_value()) << "the same moment is allowed";
}

TEST_P(EventStoreSuite, ABatchOfSeveralStreamsIsWrittenWhole) {
  auto next = batch();
  next.records = {record_at(1, case_stream('a'), 1), record_at(2, case_stream('b'), 1),
                  record_at(3, case_stream('a'), 2),
                  record_at(4, {engine::StreamKind::procedure, "1.001193"}, 1)};
  ASSERT_TRUE(store().append(next).has_value());
  EXPECT_EQ(store().read_stream(case_stream('a')).value().size(), 2U);
  EXPECT_EQ(store().read_stream(case_stream('b')).value().size(), 1U);
  std::vector<std::uint64_t> positions;
  ASSERT_TRUE(store()
                  .scan_log(2,
                            [&](const engine::LogEntry& entry) {
                              positions.push_back(entry.position);
                              return entry.position < 3;
                            })
                  .has_value());
  EXPECT_EQ(positions, (std::vector<std::uint64_t>{2, 3}));
}

TEST_P(EventStoreSuite, ABatchWithOneBadRecordWritesNothing) {
  append_one(case_stream('a'), 1);
  auto next = batch();
  next.records = {record_at(2, case_stream('b'), 1), record_at(3, case_stream('a'), 2),
                  record_at(4, case_stream('a'), 2)};
  next.rows = {{"k", "v"}};
  next.keys = {{case_stream('b'), engine::SubjectName("applicant"), {1}, "wrapped"}};
  expect_refused(next, "version");
  EXPECT_TRUE(store().read_stream(case_stream('b')).value().empty());
  EXPECT_EQ(store().read_row("k").value(), std::nullopt);
  EXPECT_TRUE(store().read_keys(case_stream('b')).value().empty());
  append_one(case_stream('a'), 2);
  append_one(case_stream('b'), 1);
}

TEST_P(EventStoreSuite, ARecordWithoutAnEncodingIsRefused) {
  auto next = batch();
  next.records = {record_at(1, case_stream('a'), 1)};
  next.records[0].occurred_at += std::chrono::seconds(1);
  expect_refused(next, "occurred_at");
  next.records = {record_at(1, case_stream('a'), 1)};
  next.records[0].sealed.push_back(next.records[0].sealed[0]);
  expect_refused(next, "ascending");
}

TEST_P(EventStoreSuite, AStreamIsReadFromAndToAVersion) {
  for (std::uint64_t version = 1; version <= 5; ++version) append_one(case_stream('a'), version);
  append_one(case_stream('b'), 1);
  const auto middle = store().read_stream(case_stream('a'), 2, 4).value();
  ASSERT_EQ(middle.size(), 3U);
  EXPECT_EQ(middle.front().version, 2U);
  EXPECT_EQ(middle.back().version, 4U);
  EXPECT_EQ(store().read_stream(case_stream('a'), 5).value().size(), 1U);
  EXPECT_TRUE(store().read_stream(case_stream('a'), 6).value().empty());
  EXPECT_TRUE(store().read_stream(case_stream('a'), 4, 3).value().empty());
}

TEST_P(EventStoreSuite, StreamsOfOneKindAreScannedOnceEachInOrder) {
  // Long streams make a store seek, short ones make it step.
  const std::vector<std::pair<char, std::uint64_t>> lengths{{'a', 40}, {'b', 1}, {'c', 3}, {'d', 40}};
  for (const auto& [name, length] : lengths) {
    for (std::uint64_t version = 1; version <= length; ++version) append_one(case_stream(name), version);
  }
  append_one({engine::StreamKind::procedure, "1.001193"}, 1);
  std::vector<engine::StreamId> seen;
  const auto visit = [&](const engine::StreamId& stream) {
    seen.push_back(stream);
    return seen.size() < 3 && !store().read_stream(stream).value().empty();  // visitors may call the store
  };
  ASSERT_TRUE(store().scan_streams(engine::StreamKind::case_, visit).has_value());
  EXPECT_EQ(seen, (std::vector<engine::StreamId>{case_stream('a'), case_stream('b'), case_stream('c')}));
  seen.clear();
  const auto all = [&](const engine::StreamId& stream) {
    seen.push_back(stream);
    return true;
  };
  ASSERT_TRUE(store().scan_streams(engine::StreamKind::case_, all).has_value());
  EXPECT_EQ(seen.size(), 4U);
  seen.clear();
  ASSERT_TRUE(store().scan_streams(engine::StreamKind::lookup, all).has_value());
  EXPECT_TRUE(seen.empty());
}

TEST_P(EventStoreSuite, RecordsOfARangeAreScannedInOrderWithoutTheirSealedEntries) {
  for (const char name : {'c', 'a', 'b'}) {
    for (std::uint64_t version = 1; version <= 3; ++version) append_one(case_stream(name), version);
  }
  append_one({engine::StreamKind::procedure, "1.001193"}, 1);
  std::vector<engine::Record> expected;
  for (const char name : {'a', 'b', 'c'}) {
    for (auto& record : store().read_stream(case_stream(name)).value()) {
      record.sealed.clear();
      expected.push_back(std::move(record));
    }
  }
  const auto scan = [&](const std::string& from, const std::string& to, std::size_t limit) {
    std::vector<engine::Record> seen;
    const auto visit = [&](const engine::ScannedRecord& scanned) {
      EXPECT_EQ(scanned.stream_id, scanned.record->stream.id);
      seen.push_back(*scanned.record);
      return seen.size() < limit;
    };
    EXPECT_TRUE(store().scan_records({engine::StreamKind::case_, from, to}, visit).has_value());
    return seen;
  };
  EXPECT_EQ(scan({}, {}, 100), expected);
  const auto b = case_stream('b').id;
  const auto third = expected.begin() + 3;
  EXPECT_EQ(scan({}, b, 100), std::vector<engine::Record>(expected.begin(), third));
  EXPECT_EQ(scan(b, {}, 100), std::vector<engine::Record>(third, expected.end()));
  EXPECT_EQ(scan(b, {}, 2), std::vector<engine::Record>(third, third + 2));
}

TEST_P(EventStoreSuite, TheNewestSnapshotAtOrBeforeAVersionIsReadUntilTheRowsAreReplaced) {
  auto next = batch();
  for (const std::uint64_t version : {64U, 128U}) {
    next.snapshots.push_back({case_stream('a'), version, "state " + std::to_string(version)});
  }
  next.snapshots.push_back({case_stream('b'), 64, "other"});
  ASSERT_TRUE(store().append(next).has_value());
  const auto read = [&](std::uint64_t version) {
    const auto found = store().read_snapshot(case_stream('a'), version).value();
    return found ? found->bytes : "none";
  };
  EXPECT_EQ(read(63), "none");
  EXPECT_EQ(read(64), "state 64");
  EXPECT_EQ(read(127), "state 64");
  EXPECT_EQ(read(UINT64_MAX), "state 128");
  EXPECT_FALSE(store().read_snapshot(case_stream('c'), UINT64_MAX).value().has_value());
  std::size_t seen = 0;
  const auto count = [&](const engine::Snapshot&) { return ++seen < 2; };
  ASSERT_TRUE(store().scan_snapshots(count).has_value());
  EXPECT_EQ(seen, 2U);
  ASSERT_TRUE(store().replace_rows({}).has_value());
  EXPECT_EQ(read(UINT64_MAX), "none");
}

TEST_P(EventStoreSuite, RowsAreAppliedInOrderAndDeletedWhereTheyHaveNoValue) {
  put_rows(
      {{"w1", "old"}, {"w2", "two"}, {"w1", std::nullopt}, {"w1", "new"}, {"w3", "x"}, {"w3", std::nullopt}});
  EXPECT_EQ(store().read_row("w1").value(), "new");
  EXPECT_EQ(store().read_row("w2").value(), "two");
  EXPECT_EQ(store().read_row("w3").value(), std::nullopt);
  put_rows({{"w2", std::nullopt}});
  EXPECT_EQ(store().read_row("w2").value(), std::nullopt);
}

TEST_P(EventStoreSuite, RowsAreReadByPrefixAfterAKeyUpToALimit) {
  put_rows({{"a", "0"}, {"b", "1"}, {"b1", "2"}, {"b2", "3"}, {"b3", "4"}, {"c", "5"}});
  const auto keys = [](const std::vector<engine::Row>& rows) {
    std::vector<std::string> found;
    for (const auto& row : rows) found.push_back(row.key);
    return found;
  };
  using Keys = std::vector<std::string>;
  EXPECT_EQ(keys(store().read_rows("b", "", 10).value()), (Keys{"b", "b1", "b2", "b3"}));
  EXPECT_EQ(keys(store().read_rows("b", "", 2).value()), (Keys{"b", "b1"}));
  EXPECT_EQ(keys(store().read_rows("b", "b1", 2).value()), (Keys{"b2", "b3"}));
  EXPECT_EQ(keys(store().read_rows("b", "b15", 10).value()), (Keys{"b2", "b3"}));
  EXPECT_EQ(keys(store().read_rows("b", "0", 1).value()), (Keys{"b"}));
  EXPECT_EQ(keys(store().read_rows("b", "b3", 10).value()), (Keys{}));
  EXPECT_EQ(keys(store().read_rows("b", "x", 10).value()), (Keys{}));
  EXPECT_EQ(keys(store().read_rows("b", "", 0).value()), (Keys{}));
  EXPECT_EQ(store().read_rows("", "", 10).value().size(), 6U);
}

TEST_P(EventStoreSuite, PrefixesOfHighestBytesEndWithTheTable) {
  put_rows({{"\xfe", "0"}, {"\xff", "1"}, {"\xff\xff", "2"}, {"\xff\xff\xff", "3"}});
  EXPECT_EQ(store().read_rows("\xff\xff", "", 10).value().size(), 2U);
  EXPECT_EQ(store().last_row("\xff\xff").value()->value, "3");
  EXPECT_EQ(store().last_row("\xfe").value()->value, "0");
}

TEST_P(EventStoreSuite, TheLastRowIsTheGreatestKeyOfThePrefix) {
  put_rows({{"a9", "0"}, {"b1", "1"}, {"b2", "2"}, {"c0", "3"}});
  EXPECT_EQ(store().last_row("b").value(), (engine::Row{"b2", "2"}));
  EXPECT_EQ(store().last_row("bb").value(), std::nullopt);
  EXPECT_EQ(store().last_row("").value(), (engine::Row{"c0", "3"}));
}

TEST_P(EventStoreSuite, ReplacedRowsAreTheOnlyRows) {
  put_rows({{"a", "0"}, {"b", "1"}, {"\xff", "2"}});
  append_one(case_stream('a'), 1);
  ASSERT_TRUE(store().replace_rows({{"b", "9"}, {"c", "8"}}).has_value());
  EXPECT_EQ(store().read_rows("", "", 10).value(), (std::vector<engine::Row>{{"b", "9"}, {"c", "8"}}));
  EXPECT_EQ(store().read_stream(case_stream('a')).value().size(), 1U);
  ASSERT_TRUE(store().replace_rows({}).has_value());
  EXPECT_TRUE(store().read_rows("", "", 10).value().empty());
  put_rows({{"b", "1"}});
  EXPECT_EQ(store().read_row("b").value(), "1");
}

TEST_P(EventStoreSuite, AnAcceptedCommandIsFoundByItsScopeFor30Days) {
  auto next = batch();
  next.records = {record_at(1, case_stream('a'), 1)};
  engine::IdempotencyRecord answer;
  answer.scope = {1, 2, 3};
  answer.body_mac = {4};
  answer.command_id = {5};
  answer.stream = case_stream('a');
  answer.version = 1;
  answer.status = 201;
  answer.recorded_at = next.records[0].recorded_at;
  next.idempotency = {answer};
  ASSERT_TRUE(store().append(next).has_value());

  const auto found = store().find_idempotency(answer.scope).value();
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->body_mac, answer.body_mac);
  EXPECT_EQ(found->command_id, answer.command_id);
  EXPECT_EQ(found->stream, answer.stream);
  EXPECT_EQ(found->version, 1U);
  EXPECT_EQ(found->status, 201);
  EXPECT_EQ(found->recorded_at, answer.recorded_at);
  EXPECT_FALSE(store().find_idempotency({9}).value().has_value());

  auto later = batch();
  later.records = {record_at(2, case_stream('a'), 2)};
  later.records[0].recorded_at = answer.recorded_at + std::chrono::days(30);
  ASSERT_TRUE(store().append(later).has_value());
  EXPECT_TRUE(store().find_idempotency(answer.scope).value().has_value());
  later = batch();
  later.records = {record_at(3, case_stream('a'), 3)};
  later.records[0].recorded_at = answer.recorded_at + std::chrono::days(30) + std::chrono::microseconds(1);
  ASSERT_TRUE(store().append(later).has_value());
  EXPECT_FALSE(store().find_idempotency(answer.scope).value().has_value());
}

TEST_P(EventStoreSuite, WrappedKeysAreReadByStream) {
  auto next = batch();
  next.keys = {{case_stream('a'), engine::SubjectName("/mother"), {2}, "wrapped-2"},
               {case_stream('a'), engine::SubjectName("applicant"), {1}, "wrapped-1"},
               {case_stream('b'), engine::SubjectName("applicant"), {3}, "wrapped-3"}};
  ASSERT_TRUE(store().append(next).has_value());
  const auto keys = store().read_keys(case_stream('a')).value();
  ASSERT_EQ(keys.size(), 2U);
  EXPECT_EQ(keys[0].subject.value, "/mother");
  EXPECT_EQ(keys[0].wrapped, "wrapped-2");
  EXPECT_EQ(keys[1].key_id, engine::Id128{1});
  EXPECT_EQ(keys[1].stream, case_stream('a'));
  EXPECT_TRUE(store().read_keys(case_stream('c')).value().empty());
}

TEST_P(EventStoreSuite, AnArtifactIsStoredOnceUnderItsHash) {
  engine::Artifact artifact;
  artifact.hash =
      engine::digest_from_hex("2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824").value();
  artifact.bytes = "hello";
  for (int i = 0; i < 2; ++i) {
    auto next = batch();
    next.artifacts = {artifact};
    ASSERT_TRUE(store().append(next).has_value());
    EXPECT_EQ(store().read_artifact(artifact.hash).value(), "hello");
  }
  auto wrong = batch();
  wrong.artifacts = {{artifact.hash, "hullo"}};
  expect_refused(wrong, "hash");
  EXPECT_EQ(store().read_artifact(artifact.hash).value(), "hello");
  EXPECT_EQ(store().read_artifact({1}).value(), std::nullopt);
}

TEST_P(EventStoreSuite, ReopeningKeepsEverythingAndTheEpochGoesOn) {
  auto next = batch();
  next.records = {record_at(1, case_stream('a'), 1), record_at(2, case_stream('b'), 1)};
  next.rows = {{"row", "value"}};
  next.keys = {{case_stream('a'), engine::SubjectName("applicant"), {1}, "wrapped"}};
  ASSERT_TRUE(store().append(next).has_value());
  const auto before = store().head();

  harness_->reopen();
  const auto after = store().head();
  EXPECT_EQ(after.log_id, before.log_id);
  EXPECT_EQ(after.epoch, before.epoch);
  EXPECT_EQ(after.position, 2U);
  EXPECT_EQ(after.recorded_at, before.recorded_at);
  EXPECT_EQ(after.root, before.root);
  EXPECT_EQ(store().read_stream(case_stream('a')).value(), std::vector{next.records[0]});
  EXPECT_EQ(store().read_row("row").value(), "value");
  EXPECT_EQ(store().read_keys(case_stream('a')).value().size(), 1U);

  EXPECT_EQ(store().take_epoch().value(), epoch_ + 1);
  const auto stale = batch();
  EXPECT_FALSE(store().append(stale).has_value());
  ++epoch_;
  append_one(case_stream('a'), 2);
}

}  // namespace motcua::conformance
