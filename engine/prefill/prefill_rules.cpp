#include "engine/prefill/prefill_rules.hpp"

#include "engine/core/fold.hpp"
#include "engine/prefill/prefill.hpp"
#include "engine/prefill/register_attributes.hpp"
#include "engine/procedure/guard.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <utility>

namespace motcua::engine {
namespace {

bool identifies(const std::string& name) {
  return name == "personal_id" || name == "full_name" || name == "birth_date";
}

/// What lets no paper be asked for whose content a connected database has.
constexpr const char* kPapersLaw =
    "(Nghị định 224/2026/NĐ-CP, Điều 18 khoản 4; Chỉ thị 24/CT-TTg ngày 13/9/2025)";

/// Papers that say by their name who somebody is or where he lives, folded.
constexpr std::array<std::string_view, 5> kHeldPapers{"CAN CUOC", "CHUNG MINH NHAN DAN", "SO HO KHAU",
                                                      "NOI CU TRU", "NOI THUONG TRU"};

bool names_what_is_held(const OrderedJson& paper) {
  const std::string name = folded(text_of(member(paper, "name"), "vi"));
  return std::any_of(kHeldPapers.begin(), kHeldPapers.end(),
                     [&](std::string_view held) { return name.find(held) != std::string::npos; });
}

/// The leaf's place in the document: /form/properties/mother/properties/ethnicity.
std::string place_of(const FormLeaf& leaf) {
  std::string place = "/form";
  for (const char c : leaf.pointer) {
    place += c == '/' ? "/properties/" : std::string(1, c);
  }
  return place;
}

class PrefillRules {
 public:
  PrefillRules(const OrderedJson& document, const std::vector<FormLeaf>& leaves)
      : document_(document), leaves_(leaves) {}

