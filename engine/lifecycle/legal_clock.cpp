#include "engine/lifecycle/legal_clock.hpp"

#include "engine/core/ensure.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace motcua::engine {
namespace {

constexpr std::array<std::string_view, 4> kStateNames{"not_started", "running", "paused", "ended"};
constexpr std::array<std::string_view, 5> kChangeNames{"none", "start", "pause", "resume", "end"};

template <class Enum, std::size_t N>
std::optional<Enum> find_name(const std::array<std::string_view, N>& names, std::string_view name) {
  const auto* const found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) return std::nullopt;
  return static_cast<Enum>(found - names.begin());
}

std::optional<ClockState> only(bool lawful, ClockState next) {
  return lawful ? std::optional<ClockState>{next} : std::nullopt;
}

}  // namespace

// Four states and five changes read better as a switch than as a second compiled table
// (docs/decisions/0002-life-cycle-machine.md).
// @law deadline/clock-start
// @law deadline/clock-exclusion
std::optional<ClockState> after(ClockState state, ClockChange change) {
  switch (change) {
    case ClockChange::none:
      return state;
    case ClockChange::start:
      return only(state == ClockState::not_started, ClockState::running);
    case ClockChange::pause:
      return only(state == ClockState::running, ClockState::paused);
    case ClockChange::resume:
      return only(state == ClockState::paused, ClockState::running);
    case ClockChange::end:
      return only(state != ClockState::ended, ClockState::ended);
  }
  ensure_failed("clock change is known", __FILE__, __LINE__);
}

std::string_view name_of(ClockState state) { return kStateNames[static_cast<std::size_t>(state)]; }
std::string_view name_of(ClockChange change) { return kChangeNames[static_cast<std::size_t>(change)]; }
std::optional<ClockState> clock_state_from(std::string_view name) {
  return find_name<ClockState>(kStateNames, name);
}
std::optional<ClockChange> clock_change_from(std::string_view name) {
  return find_name<ClockChange>(kChangeNames, name);
}

}  // namespace motcua::engine
