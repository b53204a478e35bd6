/// Synthetic birth registrations (đăng ký khai sinh) as the load generator plays them, for the engine's
/// decider instead of its HTTP face.
#pragma once

#include "bench/store/group_writer.hpp"

#include <cstdint>
#include <vector>

namespace motcua::bench {

/// Events of a case that was filed, processed and handed over.
inline constexpr std::size_t kLifeEvents = 8;

/// Steps of a life as requests, in order: the first files, the last returns the result.
class Lives {
 public:
  Lives();

  /// Files case number `number`; names and dates follow from the number.
  engine::CaseHandle file(GroupWriter& writer, std::uint64_t number) const;
  /// Takes the next of the steps after filing: `step` is 1..kLifeEvents - 1.
  engine::CaseHandle advance(GroupWriter& writer, const engine::CaseHandle& current, std::size_t step) const;
  /// A case in process goes on with claims, notes and releases until it has `events` events.
  engine::CaseHandle lengthen(GroupWriter& writer, engine::CaseHandle current, std::uint64_t events) const;

 private:
  struct Step {
    engine::Identity asker{};
    engine::CaseCommand command{};
  };
  static engine::CaseHandle take(GroupWriter& writer, const engine::CaseHandle& current, const Step& step);

  engine::Identity desk_{};
  engine::FileCase filing_{};
  std::vector<Step> steps_{};
};

}  // namespace motcua::bench
