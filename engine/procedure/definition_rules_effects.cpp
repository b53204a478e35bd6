#include "engine/lifecycle/case_lifecycle.hpp"
#include "engine/procedure/definition_rules.hpp"
#include "engine/procedure/definition_rules_graph.hpp"
#include "engine/procedure/machine.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

namespace motcua::engine {
namespace {

/// What a way does to the case itself must be lawful where it does it: steps are taken in process.
class CaseEffectRules {
 public:
  CaseEffectRules(const OrderedJson& document, const std::vector<FormLeaf>& leaves)
      : leaves_(leaves), graph_(member(document, "machine")) {
    collect(document, "papers", papers_);
    collect(document, "fees", fees_);
    collect(document, "pause_reasons", pauses_);
  }

  RuleFindings check() {
    for (const auto& state : graph_.states) {
      for (const auto& exit : state.exits) check_exit(exit);
    }
    return std::move(findings_);
  }

 private:
  static void collect(const OrderedJson& document, const char* list, std::set<std::string>& codes) {
    each_element(member(document, list), "",
                 [&](const std::string&, const OrderedJson& entry) { codes.insert(text_of(entry, "code")); });
  }
  void add(const std::string& at, const char* rule, const std::string& message) {
    findings_.push_back({at, rule, false, message});
  }
  void check_exit(const GraphExit& exit) {
    const auto& life_cycle = member(*exit.transition, "life_cycle");
    const auto& clock = member(*exit.transition, "clock");
    if (life_cycle.is_object()) check_trigger(life_cycle, below(exit.pointer, "life_cycle"));
    if (clock.is_object()) check_clock(clock, below(exit.pointer, "clock"));
    if (life_cycle.is_object() && clock.is_object()) {
      add(exit.pointer, "effect-twice", "each trigger that a way can fire says itself what the clock does");
    }
  }
  void check_trigger(const OrderedJson& life_cycle, const std::string& at);
  void check_members(const OrderedJson& life_cycle, const std::string& at, const std::string& wanted);
  void check_clock(const OrderedJson& clock, const std::string& at);
  void check_pause(const std::string& reason, const std::string& at) {
    if (pauses_.count(reason) == 0)
      add(at, "pause-without-basis", "`" + reason + "` is not one of pause_reasons");
  }

  const std::vector<FormLeaf>& leaves_;
  StateGraph graph_;
  std::set<std::string> papers_{};
  std::set<std::string> fees_{};
  std::set<std::string> pauses_{};
  RuleFindings findings_{};
};

/// Members that say what the trigger is about: its own, and no other's.
void CaseEffectRules::check_members(const OrderedJson& life_cycle, const std::string& at,
                                    const std::string& wanted) {
  for (const char* name : {"items", "fee", "law"}) {
    const bool given = !member(life_cycle, name).is_null();
    if (given && wanted != name) add(below(at, name), "effect-member", "this trigger has no such member");
    if (!given && wanted == name) add(at, "effect-member", "this trigger needs `" + wanted + "`");
  }
}

void CaseEffectRules::check_trigger(const OrderedJson& life_cycle, const std::string& at) {
  const auto name = text_of(life_cycle, "trigger");
  const auto kind = case_effect_from(name);
  const auto trigger = trigger_from(name);
  if (!kind || !trigger || !advance(Stage::in_process, *trigger)) {
    add(below(at, "trigger"), "life-cycle-illegal",
        name == "resolve" ? "final states permit `resolve`: an officer resolves the case with its results"
                          : "a case in process, where steps are taken, does not know this trigger");
    return;
  }
  switch (*kind) {
    case CaseEffect::Kind::request_supplement:
      check_members(life_cycle, at, "items");
      check_pause("supplement", below(at, "trigger"));
      each_element(member(life_cycle, "items"), below(at, "items"),
                   [&](const std::string& pointer, const OrderedJson& item) {
                     const auto code = item.is_string() ? item.get<std::string>() : std::string();
                     const bool known = papers_.count(code) != 0 ||
                                        (!code.empty() && code.front() == '/' && form_has(leaves_, code));
                     if (!known) add(pointer, "supplement-item", "neither a paper nor a leaf of the form");
                   });
      break;
    case CaseEffect::Kind::request_payment:
      check_members(life_cycle, at, "fee");
      check_pause("payment", below(at, "trigger"));
      if (const auto fee = text_of(life_cycle, "fee"); !fee.empty() && fees_.count(fee) == 0) {
        add(below(at, "fee"), "unknown-fee", "fees has no `" + fee + "`");
      }
      break;
    case CaseEffect::Kind::stop:
      check_members(life_cycle, at, "law");
      // An unknown one is found by the rule of citations.
      if (const auto& law = member(life_cycle, "law"); law.is_array() || law == "unverified") {
        add(below(at, "law"), "stop-without-law", "a case is stopped by one law that law[] lists");
      }
      break;
    case CaseEffect::Kind::withdraw:
    case CaseEffect::Kind::pause:
    case CaseEffect::Kind::resume:
      check_members(life_cycle, at, "");
      break;
  }
}

/// A reason that is not listed is found by the rule of pauses.
void CaseEffectRules::check_clock(const OrderedJson& clock, const std::string& at) {
  const auto reason = text_of(clock, "pause");
  if (reason == "supplement" || reason == "payment") {
    add(below(at, "pause"), "pause-by-trigger",
        "fire request_" + reason + " instead: it says what is waited for");
  }
  const bool pausable = std::any_of(pauses_.begin(), pauses_.end(), [](const std::string& code) {
    return code != "supplement" && code != "payment";
  });
  if (reason.empty() && !pausable) {
    add(below(at, "resume"), "resume-without-pause",
        "no reason is listed for which the clock could stand still");
  }
}

}  // namespace

RuleFindings check_case_effects(const OrderedJson& document, const std::vector<FormLeaf>& leaves) {
  return CaseEffectRules(document, leaves).check();
}

}  // namespace motcua::engine
