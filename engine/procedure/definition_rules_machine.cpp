#include "engine/procedure/definition_rules.hpp"
#include "engine/procedure/definition_rules_graph.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace motcua::engine {
namespace {

using Index = StateGraph::Index;
using State = GraphState;
using Exit = GraphExit;

class MachineRules {
 public:
  MachineRules(const OrderedJson& document, const std::vector<FormLeaf>& leaves)
      : machine_(member(document, "machine")), leaves_(leaves), graph_(machine_) {
    each_element(member(document, "linked"), "", [&](const std::string&, const OrderedJson& branch) {
      if (text_of(branch, "join") != "none") waiting_.insert(text_of(branch, "at"));
    });
  }

  RuleFindings check() {
    initial(machine_, "/machine", std::nullopt);
    for (const Index repeated : graph_.repeated) {
      add(graph_.states[repeated].pointer, "duplicate-state", "another state has the same name");
    }
    for (const State& state : graph_.states) {
      check_state(state);
      for (const Exit& exit : state.exits) {
        check_exit(state, exit);
      }
    }
    // A path that leads nowhere makes more places unreachable; that is said once, where it begins.
    const bool broken = std::any_of(findings_.begin(), findings_.end(), [](const RuleFinding& finding) {
      return finding.rule == "unknown-state" || finding.rule == "initial-missing" ||
             finding.rule == "duplicate-state";
    });
    if (!broken) {
      check_end();
    }
    return std::move(findings_);
  }

 private:
  void add(const std::string& pointer, const std::string& rule, const std::string& message) {
    findings_.push_back({pointer, rule, false, message});
  }
  void initial(const OrderedJson& json, const std::string& at, std::optional<Index> owner);
  void check_state(const State& state);
  void check_regions(const State& state);
  void check_role(const State& state);
  void check_exit(const State& state, const Exit& exit);
  [[nodiscard]] bool crosses_regions(const State& state, Index target) const;
  void check_end();