  RuleFindings check() {
    each_element(member(document_, "prefill"), "/prefill",
                 [&](const std::string& at, const OrderedJson& rule) { entry(rule, at); });
    sources();
    asked_twice();
    papers();
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
  [[nodiscard]] bool is_person(const std::string& pointer) const {
    return pointer == kApplicantSubject ||
           (leaf(pointer + "/personal_id") && leaf(pointer + "/full_name") && leaf(pointer + "/birth_date"));
  }
  void entry(const OrderedJson& rule, const std::string& at);
  void attribute(const OrderedJson& rule, const std::string& at);
  void condition(const OrderedJson& rule, const std::string& at, const std::string& field);
  void turn(const OrderedJson& rule, const std::string& at);
  void sources();
  [[nodiscard]] bool held_about_somebody(const std::string& leaf,
                                         const std::set<std::string>& subjects) const;
  void asked_twice();
  void papers();

  const OrderedJson& document_;
  const std::vector<FormLeaf>& leaves_;
  std::set<std::string> always_filled_{};  ///< field + subject of rules without a condition
  RuleFindings findings_{};
};

void PrefillRules::attribute(const OrderedJson& rule, const std::string& at) {
  if (!is_person(text_of(rule, "subject"))) {
    add(below(at, "subject"), "prefill-subject",
        "a subject is /applicant or an object of the form with personal_id, full_name and birth_date");
  }
  if (!is_register_attribute(text_of(rule, "attribute"))) {
    add(below(at, "attribute"), "prefill-attribute", "the population database has no such attribute");
  }
}

/// A condition of a prefill rule reads the form and the applicant's identifiers, never its own field.
void PrefillRules::condition(const OrderedJson& rule, const std::string& at, const std::string& field) {
  const nlohmann::json logic(rule);
  if (depth_of(logic) > kGuardDepthMax) {
    add(at, "prefill-rule", "conditions are nested at most " + std::to_string(kGuardDepthMax) + " deep");
    return;
  }
  for (const std::string& name : unknown_operators(logic)) {
    add(at, "prefill-rule", "`" + name + "` is not a JsonLogic operator");
  }
  for (const std::string& pointer : pointers_read(logic)) {
    const bool applicant = pointer.rfind("/applicant/", 0) == 0 && identifies(pointer.substr(11));
    const bool form = pointer.rfind("/data/", 0) == 0 && form_has(leaves_, pointer.substr(5));
    if (!applicant && !form) {
      add(at, "prefill-rule",
          "reads " + (pointer.empty() ? "all facts" : pointer) + ", which no case of this procedure has");
    } else if (pointer == "/data" + field) {
      add(at, "prefill-rule", "a field cannot follow from itself");
    }
  }
}

/// The first rule of a field wins, so a second one needs a condition on the first or another way to know.
void PrefillRules::turn(const OrderedJson& rule, const std::string& at) {
  const std::string key = text_of(rule, "field") + " " + text_of(rule, "subject");
  if (always_filled_.count(key) > 0) {
    add(at, "prefill-order", "an earlier rule without a condition always fills this field");
  }
  if (member(rule, "when").is_null()) {
    always_filled_.insert(key);
  }
}

void PrefillRules::entry(const OrderedJson& rule, const std::string& at) {
  const std::string field = text_of(rule, "field");
  const std::string source = text_of(rule, "source");
  const bool by_rule = rule.is_object() && rule.contains("rule");
  const bool by_attribute = rule.is_object() && (rule.contains("attribute") || rule.contains("subject"));
  const FormLeaf* filled = leaf(field);
  if (filled == nullptr) {
    add(below(at, "field"), "prefill-field", "the form has no such leaf");
  } else if (filled->source != source && !(source == "derived" && filled->source == "population")) {
    add(below(at, "source"), "prefill-source",
        "the leaf's x-source is `" + filled->source + "`, so this rule cannot be where its value comes from");
  }
  if (by_rule == by_attribute || (by_rule && source == "population")) {
    add(at, "prefill-kind",
        "a value comes from an attribute of a subject or, if it is derived, from a rule; not from both");
  } else if (by_attribute) {
    attribute(rule, at);
  } else {
    condition(member(rule, "rule"), below(at, "rule"), field);
  }
  if (!member(rule, "when").is_null()) {
    condition(member(rule, "when"), below(at, "when"), field);
  }
  turn(rule, at);
  if (source == "derived" && !(rule.is_object() && rule.contains("law"))) {
    add(at, "derived-without-law", "say which law lets the value follow, or \"unverified\"");
  }
}

/// What is neither asked of people nor read off papers must come from some rule.
void PrefillRules::sources() {
  std::set<std::string> filled;
  each_element(member(document_, "prefill"), "", [&](const std::string&, const OrderedJson& rule) {
    filled.insert(text_of(rule, "source") + " " + text_of(rule, "field"));
  });
  for (const FormLeaf& each : leaves_) {
    const bool by_rule = each.source == "population" || each.source == "derived";
    if (by_rule && filled.count(each.source + " " + each.pointer) == 0) {
      add(below(place_of(each), "x-source"), "prefill-missing",
          "no rule of prefill[] fills this leaf from `" + each.source + "`");
    }
  }
}

/// True if the register can be asked for what stands at `leaf`: about the nearest person around it, by the
/// path from there (`/mother/father/full_name`); a question of the form's own is about the applicant.
bool PrefillRules::held_about_somebody(const std::string& leaf, const std::set<std::string>& subjects) const {
  const auto slash = leaf.rfind('/');
  const std::string name = leaf.substr(slash + 1);
  if (slash == 0) return register_holds(name) && !identifies(name);
  for (auto end = slash; end > 0 && end != std::string::npos; end = leaf.rfind('/', end - 1)) {
    const std::string person = leaf.substr(0, end);
    if (subjects.count(person) == 0 && !is_person(person)) continue;
    if (end == slash) return register_holds(name) && !identifies(name);
    return register_holds(leaf.substr(end + 1)) || (register_holds(name) && !identifies(name));
  }
  return false;
}

/// The citizen is not asked for what the population database holds about a person it can be asked for.
void PrefillRules::asked_twice() {
  std::set<std::string> subjects;
  each_element(member(document_, "prefill"), "", [&](const std::string&, const OrderedJson& rule) {
    subjects.insert(text_of(rule, "subject"));
  });
  for (const FormLeaf& each : leaves_) {
    if (each.source == "citizen" && held_about_somebody(each.pointer, subjects)) {
      findings_.push_back(
          {place_of(each), "once-only", true,
           "the citizen is asked for what the population database holds; prefill it and set x-source "
           "(Nghị định 224/2026/NĐ-CP, Điều 15 khoản 1 điểm d)"});
    }
  }
}

void PrefillRules::papers() {
  each_element(member(document_, "papers"), "/papers", [&](const std::string& at, const OrderedJson& paper) {
    each_element(member(paper, "proves"), below(at, "proves"),
                 [&](const std::string& place, const OrderedJson& name) {
                   if (!name.is_string() || !is_register_attribute(name.get<std::string>())) {
                     add(place, "paper-attribute", "the population database has no such attribute");
                   }
                 });
    const OrderedJson& proves = member(paper, "proves");
    const OrderedJson& sources = member(paper, "look_up_first");
    const bool looked_up = sources.is_array() && !sources.empty();
    const bool asked = member(paper, "required") != false;
    if (asked && proves.is_array() && !proves.empty() && !looked_up &&
        text_of(paper, "replaced_by").empty()) {
      add(at, "once-only-paper",
          "the register holds what this paper proves: look it up first, or say what replaces the paper " +
              std::string(kPapersLaw));
    } else if (proves.is_null() && !looked_up && text_of(paper, "replaced_by").empty() && asked &&
               names_what_is_held(paper)) {
      findings_.push_back(
          {at, "once-only-paper", true,
           "by its name the register holds what this paper proves: say so in `proves` and look it up "
           "first " +
               std::string(kPapersLaw)});
    }
  });
}

}  // namespace

RuleFindings check_prefill(const OrderedJson& document, const std::vector<FormLeaf>& leaves) {
  return PrefillRules(document, leaves).check();
}

}  // namespace motcua::engine
