#include "engine/procedure/definition_rules.hpp"

#include "engine/core/time.hpp"
#include "engine/procedure/guard.hpp"
#include "engine/procedure/model_check.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace motcua::engine {
namespace {

class DefinitionRules {
 public:
  DefinitionRules(const OrderedJson& document, const std::vector<FormLeaf>& leaves)
      : document_(document), leaves_(leaves) {}

  RuleFindings check() {
    codes();
    effective();
    conditions();
    pauses();
    if (member(document_, "results").is_array() && member(document_, "results").empty()) {
      add("/results", "no-results", "a case of this procedure could never be resolved with a result");
    }
    return std::move(findings_);
  }

 private:
  void add(const std::string& pointer, const std::string& rule, const std::string& message) {
    findings_.push_back({pointer, rule, false, message});
  }
  void codes();
  void unique_codes(const char* list, const char* code_member);
  void effective();
  std::optional<LocalDay> day(const OrderedJson& object, const char* name, const std::string& at);
  void conditions();
  void condition(const ConditionPlace& place);
  void pauses();

  const OrderedJson& document_;
  const std::vector<FormLeaf>& leaves_;
  RuleFindings findings_{};
};

void DefinitionRules::unique_codes(const char* list, const char* code_member) {
  std::set<std::string> seen;
  each_element(
      member(document_, list), below("", list), [&](const std::string& at, const OrderedJson& entry) {
        const std::string code = text_of(entry, code_member);
        if (code.empty()) {
          return;
        }
        if (!is_code(code)) {
          add(below(at, code_member), "bad-code", "codes are 1-64 ASCII letters, digits, `.`, `_`, `-`");
        }
        if (!seen.insert(code).second) {
          add(below(at, code_member), "duplicate-code", "`" + code + "` is given twice in this list");
        }
      });
}

void DefinitionRules::codes() {
  if (const std::string code = text_of(document_, "code"); !code.empty() && !is_code(code)) {
    add("/code", "bad-code", "codes are 1-64 ASCII letters, digits, `.`, `_`, `-`");
  }
  for (const char* list :
       {"papers", "fees", "results", "refusal_reasons", "pause_reasons", "consultations", "linked"}) {
    unique_codes(list, "code");
  }
  unique_codes("law", "id");
  unique_codes("prerequisites", "procedure");
  std::set<std::string> channels;
  each_element(member(document_, "channels"), "/channels",
               [&](const std::string& at, const OrderedJson& channel) {
                 if (channel.is_string() && !channels.insert(channel.get<std::string>()).second) {
                   add(at, "duplicate-code", "the channel is given twice");
                 }
               });
}

std::optional<LocalDay> DefinitionRules::day(const OrderedJson& object, const char* name,
                                             const std::string& at) {
  const std::string text = text_of(object, name);
  if (text.empty()) {
    return std::nullopt;
  }
  const auto parsed = parse_iso_day(text);
  if (!parsed) {
    add(below(at, name), "bad-date", "not a calendar date YYYY-MM-DD");
  }
  return parsed;
}

void DefinitionRules::effective() {
  const OrderedJson& range = member(document_, "effective");
  const auto from = day(range, "from", "/effective");
  const auto to = day(range, "to", "/effective");
  if (from && to && *to <= *from) {
    add("/effective/to", "effective-order", "the definition would end before it begins");
  }
}

void DefinitionRules::condition(const ConditionPlace& place) {
  const nlohmann::json rule(*place.rule);
  if (depth_of(rule) > kGuardDepthMax) {
    add(place.pointer, "condition-too-deep",
        "conditions are nested at most " + std::to_string(kGuardDepthMax) + " deep");
    return;
  }
  for (const std::string& name : unknown_operators(rule)) {
    add(place.pointer, "condition-operator", "`" + name + "` is not a JsonLogic operator");
  }
  for (const std::string& pointer : pointers_read(rule)) {
    const std::string fact = pointer.substr(pointer.empty() ? 0 : 1, pointer.find('/', 1) - 1);
    const bool known_fact = std::find(kFacts.begin(), kFacts.end(), fact) != kFacts.end();
    const bool known = known_fact && (fact != "data" || form_has(leaves_, pointer.substr(5))) &&
                       (fact != "channel" || pointer == "/channel");
    const bool of_machine = place.pointer.rfind("/machine/", 0) == 0;
    if (!known && !(of_machine && is_linked_fact(document_, pointer))) {
      add(place.pointer, "condition-pointer",
          "reads " + (pointer.empty() ? "all facts" : pointer) + ", which no case of this procedure has");
    }
  }
}

void DefinitionRules::conditions() {
  for (const ConditionPlace& place : conditions_of(document_)) {
    condition(place);
  }
}

/// A pause that a transition asks for must be one for which the law lets the clock stand still; of each it is
/// known whose time it is.
void DefinitionRules::pauses() {
  std::set<std::string> allowed;
  each_element(member(document_, "pause_reasons"), "/pause_reasons",
               [&](const std::string& at, const OrderedJson& reason) {
                 const auto code = text_of(reason, "code");
                 allowed.insert(code);
                 if (code != "supplement" && code != "payment" && member(reason, "whose").is_null()) {
                   add(at, "pause-whose", "say whose time it is: applicant or other_agency");
                 }
               });
  const auto visit = [&](const auto& self, const OrderedJson& value, const std::string& at) -> void {
    const std::string reason = text_of(member(value, "clock"), "pause");
    if (!reason.empty() && allowed.count(reason) == 0) {
      add(below(below(at, "clock"), "pause"), "pause-without-basis",
          "`" + reason + "` is not one of pause_reasons");
    }
    each_member(value, at, [&](const std::string& pointer, const auto&, const OrderedJson& inner) {
      self(self, inner, pointer);
    });
    each_element(value, at,
                 [&](const std::string& pointer, const OrderedJson& inner) { self(self, inner, pointer); });
  };
  visit(visit, member(document_, "machine"), "/machine");
}

void append(RuleFindings& all, RuleFindings more) {
  all.insert(all.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

/// The condition `name` of `object`, if it has one.
void add_condition(std::vector<ConditionPlace>& places, const OrderedJson& object, const std::string& at,
                   const char* name) {
  const OrderedJson& rule = member(object, name);
  if (!rule.is_null()) places.push_back({below(at, name), &rule});
}

void add_supplements(std::vector<ConditionPlace>& places, const OrderedJson& limit, const std::string& at) {
  each_element(member(limit, "supplements"), below(at, "supplements"),
               [&](const std::string& pointer, const OrderedJson& supplement) {
                 places.push_back({below(pointer, "when"), &member(supplement, "when")});
               });
}

}  // namespace

bool form_has(const std::vector<FormLeaf>& leaves, std::string_view pointer) {
  const auto inside = [](std::string_view place, const std::string& object) {
    return place.size() > object.size() && place.substr(0, object.size()) == object &&
           place[object.size()] == '/';
  };
  return pointer.empty() || std::any_of(leaves.begin(), leaves.end(), [&](const FormLeaf& each) {
           return each.pointer == pointer || inside(each.pointer, std::string(pointer)) ||
                  (each.list && inside(pointer, each.pointer));
         });
}

bool holds_names(std::string_view member_name, bool in_names) {
  return !in_names && (member_name == "states" || member_name == "on");
}

bool is_code(std::string_view text) {
  return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
  });
}

