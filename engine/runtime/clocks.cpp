#include "engine/runtime/clocks.hpp"

namespace motcua::engine {
namespace {

Instant wall_now() {
  return std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
}

}  // namespace

SystemClock::SystemClock(Instant last_recorded)
    : last_recorded_(last_recorded),
      started_wall_(wall_now()),
      anchor_wall_(started_wall_),
      anchor_steady_(std::chrono::steady_clock::now()) {}

Instant SystemClock::now() const { return wall_now(); }

std::optional<std::string> SystemClock::suspect() const {
  const auto wall = wall_now();
  if (to_micros(last_recorded_) != 0) {
    if (wall < last_recorded_) return "wall time lies before the last record of the log";
    if (started_wall_ - last_recorded_ > kClockGapMax && wall - last_recorded_ > kClockGapMax) {
      return "wall time at start lay more than seven days after the last record of the log";
    }
  }
  const std::lock_guard lock(mutex_);
  const auto steady = std::chrono::steady_clock::now();
  const auto expected =
      anchor_wall_ + std::chrono::duration_cast<std::chrono::microseconds>(steady - anchor_steady_);
  const auto departure = wall > expected ? wall - expected : expected - wall;
  if (departure > kClockJumpMax) return "wall time departs from monotonic time by more than five minutes";
  // Slow drift is the time service's business: follow it, so that only jumps count.
  anchor_wall_ = wall;
  anchor_steady_ = steady;
  return std::nullopt;
}

Instant VirtualClock::now() const {
  const std::lock_guard lock(mutex_);
  return now_;
}

bool VirtualClock::move_to(Instant to) {
  const std::lock_guard lock(mutex_);
  if (to < now_) return false;
  now_ = to;
  return true;
}

}  // namespace motcua::engine
