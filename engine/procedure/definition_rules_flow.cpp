#include "engine/procedure/model_check.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace motcua::engine {
namespace {

using Index = StateGraph::Index;
using Next = std::vector<std::vector<Index>>;

/// A step in a region is left too where a step of another region leads out of the parallel state around both.
void add_ways_beside(const StateGraph& graph, Next& next) {
  for (Index around = 0; around < graph.states.size(); ++around) {
    if (!graph.states[around].parallel) continue;
    std::vector<Index> inside;
    std::set<Index> out;
    for (Index state = around + 1; state < graph.states.size(); ++state) {
      if (!graph.lies_in(state, around) || !graph.states[state].children.empty()) continue;
      if (graph.states[state].final) continue;
      inside.push_back(state);
      for (const Index target : graph.next(state)) {
        if (!graph.lies_in(target, around)) out.insert(target);
      }
    }
    for (const Index state : inside) next[state].insert(next[state].end(), out.begin(), out.end());
  }
}

Next next_of(const StateGraph& graph) {
  Next next(graph.states.size());
  for (Index state = 0; state < next.size(); ++state) {
    if (graph.states[state].children.empty()) next[state] = graph.next(state);
  }
  add_ways_beside(graph, next);
  for (Index state = 0; state < next.size(); ++state) {
    std::sort(next[state].begin(), next[state].end());
    next[state].erase(std::unique(next[state].begin(), next[state].end()), next[state].end());
  }
  return next;
}

/// What can be reached from `open`, itself included, by steps that `allow` lets through.
template <class Allow>
std::set<Index> closure(const Next& next, std::vector<Index> open, Allow&& allow) {
  std::set<Index> reached(open.begin(), open.end());
  while (!open.empty()) {
    const Index state = open.back();
    open.pop_back();
    for (const Index target : next[state]) {
      if (allow(target) && reached.insert(target).second) open.push_back(target);
    }
  }
  return reached;
}

Next reversed(const Next& next) {
  Next before(next.size());
  for (Index state = 0; state < next.size(); ++state) {
    for (const Index target : next[state]) before[target].push_back(state);
  }
  return before;
}

class FlowRules {
 public:
  FlowRules(StateGraph graph, bool as_warnings) : graph_(std::move(graph)), as_warnings_(as_warnings) {}

  RuleFindings check() {
    next_ = next_of(graph_);
    const auto start = graph_.start();
    const auto everywhere = [](Index) { return true; };
    reached_ = closure(next_, start, everywhere);
    std::vector<Index> finals;
    for (Index state = 0; state < graph_.states.size(); ++state) {
      const bool over = graph_.states[state].final && !graph_.states[state].parent;
      if (over || ends_the_case(state)) finals.push_back(state);
    }
    ends_ = closure(reversed(next_), finals, everywhere);
    unreachable();
    if (!finals.empty()) stuck();
    begins_ended(start);
    joins();
    silent_circles();
    return std::move(findings_);
  }

 private:
  void add(Index state, const char* rule, const std::string& message) {
    findings_.push_back({graph_.states[state].pointer, rule, as_warnings_, message});
  }
  [[nodiscard]] std::string name(Index state) const { return "`" + graph_.states[state].name + "`"; }
  /// True if a way out of `state` stops the case or lets it be withdrawn, wherever the step leads.
  [[nodiscard]] bool ends_the_case(Index state) const {
    for (std::optional<Index> at = state; at; at = graph_.states[*at].parent) {
      for (const GraphExit& exit : graph_.states[*at].exits) {
        const auto trigger = text_of(member(*exit.transition, "life_cycle"), "trigger");
        if (trigger == "stop" || trigger == "withdraw") return true;
      }
    }
    return false;
  }
  /// True if an `on_done` of the region itself always leads on, so that it is never over.
  [[nodiscard]] bool goes_on_when_done(Index region) const {
    const auto& exits = graph_.states[region].exits;
    return std::any_of(exits.begin(), exits.end(), [](const GraphExit& exit) {
      return exit.on_done && member(*exit.transition, "guard").is_null();
    });
  }
  void unreachable();
  void stuck();
  void begins_ended(const std::vector<Index>& start);
  void joins();
  void silent_circles();
  [[nodiscard]] std::string circle(const std::set<Index>& members, Index from) const;

