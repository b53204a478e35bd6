#include "bench/store/copies.hpp"

#include "adapters/system/random_ids.hpp"
#include "bench/store/lives.hpp"
#include "engine/cases/event.hpp"
#include "engine/cases/rows.hpp"

#include <array>
#include <chrono>
#include <cstdio>
#include <map>
#include <random>
#include <utility>
#include <vector>

namespace motcua::bench {
namespace {

constexpr std::size_t kRecordsPerBatch = 20'000;
constexpr std::uint64_t kOfficers = 500;
constexpr std::uint64_t kLatestDays = 60;  ///< due dates are spread over so many days
constexpr const char* kCodePrefix = "H15.50.05";

/// The events of a real case.
struct Pattern {
  std::vector<engine::Record> records{};
  std::vector<engine::Event> events{};
};

/// What one copy has of its own.
struct Own {
  engine::CaseId id{};
  std::string code{};
  engine::ActorId officer{};
  std::chrono::microseconds later{};  ///< added to every due instant
  std::optional<engine::Instant> only_timer{};
};

/// Writes what is the copy's own into an event of the pattern.
struct Personalise {
  const Own& own;

  template <class Alternative>
  void operator()(Alternative& event) const {
    if constexpr (std::is_same_v<Alternative, engine::CaseFiled>) event.code.code = own.code;
    auto& outcome = event.outcome;
    if (outcome.due && outcome.due->due_at) *outcome.due->due_at += own.later;
    if (outcome.due && outcome.due->legal_due) *outcome.due->legal_due += own.later;
    if (outcome.promise) outcome.promise->due_at += own.later;
    for (auto& [step, officer] : outcome.assigned) officer = own.officer;
    for (auto& timer : outcome.timers_set) timer.due_at += own.later;
    if (own.only_timer && !outcome.timers_set.empty()) {
      outcome.timers_set.resize(1);
      outcome.timers_set.front().due_at = *own.only_timer;
    }
  }
};

/// Real cases in the queues of the office, weighted as an office has them.
class Patterns {
 public:
  Patterns(Folder& folder, engine::IdSource& ids) : folder_(folder), writer_(folder.ports(ids)) {
    const auto filed = stopped_after(1);
    const auto received = stopped_after(2);
    const auto claimed = stopped_after(3);
    const auto signing = stopped_after(5);
    const auto resolved = stopped_after(7);
    writer_.finish();
    received_ = read(received);
    weighted_ = {read(filed),   read(filed),   received_,     read(claimed), read(claimed),
                 read(claimed), read(claimed), read(signing), read(signing), read(resolved)};
  }

  [[nodiscard]] const Pattern& of(std::uint64_t number) const { return weighted_[number % weighted_.size()]; }
  [[nodiscard]] const Pattern& received() const { return received_; }

 private:
  engine::CaseId stopped_after(std::size_t events) {
    auto current = lives_.file(writer_, ++filed_);
    for (std::size_t step = 1; step < events; ++step) current = lives_.advance(writer_, current, step);
    return current->state.id;
  }
  Pattern read(const engine::CaseId& id) {
    Pattern pattern;
    pattern.records = must(folder_.store().read_stream(engine::stream_of(id)));
    for (auto& record : pattern.records) {
      record.sealed.clear();
      pattern.events.push_back(
          must(engine::decode_event(record.type, record.type_version, record.public_bytes)));
    }
    return pattern;
  }

  Folder& folder_;
  GroupWriter writer_;
  Lives lives_{};
  std::uint64_t filed_ = 0;
  Pattern received_{};
  std::vector<Pattern> weighted_{};
};

/// Gathers records, rows and counters of copies into large batches.
class CopyWriter {
 public:
  CopyWriter(Folder& folder, engine::IdSource& ids)
      : store_(folder.store()), ids_(ids), epoch_(must(store_.take_epoch())) {
    start_batch();
  }

  void add(const Pattern& pattern, const Own& own, engine::Instant now) {
    engine::Case state;
    for (std::size_t i = 0; i < pattern.events.size(); ++i) {
      auto event = pattern.events[i];
      std::visit(Personalise{own}, event);
      auto record = pattern.records[i];
      record.position = next_position_++;
      record.stream = engine::stream_of(own.id);
      record.recorded_at = record.occurred_at = now;
      record.command_id = ids_.next_command_id();
      record.public_bytes = engine::encode(event);
      state = engine::evolve(std::move(state), event, engine::meta_of(record));
      batch_.records.push_back(std::move(record));
    }
    for (auto& row : engine::rows(state)) {
      for (auto& counter : engine::counters_of(row)) counters_[std::move(counter)] += 1;
      batch_.rows.push_back({std::move(row.key), std::move(row.value)});
    }
    if (batch_.records.size() >= kRecordsPerBatch) write();
  }

  void write() {
    for (auto& [key, added] : counters_) {
      const auto stored = must(store_.read_row(key));
      const auto before = stored ? engine::decode_counter(*stored) : 0;
      batch_.rows.push_back({key, engine::encode_counter(before + added)});
    }
    counters_.clear();
    must(store_.append(batch_));
    start_batch();
  }

 private:
  void start_batch() {
    next_position_ = store_.head().position + 1;
    batch_ = {};
    batch_.epoch = epoch_;
    batch_.first_position = next_position_;
  }

  storage::RocksdbEventStore& store_;
  engine::IdSource& ids_;
  std::uint64_t epoch_;
  std::uint64_t next_position_ = 0;
  engine::AppendBatch batch_{};
  std::map<std::string, std::int64_t> counters_{};
};

Own own_of(std::uint64_t number, const CopyPlan& plan, engine::IdSource& ids, engine::Instant now,
           std::mt19937_64& random) {
  Own own;
  own.id = ids.next_case_id(now);
  // A number far behind those of the pattern and of what the engine will file.
  own.code = engine::case_code(kCodePrefix, engine::local_day(now), 100'000'000 + number);
  const auto holder = random() % kRareOneIn;
  own.officer = engine::ActorId(holder == 0 ? kRareOfficer : "officer-" + std::to_string(holder % kOfficers));
  own.later = std::chrono::minutes(random() % (kLatestDays * 24 * 60));
  if (plan.timers_at) own.only_timer = *plan.timers_at + std::chrono::microseconds(number);
  return own;
}

}  // namespace

void fill_copies(Folder& folder, const CopyPlan& plan) {
  adapters::RandomIds ids;
  const Patterns patterns(folder, ids);
  CopyWriter writer(folder, ids);
  std::mt19937_64 random(7);
  for (std::uint64_t number = 0; number < plan.cases; ++number) {
    const auto now = folder.clock().now() + std::chrono::microseconds(number);
    writer.add(plan.timers_at ? patterns.received() : patterns.of(number),
               own_of(number, plan, ids, now, random), now);
    if (number % 100'000 == 0) std::fprintf(stderr, "\r%llu cases", static_cast<unsigned long long>(number));
  }
  writer.write();
  std::fputc('\n', stderr);
}

}  // namespace motcua::bench
