/// Fills a data folder with cases, decided by the engine itself.
#pragma once

#include "bench/store/folder.hpp"

#include <cstdint>

namespace motcua::bench {

struct FillPlan {
  std::uint64_t finished = 0;  ///< whole lives of eight events
  std::uint64_t open = 0;      ///< stopped after one to seven of them, in turn
  std::uint64_t lengthy = 0;   ///< cases of `lengthy_events` events, still open
  std::uint64_t lengthy_events = 100;
};

/// Plays the lives of many cases side by side; the clock moves on a little with each step.
void fill(Folder& folder, const FillPlan& plan);

}  // namespace motcua::bench
