#include "engine/procedure/definition_rules_graph.hpp"

#include <utility>

namespace motcua::engine {

StateGraph::StateGraph(const OrderedJson& machine) : initial_(text_of(machine, "initial")) {
  collect(member(machine, "states"), "/machine/states", std::nullopt);
}

std::optional<StateGraph::Index> StateGraph::find(const std::string& name) const {
  const auto found = by_name.find(name);
  return found == by_name.end() ? std::nullopt : std::optional<Index>(found->second);
}

std::vector<StateGraph::Index> StateGraph::start() const {
  const auto first = find(initial_);
  return first ? resting(*first) : std::vector<Index>{};
}

bool StateGraph::is_region(Index state) const {
  return states[state].parent && states[*states[state].parent].parallel;
}

void StateGraph::collect(const OrderedJson& object, const std::string& at, std::optional<Index> parent) {
  each_member(object, at, [&](const std::string& pointer, const std::string& name, const OrderedJson& json) {
    const auto type = text_of(json, "type");
    GraphState state{name, pointer, &json, parent, {}, {}, type == "final", type == "parallel"};
    collect_exits(state);
    const Index index = states.size();
    states.push_back(std::move(state));
    if (parent) {
      states[*parent].children.push_back(index);
    }
    if (!by_name.emplace(name, index).second) {
      repeated.push_back(index);
    }
    collect(member(json, "states"), below(pointer, "states"), index);
  });
}

void StateGraph::collect_exits(GraphState& state) const {
  const std::string at = below(state.pointer, "on");
  each_member(member(*state.json, "on"), at,
              [&](const std::string& pointer, const std::string& event, const auto& list) {
                each_element(list, pointer, [&](const std::string& place, const OrderedJson& transition) {
                  state.exits.push_back({place, event, &transition, false, false, false});
                });
              });
  each_element(member(*state.json, "on_done"), below(state.pointer, "on_done"),
               [&](const std::string& place, const OrderedJson& transition) {
                 state.exits.push_back(
                     {place, "done", &transition, true, false, member(*state.json, "states").empty()});
               });
  each_element(member(member(*state.json, "after"), "transitions"),
               below(below(state.pointer, "after"), "transitions"),
               [&](const std::string& place, const OrderedJson& transition) {
                 state.exits.push_back({place, "after", &transition, false, true, false});
               });
}

std::optional<StateGraph::Index> StateGraph::child(Index state, const std::string& name) const {
  for (const Index each : states[state].children) {
    if (states[each].name == name) {
      return each;
    }
  }
  return std::nullopt;
}

std::vector<StateGraph::Index> StateGraph::resting(Index state) const {
  const auto& at = states[state];
  if (at.children.empty()) return {state};
  std::vector<Index> found;
  if (!at.parallel) {
    const auto first = child(state, text_of(*at.json, "initial"));
    return first ? resting(*first) : found;
  }
  for (const Index region : at.children) {
    const auto inside = resting(region);
    found.insert(found.end(), inside.begin(), inside.end());
  }
  return found;
}

bool StateGraph::lies_in(Index state, Index around) const {
  std::optional<Index> at = state;
  while (at && *at != around) at = states[*at].parent;
  return at.has_value();
}

std::optional<StateGraph::Index> StateGraph::domain_of(Index source, Index target) const {
  if (is_region(source) && lies_in(target, source)) return source;
  for (auto at = states[source].parent; at; at = states[*at].parent) {
    if (!states[*at].parallel && *at != target && lies_in(target, *at)) return at;
  }
  return std::nullopt;
}

std::vector<StateGraph::Index> StateGraph::entering(Index source, Index target) const {
  std::vector<Index> found = resting(target);
  const auto domain = domain_of(source, target);
  Index inner = target;
  for (auto at = states[target].parent; target != domain && at && at != domain; at = states[*at].parent) {
    for (const Index region : states[*at].children) {
      if (!states[*at].parallel || region == inner) continue;
      const auto beside = resting(region);
      found.insert(found.end(), beside.begin(), beside.end());
    }
    inner = *at;
  }
  return found;
}

/// Where a nested final state leads by itself: where the `on_done` of the state that holds it leads; that of
/// a region first by the region's own, then by the parallel state's. True if nothing else can follow.
bool StateGraph::next_of_done(Index parent, std::vector<Index>& found) const {
  std::vector<Index> owners{parent};
  if (is_region(parent)) owners.push_back(*states[parent].parent);
  for (const Index owner : owners) {
    for (const GraphExit& exit : states[owner].exits) {
      const auto target = exit.on_done ? find(text_of(*exit.transition, "target")) : std::nullopt;
      if (!target) continue;
      const auto entered = entering(owner, *target);
      found.insert(found.end(), entered.begin(), entered.end());
      if (member(*exit.transition, "guard").is_null()) return true;
    }
  }
  return is_region(parent);  // of a region that is over nothing else is left
}

std::vector<StateGraph::Index> StateGraph::next(Index state) const {
  std::vector<Index> found;
  const auto parent = states[state].parent;
  if (states[state].final && parent && next_of_done(*parent, found)) return found;
  for (std::optional<Index> at = state; at; at = states[*at].parent) {
    for (const GraphExit& exit : states[*at].exits) {
      const auto target = find(text_of(*exit.transition, "target"));
      if (!target || (exit.on_done && !exit.of_linked)) continue;
      const auto entered = entering(*at, *target);
      found.insert(found.end(), entered.begin(), entered.end());
    }
  }
  return found;
}

}  // namespace motcua::engine
