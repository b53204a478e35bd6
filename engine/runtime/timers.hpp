/// Timers (hẹn giờ): fires what has come due, once, in order of due, off the request path. Under a virtual
/// clock it hops from due instant to due instant.
#pragma once

#include "engine/ports/event_store.hpp"
#include "engine/ports/key_store.hpp"
#include "engine/runtime/clocks.hpp"
#include "engine/runtime/sequencer.hpp"
#include "engine/runtime/set_aside.hpp"

#include <array>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace motcua::engine {

/// The actor of what the engine commands itself.
inline constexpr const char* kEngineActor = "motcua";

/// How late timers fired (độ trễ của mốc thời gian): now less due instant when each was commanded.
struct TimerLateness {
  /// Upper bounds of the buckets, seconds.
  static constexpr std::array<double, 10> kBounds{0.1, 0.5, 1, 2, 5, 10, 30, 60, 600, 3600};

  std::array<std::uint64_t, kBounds.size() + 1>
      buckets{};  ///< not cumulative; the last is beyond every bound
  double sum_s = 0;

  void count(std::chrono::microseconds late);
};

/// Instants beside timers at which a hop has something to do: first days of versions that take open cases
/// along.
struct HopStops {
  std::function<std::optional<Instant>(Instant after)> next{};  ///< the first behind `after`
  std::function<bool()> pass{};                                 ///< done there; false: it cannot be recorded
};

class TimerSweeper {
 public:
  /// Most timers read in one slice.
  static constexpr std::size_t kSlice = 256;
  /// Most timers of a slice commanded at once on the system's clock: behind so many decisions, each on a case
  /// that nobody has looked at lately, a request may have to wait.
  static constexpr std::size_t kPortion = 8;

  /// All must outlive the sweeper; `virtual_clock` is null with the system's clock. Starts a thread, which
  /// fires at once what came due while nobody watched. `tell` may be empty.
  TimerSweeper(const EventStore& store, const KeyStore& keys, const Clock& clock, Sequencer& sequencer,
               VirtualClock* virtual_clock, TellRefused tell);
  TimerSweeper(const TimerSweeper&) = delete;
  TimerSweeper& operator=(const TimerSweeper&) = delete;
  ~TimerSweeper();

  /// Moves the virtual clock to `to`, firing each timer at its own instant. `done` is called on the sweeper's
  /// thread when all of it is on disk; false if `to` lies in the past, or the process ends.
  void hop(Instant to, std::function<void(bool)> done);

  /// Before the first hop. Called back on the sweeper's thread, until it ends.
  void stop_at(HopStops stops) { stops_ = std::move(stops); }

  /// Timers fired since the start. Any thread.
  [[nodiscard]] std::uint64_t fired() const;
  /// Timers that came due and were refused, and wait to be tried again. Any thread.
  [[nodiscard]] std::size_t set_aside() const;
  /// Of those fired since the start. Any thread.
  [[nodiscard]] TimerLateness lateness() const;

 private:
  struct Shared;  ///< what replies touch: it outlives the sweeper if they come late
  using Hop = std::pair<Instant, std::function<void(bool)>>;

  void run();
  /// Fires everything due by now; false if the store or the sequencer refused or the process ends.
  bool sweep();
  bool fire(std::span<const TimerItem> portion);
  /// Lets requests go first for so long; false if the process ends.
  bool give_way(std::chrono::steady_clock::duration pause);
  bool hop_to(Instant to);
  void put_aside(const std::vector<std::pair<TimerItem, Rejection>>& refused);
  /// The first timers that are due and do not wait aside, at most `most`.
  [[nodiscard]] std::vector<TimerItem> due_by(Instant until, std::size_t most);
  [[nodiscard]] std::optional<Instant> next_due();

  const EventStore& store_;
  const KeyStore& keys_;
  const Clock& clock_;
  Sequencer& sequencer_;
  VirtualClock* virtual_clock_;
  TellRefused tell_;
  HopStops stops_{};
  SetAside<std::string> set_aside_{};  ///< by name; the sweeper's thread only
  std::shared_ptr<Shared> shared_;
  std::thread thread_{};
};

/// `timer:<case>:<kind>:<due>`.
[[nodiscard]] std::string name_of(const TimerItem& timer);
/// The request that records a timer: its key makes it happen once.
[[nodiscard]] CommandRequest timer_request(const KeyStore& keys, const TimerItem& timer);

}  // namespace motcua::engine
