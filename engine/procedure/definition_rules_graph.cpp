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
                  state.exits.push_back({place, event, &transition, false, false});
                });
              });
  each_element(member(*state.json, "on_done"), below(state.pointer, "on_done"),
               [&](const std::string& place, const OrderedJson& transition) {
                 state.exits.push_back({place, "done", &transition, true, false});
               });
  each_element(member(member(*state.json, "after"), "transitions"),
               below(below(state.pointer, "after"), "transitions"),
               [&](const std::string& place, const OrderedJson& transition) {
                 state.exits.push_back({place, "after", &transition, false, true});
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

/// A final state leads where the `on_done` of the state that holds it leads; that of a region, also where the
/// parallel state's leads.
std::vector<StateGraph::Index> StateGraph::next(Index state) const {
  std::vector<Index> found;
  const auto parent = states[state].parent;
  const bool nested_final = states[state].final && parent;
  for (std::optional<Index> at = state; at; at = states[*at].parent) {
    const bool done_now =
        nested_final && (parent == at || (is_region(*parent) && states[*parent].parent == at));
    for (const GraphExit& exit : states[*at].exits) {
      const auto target = find(text_of(*exit.transition, "target"));
      if (!target || (exit.on_done && !done_now)) continue;
      const auto inside = resting(*target);
      found.insert(found.end(), inside.begin(), inside.end());
    }
  }
  return found;
}

}  // namespace motcua::engine
