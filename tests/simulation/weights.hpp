/// Swarm testing: each seed draws how often things happen, and which never do.
#pragma once

#include "tests/simulation/draw.hpp"
#include "tests/simulation/model/office_calendar.hpp"

namespace motcua::simulation {

/// Permille, but for the two spans of time.
struct Weights {
  // What people do.
  int new_case = 120;
  int incomplete = 300;
  int wrong_role = 40;
  int other_agency = 30;
  int illegal = 60;
  int malformed = 30;
  int stale = 50;
  int no_version = 15;
  int repeat = 60;
  int reuse_key = 15;
  int race = 300;
  int correct = 60;
  int withdraw = 15;
  int stop = 15;
  int extend = 80;
  int pause = 100;
  int both_hats = 40;
  int consult = 50;
  int delegate = 60;
  int engines_own = 30;
  // What goes wrong.
  int hold = 200;
  int fail_append = 12;
  int lose_epoch = 5;
  int crash = 8;
  int refuse_read = 10;
  int set_back = 20;
  int suspect = 8;
  int unwatched = 20;
  int outage = 10;
  int late = 200;
  // How time goes by between two steps.
  model::Micros pace = model::kHour;
  int long_pause = 60;  ///< of up to twelve days
};

[[nodiscard]] Weights draw_weights(Draw& draw);

}  // namespace motcua::simulation
