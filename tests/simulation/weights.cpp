#include "tests/simulation/weights.hpp"

namespace motcua::simulation {
namespace {

/// Off in every sixth run, else between a third and three times as often.
void vary(Draw& draw, int& weight) {
  if (draw.chance(166)) {
    weight = 0;
    return;
  }
  weight = static_cast<int>(weight * draw.between(3, 30) / 10) + 1;
}

}  // namespace

Weights draw_weights(Draw& draw) {
  Weights weights;
  for (auto* weight : {&weights.incomplete,  &weights.wrong_role, &weights.other_agency, &weights.illegal,
                       &weights.malformed,   &weights.stale,      &weights.no_version,   &weights.repeat,
                       &weights.reuse_key,   &weights.race,       &weights.correct,      &weights.withdraw,
                       &weights.stop,        &weights.extend,     &weights.pause,        &weights.both_hats,
                       &weights.consult,     &weights.delegate,   &weights.engines_own,  &weights.hold,
                       &weights.fail_append, &weights.lose_epoch, &weights.crash,        &weights.refuse_read,
                       &weights.set_back,    &weights.suspect,    &weights.unwatched,    &weights.outage,
                       &weights.late,        &weights.long_pause}) {
    vary(draw, *weight);
  }
  const model::Micros paces[] = {5 * 60 * model::kSecond, model::kHour, 4 * model::kHour, 16 * model::kHour};
  weights.pace = paces[draw.below(4)];
  weights.new_case = static_cast<int>(draw.between(60, 250));
  return weights;
}

}  // namespace motcua::simulation
