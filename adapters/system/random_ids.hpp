/// Identifiers from the system's random source.
#pragma once

#include "engine/ports/clock.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace motcua::adapters {

/// One thread (the sequencer's). Reads random bytes in blocks. Ends the process if the system has no
/// randomness.
class RandomIds final : public engine::IdSource {
 public:
  [[nodiscard]] engine::CaseId next_case_id(engine::Instant at) override;
  [[nodiscard]] engine::Id128 next_command_id() override;

 private:
  void fill(std::span<std::uint8_t> bytes);
  std::array<std::uint8_t, 1024> pool_{};
  std::size_t used_ = 1024;
  engine::CaseId last_{};
};

}  // namespace motcua::adapters
