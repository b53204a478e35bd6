#include "engine/runtime/sequencer.hpp"

#include <algorithm>
#include <chrono>
#include <stdexcept>

namespace motcua::engine {
namespace {

Rejection outcome_unknown() {
  return {RejectionCode::outcome_unknown,
          "the commit failed: repeat the request with the same Idempotency-Key later"};
}

std::uint64_t take_epoch(EventStore& store) {
  const auto epoch = store.take_epoch();
  if (!epoch) throw std::runtime_error(epoch.error().what);
  return *epoch;
}

/// Answers handed out in one task. Between two tasks the I/O thread reads new requests, so that the sequencer
/// is not left idle until a large group has been answered.
constexpr std::size_t kAnswersAtOnce = 16;

/// Commands worth a sync of their own while more wait to be decided.
constexpr std::size_t kHandOverAt = 16;

/// A committer that has nothing to write reports the head about once a second.
constexpr std::chrono::seconds kIdleTick{1};

using Post = std::function<void(std::function<void()>)>;

/// Hands out answers from `first` on, and posts itself for the rest.
void deliver_from(const Post& post, std::shared_ptr<std::vector<WaitingAnswer>> answers, std::size_t first) {
  post([post, answers = std::move(answers), first] {
    const auto end = std::min(answers->size(), first + kAnswersAtOnce);
    for (auto i = first; i < end; ++i) (*answers)[i].first(std::move((*answers)[i].second));
    if (end < answers->size()) deliver_from(post, answers, end);
  });
}

}  // namespace

Sequencer::Sequencer(const RuntimePorts& ports, SequencerHooks hooks, SequencerLimits limits)
    : ports_(ports),
      hooks_(std::move(hooks)),
      limits_(limits),
      decider_(ports, take_epoch(ports.store), limits.cached_bytes),
      deciding_(std::make_unique<Group>()) {
  committer_ = std::thread([this] { run_committer(); });
  sequencer_ = std::thread([this] { run_sequencer(); });
}

Sequencer::~Sequencer() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  work_.notify_all();
  sequencer_.join();
  handed_.notify_all();
  committer_.join();
}

void Sequencer::submit(CommandRequest request, Reply reply) {
  std::unique_lock lock(mutex_);
  if (failed_ || stopping_ || undecided_ >= limits_.queued_commands) {
    auto refusal =
        failed_ ? outcome_unknown() : Rejection{RejectionCode::overloaded, "too many commands are waiting"};
    lock.unlock();
    hooks_.post([reply = std::move(reply), refusal = std::move(refusal)] { reply(refusal); });
    return;
  }
  queue_.emplace_back(std::move(request), std::move(reply));
  ++undecided_;
  const bool wake = queue_.size() == 1;
  lock.unlock();
  if (wake) work_.notify_one();
}

Sequencer::Figures Sequencer::figures() const {
  const std::lock_guard lock(mutex_);
  return {groups_, events_, undecided_};
}

bool Sequencer::full() const {
  return deciding_->answers.size() >= kGroupCommandsMax || deciding_->bytes >= kGroupBytesMax;
}

void Sequencer::run_sequencer() {
  std::unique_lock lock(mutex_);
  while (true) {
    sequencer_waits_ = true;
    work_.wait(lock, [&] {
      const bool can_decide = !queue_.empty() && !full();
      const bool can_hand_over = !deciding_->empty() && !committer_busy_;
      const bool can_end = stopping_ && queue_.empty() && deciding_->empty();
      return can_decide || can_hand_over || can_end || (fault_ && !committer_busy_);
    });
    sequencer_waits_ = false;
    if (!queue_.empty() && !full()) decide_queued(lock);
    if (!deciding_->empty() && !committer_busy_) hand_over(lock);
    if (fault_ && queue_.empty() && deciding_->empty() && !committer_busy_) tell_fatal(lock);
    if (stopping_ && queue_.empty() && deciding_->empty()) break;
  }
  sequencer_done_ = true;
  handed_.notify_all();
}

