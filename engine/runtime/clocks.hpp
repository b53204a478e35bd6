/// Wall clocks of the shell: the system's, watched for jumps, and the virtual one of a development server.
#pragma once

#include "engine/ports/clock.hpp"

#include <chrono>
#include <mutex>
#include <string>

namespace motcua::engine {

/// Wall time may differ by this much from the last wall time plus monotonic time elapsed.
inline constexpr std::chrono::minutes kClockJumpMax{5};
/// At start, wall time may lie this far after the last record.
inline constexpr std::chrono::hours kClockGapMax{7 * 24};

/// The system's clock. While it is suspect, writes wait; it recovers by itself when the times agree again.
class SystemClock final : public Clock {
 public:
  /// `last_recorded`: recorded_at of the newest record; the epoch if there is none.
  explicit SystemClock(Instant last_recorded);

  [[nodiscard]] Instant now() const override;
  [[nodiscard]] std::optional<std::string> suspect() const override;

 private:
  Instant last_recorded_;
  Instant started_wall_;
  mutable std::mutex mutex_{};
  mutable Instant anchor_wall_{};
  mutable std::chrono::steady_clock::time_point anchor_steady_{};
};

/// Domain time that stands still until it is moved. Never suspect.
class VirtualClock final : public Clock {
 public:
  explicit VirtualClock(Instant start) : now_(start) {}

  [[nodiscard]] Instant now() const override;
  [[nodiscard]] std::optional<std::string> suspect() const override { return std::nullopt; }
  /// Moves to `to`; false, and nothing changes, if that lies in the past. Any thread.
  [[nodiscard]] bool move_to(Instant to);

 private:
  mutable std::mutex mutex_{};
  Instant now_;
};

}  // namespace motcua::engine