  const OrderedJson& machine_;
  const std::vector<FormLeaf>& leaves_;
  StateGraph graph_;
  std::set<std::string> waiting_{};  ///< states that wait for linked cases
  RuleFindings findings_{};
};

void MachineRules::initial(const OrderedJson& json, const std::string& at, std::optional<Index> owner) {
  const std::string name = text_of(json, "initial");
  if (name.empty()) {
    add(at, "initial-missing", "the first state is not named");
    return;
  }
  const auto found = graph_.find(name);
  const bool inside = owner ? graph_.child(*owner, name).has_value() : found && !graph_.states[*found].parent;
  if (!inside) {
    add(below(at, "initial"), "unknown-state", "`" + name + "` is not a state of this level");
  }
}

void MachineRules::check_state(const State& state) {
  if (!is_code(state.name)) {
    add(state.pointer, "bad-code", "names of states are 1-64 ASCII letters, digits, `.`, `_`, `-`");
  }
  const std::string type = text_of(*state.json, "type");
  const bool has_states = !state.children.empty();
  if ((type == "atomic" && has_states) || (type == "final" && has_states) ||
      ((type == "compound" || state.parallel) && !has_states)) {
    add(state.pointer, "state-type", "compound and parallel states, and only these, have states");
  }
  if (has_states && !state.parallel) {
    initial(*state.json, state.pointer, graph_.find(state.name));
  } else if (state.json->contains("initial")) {
    add(below(state.pointer, "initial"), "state-type",
        "compound states, and only these, have an initial state");
  }
  if (!has_states && state.json->contains("on_done") && waiting_.count(state.name) == 0) {
    add(below(state.pointer, "on_done"), "state-type",
        "only compound and parallel states, and those that wait for linked cases, have on_done");
  }
  if (state.parallel && has_states) {
    check_regions(state);
  }
  if (state.final && !state.exits.empty()) {
    add(state.pointer, "final-with-exits", "a final state has no way out");
  }
  check_role(state);
  each_element(member(*state.json, "not_same_person_as"), below(state.pointer, "not_same_person_as"),
               [&](const std::string& pointer, const OrderedJson& name) {
                 const auto found = name.is_string() ? graph_.find(name.get<std::string>()) : std::nullopt;
                 if (!found || graph_.states[*found].final) {
                   add(pointer, "unknown-step", "no step of the machine has this name");
                 }
               });
}

/// The regions of a parallel state begin together, end apart, and go on together.
void MachineRules::check_regions(const State& state) {
  if (state.children.size() < 2) {
    add(below(state.pointer, "states"), "parallel-regions", "a parallel state has at least two regions");
  }
  if (member(*state.json, "on_done").empty()) {
    add(state.pointer, "parallel-without-done", "nothing says where the case goes when every region is over");
  }
  for (const Index region : state.children) {
    const State& child = graph_.states[region];
    const bool ends = std::any_of(child.children.begin(), child.children.end(),
                                  [&](Index inner) { return graph_.states[inner].final; });
    if (child.parallel || !ends) {
      add(child.pointer, "parallel-regions",
          "each region is a compound state that comes to a final state of its own");
    }
  }
}

/// A way from one region into another would end the first without a word.
bool MachineRules::crosses_regions(const State& state, Index target) const {
  std::map<Index, Index> region_of;  // by parallel state
  for (std::optional<Index> at = graph_.find(state.name); at; at = graph_.states[*at].parent) {
    if (graph_.is_region(*at)) region_of[*graph_.states[*at].parent] = *at;
  }
  for (std::optional<Index> at = target; at; at = graph_.states[*at].parent) {
    if (!graph_.is_region(*at)) continue;
    const auto own = region_of.find(*graph_.states[*at].parent);
    if (own != region_of.end() && own->second != *at) return true;
  }
  return false;
}

void MachineRules::check_role(const State& state) {
  const std::string role = text_of(*state.json, "role");
  if (!role.empty() && std::find(kRoles.begin(), kRoles.end(), role) == kRoles.end()) {
    add(below(state.pointer, "role"), "unknown-role", "`" + role + "` is not a role that tokens carry");
  }
  if (!state.children.empty() || state.final) {
    return;
  }
  for (std::optional<Index> at = graph_.find(state.name); at; at = graph_.states[*at].parent) {
    if (!text_of(*graph_.states[*at].json, "role").empty()) {
      return;
    }
  }
  add(state.pointer, "role-missing",
      "nobody may work in this state: neither it nor a state around it has a role");
}

void MachineRules::check_exit(const State& state, const Exit& exit) {
  if (!exit.on_done && exit.event == "done") {
    add(below(below(state.pointer, "on"), exit.event), "reserved-event", "`done` is what on_done listens to");
  } else if (!is_code(exit.event)) {
    add(exit.pointer, "bad-code", "names of events are 1-64 ASCII letters, digits, `.`, `_`, `-`");
  }
  const std::string target = text_of(*exit.transition, "target");
  const auto found = graph_.find(target);
  if (!target.empty() && !found) {
    add(below(exit.pointer, "target"), "unknown-state", "no state is named `" + target + "`");
  } else if (found && crosses_regions(state, *found)) {
    add(below(exit.pointer, "target"), "region-crossed",
        "`" + target + "` lies in another region: what runs side by side goes on apart until each is over");
  }
  each_element(member(*exit.transition, "requires"), below(exit.pointer, "requires"),
               [&](const std::string& pointer, const OrderedJson& wanted) {
                 const bool known = wanted.is_string() &&
                                    std::any_of(leaves_.begin(), leaves_.end(), [&](const FormLeaf& leaf) {
                                      return leaf.pointer == wanted.get_ref<const std::string&>();
                                    });
                 if (!known) {
                   add(pointer, "requires-unknown", "the form has no such leaf");
                 }
               });
}

void MachineRules::check_end() {
  const auto& states = graph_.states;
  const bool can_end = std::any_of(states.begin(), states.end(),
                                   [](const State& state) { return state.final && !state.parent; });
  if (!states.empty() && !can_end) {
    add("/machine/states", "no-final-state",
        "no state of the outermost level is final, so no case can be resolved");
  }
}

}  // namespace

RuleFindings check_machine(const OrderedJson& document, const std::vector<FormLeaf>& leaves) {
  return MachineRules(document, leaves).check();
}

std::vector<RoleUse> roles_used(const OrderedJson& document) {
  std::vector<RoleUse> uses;
  for (const State& state : StateGraph(member(document, "machine")).states) {
    if (const std::string role = text_of(*state.json, "role"); !role.empty()) {
      uses.push_back({below(state.pointer, "role"), role});
    }
  }
  return uses;
}

}  // namespace motcua::engine
