#include "engine/core/time.hpp"
#include "engine/procedure/definition_rules.hpp"
#include "engine/procedure/guard.hpp"
#include "engine/procedure/time_of_day.hpp"

#include <set>
#include <string>
#include <utility>

namespace motcua::engine {
namespace {

/// True if `rule` reads form data with a plain `var`, which has no answer while the datum is absent.
bool reads_without_default(const nlohmann::json& rule) {
  if (!rule.is_structured()) return false;
  if (rule.is_object() && rule.size() == 1 && rule.begin().key() == "var") {
    const auto& arguments = *rule.begin();
    const bool has_default = arguments.is_array() && arguments.size() > 1;
    const auto& path = arguments.is_array() && !arguments.empty() ? arguments[0] : arguments;
    if (has_default) return reads_without_default(arguments[1]);
    return path.is_string() && path.get_ref<const std::string&>().rfind("data", 0) == 0;
  }
  for (const auto& each : rule) {
    if (reads_without_default(each)) return true;
  }
  return false;
}

constexpr const char* kGiveDefaults =
    "give each `var` a default: a case is received even if the form lacks the datum";

class LimitRules {
 public:
  explicit LimitRules(const OrderedJson& document) : document_(document) {
    each_element(member(document, "law"), "",
                 [&](const std::string&, const OrderedJson& law) { listed_.insert(text_of(law, "id")); });
  }

  RuleFindings check() {
    const OrderedJson& limits = member(document_, "time_limit");
    if (limits.is_null() == member(document_, "no_time_limit").is_null()) {
      add("/time_limit", "no-limit-basis",
          "a procedure has a time limit, or null and beside it no_time_limit with the law");
    }
    if (!limits.is_array()) {
      alternative(limits, "/time_limit", true);
      return std::move(findings_);
    }
    each_element(limits, "/time_limit", [&](const std::string& at, const OrderedJson& limit) {
      alternative(limit, at, &limit == &limits.back());
    });
    return std::move(findings_);
  }

 private:
  void add(const std::string& pointer, const std::string& rule, const std::string& message) {
    findings_.push_back({pointer, rule, false, message});
  }
  /// `last`: the alternative that applies when no other does.
  void alternative(const OrderedJson& limit, const std::string& at, bool last) {
    order(limit, at, last);
    units(limit, at);
    supplements(limit, at);
    extensions(limit, at, last);
    if (const OrderedJson& cutoff = member(limit, "cutoff");
        cutoff.is_string() && !parse_time_of_day(cutoff.get<std::string>())) {
      add(below(at, "cutoff"), "bad-cutoff", "a cut-off is a time of day HH:MM from 00:00 to 23:59");
    }
  }
  void order(const OrderedJson& limit, const std::string& at, bool last) {
    const OrderedJson& when = member(limit, "when");
    if (last && !when.is_null()) {
      add(below(at, "when"), "limit-order",
          "the last limit applies when no other does, so it has no condition");
    }
    if (!last && when.is_null()) {
      add(at, "limit-order", "the limits after one without a condition would never apply");
    }
    if (reads_without_default(nlohmann::json(when))) {
      add(below(at, "when"), "limit-undecidable", kGiveDefaults);
    }
  }
  void units(const OrderedJson& limit, const std::string& at) {
    const std::string unit = text_of(limit, "unit");
    if (text_of(limit, "counting") == "civil_code" && (unit == "same_day" || unit == "working_hour")) {
      add(below(at, "counting"), "limit-counting", "the civil code counts whole days");
    }
    if (text_of(limit, "counting") == "working_time" && (unit == "calendar_day" || unit == "month")) {
      add(below(at, "counting"), "limit-counting", "days of the calendar and months are the civil code's");
    }
    if (const OrderedJson& amount = member(limit, "amount");
        unit == "same_day" && amount.is_number() && amount != 1) {
      add(below(at, "amount"), "same-day-amount", "within the same day is an amount of 1");
    }
  }
  void supplements(const OrderedJson& limit, const std::string& at) {
    const std::string unit = text_of(limit, "unit");
    each_element(member(limit, "supplements"), below(at, "supplements"),
                 [&](const std::string& pointer, const OrderedJson& supplement) {
                   if (unit == "same_day" || text_of(supplement, "unit") != unit) {
                     add(below(pointer, "unit"), "supplement-unit",
                         "what is added has the unit of the limit; nothing is added to the same day");
                   }
                   if (reads_without_default(nlohmann::json(member(supplement, "when")))) {
                     add(below(pointer, "when"), "limit-undecidable", kGiveDefaults);
                   }
                 });
  }
  void extensions(const OrderedJson& limit, const std::string& at, bool last) {
    const OrderedJson& most = member(limit, "max_extensions");
    if (!most.is_number_integer()) return;
    if (!last) {
      add(below(at, "max_extensions"), "extension-placement",
          "extensions do not depend on the alternative: give them with the last one");
    }
    if (most > 0 && listed_.count(text_of(limit, "extension_law")) == 0) {
      add(below(at, "max_extensions"), "extension-without-basis",
          "a promise is extended only where a law lets it: cite it in extension_law");
    }
  }

  const OrderedJson& document_;
  std::set<std::string> listed_{};
  RuleFindings findings_{};
};

}  // namespace

RuleFindings check_time_limits(const OrderedJson& document) { return LimitRules(document).check(); }

}  // namespace motcua::engine
