#include "engine/procedure/definition_rules.hpp"

#include <algorithm>
#include <set>
#include <string>

namespace motcua::engine {
namespace {

/// Members whose numbers are not figures of the law: the form's technical limits, conditions, notes.
bool is_figure_free(const std::string& name) {
  return name == "form" || name == "guard" || name == "required" || name == "when" || name == "rule" ||
         name == "exempt_when" || name.rfind("x-", 0) == 0;
}

class Citations {
 public:
  explicit Citations(const OrderedJson& document) : document_(document) {
    each_element(member(document, "law"), "/law",
                 [&](const std::string&, const OrderedJson& law) { listed_.insert(text_of(law, "id")); });
  }

  RuleFindings check() {
    each_member(document_, "", [&](const std::string& at, const std::string& name, const OrderedJson& value) {
      if (name != "law" && !is_figure_free(name)) {
        visit(value, at, false);
      }
    });
    switching();
    return std::move(findings_);
  }

 private:
  /// Every case that is moved cites the law under which it is.
  void switching() {
    const OrderedJson& effective = member(document_, "effective");
    if (text_of(effective, "open_cases") != "switch") return;
    const OrderedJson& law = member(effective, "law");
    const OrderedJson& first = law.is_array() && !law.empty() ? law.front() : law;
    if (first.is_string() && listed_.count(first.get<std::string>()) != 0) return;
    findings_.push_back({"/effective/open_cases", "switch-without-law", false,
                         "open cases are moved under a law: cite it first in effective.law"});
  }
  /// `names`: the members are names of states or events.
  void visit(const OrderedJson& value, const std::string& at, bool names) {
    const bool cites = !names && value.is_object() && value.contains("law");
    each_member(value, at,
                [&](const std::string& pointer, const std::string& name, const OrderedJson& inner) {
                  if (names) {
                    visit(inner, pointer, false);
                  } else if (name == "law" || name == "extension_law") {
                    cite(inner, pointer);
                    each_element(inner, pointer,
                                 [&](const std::string& place, const OrderedJson& id) { cite(id, place); });
                  } else if (!is_figure_free(name)) {
                    if (inner.is_number() && !cites) {
                      findings_.push_back(
                          {pointer, "number-without-law", false, "cite an id of law[], or \"unverified\""});
                    }
                    visit(inner, pointer, holds_names(name, false));
                  }
                });
    each_element(value, at,
                 [&](const std::string& pointer, const OrderedJson& inner) { visit(inner, pointer, false); });
  }
  void cite(const OrderedJson& id, const std::string& pointer) {
    if (id.is_string() && id != "unverified" && listed_.count(id.get<std::string>()) == 0) {
      findings_.push_back({pointer, "unknown-law", false, "law[] has no `" + id.get<std::string>() + "`"});
    }
  }

  const OrderedJson& document_;
  std::set<std::string> listed_{};
  RuleFindings findings_{};
};

class Unsupported {
 public:
  RuleFindings findings{};

  void refuse(const std::string& pointer, const std::string& what) {
    findings.push_back({pointer, "not-supported-yet", false, "this release does not carry out " + what});
  }
  void refuse_member(const OrderedJson& object, const std::string& at, const char* name,
                     const std::string& what) {
    if (!member(object, name).is_null()) {
      refuse(below(at, name), what);
    }
  }
  void time_limit(const OrderedJson& limit, const std::string& at) {
    if (text_of(limit, "starts") == "payment") {
      refuse(below(at, "starts"), "limits that begin with a payment");
    }
  }
};

}  // namespace

RuleFindings check_citations(const OrderedJson& document) { return Citations(document).check(); }

RuleFindings check_supported(const OrderedJson& document) {
  Unsupported unsupported;
  unsupported.time_limit(member(document, "time_limit"), "/time_limit");
  each_element(member(document, "time_limit"), "/time_limit",
               [&](const std::string& at, const OrderedJson& limit) { unsupported.time_limit(limit, at); });
  return std::move(unsupported.findings);
}

}  // namespace motcua::engine
