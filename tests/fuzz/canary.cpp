// A target with a planted bug: a fuzzer that does not find it looks for nothing.
#include "tests/fuzz/target.hpp"

namespace motcua::fuzz {

void try_input(std::string_view input) {
  // Four comparisons in a row: found byte by byte with coverage, hardly ever by chance.
  const bool planted =
      input.size() > 4 && input[0] == 'h' && input[1] == '.' && input[2] == 's' && input[3] == '!';
  promise(!planted, "the planted bug");
}

}  // namespace motcua::fuzz
