/// A record that nobody can read, and what nobody can record, stop their own case and nothing else.
#include "engine/runtime/effects.hpp"
#include "engine/runtime/timers.hpp"
#include "engine/runtime/views.hpp"
#include "storage/record/key_codec.hpp"
#include "tests/support/harness.hpp"
#include "tests/support/scenario.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <thread>

namespace motcua::engine {
namespace {

struct Left {
  std::string type{};
  std::uint16_t version = 1;
  std::string payload{};
  std::string said{};  ///< part of the reason
};

/// What a newer release or a hostile writer may leave at the end of a case.
std::vector<Left> leavings() {
  return {{"case.teleported", 1, R"({"outcome":{}})", "case.teleported"},
          {"case.noted", 2, R"({"outcome":{}})", "case.noted version 2"},
          {"case.noted", 1, R"({"outcome":{"stage":"asleep"}})", "malformed"},
          {"case.noted", 1, "not json", "malformed"}};
}

/// Appends behind the engine's back, as another release would, and starts the engine again.
void leave(Harness& office, const std::vector<CaseId>& cases, const Left& left) {
  office.stop();
  auto& store = office.store();
  AppendBatch batch;
  const auto epoch = store.take_epoch();
  ASSERT_TRUE(epoch.has_value());
  batch.epoch = *epoch;
  batch.first_position = store.head().position + 1;
  for (const auto& id : cases) {
    Record record;
    record.position = batch.first_position + batch.records.size();
    record.stream = stream_of(id);
    record.version = store.read_stream(record.stream)->size() + 1;
    record.type = left.type;
    record.type_version = left.version;
    record.recorded_at = record.occurred_at = store.head().recorded_at;
    record.actor = ActorId("another-release");
    record.public_bytes = left.payload;
    batch.records.push_back(std::move(record));
  }
  ASSERT_TRUE(store.append(batch).has_value());
  office.restart();
}

TEST(UnreadableRecord, StopsItsCaseWithTheReasonAndNoOther) {
  for (const auto& left : leavings()) {
    SCOPED_TRACE(left.type + ' ' + left.payload);
    Harness office;
    const auto poisoned = office.file();
    const auto healthy = office.file();
    leave(office, {poisoned->state.id}, left);
    const auto head = office.store().head().position;

    const auto refused = office.run(office.command(desk_officer(), poisoned->state.id, ReceiveCase{}, 1));
    ASSERT_TRUE(refused.has_error());
    EXPECT_EQ(refused.error().code, RejectionCode::not_durable);
    EXPECT_NE(refused.error().detail.find("record 2"), std::string::npos) << refused.error().detail;
    EXPECT_NE(refused.error().detail.find(left.said), std::string::npos) << refused.error().detail;
    EXPECT_EQ(office.store().head().position, head);
    EXPECT_TRUE(office.loader().history(poisoned->state.id, false).has_error());

    office.must(desk_officer(), healthy, ReceiveCase{});
    EXPECT_TRUE(office.run(office.filing()).has_value());
  }
}

TEST(UnreadableRecord, IsNamedByTheViewsCheckWhichComparesTheRest) {
  Harness office;
  const auto poisoned = office.file();
  office.must(desk_officer(), office.file(), ReceiveCase{});
  leave(office, {poisoned->state.id}, leavings().front());

  const auto named = unreadable_cases(office.store());
  ASSERT_TRUE(named.has_value());
  ASSERT_EQ(named->size(), 1U);
  EXPECT_EQ(named->front().id, poisoned->state.id);
  const auto report = check_views(office.store());
  ASSERT_TRUE(report.has_value());
  EXPECT_FALSE(report->clean());
  EXPECT_EQ(report->unreadable.size(), 1U);
  EXPECT_EQ(report->missing, 0U);
  EXPECT_GT(report->unexpected, 0U);
}

/// What was refused, by name, and how often. Any thread.
class Refusals {
 public:
  TellRefused teller() {
    return [this](const std::string& name, const Rejection&, std::chrono::seconds) {
      const std::lock_guard lock(mutex_);
      count_[name] += 1;
    };
  }
  [[nodiscard]] std::map<std::string, int> count() const {
    const std::lock_guard lock(mutex_);
    return count_;
  }

