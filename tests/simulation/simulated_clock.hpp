/// Virtual time of a run: it hops with the timers, may be set back a little, and may be distrusted.
#pragma once

#include "engine/runtime/clocks.hpp"

#include <atomic>

namespace motcua::simulation {

class SimulatedClock final : public engine::Clock {
 public:
  explicit SimulatedClock(engine::Instant start) : base_(start) {}

  [[nodiscard]] engine::Instant now() const override {
    return base_.now() - std::chrono::microseconds{back_.load()};
  }
  [[nodiscard]] engine::ClockReading read() const override {
    engine::ClockReading reading{now(), std::nullopt};
    if (suspect_.load()) reading.doubt = engine::ClockDoubt{engine::ClockFault::jumped, base_.now()};
    return reading;
  }
  void trust(const engine::ClockReading&) override { suspect_ = false; }

  [[nodiscard]] engine::VirtualClock& base() { return base_; }
  /// Shows this much less than virtual time.
  void set_back(std::int64_t micros) { back_ = micros; }
  void make_suspect(bool suspect) { suspect_ = suspect; }

 private:
  engine::VirtualClock base_;
  std::atomic<std::int64_t> back_{0};
  std::atomic<bool> suspect_{false};
};

}  // namespace motcua::simulation
