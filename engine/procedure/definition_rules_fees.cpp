#include "engine/core/time.hpp"
#include "engine/procedure/definition_rules.hpp"

#include <iterator>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace motcua::engine {
namespace {

/// One amount that a fee may have, as the file says it.
struct Amount {
  std::string pointer{};
  const OrderedJson* json = nullptr;
  std::optional<LocalDay> until{};
};

bool ends_no_later(const Amount& one, const Amount& other) {
  return !other.until || (one.until && *one.until <= *other.until);
}

/// True if `later` never counts, because `earlier` counts on all its days and for all its facts.
bool covers(const Amount& earlier, const Amount& later) {
  const OrderedJson& when = member(*earlier.json, "when");
  return ends_no_later(later, earlier) && (when.is_null() || when == member(*later.json, "when"));
}

/// What a case that is filed online owes, as `amount_of` in payments has it.
const OrderedJson& online(const OrderedJson& amount) {
  const OrderedJson& own = member(amount, "online_amount_vnd");
  return own.is_null() ? member(amount, "amount_vnd") : own;
}

bool same_amounts(const OrderedJson& one, const OrderedJson& other) {
  return member(one, "amount_vnd") == member(other, "amount_vnd") && online(one) == online(other);
}

class FeeRules {
 public:
  explicit FeeRules(const OrderedJson& document)
      : document_(document), from_(parse_iso_day(text_of(member(document, "effective"), "from"))) {}

  RuleFindings check() {
    each_element(member(document_, "fees"), "/fees",
                 [&](const std::string& at, const OrderedJson& fee) { one_fee(at, fee); });
    return std::move(findings_);
  }

 private:
  void add(const std::string& pointer, const char* rule, const std::string& message) {
    findings_.push_back({pointer, rule, false, message});
  }
  void one_fee(const std::string& at, const OrderedJson& fee) {
    std::vector<Amount> amounts;
    each_element(member(fee, "instead"), below(at, "instead"),
                 [&](const std::string& pointer, const OrderedJson& amount) {
                   amounts.push_back({pointer, &amount, until_of(pointer, amount)});
                   alternative(amounts);
                 });
    for (auto last = amounts.rbegin(); last != amounts.rend() && same_amounts(*last->json, fee); ++last) {
      add(below(last->pointer, "amount_vnd"), "fee-order", "without it the fee has the same amount");
    }
  }
  std::optional<LocalDay> until_of(const std::string& at, const OrderedJson& amount) {
    const std::string text = text_of(amount, "until");
    const auto day = parse_iso_day(text);
    if (!text.empty() && !day) add(below(at, "until"), "bad-date", "not a calendar date YYYY-MM-DD");
    return day;
  }
  /// The last of `amounts`, after those before it.
  void alternative(const std::vector<Amount>& amounts) {
    const Amount& last = amounts.back();
    if (last.until && from_ && *last.until <= *from_) {
      add(below(last.pointer, "until"), "fee-order", "it is over before the definition is in force");
    }
    if (member(*last.json, "when").is_null() && member(*last.json, "until").is_null()) {
      add(last.pointer, "fee-order",
          "without `when` and `until` it always applies: then it is the amount of the fee");
    }
    for (auto earlier = amounts.begin(); std::next(earlier) != amounts.end(); ++earlier) {
      if (!covers(*earlier, last)) continue;
      return add(last.pointer, "fee-order", "whenever it applies, " + earlier->pointer + " counts first");
    }
  }

  const OrderedJson& document_;
  std::optional<LocalDay> from_;
  RuleFindings findings_{};
};

}  // namespace

RuleFindings check_fees(const OrderedJson& document) { return FeeRules(document).check(); }

}  // namespace motcua::engine
