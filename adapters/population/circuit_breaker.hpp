/// Circuit breaker of one link: after several failures in a row it lets nothing pass for a while, then one
/// probe at a time. Pure: the caller brings the (steady) time. One thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

namespace motcua::adapters {

struct BreakerOptions {
  int failures_to_open = 5;                         ///< in a row
  std::chrono::milliseconds open_for{2'000};        ///< the first time; doubles with each failed probe
  std::chrono::milliseconds open_for_most{60'000};  ///< bound of the doubling
};

class CircuitBreaker {
 public:
  using Time = std::chrono::steady_clock::time_point;
  enum class State { closed, open, half_open };

  /// Right to send once. Its result counts only if the state has not changed since.
  struct Permit {
    std::uint64_t period = 0;
  };

  explicit CircuitBreaker(BreakerOptions options) : options_(options) {}

  /// A permit, or nullopt while open, or half open with a probe on its way.
  [[nodiscard]] std::optional<Permit> admit();
  /// The link answered, whatever it said.
  void succeeded(Permit permit);
  /// No answer. Opens after the last failure allowed in a row, and at once if it was the probe.
  void failed(Permit permit, Time now);
  /// Half opens when the pause is over; true if that changed the state.
  bool wake(Time now);

  [[nodiscard]] State state() const { return state_; }
  /// When the pause ends; of meaning while open.
  [[nodiscard]] Time open_until() const { return open_until_; }
  [[nodiscard]] std::uint64_t times_opened() const { return times_opened_; }

 private:
  void enter(State state);
  void open(Time now);

  BreakerOptions options_;
  State state_ = State::closed;
  std::uint64_t period_ = 0;  ///< counted up with every change of state
  int failures_ = 0;
  bool is_probing_ = false;
  std::chrono::milliseconds pause_{0};
  Time open_until_{};
  std::uint64_t times_opened_ = 0;
};

}  // namespace motcua::adapters
