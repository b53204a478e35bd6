#include "engine/procedure/condition_trial.hpp"
#include "engine/procedure/guard.hpp"
#include "engine/procedure/model_check.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

namespace motcua::engine {
namespace {

using nlohmann::json;

/// True if every condition can be tried.
bool sound(const std::vector<json>& rules) {
  return std::all_of(rules.begin(), rules.end(), [](const json& rule) {
    return depth_of(rule) <= kGuardDepthMax && unknown_operators(rule).empty();
  });
}

/// Ways out for one event of one state, in document order.
struct Choice {
  std::string pointer{};  ///< of the list
  std::string event{};
  bool on_done = false;
  bool of_itself = false;  ///< on_done or a timer: no event that somebody fires
  std::vector<const GraphExit*> ways{};
};

class GuardRules {
 public:
  GuardRules(const OrderedJson& document, const std::vector<FormLeaf>& leaves)
      : document_(document), leaves_(leaves), graph_(member(document, "machine")) {}

  GuardReport check() {
    for (std::size_t state = 0; state < graph_.states.size(); ++state) {
      hidden_ways(state);
      for (const Choice& choice : choices_of(graph_.states[state])) one_event(state, choice);
    }
    for (const GraphState& state : graph_.states) {
      if (state.children.empty() && !state.final) leaving(state);
    }
    return std::move(report_);
  }

 private:
  static std::vector<Choice> choices_of(const GraphState& state) {
    std::vector<Choice> choices;
    for (const GraphExit& exit : state.exits) {
      const auto list = exit.pointer.substr(0, exit.pointer.rfind('/'));
      if (choices.empty() || choices.back().pointer != list) {
        choices.push_back({list, exit.event, exit.on_done, exit.on_done || exit.by_timer, {}});
      }
      choices.back().ways.push_back(&exit);
    }
    return choices;
  }
  void add(const std::string& pointer, const char* rule, const std::string& message, bool note = false) {
    report_.findings.push_back({pointer, rule, !note, message, note});
  }
  /// Tries the guards and says what that does not show.
  Trial attempt(const std::string& pointer, const std::vector<json>& rules) {
    const Trial trial = try_conditions(document_, leaves_, rules, budget_);
    if (!trial.obstacle.empty()) {
      add(pointer, "guards-not-checked",
          "whether these guards overlap or leave a gap cannot be decided: " + trial.obstacle, true);
    } else if (trial.too_large) {
      add(pointer, "too-large-to-check", "there are more combinations of facts than are tried", true);
    }
    return trial;
  }
  void hidden_ways(std::size_t state);
  [[nodiscard]] bool takes_first(std::size_t leaf, std::size_t outer, const std::string& event) const;
  [[nodiscard]] std::vector<const GraphExit*> outer_ways(std::size_t state, const std::string& event) const;
  void gap(std::size_t state, const Choice& choice, const Trial& trial);
  void one_event(std::size_t state, const Choice& choice);
  void one_way(const Choice& choice, std::size_t index, const Trial& trial);
  void leaving(const GraphState& state);

