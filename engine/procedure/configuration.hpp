/// Where a case may stand in a step machine (các bước có thể đồng thời đang xử lý): for who puts it there
/// without walking. Pure.
#pragma once

#include "engine/procedure/machine.hpp"

#include <optional>
#include <string>
#include <vector>

namespace motcua::engine {

/// Regions of the parallel states in which the case stands that have come to their end: no step of theirs is
/// active. In document order.
[[nodiscard]] std::vector<StepName> ended_regions(const Machine& machine,
                                                  const std::vector<StepName>& active);

/// The state at which a configuration is none, and why.
struct ConfigurationFault {
  StepName state{};
  std::string why{};
  friend bool operator==(const ConfigurationFault&, const ConfigurationFault&) = default;
};

/// Looks whether a case may stand in `active`, all known: each an atomic state or a final one of the machine
/// itself; one state of the machine, one of each compound state in which it stands, and all regions of each
/// parallel one, but for those in `ended`, of which at least one other must go on. nullopt if it may.
[[nodiscard]] std::optional<ConfigurationFault> fault_in_configuration(const Machine& machine,
                                                                       const std::vector<StepName>& active,
                                                                       const std::vector<StepName>& ended);

}  // namespace motcua::engine
