/// Runs the wanted measurements in turn, several times, and says what came of them.
#pragma once

#include <filesystem>
#include <iosfwd>

namespace motcua::bench {

/// What to measure.
struct Wanted {
  bool scan = false;
  bool replay = false;
  bool rebuild = false;
  bool travel = false;
};

struct MeasureOptions {
  std::filesystem::path data{};
  std::size_t repetitions = 3;
  std::size_t reads = 2000;  ///< of each kind in one repetition of `travel`
  std::uint64_t seed = 1;
  bool json = false;
};

/// One unmeasured round warms the caches. With `replay`, the hash over all states is told too.
void measure(const MeasureOptions& options, const Wanted& wanted, std::ostream& out);

}  // namespace motcua::bench
