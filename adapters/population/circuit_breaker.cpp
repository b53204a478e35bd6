#include "adapters/population/circuit_breaker.hpp"

#include <algorithm>

namespace motcua::adapters {

std::optional<CircuitBreaker::Permit> CircuitBreaker::admit() {
  if (state_ == State::open || (state_ == State::half_open && is_probing_)) return std::nullopt;
  is_probing_ = state_ == State::half_open;
  return Permit{period_};
}

void CircuitBreaker::succeeded(Permit permit) {
  if (permit.period != period_) return;
  failures_ = 0;
  if (state_ != State::half_open) return;
  pause_ = std::chrono::milliseconds{0};
  enter(State::closed);
}

void CircuitBreaker::failed(Permit permit, Time now) {
  if (permit.period != period_) return;
  ++failures_;
  if (state_ == State::half_open || failures_ >= options_.failures_to_open) open(now);
}

bool CircuitBreaker::wake(Time now) {
  if (state_ != State::open || now < open_until_) return false;
  enter(State::half_open);
  return true;
}

void CircuitBreaker::enter(State state) {
  state_ = state;
  ++period_;
  failures_ = 0;
  is_probing_ = false;
}

void CircuitBreaker::open(Time now) {
  pause_ = pause_.count() == 0 ? options_.open_for : std::min(pause_ * 2, options_.open_for_most);
  open_until_ = now + pause_;
  ++times_opened_;
  enter(State::open);
}

}  // namespace motcua::adapters