  const OrderedJson& document_;
  const std::vector<FormLeaf>& leaves_;
  StateGraph graph_;
  TrialBudget budget_{kConditionPartsMax};
  std::set<std::string> gaps_{};  ///< lists of which it was said already
  GuardReport report_{};
};

std::vector<json> guards_of(const std::vector<const GraphExit*>& ways) {
  std::vector<json> guards;
  for (const GraphExit* way : ways) guards.emplace_back(member(*way->transition, "guard"));
  return guards;
}

/// True if a state around `leaf`, inside `outer`, always takes the event.
bool GuardRules::takes_first(std::size_t leaf, std::size_t outer, const std::string& event) const {
  for (std::size_t at = leaf; at != outer; at = *graph_.states[at].parent) {
    for (const GraphExit& exit : graph_.states[at].exits) {
      const bool fired = !exit.on_done && !exit.by_timer && exit.event == event;
      if (fired && member(*exit.transition, "guard").is_null()) return true;
    }
  }
  return false;
}

/// Innermost first: an event that every step inside takes never comes to the states around them.
void GuardRules::hidden_ways(std::size_t state) {
  std::vector<std::size_t> leaves;
  std::vector<std::size_t> open = graph_.states[state].children;
  while (!open.empty()) {
    const auto at = open.back();
    open.pop_back();
    const auto& children = graph_.states[at].children;
    if (children.empty()) leaves.push_back(at);
    open.insert(open.end(), children.begin(), children.end());
  }
  if (leaves.empty()) return;
  for (const GraphExit& exit : graph_.states[state].exits) {
    if (exit.on_done || exit.by_timer) continue;
    const bool hidden = std::all_of(leaves.begin(), leaves.end(), [&](std::size_t leaf) {
      return !graph_.states[leaf].final && takes_first(leaf, state, exit.event);
    });
    if (!hidden) continue;
    report_.never.insert(exit.pointer);
    add(exit.pointer, "transition-never-taken", "every step inside takes the event first");
  }
}

/// What the states around `state` do with the event where it has no way.
std::vector<const GraphExit*> GuardRules::outer_ways(std::size_t state, const std::string& event) const {
  std::vector<const GraphExit*> ways;
  for (auto at = graph_.states[state].parent; at; at = graph_.states[*at].parent) {
    for (const GraphExit& exit : graph_.states[*at].exits) {
      if (!exit.on_done && !exit.by_timer && exit.event == event) ways.push_back(&exit);
    }
  }
  return ways;
}

void GuardRules::gap(std::size_t state, const Choice& choice, const Trial& trial) {
  auto none = trial.none;
  const auto outer = choice.of_itself ? std::vector<const GraphExit*>{} : outer_ways(state, choice.event);
  if (none && !outer.empty()) {
    auto ways = choice.ways;
    ways.insert(ways.end(), outer.begin(), outer.end());
    const auto guards = guards_of(ways);
    if (!sound(guards)) return;
    none = try_conditions(document_, leaves_, guards, budget_).none;
  }
  if (!none || !(choice.on_done || choice.ways.size() > 1)) return;
  gaps_.insert(choice.pointer);
  add(choice.pointer, "guards-gap",
      std::string(choice.on_done ? "what was done cannot be ended: " : "") + "no guard is true for " + *none);
}

void GuardRules::one_event(std::size_t state, const Choice& choice) {
  const auto guards = guards_of(choice.ways);
  const bool plain =
      std::all_of(guards.begin(), guards.end(), [](const json& each) { return each.is_null(); });
  if ((plain && guards.size() == 1) || !sound(guards)) return;
  const Trial trial = attempt(choice.pointer, guards);
  for (std::size_t i = 0; i < choice.ways.size(); ++i) one_way(choice, i, trial);
  gap(state, choice, trial);
}

void GuardRules::one_way(const Choice& choice, std::size_t index, const Trial& trial) {
  const auto& way = *choice.ways[index];
  const auto& found = trial.conditions[index];
  const std::string guard = below(way.pointer, "guard");
  const bool all_tried = trial.obstacle.empty() && !trial.too_large;
  if (found.error) add(guard, "condition-fails", "the condition cannot be evaluated: " + *found.error);
  if (found.undecided) {
    add(guard, "guard-undecidable",
        "the way is blocked while a datum is absent that need not be given: " + *found.undecided +
            "; give its `var` a default");
  }
  if (found.overlap) {
    add(guard, "guards-overlap",
        "true together with " + choice.ways[found.overlap->first]->pointer + "/guard for " +
            found.overlap->second + "; only the first in the document is taken");
  }
  const bool may_be_taken = found.chosen || found.error;
  if (all_tried && !may_be_taken) {
    report_.never.insert(way.pointer);
    add(way.pointer, "transition-never-taken",
        found.holds ? "an earlier way is open whenever this one is" : "its guard is true for no facts");
  }
}

/// Facts for which nothing at all leads out of a step.
void GuardRules::leaving(const GraphState& state) {
  std::vector<const GraphExit*> ways;
  for (std::optional<std::size_t> at = graph_.find(state.name); at; at = graph_.states[*at].parent) {
    for (const GraphExit& exit : graph_.states[*at].exits) {
      if (exit.on_done && !exit.of_linked) continue;
      if (member(*exit.transition, "guard").is_null()) return;
      if (gaps_.count(exit.pointer.substr(0, exit.pointer.rfind('/'))) > 0) return;
      ways.push_back(&exit);
    }
  }
  const auto guards = guards_of(ways);
  if (ways.empty() || !sound(guards)) return;
  const Trial trial = attempt(state.pointer, guards);
  if (trial.none) {
    add(state.pointer, "guards-gap", "nothing leads out of this step for " + *trial.none);
  }
}

class OtherConditions {
 public:
  OtherConditions(const OrderedJson& document, const std::vector<FormLeaf>& leaves)
      : document_(document), leaves_(leaves) {}

