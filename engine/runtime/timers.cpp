#include "engine/runtime/timers.hpp"

#include <algorithm>
#include <set>
#include <span>
#include <string>

namespace motcua::engine {
namespace {

constexpr std::chrono::milliseconds kTick{500};

}  // namespace

struct TimerSweeper::Shared {
  mutable std::mutex mutex{};
  std::condition_variable changed{};
  std::deque<Hop> hops{};
  std::size_t waiting = 0;  ///< replies of the portion being fired
  std::size_t failed = 0;   ///< of them, refused for a reason that is not the timer's
  std::vector<std::pair<TimerItem, Rejection>> refused{};  ///< of them, for one that is
  std::uint64_t fired = 0;
  TimerLateness lateness{};
  std::size_t set_aside = 0;
  bool stopping = false;
};

void TimerLateness::count(std::chrono::microseconds late) {
  const auto seconds = std::chrono::duration<double>(late).count();
  const auto bucket = std::lower_bound(kBounds.begin(), kBounds.end(), seconds) - kBounds.begin();
  buckets[static_cast<std::size_t>(bucket)] += 1;
  sum_s += seconds;
}

std::string name_of(const TimerItem& timer) {
  return "timer:" + to_text(timer.id) + ':' + timer.kind + ':' + std::to_string(to_micros(timer.due_at));
}

CommandRequest timer_request(const KeyStore& keys, const TimerItem& timer) {
  CommandRequest request;
  request.cause = name_of(timer);
  request.asker.sub = ActorId(kEngineActor);
  request.scope = keys.mac("idempotency-scope", request.cause);
  request.body_mac = keys.mac("idempotency-body", request.cause);
  request.request = EngineRequest{timer.id, FireTimer{timer.kind, timer.due_at}, {}};
  return request;
}

TimerSweeper::TimerSweeper(const EventStore& store, const KeyStore& keys, const Clock& clock,
                           Sequencer& sequencer, VirtualClock* virtual_clock, TellRefused tell)
    : store_(store),
      keys_(keys),
      clock_(clock),
      sequencer_(sequencer),
      virtual_clock_(virtual_clock),
      tell_(std::move(tell)),
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

TimerLateness TimerSweeper::lateness() const {
  const std::lock_guard lock(shared_->mutex);
  return shared_->lateness;
}

std::size_t TimerSweeper::set_aside() const {
  const std::lock_guard lock(shared_->mutex);
  return shared_->set_aside;
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

std::vector<TimerItem> TimerSweeper::due_by(Instant until, std::size_t most) {
  const auto now = std::chrono::steady_clock::now();
  std::vector<TimerItem> due;
  std::set<std::string> still_there;
  std::string after;
  for (bool is_last = false; !is_last;) {
    const auto rows = store_.read_rows(timer_prefix(), after, kSlice);
    if (!rows) return due;
    is_last = rows->size() < kSlice;
    for (const auto& row : *rows) {
      after = row.key;
      auto timer = read_timer_row(row);
      if (!timer) continue;
      if (timer->due_at > until) {
        is_last = true;
        break;
      }
      if (set_aside_.size() != 0) {
        const auto name = name_of(*timer);
        still_there.insert(name);
        if (set_aside_.waits(name, now)) continue;
      }
      due.push_back(*std::move(timer));
      if (due.size() == most) return due;
    }
  }
  set_aside_.forget_unless([&](const std::string& name) { return still_there.contains(name); });
  return due;
}

std::optional<Instant> TimerSweeper::next_due() {
  const auto first = due_by(Instant::max(), 1);
  return first.empty() ? std::nullopt : std::optional(first.front().due_at);
}

bool TimerSweeper::sweep() {
  // A clock that is not trusted fires nothing: the sequencer would refuse it anyway.
  while (true) {
    const auto reading = clock_.read();
    if (reading.doubt) return false;
    const auto slice = due_by(reading.now, kSlice);
    if (slice.empty()) return true;
    // Nobody waits for a hop but who asked for it.
    const auto most = virtual_clock_ == nullptr ? kPortion : kSlice;
    for (std::span<const TimerItem> left(slice); !left.empty();) {
      const auto since = std::chrono::steady_clock::now();
      const auto portion = left.first(std::min(most, left.size()));
      left = left.subspan(portion.size());
      if (!fire(portion)) return false;
      if (virtual_clock_ == nullptr && !give_way((std::chrono::steady_clock::now() - since) / 2))
        return false;
    }
  }
}

bool TimerSweeper::fire(std::span<const TimerItem> portion) {
  {
    const std::lock_guard lock(shared_->mutex);
    shared_->waiting = portion.size();
    shared_->failed = 0;
  }
  for (const auto& timer : portion) {
    const auto late = clock_.now() - timer.due_at;
    // An answer comes when the timer's row is gone from the disk, so that the next slice starts behind it.
    sequencer_.submit(timer_request(keys_, timer),
                      [shared = shared_, timer, late](const Result<CommandAnswer>& answer) {
                        const std::lock_guard lock(shared->mutex);
                        shared->waiting -= 1;
                        shared->fired += answer ? 1 : 0;
                        if (answer) shared->lateness.count(late);
                        if (!answer && is_about_one(answer.error())) {
                          shared->refused.emplace_back(timer, answer.error());
                        } else {
                          shared->failed += answer ? 0 : 1;
                        }
                        if (shared->waiting == 0) shared->changed.notify_all();
                      });
  }
  std::unique_lock lock(shared_->mutex);
  shared_->changed.wait(lock, [&] { return shared_->stopping || shared_->waiting == 0; });
  const bool goes_on = !shared_->stopping && shared_->failed == 0;
  const auto refused = std::exchange(shared_->refused, {});
  lock.unlock();
  put_aside(refused);
  return goes_on;
}

bool TimerSweeper::give_way(std::chrono::steady_clock::duration pause) {
  std::unique_lock lock(shared_->mutex);
  return !shared_->changed.wait_for(lock, pause, [&] { return shared_->stopping; });
}

void TimerSweeper::put_aside(const std::vector<std::pair<TimerItem, Rejection>>& refused) {
  for (const auto& [timer, why] : refused) {
    const auto pause = set_aside_.put(name_of(timer), std::chrono::steady_clock::now());
    // Not allowed, once: a command that was on its way to the disk has cancelled the timer.
    const bool is_gone = why.code == RejectionCode::not_allowed && pause == set_aside_.kPauseFirst;
    if (tell_ && !is_gone) tell_(name_of(timer), why, pause);
  }
  const std::lock_guard lock(shared_->mutex);
  shared_->set_aside = set_aside_.size();
}

bool TimerSweeper::hop_to(Instant to) {
  if (virtual_clock_ == nullptr || to < clock_.now()) return false;
  while (true) {
    const auto due = next_due().value_or(Instant::max());
    const auto stop = stops_.next ? stops_.next(clock_.now()).value_or(Instant::max()) : Instant::max();
    const auto next = std::min(due, stop);
    if (next > to) break;
    if (next > clock_.now() && !virtual_clock_->move_to(next)) return false;
    if (!sweep()) return false;
    if (stop == next && !stops_.pass()) return false;
  }
  return virtual_clock_->move_to(to);
}

}  // namespace motcua::engine
