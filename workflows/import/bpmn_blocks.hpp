/// Parallel gateways in pairs: what lies between a split and its join.
#pragma once

#include "workflows/import/bpmn_model.hpp"

#include <cstddef>
#include <optional>
#include <set>
#include <vector>

namespace motcua::workflows {

/// One branch between a split and its join.
struct BpmnBranch {
  std::size_t flow = 0;           ///< out of the split
  std::set<std::size_t> nodes{};  ///< gateways and boundary events included
};

/// Work side by side that has one entry and one exit.
struct BpmnBlock {
  std::size_t split = 0;
  std::size_t join = 0;
  std::vector<BpmnBranch> branches{};  ///< at least two; those in which nothing is done are left out
};

/// The block that begins at `split`. Nullopt after an error (not-block-structured, nested-parallel); a branch
/// without work is a warning (empty-branch).
[[nodiscard]] std::optional<BpmnBlock> block_at(const BpmnProcess& process, std::size_t split,
                                                Reporter& reporter);

}  // namespace motcua::workflows