void Sequencer::decide_queued(std::unique_lock<std::mutex>& lock) {
  while (!queue_.empty() && !full()) {
    std::deque<Submission> taken;
    taken.swap(queue_);
    const bool failed = failed_;
    lock.unlock();
    while (!taken.empty() && !full() && !worth_handing_over()) {
      auto [request, reply] = std::move(taken.front());
      taken.pop_front();
      if (failed) {
        deciding_->answers.emplace_back(std::move(reply), outcome_unknown());
      } else {
        decider_.decide_into(*deciding_, std::move(request), std::move(reply));
      }
      --undecided_;
    }
    lock.lock();
    for (; !taken.empty(); taken.pop_back()) queue_.push_front(std::move(taken.back()));
    if (!committer_busy_) return;
  }
}

/// A committer that has nothing to write gets what is decided, unless it is so little that it had better wait
/// for more.
bool Sequencer::worth_handing_over() const {
  return !committer_busy_.load(std::memory_order_relaxed) && deciding_->answers.size() >= kHandOverAt;
}

void Sequencer::hand_over(std::unique_lock<std::mutex>& lock) {
  auto group = std::move(deciding_);
  deciding_ = std::make_unique<Group>();
  if (failed_) {
    lock.unlock();
    refuse(*group);
    deliver(std::move(group));
    lock.lock();
    return;
  }
  // The committer is idle: everything decided before this group is durable.
  decider_.all_durable();
  decider_.set_in_flight(std::move(group->accepted));
  decider_.finish(*group);
  in_flight_ = std::move(group);
  committer_busy_ = true;
  handed_.notify_one();
}

void Sequencer::tell_fatal(std::unique_lock<std::mutex>& lock) {
  const auto fault = *std::exchange(fault_, std::nullopt);
  lock.unlock();
  if (hooks_.fatal) hooks_.fatal(fault);
  lock.lock();
}

void Sequencer::run_committer() {
  std::unique_lock lock(mutex_);
  while (true) {
    const bool woken =
        handed_.wait_for(lock, kIdleTick, [&] { return in_flight_ != nullptr || sequencer_done_; });
    if (!woken) {
      lock.unlock();
      if (hooks_.committed) hooks_.committed(ports_.store.head());
      lock.lock();
      continue;
    }
    if (!in_flight_) break;
    auto group = std::move(in_flight_);
    lock.unlock();
    commit(std::move(group));
    lock.lock();
    committer_busy_ = false;
    // Waking the sequencer only to be handed what it has decided long ago would cost two thread switches.
    const bool takes_next = sequencer_waits_ && !deciding_->empty() && !failed_;
    if (takes_next) hand_over(lock);
    if (!takes_next || !queue_.empty() || stopping_) work_.notify_one();
  }
}

void Sequencer::commit(std::unique_ptr<Group> group) {
  if (group->batch.records.empty()) {
    deliver(std::move(group));
    if (hooks_.committed) hooks_.committed(ports_.store.head());
    return;
  }
  const auto written = ports_.store.append(group->batch);
  if (!written) {
    {
      const std::lock_guard lock(mutex_);
      failed_ = true;
    }
    refuse(*group);
    deliver(std::move(group));
    const std::lock_guard lock(mutex_);
    fault_ = written.error();
    return;
  }
  {
    const std::lock_guard lock(mutex_);
    groups_ += 1;
    events_ += group->batch.records.size();
  }
  auto records = std::move(group->batch.records);
  deliver(std::move(group));
  if (hooks_.recorded) hooks_.recorded(std::move(records));
  if (hooks_.committed) hooks_.committed(ports_.store.head());
}

void Sequencer::refuse(Group& group) {
  for (auto& [reply, answer] : group.answers) answer = outcome_unknown();
}

void Sequencer::deliver(std::unique_ptr<Group> group) {
  deliver_from(hooks_.post, std::make_shared<std::vector<WaitingAnswer>>(std::move(group->answers)), 0);
}

}  // namespace motcua::engine
