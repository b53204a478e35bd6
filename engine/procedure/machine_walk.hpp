/// How a walk through the step machine leaves and enters states. Works on indices into the machine's states.
#pragma once

#include "engine/procedure/machine.hpp"

#include <cstddef>
#include <optional>
#include <vector>

namespace motcua::engine {

/// An outcome being built: indices into the machine's states.
struct Walk {
  std::vector<std::size_t> left{};
  std::vector<std::size_t> entered{};
  std::vector<std::size_t> active{};
  std::vector<std::size_t> timers_begun{};
  std::vector<std::size_t> timers_ended{};
  std::vector<const Transition*> joined{};
};

[[nodiscard]] std::optional<std::size_t> index_of(const Machine& machine, const StepName& name);
/// Indices of `names` in document order; names that the machine does not know are left out.
[[nodiscard]] std::vector<std::size_t> indices_of(const Machine& machine, const std::vector<StepName>& names);
/// Names in document order, each once.
[[nodiscard]] std::vector<StepName> names_of(const Machine& machine, std::vector<std::size_t> indices);
[[nodiscard]] bool contains(const std::vector<std::size_t>& indices, std::size_t index);

/// True if `state` is `ancestor` or lies within it.
[[nodiscard]] bool lies_in(const Machine& machine, std::size_t state, std::size_t ancestor);
/// True if `state` is a region: a child of a parallel state.
[[nodiscard]] bool is_region(const Machine& machine, std::size_t index);
/// True if some state of `active` is `state` or lies within it.
[[nodiscard]] bool is_active(const Machine& machine, const std::vector<std::size_t>& active,
                             std::size_t state);

/// Enters `target` from within `around` (nullopt: from outside of everything), with the other regions of each
/// parallel state on the way.
void enter(const Machine& machine, std::size_t target, std::optional<std::size_t> around, Walk& walk);
/// Leaves for `target` what a way of `source` leads out of, and enters `target`.
void walk_to(const Machine& machine, std::size_t source, std::size_t target, Walk& walk);
/// A region that is over has no active state: nobody works in it, and nothing leads out of it.
void forget_ended_regions(const Machine& machine, Walk& walk);

}  // namespace motcua::engine