  RuleFindings check() {
    limits();
    each_element(member(document_, "fees"), "/fees",
                 [&](const std::string& at, const OrderedJson& fee) { amounts(at, fee); });
    each_element(member(document_, "prefill"), "/prefill",
                 [&](const std::string& at, const OrderedJson& rule) {
                   if (member(rule, "when").is_object())
                     one(below(at, "when"), json(member(rule, "when")), true);
                 });
    for (const ConditionPlace& place : conditions_of(document_)) {
      const bool guard = place.pointer.rfind("/machine/", 0) == 0;
      const bool alternative = place.pointer.rfind("/time_limit/", 0) == 0 &&
                               place.pointer.find("/supplements/") == std::string::npos;
      if (!guard && !alternative) one(place.pointer, json(*place.rule));
    }
    return std::move(findings_);
  }

 private:
  void add(const std::string& pointer, const char* rule, const std::string& message, bool note = false) {
    findings_.push_back({pointer, rule, !note, message, note});
  }
  /// True if all that matters was tried.
  bool tried(const std::string& pointer, const Trial& trial) {
    if (!trial.obstacle.empty()) {
      add(pointer, "guards-not-checked",
          "what this condition can answer cannot be decided: " + trial.obstacle, true);
    } else if (trial.too_large) {
      add(pointer, "too-large-to-check", "there are more combinations of facts than are tried", true);
    }
    return trial.obstacle.empty() && !trial.too_large;
  }
  /// `quietly`: a condition that also reads what is no fact of the form is passed over.
  void one(const std::string& pointer, const json& rule, bool quietly = false) {
    if (rule.is_boolean()) {
      return add(pointer, "condition-constant",
                 std::string("the condition is ") + (rule ? "true" : "false") + " for all facts");
    }
    if (!rule.is_object() || !sound({rule})) return;
    const Trial trial = try_conditions(document_, leaves_, {rule}, budget_);
    if (quietly && !trial.obstacle.empty()) return;
    const auto& found = trial.conditions.front();
    if (found.error) add(pointer, "condition-fails", "the condition cannot be evaluated: " + *found.error);
    const bool open = found.error || (found.holds && (found.fails || found.undecided));
    if (tried(pointer, trial) && !open) {
      add(pointer, "condition-constant",
          found.holds ? "the condition is true for all facts" : "the condition is true for no facts");
    }
  }
  void limits() {
    std::vector<json> rules;
    std::vector<std::string> places;
    each_element(member(document_, "time_limit"), "/time_limit",
                 [&](const std::string& at, const OrderedJson& limit) {
                   rules.emplace_back(member(limit, "when"));
                   places.push_back(at);
                 });
    if (rules.size() < 2 || !sound(rules)) return;
    const Trial trial = try_conditions(document_, leaves_, rules, budget_);
    const bool all = tried("/time_limit", trial);
    for (std::size_t i = 0; i < rules.size(); ++i) {
      const auto& found = trial.conditions[i];
      if (found.error) {
        add(below(places[i], "when"), "condition-fails",
            "the condition cannot be evaluated: " + *found.error);
      } else if (all && !found.chosen && !found.undecided) {
        add(places[i], "limit-never-applies", "no facts lead to this alternative");
      }
    }
  }

  /// Other amounts of a fee that last as long as the definition: an earlier one may be wider than a later.
  /// What a condition answers by itself, and one that stands there twice, is said elsewhere.
  void amounts(const std::string& at, const OrderedJson& fee) {
    std::vector<json> rules;
    std::vector<std::string> places;
    each_element(member(fee, "instead"), below(at, "instead"),
                 [&](const std::string& pointer, const OrderedJson& amount) {
                   json when(member(amount, "when"));
                   const bool known = std::find(rules.begin(), rules.end(), when) != rules.end();
                   if (!member(amount, "until").is_null() || !when.is_object() || known) return;
                   rules.push_back(std::move(when));
                   places.push_back(pointer);
                 });
    if (rules.size() < 2 || !sound(rules)) return;
    const Trial trial = try_conditions(document_, leaves_, rules, budget_);
    if (!trial.obstacle.empty() || trial.too_large) return;
    for (std::size_t i = 0; i < rules.size(); ++i) {
      const auto& found = trial.conditions[i];
      if (found.holds && !found.chosen && !found.undecided) {
        add(places[i], "fee-order", "an earlier amount counts whenever this one would");
      }
    }
  }

  const OrderedJson& document_;
  const std::vector<FormLeaf>& leaves_;
  TrialBudget budget_{kConditionPartsMax};
  RuleFindings findings_{};
};

}  // namespace

GuardReport check_guards(const OrderedJson& document, const std::vector<FormLeaf>& leaves) {
  return GuardRules(document, leaves).check();
}

RuleFindings check_other_conditions(const OrderedJson& document, const std::vector<FormLeaf>& leaves) {
  return OtherConditions(document, leaves).check();
}

}  // namespace motcua::engine
