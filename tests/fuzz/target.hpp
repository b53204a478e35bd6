/// What every fuzz target shares. A target is one `try_input`; libFuzzer drives it in the preset `asan`, a
/// plain main replays the committed corpus in every other build.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

namespace motcua::fuzz {

/// Tries one input. Ends the process if the code under test breaks a promise.
void try_input(std::string_view input);

/// Ends the process unless `kept`, so that the fuzzer keeps the input.
inline void promise(bool kept, const char* what) {
  if (kept) return;
  std::fprintf(stderr, "broken promise: %s\n", what);
  std::abort();
}

/// An input read as values, first to last; zeros and empty texts once it is used up.
class Values {
 public:
  explicit Values(std::string_view bytes) : bytes_(bytes) {}

  [[nodiscard]] std::uint8_t byte() {
    const auto taken = take(1);
    return taken.empty() ? std::uint8_t{0} : static_cast<std::uint8_t>(taken.front());
  }
  [[nodiscard]] std::uint64_t number() {
    std::uint64_t value = 0;
    for (const char unit : take(8)) value = value << 8U | static_cast<std::uint8_t>(unit);
    return value;
  }
  /// A length byte, then as many bytes as it says or as there are.
  [[nodiscard]] std::string text() { return std::string(take(byte())); }
  template <std::size_t N>
  void fill(std::array<std::uint8_t, N>& out) {
    std::size_t at = 0;
    for (const char unit : take(N)) out[at++] = static_cast<std::uint8_t>(unit);
  }
  [[nodiscard]] std::string_view rest() { return take(bytes_.size()); }

 private:
  std::string_view take(std::size_t count) {
    const auto taken = bytes_.substr(0, count);
    bytes_.remove_prefix(taken.size());
    return taken;
  }

  std::string_view bytes_;
};

}  // namespace motcua::fuzz
