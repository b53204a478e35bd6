#include "engine/procedure/machine_walk.hpp"

#include <algorithm>
#include <utility>

namespace motcua::engine {
namespace {

void reach(const Machine& machine, std::size_t leaf, Walk& walk) {
  const MachineState& state = machine.states[leaf];
  walk.active.push_back(leaf);
  if (state.kind == StateKind::atomic || (state.kind == StateKind::final && !state.parent)) {
    walk.entered.push_back(leaf);
  }
}

/// Enters what `index` begins with: itself, its first state, or all of its regions.
void enter_inside(const Machine& machine, std::size_t index, Walk& walk) {
  const MachineState& state = machine.states[index];
  if (state.timer) walk.timers_begun.push_back(index);
  if (state.kind == StateKind::compound && state.initial && *state.initial > index) {
    enter_inside(machine, *state.initial, walk);
  } else if (state.kind == StateKind::parallel) {
    for (std::size_t child = index + 1; child < machine.states.size(); ++child) {
      if (machine.states[child].parent == index) enter_inside(machine, child, walk);
    }
  } else {
    reach(machine, index, walk);
  }
}

/// The innermost compound state around both, or the region whose own way leads back into it; nullopt: the
/// machine itself. What lies in it is left.
std::optional<std::size_t> domain_of(const Machine& machine, std::size_t source, std::size_t target) {
  if (is_region(machine, source) && lies_in(machine, target, source)) return source;
  for (auto at = machine.states[source].parent; at; at = machine.states[*at].parent) {
    const bool around = machine.states[*at].kind == StateKind::compound && *at != target;
    if (around && lies_in(machine, target, *at)) return at;
  }
  return std::nullopt;
}

void leave_within(const Machine& machine, std::optional<std::size_t> domain, Walk& walk) {
  const auto stays = std::stable_partition(walk.active.begin(), walk.active.end(), [&](std::size_t leaf) {
    return domain && !lies_in(machine, leaf, *domain);
  });
  for (auto leaf = stays; leaf != walk.active.end(); ++leaf) {
    if (machine.states[*leaf].kind == StateKind::atomic) walk.left.push_back(*leaf);
    for (std::optional<std::size_t> at = *leaf; at && at != domain; at = machine.states[*at].parent) {
      if (machine.states[*at].timer) walk.timers_ended.push_back(*at);
    }
  }
  walk.active.erase(stays, walk.active.end());
}

}  // namespace

std::optional<std::size_t> index_of(const Machine& machine, const StepName& name) {
  const auto found = std::find_if(machine.states.begin(), machine.states.end(),
                                  [&](const MachineState& state) { return state.name == name; });
  if (found == machine.states.end()) return std::nullopt;
  return static_cast<std::size_t>(found - machine.states.begin());
}

std::vector<std::size_t> indices_of(const Machine& machine, const std::vector<StepName>& names) {
  std::vector<std::size_t> indices;
  for (const StepName& name : names) {
    if (const auto index = index_of(machine, name)) indices.push_back(*index);
  }
  std::sort(indices.begin(), indices.end());
  return indices;
}

std::vector<StepName> names_of(const Machine& machine, std::vector<std::size_t> indices) {
  std::sort(indices.begin(), indices.end());
  indices.erase(std::unique(indices.begin(), indices.end()), indices.end());
  std::vector<StepName> names;
  names.reserve(indices.size());
  for (const std::size_t index : indices) names.push_back(machine.states[index].name);
  return names;
}

bool contains(const std::vector<std::size_t>& indices, std::size_t index) {
  return std::find(indices.begin(), indices.end(), index) != indices.end();
}

bool lies_in(const Machine& machine, std::size_t state, std::size_t ancestor) {
  std::optional<std::size_t> at = state;
  while (at && *at != ancestor) at = machine.states[*at].parent;
  return at.has_value();
}

bool is_region(const Machine& machine, std::size_t index) {
  const auto parent = machine.states[index].parent;
  return parent && machine.states[*parent].kind == StateKind::parallel;
}

bool is_active(const Machine& machine, const std::vector<std::size_t>& active, std::size_t state) {
  return std::any_of(active.begin(), active.end(),
                     [&](std::size_t leaf) { return lies_in(machine, leaf, state); });
}

void enter(const Machine& machine, std::size_t target, std::optional<std::size_t> around, Walk& walk) {
  std::optional<std::size_t> inner = target;
  for (auto at = machine.states[target].parent; target != around && at != around && at;
       at = machine.states[*at].parent) {
    if (machine.states[*at].timer) walk.timers_begun.push_back(*at);
    if (machine.states[*at].kind == StateKind::parallel) {
      for (std::size_t child = *at + 1; child < machine.states.size(); ++child) {
        if (machine.states[child].parent == *at && child != *inner) enter_inside(machine, child, walk);
      }
    }
    inner = at;
  }
  enter_inside(machine, target, walk);
}

void walk_to(const Machine& machine, std::size_t source, std::size_t target, Walk& walk) {
  const auto domain = domain_of(machine, source, target);
  leave_within(machine, domain, walk);
  // A region that begins anew is left too.
  if (domain == target && machine.states[target].timer) walk.timers_ended.push_back(target);
  enter(machine, target, domain, walk);
}

void forget_ended_regions(const Machine& machine, Walk& walk) {
  std::erase_if(walk.active, [&](std::size_t leaf) {
    const MachineState& state = machine.states[leaf];
    const bool over = state.kind == StateKind::final && state.parent && is_region(machine, *state.parent);
    if (over && machine.states[*state.parent].timer) walk.timers_ended.push_back(*state.parent);
    return over;
  });
}

}  // namespace motcua::engine
