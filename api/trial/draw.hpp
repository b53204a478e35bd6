/// Chance of a trial: all of it comes from one seed, the same on every machine.
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

namespace motcua::api {

class Draw {
 public:
  explicit Draw(std::uint64_t seed) : engine_(seed) {}

  /// 0 .. count - 1.
  [[nodiscard]] std::size_t below(std::size_t count) { return static_cast<std::size_t>(engine_() % count); }
  /// from .. to, both possible.
  [[nodiscard]] std::int64_t between(std::int64_t from, std::int64_t to) {
    return from + static_cast<std::int64_t>(engine_() % static_cast<std::uint64_t>(to - from + 1));
  }
  [[nodiscard]] bool chance(int percent) { return engine_() % 100 < static_cast<std::uint64_t>(percent); }
  template <class Value>
  [[nodiscard]] const Value& pick(const std::vector<Value>& values) {
    return values[below(values.size())];
  }

 private:
  std::mt19937_64 engine_;
};

}  // namespace motcua::api
