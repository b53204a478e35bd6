#include "engine/procedure/definition_rules.hpp"
#include "engine/procedure/definition_rules_graph.hpp"
#include "engine/procedure/guard.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

namespace motcua::engine {
namespace {

/// What linked procedures must keep: a step that opens their cases and has a way on, and values that this
/// procedure has.
class LinkedRules {
 public:
  LinkedRules(const OrderedJson& document, const std::vector<FormLeaf>& leaves)
      : document_(document), leaves_(leaves), graph_(member(document, "machine")) {
    collect("papers", papers_);
    collect("results", results_);
  }

  RuleFindings check() {
    each_element(member(document_, "linked"), "/linked",
                 [&](const std::string& at, const OrderedJson& branch) { check_branch(branch, at); });
    each_element(member(document_, "prerequisites"), "/prerequisites",
                 [&](const std::string& at, const OrderedJson& first) { check_prerequisite(first, at); });
    return std::move(findings_);
  }

 private:
  void collect(const char* list, std::set<std::string>& codes) {
    each_element(member(document_, list), "",
                 [&](const std::string&, const OrderedJson& entry) { codes.insert(text_of(entry, "code")); });
  }
  void add(const std::string& at, const char* rule, const std::string& message) {
    findings_.push_back({at, rule, false, message});
  }
  void check_branch(const OrderedJson& branch, const std::string& at);
  void check_prerequisite(const OrderedJson& first, const std::string& at);
  void check_state(const OrderedJson& branch, const std::string& at);
  void check_values(const OrderedJson& branch, const std::string& at);
  void check_rule(const nlohmann::json& rule, const std::string& at);

  const OrderedJson& document_;
  const std::vector<FormLeaf>& leaves_;
  StateGraph graph_;
  std::set<std::string> papers_{};
  std::set<std::string> results_{};
  RuleFindings findings_{};
};

void LinkedRules::check_branch(const OrderedJson& branch, const std::string& at) {
  if (const auto code = text_of(branch, "code"); results_.count(code) > 0) {
    add(below(at, "code"), "duplicate-code", "a result has this code: what the branch brings would hide it");
  }
  if (text_of(branch, "procedure") == text_of(document_, "code")) {
    add(below(at, "procedure"), "linked-itself", "each case of this procedure would open another one");
  }
  check_state(branch, at);
  check_values(branch, at);
  each_element(member(branch, "papers"), below(at, "papers"),
               [&](const std::string& pointer, const OrderedJson& paper) {
                 if (const auto from = text_of(paper, "from"); papers_.count(from) == 0) {
                   add(below(pointer, "from"), "linked-paper", "papers has no `" + from + "`");
                 }
               });
}

void LinkedRules::check_prerequisite(const OrderedJson& first, const std::string& at) {
  if (text_of(first, "procedure") == text_of(document_, "code")) {
    add(below(at, "procedure"), "prerequisite-itself", "nobody could ever have the first result");
  }
  if (const auto paper = text_of(first, "proven_by"); !paper.empty() && papers_.count(paper) == 0) {
    add(below(at, "proven_by"), "prerequisite-paper", "papers has no `" + paper + "`");
  }
}

void LinkedRules::check_state(const OrderedJson& branch, const std::string& at) {
  const auto name = text_of(branch, "at");
  const auto found = graph_.find(name);
  if (!found || !graph_.states[*found].children.empty() || graph_.states[*found].final) {
    add(below(at, "at"), "linked-at", "`" + name + "` is no state in which somebody works");
    return;
  }
  const auto& state = graph_.states[*found];
  const bool leads_on = std::any_of(state.exits.begin(), state.exits.end(),
                                    [](const GraphExit& exit) { return exit.of_linked; });
  if (text_of(branch, "join") != "none" && !leads_on) {
    add(below(at, "at"), "linked-without-way",
        "`" + name + "` has no on_done: nothing says where the case goes when the linked case has ended");
  }
}

void LinkedRules::check_values(const OrderedJson& branch, const std::string& at) {
  if (const auto& when = member(branch, "when"); !when.is_null()) {
    check_rule(nlohmann::json(when), below(at, "when"));
  }
  each_member(member(branch, "data_map"), below(at, "data_map"),
              [&](const std::string& pointer, const std::string&, const OrderedJson& rule) {
                if (!rule.is_string()) return check_rule(nlohmann::json(rule), pointer);
                const auto from = rule.get<std::string>();
                const bool known = !from.empty() && from.front() == '/' && form_has(leaves_, from);
                if (!known) add(pointer, "linked-value", "`" + from + "` is no leaf of this form");
              });
}

void LinkedRules::check_rule(const nlohmann::json& rule, const std::string& at) {
  if (depth_of(rule) > kGuardDepthMax) {
    return add(at, "condition-too-deep",
               "conditions are nested at most " + std::to_string(kGuardDepthMax) + " deep");
  }
  for (const auto& name : unknown_operators(rule)) {
    add(at, "condition-operator", "`" + name + "` is not a JsonLogic operator");
  }
  for (const auto& pointer : pointers_read(rule)) {
    const auto reads = [&](const std::string& fact) {
      return pointer == fact || pointer.rfind(fact + "/", 0) == 0;
    };
    const bool known = pointer == "/channel" || reads("/papers") || reads("/applicant") ||
                       (reads("/results") && pointer != "/results") || is_linked_fact(document_, pointer) ||
                       (pointer.rfind("/data/", 0) == 0 && form_has(leaves_, pointer.substr(5)));
    if (!known) {
      add(at, "linked-value",
          "reads " + (pointer.empty() ? "all facts" : pointer) + ", which no case of this procedure has");
    }
  }
}

}  // namespace

RuleFindings check_linked(const OrderedJson& document, const std::vector<FormLeaf>& leaves) {
  return LinkedRules(document, leaves).check();
}

bool is_linked_fact(const OrderedJson& document, std::string_view pointer) {
  bool known = false;
  each_element(member(document, "linked"), "", [&](const std::string&, const OrderedJson& branch) {
    const auto at = "/" + std::string(kLinkedFact) + "/" + text_of(branch, "code") + "/";
    known = known || pointer == at + "outcome" || pointer == at + "results";
  });
  return known;
}

}  // namespace motcua::engine
