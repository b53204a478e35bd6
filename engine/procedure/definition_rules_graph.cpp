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

std::optional<StateGraph::Index> StateGraph::start() const {
  const auto first = find(initial_);
  return first ? resting(*first) : std::nullopt;
}

void StateGraph::collect(const OrderedJson& object, const std::string& at, std::optional<Index> parent) {
  each_member(object, at, [&](const std::string& pointer, const std::string& name, const OrderedJson& json) {
    GraphState state{name, pointer, &json, parent, {}, {}, text_of(json, "type") == "final"};
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
                  state.exits.push_back({place, event, &transition, false});
                });
              });
  each_element(member(*state.json, "on_done"), below(state.pointer, "on_done"),
               [&](const std::string& place, const OrderedJson& transition) {
                 state.exits.push_back({place, "done", &transition, true});
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

std::optional<StateGraph::Index> StateGraph::resting(Index state) const {
  std::optional<Index> at = state;
  while (at && !states[*at].children.empty()) {
    at = child(*at, text_of(*states[*at].json, "initial"));
  }
  return at;
}

std::vector<StateGraph::Index> StateGraph::next(Index state) const {
  std::vector<Index> found;
  const bool nested_final = states[state].final && states[state].parent.has_value();
  for (std::optional<Index> at = state; at; at = states[*at].parent) {
    for (const GraphExit& exit : states[*at].exits) {
      const bool done_now = nested_final && states[state].parent == at;
      const auto target = find(text_of(*exit.transition, "target"));
      const auto rest = target && (!exit.on_done || done_now) ? resting(*target) : std::nullopt;
      if (rest) {
        found.push_back(*rest);
      }
    }
  }
  return found;
}

}  // namespace motcua::engine