  StateGraph graph_;
  bool as_warnings_;
  Next next_{};
  std::set<Index> reached_{};
  std::set<Index> ends_{};
  RuleFindings findings_{};
};

void FlowRules::unreachable() {
  if (reached_.empty()) return;  // said already: the initial state is missing or unknown
  for (Index state = 0; state < graph_.states.size(); ++state) {
    if (graph_.states[state].children.empty() && reached_.count(state) == 0) {
      add(state, "unreachable-state", "no path leads from the first state to " + name(state));
    }
  }
}

/// Where no final state can be reached any more: at steps without any way out, or round and round. States
/// that only lead there are not named.
void FlowRules::stuck() {
  const auto lost = [&](Index state) { return ends_.count(state) == 0; };
  const Next before = reversed(next_);
  std::set<Index> said;
  for (const Index state : reached_) {
    if (!lost(state) || said.count(state) > 0) continue;
    if (next_[state].empty()) {
      add(state, "dead-end", "no path leads from " + name(state) + " to a final state");
      continue;
    }
    const auto after = closure(next_, next_[state], lost);
    if (after.count(state) == 0) continue;
    const auto earlier = closure(before, before[state], lost);
    std::set<Index> members;
    std::set_intersection(after.begin(), after.end(), earlier.begin(), earlier.end(),
                          std::inserter(members, members.end()));
    said.insert(members.begin(), members.end());
    add(state, "livelock",
        "a case goes round " + circle(members, state) + " and never comes to a final state");
  }
}

/// `a -> b -> a`: a way round among `members`.
std::string FlowRules::circle(const std::set<Index>& members, Index from) const {
  std::map<Index, Index> came_from;
  std::vector<Index> open{from};
  for (std::size_t at = 0; at < open.size(); ++at) {
    for (const Index target : next_[open[at]]) {
      if (target == from) {
        std::string text = graph_.states[from].name;
        for (Index back = open[at]; back != from; back = came_from[back]) {
          text.insert(0, graph_.states[back].name + " -> ");
        }
        return graph_.states[from].name + " -> " + text;
      }
      if (members.count(target) > 0 && came_from.emplace(target, open[at]).second) open.push_back(target);
    }
  }
  return graph_.states[from].name;
}

/// Reception enters the first state and fires no on_done.
void FlowRules::begins_ended(const std::vector<Index>& start) {
  const auto ended = [&](Index state) { return graph_.states[state].final && graph_.states[state].parent; };
  if (as_warnings_ || !std::all_of(start.begin(), start.end(), ended)) return;
  for (const Index state : start) {
    add(state, "dead-end", "the machine begins in " + name(state) + ", which nothing leads out of");
  }
}

/// A parallel state goes on only when each of its regions has come to a final state of its own.
void FlowRules::joins() {
  for (Index region = 0; region < graph_.states.size(); ++region) {
    if (!graph_.is_region(region) || graph_.states[region].parallel) continue;
    const auto& children = graph_.states[region].children;
    const auto begins = graph_.resting(region);
    const auto inside = closure(next_, begins, [&](Index target) { return graph_.lies_in(target, region); });
    const bool has_final =
        std::any_of(children.begin(), children.end(), [&](Index each) { return graph_.states[each].final; });
    const bool goes_on_alone = goes_on_when_done(region);
    const bool comes_to_it = !goes_on_alone && std::any_of(children.begin(), children.end(), [&](Index each) {
      return graph_.states[each].final && inside.count(each) > 0;
    });
    const bool reached =
        std::any_of(begins.begin(), begins.end(), [&](Index each) { return reached_.count(each) > 0; });
    if (has_final && reached && !comes_to_it) {
      add(region, "parallel-never-joins",
          (goes_on_alone ? "its own on_done leads on by itself, so "
                         : "no path inside this region leads to its final state, so ") +
              name(*graph_.states[region].parent) + " never goes on");
    }
  }
}

/// on_done that leads straight to a final state whose on_done leads back: the engine would give the event up.
void FlowRules::silent_circles() {
  Next silent(graph_.states.size());
  for (Index state = 0; state < graph_.states.size(); ++state) {
    if (!graph_.states[state].final || !graph_.states[state].parent) continue;
    for (const GraphExit& exit : graph_.states[*graph_.states[state].parent].exits) {
      if (!exit.on_done) continue;
      const auto target = graph_.find(text_of(*exit.transition, "target"));
      const auto entered =
          target ? graph_.entering(*graph_.states[state].parent, *target) : std::vector<Index>{};
      for (const Index each : entered) {
        if (graph_.states[each].final && graph_.states[each].parent) silent[state].push_back(each);
      }
      if (member(*exit.transition, "guard").is_null()) break;
    }
  }
  for (Index state = 0; state < silent.size(); ++state) {
    if (as_warnings_ || silent[state].empty()) continue;
    const auto after = closure(silent, silent[state], [](Index) { return true; });
    const bool said = std::any_of(findings_.begin(), findings_.end(), [&](const RuleFinding& each) {
      return each.rule == "livelock" && each.pointer == graph_.states[state].pointer;
    });
    if (!said && after.count(state) > 0 && *after.begin() == state) {
      add(state, "livelock", "on_done leads from " + name(state) + " back to it without any event");
    }
  }
}

StateGraph without(StateGraph graph, const std::set<std::string>& never) {
  for (GraphState& state : graph.states) {
    std::erase_if(state.exits, [&](const GraphExit& exit) { return never.count(exit.pointer) > 0; });
  }
  return graph;
}

std::size_t count_states(const OrderedJson& states, std::size_t before) {
  std::size_t count = before;
  if (!states.is_object()) return count;
  for (const auto& entry : states.items()) {
    if (++count > kStatesCheckedMax) break;
    count = count_states(member(entry.value(), "states"), count);
  }
  return count;
}

}  // namespace

bool small_enough_to_follow(const OrderedJson& document) {
  return count_states(member(member(document, "machine"), "states"), 0) <= kStatesCheckedMax;
}

RuleFindings check_flow(const OrderedJson& document, const std::set<std::string>& never) {
  const StateGraph graph(member(document, "machine"));
  RuleFindings findings = FlowRules(graph, false).check();
  if (never.empty()) return findings;
  for (RuleFinding& more : FlowRules(without(graph, never), true).check()) {
    const bool said = std::any_of(findings.begin(), findings.end(), [&](const RuleFinding& each) {
      return each.pointer == more.pointer && each.rule == more.rule;
    });
    if (said) continue;
    more.message += ", since some ways are never taken";
    findings.push_back(std::move(more));
  }
  return findings;
}

}  // namespace motcua::engine
