/// The one sequencer: takes many commands, makes one durable batch, and lets every answer wait for what it
/// has read. Three threads do the work: the caller's (I/O), the sequencer's (decide, rows), the committer's
/// (write and sync).
#pragma once

#include "engine/core/result.hpp"
#include "engine/runtime/decider.hpp"

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

namespace motcua::engine {

struct SequencerHooks {
  /// Runs a task that delivers some of a group's answers, in order; called from any thread, also from such a
  /// task.
  std::function<void(std::function<void()>)> post{};
  /// After each group, written or only answered, and about once a second while idle; committer's thread. For
  /// the anchor and the disk's room.
  std::function<void(const LogHead&)> committed{};
  /// The records of a batch that has just become durable; committer's thread, in order. For who follows the
  /// log.
  std::function<void(std::vector<Record>)> recorded{};
  /// After a failed or unclear commit, when all waiters have been refused: the process must end. Committer's
  /// thread.
  std::function<void(const Fault&)> fatal{};
};

struct SequencerLimits {
  std::size_t queued_commands = 16'384;  ///< beyond it: overloaded
  std::size_t cached_bytes = std::size_t{48} << 20U;  ///< of cases in memory, about
};

class Sequencer {
 public:
  /// Takes the next epoch of the store and starts both threads. Throws std::runtime_error if no epoch can be
  /// taken.
  Sequencer(const RuntimePorts& ports, SequencerHooks hooks, SequencerLimits limits = {});
  Sequencer(const Sequencer&) = delete;
  Sequencer& operator=(const Sequencer&) = delete;
  /// Decides and writes what is queued, then ends both threads.
  ~Sequencer();

  /// Any thread. `reply` is called exactly once, through `post`. A queued command is never cancelled.
  void submit(CommandRequest request, Reply reply);

  /// Figures for metrics; any thread.
  struct Figures {
    std::uint64_t groups = 0;
    std::uint64_t events = 0;
    std::size_t queued = 0;  ///< accepted and not yet decided
  };
  [[nodiscard]] Figures figures() const;

 private:
  using Submission = std::pair<CommandRequest, Reply>;
  void run_sequencer();
  void run_committer();
  void decide_queued(std::unique_lock<std::mutex>& lock);
  void hand_over(std::unique_lock<std::mutex>& lock);
  void tell_fatal(std::unique_lock<std::mutex>& lock);
  void commit(std::unique_ptr<Group> group);
  void refuse(Group& group);
  void deliver(std::unique_ptr<Group> group);
  [[nodiscard]] bool full() const;
  [[nodiscard]] bool worth_handing_over() const;

  RuntimePorts ports_;
  SequencerHooks hooks_;
  SequencerLimits limits_;
  Decider decider_;

  mutable std::mutex mutex_{};
  std::condition_variable work_{};    ///< wakes the sequencer: commands, committer idle, stop
  std::condition_variable handed_{};  ///< wakes the committer: a group, stop
  std::deque<Submission> queue_{};
  std::atomic<std::size_t> undecided_{0};    ///< queued, or taken and not yet decided
  std::unique_ptr<Group> deciding_{};        ///< sequencer's; the committer's only while the sequencer waits
  std::unique_ptr<Group> in_flight_{};       ///< handed over, not yet taken or being written
  std::atomic<bool> committer_busy_{false};  ///< changed under the lock; a hint without it
  bool sequencer_waits_ = false;             ///< for work: decider and group may be touched under the lock
  bool stopping_ = false;
  bool sequencer_done_ = false;
  bool failed_ = false;
  std::optional<Fault> fault_{};  ///< of the failed commit, until `fatal` is told
  std::uint64_t groups_ = 0;
  std::uint64_t events_ = 0;

  std::thread committer_{};
  std::thread sequencer_{};
};

}  // namespace motcua::engine
