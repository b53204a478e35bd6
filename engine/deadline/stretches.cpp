#include "engine/deadline/stretches.hpp"

#include <algorithm>

namespace motcua::engine {

std::vector<Stretch> stretches_of(const std::vector<LedgerEntry>& ledger) {
  std::vector<Stretch> stretches;
  for (const auto& entry : ledger) {
    const bool starts = entry.change == ClockChange::start && stretches.empty();
    const bool pauses = entry.change == ClockChange::pause && !stretches.empty() && !stretches.back().paused;
    const bool resumes = entry.change == ClockChange::resume && !stretches.empty() && stretches.back().paused;
    if (!starts && !pauses && !resumes) continue;
    if (!stretches.empty()) stretches.back().to = entry.at;
    stretches.push_back({pauses, "", "", entry.at, std::nullopt});
    if (pauses) {
      stretches.back().reason = entry.reason;
      stretches.back().whose = entry.whose;
    }
  }
  return stretches;
}

const Stretch* first_pause_within(const std::vector<Stretch>& stretches, Instant from, Instant to) {
  const auto found = std::find_if(stretches.begin(), stretches.end(), [&](const Stretch& stretch) {
    const bool reaches = !stretch.to || (*stretch.to > from && *stretch.to > stretch.from);
    return stretch.paused && stretch.from < to && reaches;
  });
  return found == stretches.end() ? nullptr : &*found;
}

}  // namespace motcua::engine
