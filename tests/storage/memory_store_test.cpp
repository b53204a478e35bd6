#include "storage/log/verify.hpp"
#include "storage/memory/memory_event_store.hpp"
#include "storage/record/key_codec.hpp"
#include "tests/storage/stores.hpp"

#include <gtest/gtest.h>

#include <thread>

namespace motcua::storage {
namespace {

using conformance::case_stream;
using conformance::record_at;

engine::AppendBatch next_batch(const MemoryEventStore& store, std::uint64_t version = 1) {
  engine::AppendBatch batch;
  batch.epoch = store.head().epoch;
  batch.first_position = store.head().position + 1;
  batch.records = {record_at(batch.first_position, case_stream('a'), version)};
  return batch;
}

TEST(MemoryEventStore, ABlockedAppendShowsNothingUntilItIsReleased) {
  MemoryEventStore store;
  ASSERT_TRUE(store.take_epoch().has_value());
  store.block_next_append();
  std::thread appender([&] { EXPECT_TRUE(store.append(next_batch(store)).has_value()); });
  store.wait_until_append_is_blocked();
  EXPECT_EQ(store.head().position, 0U);
  EXPECT_TRUE(store.read_stream(case_stream('a')).value().empty());
  store.release_append();
  appender.join();
  EXPECT_EQ(store.head().position, 1U);
}

TEST(MemoryEventStore, AfterAFailedWriteEveryFurtherWriteIsRefused) {
  for (const auto how : {AppendFailure::before_write, AppendFailure::after_write}) {
    MemoryEventStore store;
    ASSERT_TRUE(store.take_epoch().has_value());
    store.fail_next_append(how);
    EXPECT_FALSE(store.append(next_batch(store)).has_value());
    EXPECT_TRUE(store.poisoned().has_value());
    EXPECT_FALSE(store.append(next_batch(store)).has_value());
    EXPECT_FALSE(store.take_epoch().has_value());
    EXPECT_FALSE(store.replace_rows({}).has_value());
  }
}

TEST(MemoryEventStore, AnUnclearOutcomeIsThereOrAbsentAfterReopening) {
  for (const auto how : {AppendFailure::before_write, AppendFailure::after_write}) {
    MemoryEventStore store;
    ASSERT_TRUE(store.take_epoch().has_value());
    store.fail_next_append(how);
    ASSERT_FALSE(store.append(next_batch(store)).has_value());
    const auto reopened = store.reopen();
    const std::uint64_t expected = how == AppendFailure::after_write ? 1 : 0;
    EXPECT_EQ(reopened->head().position, expected);
    EXPECT_EQ(reopened->read_stream(case_stream('a')).value().size(), expected);
    ASSERT_TRUE(reopened->take_epoch().has_value());
    EXPECT_TRUE(reopened->append(next_batch(*reopened, expected + 1)).has_value());
    EXPECT_TRUE(verify_store(*reopened, std::nullopt).value().clean());
  }
}

TEST(MemoryEventStore, AStoreOpenedAgainMayNoLongerAppend) {
  MemoryEventStore store;
  append_records(store, 1);
  const auto reopened = store.reopen();
  EXPECT_FALSE(store.append(next_batch(store, 2)).has_value());
}

TEST(MemoryEventStore, TwoStoresWithTheSameEventsHaveTheSameRoot) {
  MemoryEventStore one;
  MemoryEventStore other;
  append_records(one, 5);
  append_records(other, 5);
  EXPECT_EQ(one.head().root, other.head().root);
}

TEST(StreamVersions, AForgottenStreamIsLookedUpAndAnUndoneAdvanceIsForgotten) {
  MemoryEventStore store;
  append_records(store, 3);
  // One stream at most is remembered, so that every change of stream goes through the look-up.
  struct Reader final : Tables {
    explicit Reader(const MemoryEventStore& from) : store(from) {}
    const MemoryEventStore& store;
    engine::FaultOr<std::optional<std::string>> get(Table, std::string_view key) const override {
      const auto parsed = parse_record_key(key);
      auto found = store.read_raw_records({{parsed->stream, parsed->version}});
      return found->front();
    }
    engine::FaultOr<void> scan(Table, std::string_view, std::string_view, const Visitor&) const override {
      return {};
    }
    engine::FaultOr<std::optional<engine::Row>> last(Table, std::string_view,
                                                     std::string_view) const override {
      return std::optional<engine::Row>{};
    }
    void put(Table, std::string_view, std::string_view) override {}
    void erase(Table, std::string_view) override {}
    engine::FaultOr<void> erase_all(Table) override { return {}; }
    void discard() override {}
    engine::FaultOr<void> commit() override { return {}; }
    void expire_idempotency_before(engine::Instant) override {}
  } const tables(store);

  StreamVersions versions(1);
  EXPECT_TRUE(versions.advance(tables, case_stream('a'), 4).value());
  EXPECT_FALSE(versions.advance(tables, case_stream('a'), 4).value());
  EXPECT_TRUE(versions.advance(tables, case_stream('a'), 5).value());
  EXPECT_TRUE(versions.advance(tables, case_stream('b'), 1).value());
  versions.roll_back();
  EXPECT_FALSE(versions.advance(tables, case_stream('a'), 5).value());
  EXPECT_TRUE(versions.advance(tables, case_stream('a'), 4).value());
  EXPECT_FALSE(versions.advance(tables, case_stream('b'), 2).value());
  versions.settle();
  versions.settle();
  // The advance to 4 was never written: once both generations are gone, the tables decide.
  EXPECT_TRUE(versions.advance(tables, case_stream('c'), 1).value());
  versions.settle();
  EXPECT_TRUE(versions.advance(tables, case_stream('a'), 4).value());
}

}  // namespace
}  // namespace motcua::storage
