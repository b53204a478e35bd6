#include "engine/lifecycle/legal_clock.hpp"

#include <gtest/gtest.h>

#include <array>
#include <optional>

namespace motcua::engine {
namespace {

using State = ClockState;
using Change = ClockChange;

constexpr std::array kStates{State::not_started, State::running, State::paused, State::ended};
constexpr std::array kChanges{Change::none, Change::start, Change::pause, Change::resume, Change::end};

TEST(LegalClock, AllowsExactlyTheChangesOfTheTable) {
  constexpr auto no = std::optional<State>{};
  // Columns: none, start, pause, resume, end.
  const std::array<std::array<std::optional<State>, 5>, 4> expected{{
      {State::not_started, State::running, no, no, State::ended},
      {State::running, no, State::paused, no, State::ended},
      {State::paused, no, no, State::running, State::ended},
      {State::ended, no, no, no, no},
  }};
  for (std::size_t state = 0; state < kStates.size(); ++state) {
    for (std::size_t change = 0; change < kChanges.size(); ++change) {
      EXPECT_EQ(after(kStates[state], kChanges[change]), expected[state][change])
          << name_of(kStates[state]) << " " << name_of(kChanges[change]);
    }
  }
}

TEST(LegalClock, NamesAreReadBackAsWritten) {
  for (const State state : kStates) EXPECT_EQ(clock_state_from(name_of(state)), state);
  for (const Change change : kChanges) EXPECT_EQ(clock_change_from(name_of(change)), change);
  EXPECT_EQ(name_of(State::not_started), "not_started");
  EXPECT_EQ(clock_state_from("stopped"), std::nullopt);
  EXPECT_EQ(clock_change_from(""), std::nullopt);
}

}  // namespace
}  // namespace motcua::engine
