#include "engine/procedure/definition_rules.hpp"

#include "engine/core/time.hpp"
#include "engine/procedure/guard.hpp"

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
    prefill();
    once_only();
    if (member(document_, "results").is_array() && member(document_, "results").empty()) {
      add("/results", "no-results", "a case of this procedure could never be resolved with a result");
    }
    return std::move(findings_);
  }

 private:
  void add(const std::string& pointer, const std::string& rule, const std::string& message) {
    findings_.push_back({pointer, rule, false, message});
  }
  [[nodiscard]] const FormLeaf* leaf(std::string_view pointer) const {
    const auto found = std::find_if(leaves_.begin(), leaves_.end(),
                                    [&](const FormLeaf& each) { return each.pointer == pointer; });
    return found == leaves_.end() ? nullptr : &*found;
  }
  [[nodiscard]] bool form_has(const std::string& pointer) const;
  [[nodiscard]] bool is_person(const std::string& pointer) const {
    return leaf(pointer + "/personal_id") && leaf(pointer + "/full_name") && leaf(pointer + "/birth_date");
  }
  void codes();
  void unique_codes(const char* list, const char* code_member);
  void effective();
  std::optional<LocalDay> day(const OrderedJson& object, const char* name, const std::string& at);
  void conditions();
  void condition(const ConditionPlace& place);
  void pauses();
  void prefill();
  void once_only();

  const OrderedJson& document_;
  const std::vector<FormLeaf>& leaves_;
  RuleFindings findings_{};
};

/// A leaf, an object around leaves, or a place inside an array leaf.
bool DefinitionRules::form_has(const std::string& pointer) const {
  return pointer.empty() || std::any_of(leaves_.begin(), leaves_.end(), [&](const FormLeaf& each) {
           return each.pointer == pointer || each.pointer.rfind(pointer + "/", 0) == 0 ||
                  pointer.rfind(each.pointer + "/", 0) == 0;
         });
}

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
  for (const char* list : {"papers", "fees", "results", "refusal_reasons", "pause_reasons"}) {
    unique_codes(list, "code");
  }
  unique_codes("law", "id");
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
    const bool known = known_fact && (fact != "data" || form_has(pointer.substr(5)));
    if (!known) {
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

/// A pause that a transition asks for must be one for which the law lets the clock stand still.
void DefinitionRules::pauses() {
  std::set<std::string> allowed;
  each_element(member(document_, "pause_reasons"), "", [&](const std::string&, const OrderedJson& reason) {
    allowed.insert(text_of(reason, "code"));
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

void DefinitionRules::prefill() {
  each_element(member(document_, "prefill"), "/prefill", [&](const std::string& at, const OrderedJson& rule) {
    const std::string field = text_of(rule, "field");
    const std::string subject = text_of(rule, "subject");
    const std::string attribute = text_of(rule, "attribute");
    if (leaf(field) == nullptr) {
      add(below(at, "field"), "prefill-field", "the form has no such leaf");
    }
    if (!is_person(subject)) {
      add(below(at, "subject"), "prefill-subject",
          "a subject is an object of the form with personal_id, full_name and birth_date");
    }
    if (std::find(kPopulationAttributes.begin(), kPopulationAttributes.end(), attribute) ==
        kPopulationAttributes.end()) {
      add(below(at, "attribute"), "prefill-attribute", "the population database has no such attribute");
    }
  });
}

/// The citizen is not asked for what the population database holds about a person it can be asked for.
void DefinitionRules::once_only() {
  std::set<std::string> filled;
  std::set<std::string> subjects;
  each_element(member(document_, "prefill"), "", [&](const std::string&, const OrderedJson& rule) {
    filled.insert(text_of(rule, "field"));
    subjects.insert(text_of(rule, "subject"));
  });
  for (const FormLeaf& each : leaves_) {
    const auto slash = each.pointer.rfind('/');
    const std::string person = each.pointer.substr(0, slash);
    const std::string name = each.pointer.substr(slash + 1);
    const bool identifies = name == "personal_id" || name == "full_name" || name == "birth_date";
    const bool held = std::find(kPopulationAttributes.begin(), kPopulationAttributes.end(), name) !=
                      kPopulationAttributes.end();
    const bool asked_twice =
        filled.count(each.pointer) > 0 || (subjects.count(person) > 0 && held && !identifies);
    if (each.source == "citizen" && asked_twice) {
      // The leaf's place in the document: /form/properties/mother/properties/ethnicity.
      std::string place = "/form";
      for (const char c : each.pointer) {
        place += c == '/' ? "/properties/" : std::string(1, c);
      }
      findings_.push_back(
          {place, "once-only", true,
           "the citizen is asked for what the population database holds; prefill it and set x-source"});
    }
  }
}

void append(RuleFindings& all, RuleFindings more) {
  all.insert(all.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

}  // namespace

bool is_code(std::string_view text) {
  return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
  });
}

std::vector<ConditionPlace> conditions_of(const OrderedJson& document) {
  std::vector<ConditionPlace> places;
  each_element(member(document, "papers"), "/papers", [&](const std::string& at, const OrderedJson& paper) {
    if (member(paper, "required").is_object()) {
      places.push_back({below(at, "required"), &member(paper, "required")});
    }
  });
  each_element(member(document, "fees"), "/fees", [&](const std::string& at, const OrderedJson& fee) {
    if (!member(fee, "exempt_when").is_null()) {
      places.push_back({below(at, "exempt_when"), &member(fee, "exempt_when")});
    }
  });
  const auto visit = [&](const auto& self, const OrderedJson& value, const std::string& at) -> void {
    each_member(value, at,
                [&](const std::string& pointer, const std::string& name, const OrderedJson& inner) {
                  if (name == "guard") {
                    places.push_back({pointer, &inner});
                  } else {
                    self(self, inner, pointer);
                  }
                });
    each_element(value, at,
                 [&](const std::string& pointer, const OrderedJson& inner) { self(self, inner, pointer); });
  };
  visit(visit, member(document, "machine"), "/machine");
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
                    self(self, inner, pointer, name == "states" || name == "on");
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
  append(findings, check_machine(document, leaves));
  append(findings, check_supported(document));
  append(findings, check_citations(document));
  append(findings, check_translations(document));
  return findings;
}

}  // namespace motcua::engine
