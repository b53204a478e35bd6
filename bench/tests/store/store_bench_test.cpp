#include "bench/store/copies.hpp"
#include "bench/store/fill.hpp"
#include "bench/store/fired.hpp"
#include "bench/store/lives.hpp"
#include "bench/store/measure.hpp"
#include "bench/store/state_hash.hpp"
#include "engine/cases/rows.hpp"
#include "engine/runtime/publication.hpp"
#include "engine/runtime/views.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <string>
#include <unistd.h>
#include <vector>

namespace motcua::bench {
namespace {

constexpr engine::Instant kMonday8h{std::chrono::seconds{1'772'413'200}};

class StoreBench : public ::testing::Test {
 protected:
  StoreBench()
      : root_(std::filesystem::temp_directory_path() / ("store-bench-test-" + std::to_string(getpid()))),
        data_(root_ / "data") {
    std::filesystem::remove_all(root_);
    std::filesystem::create_directories(root_);
  }
  ~StoreBench() override { std::filesystem::remove_all(root_); }

  void fill_with(const FillPlan& plan) {
    Folder folder(data_, SOURCE_DIR "/workflows", kMonday8h);
    fill(folder, plan);
    folder.close();
  }
  void copy(const CopyPlan& plan) {
    Folder folder(data_, SOURCE_DIR "/workflows", kMonday8h);
    fill_copies(folder, plan);
    folder.close();
  }
  [[nodiscard]] std::unique_ptr<storage::RocksdbEventStore> read() const {
    return must(storage::RocksdbEventStore::open(data_, storage::OpenMode::read_only));
  }
  [[nodiscard]] static bool rows_agree(const storage::RocksdbEventStore& store) {
    return must(engine::check_views(store)).clean();
  }

  std::filesystem::path root_;
  std::filesystem::path data_;
};

TEST_F(StoreBench, FilledCasesHaveTheEventsAskedForAndAgreeWithTheirRows) {
  fill_with({.finished = 3, .open = 7, .lengthy = 1, .lengthy_events = 100});

  const auto store = read();
  const auto found = survey(*store);
  EXPECT_EQ(found.cases, 11U);
  EXPECT_EQ(found.records, 3 * kLifeEvents + (1 + 2 + 3 + 4 + 5 + 6 + 7) + 100);
  ASSERT_EQ(found.lengthy.size(), 1U);
  EXPECT_EQ(found.lengthy.front().events, 100U);
  EXPECT_TRUE(rows_agree(*store));
}

TEST_F(StoreBench, TheRawScanSeesEveryRecordThatReplaySees) {
  fill_with({.finished = 2});

  const auto published = must(engine::published_files(*read())).size();
  EXPECT_EQ(scan(RawTable(data_, "records")).records, replay(*read()).records + published);
}

TEST_F(StoreBench, TwoReplaysOfAFolderGiveOneHashAndAnotherCaseAnotherOne) {
  fill_with({.finished = 2});
  const auto first = survey(*read()).states;
  EXPECT_EQ(survey(*read()).states, first);

  fill_with({.open = 1});
  EXPECT_NE(survey(*read()).states, first);
}

TEST_F(StoreBench, CopiesAgreeWithTheirRowsAndCounters) {
  copy({.cases = 300, .timers_at = {}});

  const auto store = read();
  EXPECT_EQ(replay(*store).cases, 305U);
  EXPECT_TRUE(rows_agree(*store));
}

TEST_F(StoreBench, CopiesWithTimersHaveOneEachAMicrosecondApart) {
  const auto due = kMonday8h + std::chrono::hours(1);
  copy({.cases = 50, .timers_at = due});

  const auto store = read();
  EXPECT_TRUE(rows_agree(*store));
  std::vector<engine::Instant> dues;
  for (const auto& row : must(store->read_rows(engine::timer_prefix(), {}, 1000))) {
    const auto timer = engine::read_timer_row(row);
    if (timer->due_at < due + std::chrono::seconds(1)) dues.push_back(timer->due_at);
  }
  ASSERT_EQ(dues.size(), 50U);
  for (std::size_t i = 0; i < dues.size(); ++i) EXPECT_EQ(dues[i], due + std::chrono::microseconds(i));
}

/// Records, beside what the engine would have written, that this timer fired.
void fire(Folder& folder, std::uint64_t epoch, const engine::TimerItem& timer) {
  const auto stream = engine::stream_of(timer.id);
  auto record = must(folder.store().read_stream(stream)).back();
  record.position = folder.store().head().position + 1;
  record.version += 1;
  record.recorded_at = record.occurred_at = folder.store().head().recorded_at;
  record.type = engine::TimerFired::kType;
  engine::TimerFired event;
  event.kind = timer.kind;
  event.due_at = timer.due_at;
  record.public_bytes = engine::encode(event);
  engine::AppendBatch batch;
  batch.epoch = epoch;
  batch.first_position = record.position;
  batch.records = {record};
  must(folder.store().append(batch));
}

TEST_F(StoreBench, TheLogTellsWhichTimersFiredTwiceOrOutOfOrder) {
  copy({.cases = 3, .timers_at = kMonday8h});
  {
    Folder folder(data_, SOURCE_DIR "/workflows", kMonday8h);
    const auto epoch = must(folder.store().take_epoch());
    std::vector<engine::TimerItem> timers;
    for (const auto& row : must(folder.store().read_rows(engine::timer_prefix(), {}, 3))) {
      timers.push_back(engine::read_timer_row(row).value());
    }
    for (const std::size_t which : {0U, 2U, 1U, 1U}) fire(folder, epoch, timers.at(which));
    folder.close();
  }

  const auto fired = read_fired(*read());
  EXPECT_EQ(fired.events, 4U);
  EXPECT_EQ(fired.twice, 1U);
  EXPECT_EQ(fired.out_of_order, 1U);
}

engine::Digest hash_of(const std::vector<engine::Case>& cases) {
  StateHash hash;
  for (const auto& current : cases) hash.add(current);
  return hash.value();
}

TEST(StateHash, ChangesWithAnyMemberAndWithTheOrder) {
  const std::vector<std::function<void(engine::Case&)>> edits{
      [](auto& c) { c.version = 2; },
      [](auto& c) { c.stage = engine::Stage::resolved; },
      [](auto& c) { c.steps = {engine::StepName("a")}; },
      [](auto& c) { c.step_roles = {"a"}; },
      [](auto& c) { c.clock.since = kMonday8h; },
      [](auto& c) { c.promises.push_back({}); },
      [](auto& c) { c.due.remaining = engine::WorkingSeconds{0}; },
      [](auto& c) { c.provenance.edit()["/a"] = {}; },
      [](auto& c) { c.provenance.edit()["/a"].overridden = true; },
      [](auto& c) { c.provenance.edit()["/a"].lookup = "b"; },
      [](auto& c) { c.provenance.edit()["/b"] = {}; },
      [](auto& c) { c.assignees[engine::StepName("a")] = engine::ActorId("b"); },
      [](auto& c) { c.returned_at = kMonday8h; },
  };
  std::vector<engine::Digest> hashes{hash_of({engine::Case{}})};
  for (const auto& edit : edits) {
    engine::Case changed;
    edit(changed);
    hashes.push_back(hash_of({changed}));
  }
  std::sort(hashes.begin(), hashes.end());
  EXPECT_EQ(std::adjacent_find(hashes.begin(), hashes.end()), hashes.end());

  engine::Case other;
  other.version = 1;
  EXPECT_NE(hash_of({engine::Case{}, other}), hash_of({other, engine::Case{}}));
}

}  // namespace
}  // namespace motcua::bench
