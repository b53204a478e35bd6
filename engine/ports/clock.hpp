/// Port: wall time for the shell. decide and evolve never see it: time comes in with the command.
#pragma once

#include "engine/core/ids.hpp"
#include "engine/core/time.hpp"

#include <optional>
#include <string>

namespace motcua::engine {

class Clock {
 public:
  Clock() = default;
  Clock(const Clock&) = delete;
  Clock& operator=(const Clock&) = delete;
  virtual ~Clock() = default;

  /// Domain time, UTC. Any thread.
  [[nodiscard]] virtual Instant now() const = 0;
  /// Why writes must wait (wall and monotonic time disagree), or nullopt. Any thread.
  [[nodiscard]] virtual std::optional<std::string> suspect() const = 0;
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
