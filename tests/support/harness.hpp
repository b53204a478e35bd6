/// The runtime over the in-memory store: commands go in, futures come out, in the order in which answers
/// arrive.
#pragma once

#include "engine/runtime/sequencer.hpp"
#include "storage/keys/file_key_store.hpp"
#include "storage/memory/memory_event_store.hpp"
#include "tests/support/office.hpp"

#include <atomic>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace motcua::engine {

/// Domain time that a test sets, also backwards.
class ManualClock final : public Clock {
 public:
  [[nodiscard]] Instant now() const override { return from_micros(micros_.load()); }
  [[nodiscard]] ClockReading read() const override {
    ClockReading reading{now(), std::nullopt};
    if (suspect_.load()) reading.doubt = ClockDoubt{ClockFault::jumped, kMonday8h};
    return reading;
  }
  void trust(const ClockReading&) override { suspect_ = false; }
  void set(Instant now) { micros_ = to_micros(now); }
  void advance(std::chrono::seconds by) { set(now() + by); }
  void make_suspect(bool suspect) { suspect_ = suspect; }

 private:
  std::atomic<std::int64_t> micros_{to_micros(kMonday8h)};
  std::atomic<bool> suspect_{false};
};

/// A disk that is full when a test says so.
class ManualDisk final : public DiskSpace {
 public:
  [[nodiscard]] std::optional<std::string> shortage() const override {
    return short_.load() ? std::optional<std::string>("the test says so") : std::nullopt;
  }
  void make_short(bool is_short) { short_ = is_short; }

 private:
  std::atomic<bool> short_{false};
};

/// Identifiers 1, 2, 3, ...: the same in every run.
class SequentialIds final : public IdSource {
 public:
  [[nodiscard]] CaseId next_case_id(Instant at) override;
  [[nodiscard]] Id128 next_command_id() override;

 private:
  std::uint64_t cases_ = 0;
  std::uint64_t commands_ = 0;
};

using Answer = Result<CommandAnswer>;

class Harness {
 public:
  /// `newer`: further versions of the procedure that are published from the start.
  explicit Harness(SequencerLimits limits = {}, Rules rules = office_rules(),
                   const std::vector<Definition>& newer = {});
  ~Harness();
  Harness(const Harness&) = delete;
  Harness& operator=(const Harness&) = delete;

  /// A request with a fresh idempotency key, or the one named; the body's MAC covers everything it says.
  [[nodiscard]] CommandRequest filing(const Identity& by = desk_officer(),
                                      const FileCase& filing = complete_filing(),
                                      const std::string& key = "");
  [[nodiscard]] CommandRequest command(const Identity& by, const CaseId& id, const CommandBody& body,
                                       std::optional<std::uint64_t> expected_version,
                                       const std::string& key = "");

  /// `label` names the answer in `arrivals`.
  [[nodiscard]] std::future<Answer> submit(CommandRequest request, const std::string& label = "");
  /// Submits and waits.
  [[nodiscard]] Answer run(CommandRequest request);
  /// Files a complete case, or answers an empty handle and fails the test.
  [[nodiscard]] CaseHandle file(const FileCase& filing = complete_filing());
  /// A command on the newest state that must be accepted.
  CaseHandle must(const Identity& by, const CaseHandle& current, const CommandBody& body);

  /// Ends the sequencer, opens the store as a new process would, and starts a new sequencer.
  void restart();
  /// Ends the sequencer: everything queued is decided, written and answered.
  void stop() { sequencer_.reset(); }

  [[nodiscard]] storage::MemoryEventStore& store() { return *store_; }
  [[nodiscard]] storage::FileKeyStore& keys() { return *keys_; }
  [[nodiscard]] ManualClock& clock() { return clock_; }
  [[nodiscard]] ManualDisk& disk() { return disk_; }
  [[nodiscard]] Sequencer& sequencer() { return *sequencer_; }
  [[nodiscard]] const Catalogue& catalogue() const { return catalogue_; }
  [[nodiscard]] CaseLoader loader() const { return {*store_, keys_.get(), catalogue_}; }
  /// Labels of answers in the order of their arrival.
  [[nodiscard]] std::vector<std::string> arrivals() const;
  /// Every record of the log, in the order of positions.
  [[nodiscard]] std::vector<Record> log() const;
  /// Faults that the fatal hook was told, and how many answers had arrived by then.
  struct Fatal {
    std::string what{};
    std::size_t answers_before = 0;
  };
  [[nodiscard]] std::vector<Fatal> fatals() const;
  /// Is told the records of every batch from now on; null: nobody.
  void tell(std::function<void(std::vector<Record>)> follower) {
    const std::lock_guard lock(mutex_);
    follower_ = std::move(follower);
  }
  [[nodiscard]] std::size_t commits() const { return commits_.load(); }

 private:
  void start();

  SequencerLimits limits_;
  storage::SecretKey master_{};
  OfficeCatalogue catalogue_;
  ManualClock clock_{};
  ManualDisk disk_{};
  SequentialIds ids_{};
  std::atomic<std::uint64_t> keys_used_{0};
  std::atomic<std::size_t> commits_{0};
  mutable std::mutex mutex_{};
  std::vector<std::string> arrivals_{};
  std::size_t answers_ = 0;
  std::vector<Fatal> fatals_{};
  std::function<void(std::vector<Record>)> follower_{};
  std::unique_ptr<storage::MemoryEventStore> store_;
  std::unique_ptr<storage::FileKeyStore> keys_{};
  std::unique_ptr<Sequencer> sequencer_{};
};

/// Waits at most ten seconds: a test that would hang fails instead.
[[nodiscard]] Answer wait_for(std::future<Answer>& future);
[[nodiscard]] bool has_arrived(std::future<Answer>& future);

}  // namespace motcua::engine