 private:
  mutable std::mutex mutex_{};
  std::map<std::string, int> count_{};
};

bool within_ten_seconds(const std::function<bool()>& holds) {
  for (int i = 0; i < 1000 && !holds(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds{10});
  return holds();
}

std::size_t times_fired(const Harness& office, const CaseId& id) {
  const auto log = office.log();
  return static_cast<std::size_t>(std::count_if(log.begin(), log.end(), [&](const Record& record) {
    return record.stream == stream_of(id) && record.type == "case.timer_fired";
  }));
}

TEST(UnreadableRecord, OfMoreCasesThanASliceHoldsUpNoTimerOfAnotherAndDoesNotSpin) {
  Harness office;
  std::vector<CaseId> poisoned;
  for (std::size_t i = 0; i < TimerSweeper::kSlice + 40; ++i) {
    poisoned.push_back(office.file()->state.id);
  }
  office.clock().advance(std::chrono::seconds{1});
  const auto healthy = office.file();
  leave(office, poisoned, leavings().front());
  office.clock().advance(std::chrono::hours{24 * 30});
  Refusals refusals;

  TimerSweeper sweeper(office.store(), office.keys(), office.clock(), office.sequencer(), nullptr,
                       refusals.teller());

  EXPECT_TRUE(within_ten_seconds([&] { return times_fired(office, healthy->state.id) == 1; }));
  EXPECT_TRUE(within_ten_seconds([&] { return sweeper.set_aside() == poisoned.size(); }));
  std::this_thread::sleep_for(std::chrono::milliseconds{2500});
  EXPECT_EQ(times_fired(office, healthy->state.id), 1U);
  const auto count = refusals.count();
  EXPECT_EQ(count.size(), poisoned.size());
  for (const auto& [name, times] : count) EXPECT_LE(times, 5) << name;
}

/// Answers each question when the test says so.
class HeldRegistry final : public PopulationRegistry {
 public:
  void look_up(PersonQuery query, std::function<void(RegisterAnswer)> done) override {
    const std::lock_guard lock(mutex_);
    asked_[query.request_id] += 1;
    held_.emplace_back(std::move(done));
  }
  void on_link_change(std::function<void(LinkState)>) override {}
  [[nodiscard]] LinkFigures figures() const override { return {}; }

  [[nodiscard]] std::size_t held() const {
    const std::lock_guard lock(mutex_);
    return held_.size();
  }
  [[nodiscard]] std::map<std::string, int> asked() const {
    const std::lock_guard lock(mutex_);
    return asked_;
  }
  void answer_all() {
    std::unique_lock lock(mutex_);
    const auto held = std::exchange(held_, {});
    lock.unlock();
    RegisterAnswer answer;
    answer.answer_class = AnswerClass::no_match;
    for (const auto& done : held) done(answer);
  }

 private:
  mutable std::mutex mutex_{};
  std::vector<std::function<void(RegisterAnswer)>> held_{};
  std::map<std::string, int> asked_{};
};

FileCase filing_with_a_question() {
  auto filing = complete_filing();
  filing.data["mother"] = {
      {"full_name", "Nguyễn Thị Bình"}, {"personal_id", "001190000002"}, {"birth_date", "1990-05-17"}};
  return filing;
}

std::string effect_of(const CaseHandle& filed) { return "effect:" + to_text(filed->state.id) + ":1:0"; }

TEST(UnrecordableAnswer, IsTriedAtABoundedRateIsToldByItsNameAndHoldsUpNoOther) {
  Harness office({}, rules_with(register_definition()));
  const auto poisoned = office.file(filing_with_a_question());
  const auto healthy = office.file(filing_with_a_question());
  ASSERT_EQ(poisoned->state.effects.size(), 1U);
  office.restart();  // nothing is cached: the answer's command reads the case from the store
  HeldRegistry registry;
  SequentialIds ids;
  Refusals refusals;
  EffectWorker worker({office.store(), office.keys(), office.catalogue(), office.clock(), ids, &registry,
                       office.sequencer(), nullptr, refusals.teller()});
  ASSERT_TRUE(within_ten_seconds([&] { return registry.held() == 2; }));

  // Memory or disk changes one byte after the question was asked.
  const auto key = storage::record_key(stream_of(poisoned->state.id), 1);
  office.store().tamper(storage::Table::records, key, [](std::string& bytes) {
    bytes.back() = static_cast<char>(bytes.back() ^ 1);
    return true;
  });
  registry.answer_all();

  EXPECT_TRUE(within_ten_seconds([&] { return worker.figures().answered == 1; }));
  EXPECT_TRUE(within_ten_seconds([&] { return worker.figures().set_aside == 1; }));
  std::this_thread::sleep_for(std::chrono::milliseconds{2500});
  const auto told = refusals.count();
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told.begin()->first, effect_of(poisoned));
  EXPECT_LE(told.begin()->second, 5);
  EXPECT_LE(registry.asked()[effect_of(poisoned)], 3);
  EXPECT_EQ(registry.asked()[effect_of(healthy)], 1);
  EXPECT_EQ((*office.loader().load(healthy->state.id))->state.effects.size(), 0U);
}

TEST(FlippedByte, OfAStoredPayloadIsNeverServedAndNothingIsDecidedOnIt) {
  Harness office;
  const auto filed = office.file();
  const auto record = office.log().front();
  const auto key = storage::record_key(stream_of(filed->state.id), 1);
  std::size_t size = 0;
  office.store().tamper(storage::Table::records, key, [&](std::string& bytes) {
    size = bytes.size();
    return true;
  });
  const auto header = size - record.public_bytes.size() - [&] {
    std::size_t sealed = 0;
    for (const auto& entry : record.sealed) {
      sealed += 2 + entry.subject.value.size() + 16 + 12 + 4 + entry.ciphertext.size();
    }
    return sealed;
  }();
  office.restart();
  const auto flip = [&](std::size_t at) {
    office.store().tamper(storage::Table::records, key, [&](std::string& bytes) {
      bytes[at] = static_cast<char>(bytes[at] ^ 0x10);
      return true;
    });
  };
  for (auto at = header; at < size; at += 3) {
    flip(at);
    const auto loaded = office.loader().load(filed->state.id);
    // An entry that claims another key or subject counts as erased; what is shown is never the wrong value.
    EXPECT_TRUE(loaded.has_error() || !(*loaded)->content->complete) << "byte " << at << " of " << size;
    flip(at);
  }
  flip(header + 10);
  EXPECT_TRUE(office.run(office.command(desk_officer(), filed->state.id, ReceiveCase{}, 1)).has_error());
  EXPECT_EQ(office.store().head().position, 1U);
}

}  // namespace
}  // namespace motcua::engine
