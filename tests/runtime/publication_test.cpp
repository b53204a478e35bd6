/// A published file is held once, and a version never changes.
#include "engine/runtime/publication.hpp"

#include "storage/memory/memory_event_store.hpp"
#include "storage/record/sha256.hpp"
#include "tests/support/harness.hpp"

#include <gtest/gtest.h>

namespace motcua::engine {
namespace {

PublishedFile file(StreamKind kind, const std::string& code, std::int64_t version, const std::string& bytes) {
  return {kind, code, version, storage::sha256(bytes), bytes};
}

std::vector<PublishedFile> three_files() {
  return {file(StreamKind::procedure, "9.000001", 1, "{}"), file(StreamKind::calendar, "office", 1, "{ }"),
          file(StreamKind::organisation, "H15", 1, "{  }")};
}

TEST(Publication, HoldsEachFileWithAnEvent) {
  storage::MemoryEventStore store;
  const auto published = publish(store, three_files(), {kMonday8h});
  ASSERT_TRUE(published.has_value());
  EXPECT_EQ(*published, 3U);

  const auto held = published_files(store);
  ASSERT_TRUE(held.has_value());
  ASSERT_EQ(held->size(), 3U);
  for (std::size_t i = 0; i < held->size(); ++i) {
    EXPECT_EQ((*held)[i].kind, three_files()[i].kind);
    EXPECT_EQ((*held)[i].code, three_files()[i].code);
    EXPECT_EQ((*held)[i].bytes, three_files()[i].bytes);
    EXPECT_EQ((*held)[i].hash, three_files()[i].hash);
  }
}

TEST(Publication, TheSameFilesAgainWriteNothingAndTakeNoEpoch) {
  storage::MemoryEventStore store;
  ASSERT_TRUE(publish(store, three_files(), {kMonday8h}).has_value());
  const auto before = store.head();

  const auto again = publish(store, three_files(), {kMonday8h});

  ASSERT_TRUE(again.has_value());
  EXPECT_EQ(*again, 0U);
  EXPECT_EQ(store.head().position, before.position);
  EXPECT_EQ(store.head().epoch, before.epoch);
}

TEST(Publication, OtherBytesForTheSameVersionAreRefusedAndNothingIsWritten) {
  storage::MemoryEventStore store;
  ASSERT_TRUE(publish(store, three_files(), {kMonday8h}).has_value());
  auto files = three_files();
  files.push_back(file(StreamKind::procedure, "9.000002", 1, "[]"));
  files[0] = file(StreamKind::procedure, "9.000001", 1, "{\"changed\":true}");

  EXPECT_TRUE(publish(store, files, {kMonday8h}).has_error());
  EXPECT_EQ(store.head().position, 3U);
}

TEST(Publication, ANewVersionIsTheNextEventOfItsStream) {
  storage::MemoryEventStore store;
  ASSERT_TRUE(publish(store, three_files(), {kMonday8h}).has_value());
  const auto published = publish(store, {file(StreamKind::procedure, "9.000001", 2, "{\"version\":2}")},
                                 {kMonday8h - std::chrono::hours{1}});

  ASSERT_TRUE(published.has_value());
  const auto records = store.read_stream({StreamKind::procedure, "9.000001"});
  ASSERT_TRUE(records.has_value());
  ASSERT_EQ(records->size(), 2U);
  EXPECT_EQ(records->back().version, 2U);
  EXPECT_EQ(records->back().recorded_at, kMonday8h) << "never before the record before";
}

TEST(Publication, WaitsWhileTheClockIsInDoubtUnlessNothingIsNew) {
  storage::MemoryEventStore store;
  const ClockReading doubted{kMonday8h, ClockDoubt{ClockFault::long_after_record, kMonday8h}};
  EXPECT_TRUE(publish(store, three_files(), doubted).has_error());
  EXPECT_EQ(store.head().position, 0U);
  ASSERT_TRUE(publish(store, three_files(), {kMonday8h}).has_value());
  EXPECT_TRUE(publish(store, three_files(), doubted).has_value());
}

TEST(Publication, TheSameCodeOfAnotherKindIsAnotherStream) {
  storage::MemoryEventStore store;
  const auto published = publish(
      store, {file(StreamKind::calendar, "H15", 1, "a"), file(StreamKind::organisation, "H15", 1, "b")},
      {kMonday8h});
  ASSERT_TRUE(published.has_value());
  EXPECT_EQ(*published, 2U);
}

TEST(Publication, CasesFollowInTheSameLog) {
  Harness office;
  office.stop();
  ASSERT_TRUE(publish(office.store(), three_files(), {kMonday8h}).has_value());
  office.restart();

  const auto filed = office.file();
  EXPECT_EQ(filed->state.version, 1U);
  EXPECT_EQ(office.store().head().position, 4U);
}

}  // namespace
}  // namespace motcua::engine
