#include "engine/runtime/timers.hpp"

#include <algorithm>

namespace motcua::engine {
namespace {

constexpr std::chrono::milliseconds kTick{500};

}  // namespace

struct TimerSweeper::Shared {
  mutable std::mutex mutex{};
  std::condition_variable changed{};
  std::deque<Hop> hops{};
  std::size_t waiting = 0;  ///< replies of the slice being fired
  std::size_t failed = 0;   ///< of them, refused for another reason than that the timer is gone
  std::uint64_t fired = 0;
  bool stopping = false;
};

CommandRequest timer_request(const KeyStore& keys, const TimerItem& timer) {
  CommandRequest request;
  request.cause =
      "timer:" + to_text(timer.id) + ':' + timer.kind + ':' + std::to_string(to_micros(timer.due_at));
  request.asker.sub = ActorId(kEngineActor);
  request.scope = keys.mac("idempotency-scope", request.cause);
  request.body_mac = keys.mac("idempotency-body", request.cause);
  request.request = EngineRequest{timer.id, FireTimer{timer.kind, timer.due_at}, {}};
  return request;
}

TimerSweeper::TimerSweeper(const EventStore& store, const KeyStore& keys, const Clock& clock,
                           Sequencer& sequencer, VirtualClock* virtual_clock)
    : store_(store),
      keys_(keys),
      clock_(clock),
      sequencer_(sequencer),
      virtual_clock_(virtual_clock),
      shared_(std::make_shared<Shared>()) {
  thread_ = std::thread([this] { run(); });
}

TimerSweeper::~TimerSweeper() {
  {
    const std::lock_guard lock(shared_->mutex);
    shared_->stopping = true;
  }
  shared_->changed.notify_all();
  thread_.join();
}

void TimerSweeper::hop(Instant to, std::function<void(bool)> done) {
  {
    const std::lock_guard lock(shared_->mutex);
    shared_->hops.emplace_back(to, std::move(done));
  }
  shared_->changed.notify_all();
}

std::uint64_t TimerSweeper::fired() const {
  const std::lock_guard lock(shared_->mutex);
  return shared_->fired;
}

void TimerSweeper::run() {
  std::unique_lock lock(shared_->mutex);
  while (!shared_->stopping) {
    if (shared_->hops.empty()) {
      lock.unlock();
      sweep();
      lock.lock();
      shared_->changed.wait_for(lock, kTick, [&] { return shared_->stopping || !shared_->hops.empty(); });
      continue;
    }
    auto [to, done] = std::move(shared_->hops.front());
    shared_->hops.pop_front();
    lock.unlock();
    done(hop_to(to));
    lock.lock();
  }
  auto left = std::exchange(shared_->hops, {});
  lock.unlock();
  for (auto& [to, done] : left) done(false);
}

std::vector<TimerItem> TimerSweeper::due_by(Instant until) const {
  std::vector<TimerItem> due;
  const auto rows = store_.read_rows(timer_prefix(), {}, kSlice);
  if (!rows) return due;
  for (const auto& row : *rows) {
    auto timer = read_timer_row(row);
    if (!timer || timer->due_at > until) break;
    due.push_back(*std::move(timer));
  }
  return due;
}

std::optional<Instant> TimerSweeper::next_due() const {
  const auto rows = store_.read_rows(timer_prefix(), {}, 1);
  if (!rows || rows->empty()) return std::nullopt;
  const auto timer = read_timer_row(rows->front());
  return timer ? std::optional(timer->due_at) : std::nullopt;
}

bool TimerSweeper::sweep() {
  // A clock that is not trusted fires nothing: the sequencer would refuse it anyway.
  while (true) {
    const auto reading = clock_.read();
    if (reading.doubt) return false;
    const auto slice = due_by(reading.now);
    if (slice.empty()) return true;
    if (!fire(slice)) return false;
  }
}

bool TimerSweeper::fire(const std::vector<TimerItem>& slice) {
  {
    const std::lock_guard lock(shared_->mutex);
    shared_->waiting = slice.size();
    shared_->failed = 0;
  }
  for (const auto& timer : slice) {
    // An answer comes when the timer's row is gone from the disk, so that the next slice starts behind it.
    sequencer_.submit(timer_request(keys_, timer), [shared = shared_](const Result<CommandAnswer>& answer) {
      const std::lock_guard lock(shared->mutex);
      shared->waiting -= 1;
      // Not allowed: a command that was on its way to the disk has cancelled the timer.
      shared->failed += answer || answer.error().code == RejectionCode::not_allowed ? 0 : 1;
      shared->fired += answer ? 1 : 0;
      shared->changed.notify_all();
    });
  }
  std::unique_lock lock(shared_->mutex);
  shared_->changed.wait(lock, [&] { return shared_->stopping || shared_->waiting == 0; });
  return !shared_->stopping && shared_->failed == 0;
}

bool TimerSweeper::hop_to(Instant to) {
  if (virtual_clock_ == nullptr || to < clock_.now()) return false;
  while (const auto due = next_due()) {
    if (*due > to) break;
    if (*due > clock_.now() && !virtual_clock_->move_to(*due)) return false;
    if (!sweep()) return false;
  }
  return virtual_clock_->move_to(to);
}

}  // namespace motcua::engine
