#include "engine/procedure/configuration.hpp"

#include "engine/procedure/machine_walk.hpp"

#include <algorithm>

namespace motcua::engine {
namespace {

using Indices = std::vector<std::size_t>;

Indices children_of(const Machine& machine, std::optional<std::size_t> parent) {
  Indices children;
  for (std::size_t index = 0; index < machine.states.size(); ++index) {
    if (machine.states[index].parent == parent) children.push_back(index);
  }
  return children;
}

bool may_be_stood_in(const MachineState& state) {
  return state.kind == StateKind::atomic || (state.kind == StateKind::final && !state.parent);
}

/// Only a region with a final state of its own comes to an end.
bool can_end(const Machine& machine, std::size_t region) {
  const auto children = children_of(machine, region);
  return std::any_of(children.begin(), children.end(),
                     [&](std::size_t child) { return machine.states[child].kind == StateKind::final; });
}

class Inspection {
 public:
  Inspection(const Machine& machine, Indices active, Indices ended)
      : machine_(machine), active_(std::move(active)), ended_(std::move(ended)) {}

  /// What lies in `parent`, or in the machine itself.
  std::optional<ConfigurationFault> inspect(std::optional<std::size_t> parent) {
    const bool side_by_side = parent && machine_.states[*parent].kind == StateKind::parallel;
    Indices entered;
    for (const auto child : children_of(machine_, parent)) {
      if (is_active(machine_, active_, child)) {
        entered.push_back(child);
      } else if (side_by_side && !(contains(ended_, child) && can_end(machine_, child))) {
        return fault(child, "goes on beside the others, and no step of it is active");
      }
    }
    if (!side_by_side && entered.size() > 1) return fault(entered[1], "is not beside the other steps");
    for (const auto child : entered) {
      if (auto inner = inspect(child)) return inner;
    }
    return std::nullopt;
  }

  [[nodiscard]] ConfigurationFault fault(std::size_t state, const char* why) const {
    return {machine_.states[state].name, why};
  }

 private:
  const Machine& machine_;
  Indices active_;
  Indices ended_;
};

}  // namespace

std::vector<StepName> ended_regions(const Machine& machine, const std::vector<StepName>& active) {
  const auto leaves = indices_of(machine, active);
  Indices ended;
  for (std::size_t index = 0; index < machine.states.size(); ++index) {
    const bool stands_around =
        is_region(machine, index) && is_active(machine, leaves, *machine.states[index].parent);
    if (stands_around && !is_active(machine, leaves, index)) ended.push_back(index);
  }
  return names_of(machine, std::move(ended));
}

std::optional<ConfigurationFault> fault_in_configuration(const Machine& machine,
                                                         const std::vector<StepName>& active,
                                                         const std::vector<StepName>& ended) {
  if (active.empty()) return ConfigurationFault{{}, "the case would stand nowhere"};
  for (const auto& name : active) {
    const auto* state = machine.find(name);
    if (state == nullptr) return ConfigurationFault{name, "is no state of the procedure"};
    if (!may_be_stood_in(*state)) return ConfigurationFault{name, "is no step"};
  }
  return Inspection(machine, indices_of(machine, active), indices_of(machine, ended)).inspect(std::nullopt);
}

}  // namespace motcua::engine
