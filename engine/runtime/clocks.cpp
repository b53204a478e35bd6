#include "engine/runtime/clocks.hpp"

namespace motcua::engine {
namespace {

Instant wall_now() {
  return std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
}

}  // namespace

SystemClock::SystemClock(Instant last_trusted, Told told)
    : told_(std::move(told)), anchor_wall_(wall_now()), anchor_steady_(std::chrono::steady_clock::now()) {
  if (to_micros(last_trusted) != 0) at_start_ = last_trusted;
  static_cast<void>(read());
}

Instant SystemClock::now() const { return wall_now(); }

ClockReading SystemClock::read() const {
  const std::lock_guard lock(mutex_);
  ClockReading reading{wall_now(), std::nullopt};
  reading.doubt = judge(reading.now);
  if (!reading.doubt) {
    // Slow drift is the time service's business: follow it, so that only jumps count.
    at_start_.reset();
    anchor_wall_ = reading.now;
    anchor_steady_ = std::chrono::steady_clock::now();
  }
  if (reading.doubt.has_value() != doubted_) {
    doubted_ = reading.doubt.has_value();
    if (told_) told_(reading);
  }
  return reading;
}

std::optional<ClockDoubt> SystemClock::judge(Instant wall) const {
  if (at_start_) {
    if (wall < *at_start_) return ClockDoubt{ClockFault::before_last_record, *at_start_};
    if (wall - *at_start_ > kClockGapMax) return ClockDoubt{ClockFault::long_after_record, *at_start_};
    return std::nullopt;
  }
  const auto elapsed = std::chrono::steady_clock::now() - anchor_steady_;
  const auto expected = anchor_wall_ + std::chrono::duration_cast<std::chrono::microseconds>(elapsed);
  const auto departure = wall > expected ? wall - expected : expected - wall;
  if (departure > kClockJumpMax) return ClockDoubt{ClockFault::jumped, expected};
  return std::nullopt;
}

void SystemClock::trust(const ClockReading& reading) {
  const std::lock_guard lock(mutex_);
  at_start_.reset();
  anchor_wall_ = reading.now;
  anchor_steady_ = std::chrono::steady_clock::now();
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