std::vector<ConditionPlace> conditions_of(const OrderedJson& document) {
  std::vector<ConditionPlace> places;
  each_element(member(document, "time_limit"), "/time_limit",
               [&](const std::string& at, const OrderedJson& limit) {
                 add_condition(places, limit, at, "when");
                 add_supplements(places, limit, at);
               });
  add_supplements(places, member(document, "time_limit"), "/time_limit");
  each_element(member(document, "papers"), "/papers", [&](const std::string& at, const OrderedJson& paper) {
    if (member(paper, "required").is_object()) {
      places.push_back({below(at, "required"), &member(paper, "required")});
    }
  });
  each_element(member(document, "fees"), "/fees", [&](const std::string& at, const OrderedJson& fee) {
    add_condition(places, fee, at, "exempt_when");
    each_element(member(fee, "instead"), below(at, "instead"),
                 [&](const std::string& pointer, const OrderedJson& amount) {
                   add_condition(places, amount, pointer, "when");
                 });
  });
  each_element(member(document, "prerequisites"), "/prerequisites",
               [&](const std::string& at, const OrderedJson& first) {
                 if (!member(first, "when").is_null()) {
                   places.push_back({below(at, "when"), &member(first, "when")});
                 }
               });
  // `names`: the members of this object are names of states or events, and none of them means a guard.
  const auto visit = [&](const auto& self, const OrderedJson& value, const std::string& at,
                         bool names) -> void {
    each_member(value, at,
                [&](const std::string& pointer, const std::string& name, const OrderedJson& inner) {
                  if (name == "guard" && !names) {
                    places.push_back({pointer, &inner});
                  } else {
                    self(self, inner, pointer, holds_names(name, names));
                  }
                });
    each_element(value, at, [&](const std::string& pointer, const OrderedJson& inner) {
      self(self, inner, pointer, false);
    });
  };
  visit(visit, member(document, "machine"), "/machine", false);
  return places;
}

RuleFindings check_translations(const OrderedJson& document) {
  RuleFindings findings;
  const auto visit = [&](const auto& self, const OrderedJson& value, const std::string& at,
                         bool names) -> void {
    each_member(value, at,
                [&](const std::string& pointer, const std::string& name, const OrderedJson& inner) {
                  const bool text = !names && (name == "name" || name == "label") && inner.is_object();
                  if (text && (text_of(inner, "vi").empty() || text_of(inner, "en").empty())) {
                    findings.push_back(
                        {pointer, "missing-translation", false, "a text in vi and a text in en are needed"});
                  } else if (!text && (names || (name != "form" && name.rfind("x-", 0) != 0))) {
                    self(self, inner, pointer, holds_names(name, names));
                  }
                });
    each_element(value, at, [&](const std::string& pointer, const OrderedJson& inner) {
      self(self, inner, pointer, false);
    });
  };
  visit(visit, document, "", false);
  return findings;
}

RuleFindings check_definition(const OrderedJson& document, const std::vector<FormLeaf>& leaves) {
  RuleFindings findings = DefinitionRules(document, leaves).check();
  append(findings, check_time_limits(document));
  append(findings, check_fees(document));
  if (small_enough_to_follow(document)) {
    append(findings, check_machine(document, leaves));
    append(findings, check_case_effects(document, leaves));
    append(findings, check_linked(document, leaves));
    append(findings, check_model(document, leaves, findings));
  } else {
    findings.push_back({"/machine/states", "too-large-to-check", false,
                        "a machine of more than " + std::to_string(kStatesCheckedMax) +
                            " states cannot be followed to its end"});
  }
  append(findings, check_supported(document));
  append(findings, check_citations(document));
  append(findings, check_translations(document));
  return findings;
}

}  // namespace motcua::engine
