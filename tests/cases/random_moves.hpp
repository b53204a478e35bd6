/// Random histories: who commands what, and what the engine itself records, in any order.
#pragma once

#include "tests/support/scenario.hpp"

#include <rapidcheck.h>

#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

namespace motcua::engine {

/// Marks what a person typed or a register answered; must never be seen outside sealed entries.
inline constexpr const char* kSecret = "BIMAT";

/// One random command: who, what, with which variation, how long after the one before.
struct Move {
  int who = 0;
  int what = 0;
  int how = 0;
  int hours_later = 0;
};
std::ostream& operator<<(std::ostream& out, const Move& move);

/// The second version of the register's procedure: the appraisal is called `review`, and a `slow` case has a
/// day less.
[[nodiscard]] Definition renewed_definition();
[[nodiscard]] rc::Gen<std::vector<Move>> any_moves();
[[nodiscard]] Identity actor(const Move& move);
/// Shape and completeness vary with `how`, 0 to 5.
[[nodiscard]] FileCase any_filing(int how);
/// Moves the clock and judges the move; true if it was decided. The case stands where it stood.
bool decide_move(Scenario& scenario, const Move& move);
/// Who stands behind an accepted move: the officer, or the engine.
[[nodiscard]] Identity who_moved(const Move& move);

}  // namespace motcua::engine
