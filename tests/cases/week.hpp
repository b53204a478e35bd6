/// The week in which most tests of time play: two working days after Monday 08:00 is Thursday 08:00, because
/// Wednesday is off.
#pragma once

#include "engine/cases/timing.hpp"
#include "tests/support/scenario.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace motcua::engine {

inline constexpr Instant kMonday10h = kMonday8h + std::chrono::hours{2};
inline constexpr Instant kTuesday8h = kMonday8h + std::chrono::hours{24};
inline constexpr Instant kTuesday10h = kTuesday8h + std::chrono::hours{2};
inline constexpr Instant kThursday8h = kMonday8h + std::chrono::hours{72};
inline constexpr Instant kThursday10h = kThursday8h + std::chrono::hours{2};
inline constexpr Instant kFriday8h = kThursday8h + std::chrono::hours{24};
inline constexpr Instant kFriday10h = kFriday8h + std::chrono::hours{2};
inline constexpr Instant kNextMonday8h = kMonday8h + std::chrono::hours{7 * 24};
inline constexpr std::chrono::seconds kSecond{1};

[[nodiscard]] inline bool has_flag(const Case& current, const std::string& flag) {
  return std::find(current.flags.begin(), current.flags.end(), flag) != current.flags.end();
}

/// The timers that a due instant has.
[[nodiscard]] inline std::vector<CaseTimer> timers_of(Instant nearing, Instant due) {
  return {{"nearing", nearing}, {"due", due}, {"overdue", due + kSecond}};
}

[[nodiscard]] inline std::vector<std::string> all_of_the_limit() { return {"nearing", "due", "overdue"}; }

/// Received on Monday 08:00 with two working days.
[[nodiscard]] inline Scenario running_case() { return standing_in(Stage::in_process); }

/// The same, its overdue mark set on Thursday 10:00.
[[nodiscard]] inline Scenario overdue_case() {
  auto scenario = running_case();
  scenario.at(kThursday10h).timers_fired();
  return scenario;
}

}  // namespace motcua::engine
