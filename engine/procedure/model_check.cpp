#include "engine/procedure/model_check.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace motcua::engine {
namespace {

using Index = StateGraph::Index;

bool has_any(const RuleFindings& findings, std::initializer_list<std::string_view> rules) {
  return std::any_of(findings.begin(), findings.end(), [&](const RuleFinding& finding) {
    return std::find(rules.begin(), rules.end(), finding.rule) != rules.end();
  });
}

void append(RuleFindings& all, RuleFindings more) {
  all.insert(all.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

/// Separation of duties that can never matter.
class Separations {
 public:
  explicit Separations(const OrderedJson& document) : graph_(member(document, "machine")) {}

  RuleFindings check() {
    for (Index state = 0; state < graph_.states.size(); ++state) {
      each_element(
          member(*graph_.states[state].json, "not_same_person_as"),
          below(graph_.states[state].pointer, "not_same_person_as"),
          [&](const std::string& pointer, const OrderedJson& name) {
            const auto other = name.is_string() ? graph_.find(name.get<std::string>()) : std::nullopt;
            const bool step = other && !graph_.states[*other].final;  // else it is no step: unknown-step
            if (step && !comes_before(*other, state)) {
              findings_.push_back(
                  {pointer, "separation-without-effect", true, "no path leads from that step to this one"});
            }
          });
    }
    return std::move(findings_);
  }

 private:
  [[nodiscard]] std::vector<Index> steps_in(Index state) const {
    if (graph_.states[state].children.empty()) return {state};
    std::vector<Index> steps;
    for (const Index child : graph_.states[state].children) {
      const auto inner = steps_in(child);
      steps.insert(steps.end(), inner.begin(), inner.end());
    }
    return steps;
  }
  [[nodiscard]] bool side_by_side(Index one, Index other) const {
    for (std::optional<Index> at = one; at; at = graph_.states[*at].parent) {
      if (!graph_.is_region(*at)) continue;
      for (std::optional<Index> also = other; also; also = graph_.states[*also].parent) {
        const auto parent = graph_.states[*also].parent;
        if (parent == graph_.states[*at].parent && *also != *at) return true;
      }
    }
    return false;
  }
  [[nodiscard]] bool comes_before(Index earlier, Index later) const {
    if (side_by_side(earlier, later)) return true;
    const auto wanted = steps_in(later);
    std::vector<Index> open = steps_in(earlier);
    std::set<Index> seen;
    while (!open.empty()) {
      const Index state = open.back();
      open.pop_back();
      for (const Index target : graph_.next(state)) {
        if (std::find(wanted.begin(), wanted.end(), target) != wanted.end()) return true;
        if (seen.insert(target).second) open.push_back(target);
      }
    }
    return false;
  }

  StateGraph graph_;
  RuleFindings findings_{};
};

}  // namespace

RuleFindings check_unused(const OrderedJson& document) { return Separations(document).check(); }

RuleFindings check_model(const OrderedJson& document, const std::vector<FormLeaf>& leaves,
                         const RuleFindings& said) {
  RuleFindings findings;
  GuardReport guards;
  if (!has_any(said, {"condition-operator", "condition-pointer", "condition-too-deep"}) && !leaves.empty()) {
    guards = check_guards(document, leaves);
    append(findings, std::move(guards.findings));
    append(findings, check_other_conditions(document, leaves));
  }
  if (!has_any(said, {"unknown-state", "initial-missing", "duplicate-state", "parallel-without-done"})) {
    append(findings, check_flow(document, guards.never));
    append(findings, check_step_limits(document));
    append(findings, check_unused(document));
  }
  return findings;
}

}  // namespace motcua::engine
