/// Port: wall time for the shell. decide and evolve never see it: time comes in with the command.
#pragma once

#include "engine/core/ids.hpp"
#include "engine/core/time.hpp"

#include <optional>

namespace motcua::engine {

/// Why wall time is not believed.
enum class ClockFault {
  jumped,              ///< wall and monotonic time disagree
  before_last_record,  ///< at start: the log has seen later times
  long_after_record,   ///< at start: more than kClockGapMax after the last record
};

struct ClockDoubt {
  ClockFault fault = ClockFault::jumped;
  Instant expected{};  ///< where wall time was believed to be; at start, the last record's
  friend bool operator==(const ClockDoubt&, const ClockDoubt&) = default;
};

/// Wall time read once, with what speaks against it.
struct ClockReading {
  Instant now{};
  std::optional<ClockDoubt> doubt{};  ///< writes must wait
  friend bool operator==(const ClockReading&, const ClockReading&) = default;
};

class Clock {
 public:
  Clock() = default;
  Clock(const Clock&) = delete;
  Clock& operator=(const Clock&) = delete;
  virtual ~Clock() = default;

  /// Domain time, UTC. Any thread.
  [[nodiscard]] virtual Instant now() const = 0;
  /// The same, with the doubt about it: what is written is stamped from one such reading. Any thread.
  [[nodiscard]] virtual ClockReading read() const = 0;
  /// Believes `reading` from now on: an administrator has confirmed it. Any thread.
  virtual void trust(const ClockReading& reading) = 0;
};

/// Source of identifiers: random, so outside decide.
class IdSource {
 public:
  IdSource() = default;
  IdSource(const IdSource&) = delete;
  IdSource& operator=(const IdSource&) = delete;
  virtual ~IdSource() = default;

  /// UUIDv7 whose time part is `at`; ascending within one process. Sequencer thread only.
  [[nodiscard]] virtual CaseId next_case_id(Instant at) = 0;
  /// 128 random bits.
  [[nodiscard]] virtual Id128 next_command_id() = 0;
};

}  // namespace motcua::engine
