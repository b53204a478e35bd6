/// Wall clocks of the shell: the system's, watched for jumps, and the virtual one of a development server.
#pragma once

#include "engine/ports/clock.hpp"

#include <chrono>
#include <functional>
#include <mutex>
#include <optional>

namespace motcua::engine {

/// Wall time may differ by this much from the last wall time plus monotonic time elapsed.
inline constexpr std::chrono::minutes kClockJumpMax{5};
/// At start, wall time may lie this far after the last record.
inline constexpr std::chrono::hours kClockGapMax{7 * 24};

/// The system's clock. While it is in doubt, writes wait; it recovers by itself when the times agree again.
class SystemClock final : public Clock {
 public:
  /// Told when a doubt begins and, without one, when it ends; from the thread that reads, which must not read
  /// again.
  using Told = std::function<void(const ClockReading&)>;

  /// `last_trusted`: see `last_trusted_wall`; the epoch if nothing is known.
  explicit SystemClock(Instant last_trusted, Told told = {});

  [[nodiscard]] Instant now() const override;
  [[nodiscard]] ClockReading read() const override;
  void trust(const ClockReading& reading) override;

 private:
  [[nodiscard]] std::optional<ClockDoubt> judge(Instant wall) const;

  Told told_;
  mutable std::mutex mutex_{};
  mutable std::optional<Instant> at_start_{};  ///< not yet agreed with since the start
  mutable Instant anchor_wall_{};
  mutable std::chrono::steady_clock::time_point anchor_steady_{};
  mutable bool doubted_ = false;
};

/// Domain time that stands still until it is moved. Never in doubt.
class VirtualClock final : public Clock {
 public:
  explicit VirtualClock(Instant start) : now_(start) {}

  [[nodiscard]] Instant now() const override;
  [[nodiscard]] ClockReading read() const override { return {now(), std::nullopt}; }
  void trust(const ClockReading&) override {}
  /// Moves to `to`; false, and nothing changes, if that lies in the past. Any thread.
  [[nodiscard]] bool move_to(Instant to);

 private:
  mutable std::mutex mutex_{};
  Instant now_;
};

}  // namespace motcua::engine
