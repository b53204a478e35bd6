#include "engine/procedure/guard_evaluator.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace motcua::engine::guard {
namespace {

using nlohmann::json;

constexpr const char* kBudgetSpent = "the condition costs more than 10000 operations";

constexpr std::array<std::string_view, 34> kOperators{
    "!",    "!!",  "!=",     "!==",   "%",      "*",       "+",
    "-",    "/",   "<",      "<=",    "==",     "===",     ">",
    ">=",   "?:",  "all",    "and",   "cat",    "filter",  "if",
    "in",   "map", "max",    "merge", "min",    "missing", "missing_some",
    "none", "or",  "reduce", "some",  "substr", "var"};

void add_lacking(std::vector<std::string>& all, std::vector<std::string> more) {
  for (auto& pointer : more) {
    if (std::find(all.begin(), all.end(), pointer) == all.end()) {
      all.push_back(std::move(pointer));
    }
  }
}

bool starts_an_iteration(const std::string& name) {
  return name == "map" || name == "filter" || name == "reduce" || name == "all" || name == "none" ||
         name == "some";
}

}  // namespace

bool is_operator(const std::string& name) {
  return std::binary_search(kOperators.begin(), kOperators.end(), name);
}

Outcome Evaluator::own(Outcome outcome) {
  if (!outcome.decided() || !outcome.term.is_borrowed()) {
    return outcome;
  }
  if (!spend(copy_cost(outcome.term.get(), budget_))) {
    return wrong(kBudgetSpent);
  }
  return value(outcome.term.take());
}

Outcome Evaluator::evaluate(const json& rule, const Scope& scope, int depth) {
  if (!spend(1)) {
    return wrong(kBudgetSpent);
  }
  if (depth > kGuardDepthMax) {
    return wrong("the condition is nested deeper than " + std::to_string(kGuardDepthMax));
  }
  if (rule.is_array()) {
    return literal(rule, scope, depth);
  }
  if (!rule.is_object() || rule.size() != 1) {
    return {Term::borrow(rule), {}, {}};
  }
  const auto entry = rule.begin();
  return apply({entry.key(), *entry, scope, depth});
}

Outcome Evaluator::literal(const json& array, const Scope& scope, int depth) {
  if (std::all_of(array.begin(), array.end(), [](const json& each) { return each.is_primitive(); })) {
    return spend(static_cast<std::int64_t>(array.size())) ? Outcome{Term::borrow(array), {}, {}}
                                                          : wrong(kBudgetSpent);
  }
  json result = json::array();
  std::vector<std::string> lacking;
  for (const json& each : array) {
    Outcome outcome = own(evaluate(each, scope, depth + 1));
    if (!outcome.error.empty()) {
      return outcome;
    }
    if (outcome.decided()) {
      result.push_back(outcome.term.take());
    }
    add_lacking(lacking, std::move(outcome.lacking));
  }
  return lacking.empty() ? value(std::move(result)) : undecided(std::move(lacking));
}

Outcome Evaluator::apply(const Call& call) {
  const std::string& name = call.name;
  if (name == "var") {
    return variable(call);
  }
  if (name == "if" || name == "?:") {
    return branch(call);
  }
  if (name == "and") {
    return connect(call, false);
  }
  if (name == "or") {
    return connect(call, true);
  }
  if (starts_an_iteration(name)) {
    return iterate(call);
  }
  if (!is_operator(name)) {
    return wrong("unknown operator");
  }
  std::vector<Term> operands;
  operands.reserve(call.count());
  std::vector<std::string> lacking;
  for (std::size_t i = 0; i < call.count(); ++i) {
    Outcome outcome = argument(call, i);
    if (!outcome.error.empty()) {
      return outcome;
    }
    add_lacking(lacking, std::move(outcome.lacking));
    operands.push_back(std::move(outcome.term));
  }
  return lacking.empty() ? combine(call, operands) : undecided(std::move(lacking));
}

Outcome Evaluator::variable(const Call& call) {
  if (call.count() == 0) {
    return look_up(call, "");
  }
  const json& path = call.at(0);
  if (path.is_string()) {
    return look_up(call, path.get_ref<const std::string&>());
  }
  Outcome outcome = argument(call, 0);
  if (!outcome.decided()) {
    return outcome;
  }
  const auto text = scalar_text(outcome.term.get());
  return text ? look_up(call, *text) : wrong("var needs a path");
}

bool Evaluator::is_provisional(const std::string& pointer) const {
  return std::any_of(provisional_.begin(), provisional_.end(), [&](const std::string& waiting) {
    return pointer.compare(0, waiting.size(), waiting) == 0 &&
           (pointer.size() == waiting.size() || pointer[waiting.size()] == '/');
  });
}

Outcome Evaluator::look_up(const Call& call, std::string_view path) {
  const Scope& scope = call.scope;
  if (!spend(1 + std::count(path.begin(), path.end(), '.'))) {
    return wrong(kBudgetSpent);
  }
  if (scope.accumulator == nullptr) {
    return found_or_absent(call, value_at_path(*scope.data, path), scope.origin, path);
  }
  std::string_view rest = path;
  const auto first = take_segment(rest);
  if (first.empty()) {
    return wrong("inside reduce, var reads `current` or `accumulator`");
  }
  if (first == "current") {
    return found_or_absent(call, value_at_path(*scope.data, rest), scope.origin, rest);
  }
  const json* found = first == "accumulator" ? value_at_path(*scope.accumulator, rest) : nullptr;
  return found_or_absent(call, found, std::nullopt, first == "accumulator" ? rest : path);
}

Outcome Evaluator::found_or_absent(const Call& call, const json* found,
                                   const std::optional<std::string>& origin, std::string_view path) {
  const bool itself = path.empty() && call.scope.element;
  const bool absent = found == nullptr || (found->is_null() && !itself && !lenient_);
  // Pointers are spelled out only where somebody asks for them: most reads find a plain value.
  if (!absent && provisional_.empty() && !found->is_array()) {
    return {Term::borrow(*found), {}, {}};
  }
  const bool has_default = call.count() > 1;
  if (absent && has_default) {
    return argument(call, 1);
  }
  std::string pointer = pointer_below(origin.value_or(""), path);
  if (!absent && !(origin && is_provisional(pointer))) {
    return {Term::borrow(*found, origin ? std::optional(std::move(pointer)) : std::nullopt), {}, {}};
  }
  if (has_default) {
    return argument(call, 1);
  }
  return lenient_ ? value(nullptr) : undecided({std::move(pointer)});
}

Outcome Evaluator::branch(const Call& call) {
  const std::size_t count = call.count();
  for (std::size_t i = 0; i + 1 < count; i += 2) {
    const Outcome condition = argument(call, i);
    if (!condition.decided()) {
      return condition;
    }
    if (truthy(condition.term.get())) {
      return argument(call, i + 1);
    }
  }
  return count % 2 == 1 ? argument(call, count - 1) : value(nullptr);
}

/// `and` stops at the first false operand, `or` at the first true one; an undecided operand before it does
/// not matter.
Outcome Evaluator::connect(const Call& call, bool stop_at) {
  std::vector<std::string> lacking;
  Outcome last = value(nullptr);
  for (std::size_t i = 0; i < call.count(); ++i) {
    Outcome outcome = argument(call, i);
    if (!outcome.error.empty()) {
      return outcome;
    }
    if (!outcome.decided()) {
      add_lacking(lacking, std::move(outcome.lacking));
      continue;
    }
    if (truthy(outcome.term.get()) == stop_at) {
      return outcome;
    }
    last = std::move(outcome);
  }
  return lacking.empty() ? last : undecided(std::move(lacking));
}

Outcome Evaluator::iterate(const Call& call) {
  if (call.count() < 2) {
    return wrong(call.name + " needs a list and a rule");
  }
  const Outcome list = argument(call, 0);
  if (!list.decided()) {
    return list;
  }
  if (!list.term.get().is_array() && !lenient_) {
    return wrong(call.name + " needs a list");
  }
  if (call.name == "reduce") {
    return reduce(call, list.term);
  }
  if (call.name != "map" && call.name != "filter") {
    return quantify(call, list.term);
  }
  json result = json::array();
  std::vector<std::string> lacking;
  for (std::size_t i = 0; list.term.get().is_array() && i < list.term.get().size(); ++i) {
    const json& element = list.term.get()[i];
    const auto& origin = list.term.origin();
    const Scope scope{&element, origin ? std::optional(*origin + "/" + std::to_string(i)) : std::nullopt,
                      nullptr, true};
    Outcome outcome = evaluate(call.at(1), scope, call.depth + 1);
    if (call.name == "filter" && outcome.decided()) {
      if (!truthy(outcome.term.get())) {
        continue;
      }
      outcome = {Term::borrow(element), {}, {}};
    }
    outcome = own(std::move(outcome));
    if (!outcome.error.empty()) {
      return outcome;
    }
    if (outcome.decided()) {
      result.push_back(outcome.term.take());
    }
    add_lacking(lacking, std::move(outcome.lacking));
  }
  return lacking.empty() ? value(std::move(result)) : undecided(std::move(lacking));
}

/// `all` is settled by one false element, `some` and `none` by one true one, whatever is undecided.
Outcome Evaluator::quantify(const Call& call, const Term& list) {
  const bool all = call.name == "all";
  const json& elements = list.get();
  if (!elements.is_array() || elements.empty()) {
    return value(call.name == "none");
  }
  std::vector<std::string> lacking;
  for (std::size_t i = 0; i < elements.size(); ++i) {
    const auto& origin = list.origin();
    const Scope scope{&elements[i], origin ? std::optional(*origin + "/" + std::to_string(i)) : std::nullopt,
                      nullptr, true};
    Outcome outcome = evaluate(call.at(1), scope, call.depth + 1);
    if (!outcome.error.empty()) {
      return outcome;
    }
    if (!outcome.decided()) {
      add_lacking(lacking, std::move(outcome.lacking));
    } else if (truthy(outcome.term.get()) != all) {
      return value(call.name == "some");
    }
  }
  return lacking.empty() ? value(call.name != "some") : undecided(std::move(lacking));
}

Outcome Evaluator::reduce(const Call& call, const Term& list) {
  Outcome accumulated = call.count() > 2 ? own(argument(call, 2)) : value(nullptr);
  const json& elements = list.get();
  for (std::size_t i = 0; accumulated.decided() && elements.is_array() && i < elements.size(); ++i) {
    const auto& origin = list.origin();
    const Scope scope{&elements[i], origin ? std::optional(*origin + "/" + std::to_string(i)) : std::nullopt,
                      &accumulated.term.get(), true};
    // Owned before it replaces the value it may have been borrowed from.
    Outcome next = own(evaluate(call.at(1), scope, call.depth + 1));
    accumulated = std::move(next);
  }
  return accumulated;
}

Outcome Evaluator::combine(const Call& call, const std::vector<Term>& operands) {
  static const json nothing = nullptr;
  const std::string& name = call.name;
  const json& first = operands.empty() ? nothing : operands[0].get();
  const json& second = operands.size() < 2 ? nothing : operands[1].get();
  if (name == "!" || name == "!!") {
    return value(truthy(first) == (name == "!!"));
  }
  if (name == "==" || name == "!=" || name == "===" || name == "!==") {
    if (!spend(copy_cost(first, budget_))) {
      return wrong(kBudgetSpent);
    }
    const bool strict = name.size() == 3;
    const bool equal = strict ? strictly_equal(first, second) : loosely_equal(first, second);
    return value(equal == (name[0] == '='));
  }
  if (name[0] == '<' || name[0] == '>') {
    return order(name, operands);
  }
  if (name == "cat") {
    return join(operands);
  }
  if (name == "substr") {
    return cut(operands);
  }
  if (name == "in") {
    return contains(operands);
  }
  if (name == "merge") {
    return merge(operands);
  }
  if (name == "missing") {
    return missing(call.scope, operands);
  }
  if (name == "missing_some") {
    return missing_some(call.scope, operands);
  }
  return count(name, operands);
}

Outcome Evaluator::order(const std::string& name, const std::vector<Term>& operands) {
  if (operands.size() < 2) {
    return wrong(name + " needs two operands");
  }
  const bool ascending = name[0] == '<';
  const bool or_equal = name.size() == 2;
  // `<` and `<=` also take three: is the middle one between the others?
  const std::size_t pairs = ascending && operands.size() > 2 ? 2 : 1;
  bool holds = true;
  for (std::size_t i = 0; i < pairs; ++i) {
    const json& left = operands[i].get();
    const json& right = operands[i + 1].get();
    int sign = 0;
    if (left.is_string() && right.is_string()) {
      sign = left.get_ref<const std::string&>().compare(right.get_ref<const std::string&>());
    } else {
      const auto first = number_of(left, lenient_);
      const auto second = number_of(right, lenient_);
      if (!first || !second) {
        return lenient_ ? value(false) : wrong(name + " compares numbers or texts");
      }
      sign = compare(*first, *second);
    }
    holds = holds && (sign == 0 ? or_equal : (sign < 0) == ascending);
  }
  return value(holds);
}

Outcome Evaluator::count(const std::string& name, const std::vector<Term>& operands) {
  const auto no_number = [&] { return lenient_ ? value(nullptr) : wrong(name + " needs numbers"); };
  std::optional<Number> result;
  const bool extreme = name == "max" || name == "min";
  for (const Term& operand : operands) {
    const auto number = number_of(operand.get(), lenient_);
    if (!number) {
      return no_number();
    }
    if (!result) {
      result = number;
    } else if (extreme) {
      const int sign = compare(*number, *result);
      result = (name == "max" ? sign > 0 : sign < 0) ? number : result;
    } else {
      result = calculate(name[0], *result, *number);
    }
    if (!result) {
      return no_number();
    }
  }
  if (name == "-" && operands.size() == 1) {
    result = calculate('-', Number{}, *result);
  }
  const bool needs_two = name == "/" || name == "%";
  if (!result || (needs_two && operands.size() != 2)) {
    return no_number();
  }
  return value(to_json(*result));
}

Outcome Evaluator::join(const std::vector<Term>& operands) {
  std::string text;
  for (const Term& operand : operands) {
    const auto part = scalar_text(operand.get());
    if (!part) {
      return wrong("cat joins texts, numbers and booleans");
    }
    if (!spend(1 + static_cast<std::int64_t>(part->size() / 64))) {
      return wrong(kBudgetSpent);
    }
    text += *part;
  }
  return value(std::move(text));
}

Outcome Evaluator::cut(const std::vector<Term>& operands) {
  const auto text = operands.size() < 2 ? std::nullopt : scalar_text(operands[0].get());
  const auto start = operands.size() < 2 ? std::nullopt : number_of(operands[1].get(), false);
  const auto length = operands.size() < 3 ? std::optional(Number{}) : number_of(operands[2].get(), false);
  if (!text || !start || !length || !start->whole || !length->whole) {
    return wrong("substr needs a text and one or two integers");
  }
  if (!spend(1 + static_cast<std::int64_t>(text->size() / 64))) {
    return wrong(kBudgetSpent);
  }
  const auto points = operands.size() < 3 ? std::nullopt : std::optional(length->integer);
  return value(substring(*text, start->integer, points));
}

Outcome Evaluator::contains(const std::vector<Term>& operands) {
  if (operands.size() < 2) {
    return wrong("in needs two operands");
  }
  const json& needle = operands[0].get();
  const json& haystack = operands[1].get();
  if (!spend(copy_cost(haystack, budget_))) {
    return wrong(kBudgetSpent);
  }
  if (haystack.is_array()) {
    return value(std::any_of(haystack.begin(), haystack.end(),
                             [&](const json& each) { return strictly_equal(each, needle); }));
  }
  const bool texts = haystack.is_string() && needle.is_string();
  return value(texts && haystack.get_ref<const std::string&>().find(needle.get_ref<const std::string&>()) !=
                            std::string::npos);
}

Outcome Evaluator::merge(const std::vector<Term>& operands) {
  json result = json::array();
  for (const Term& operand : operands) {
    const json& each = operand.get();
    if (!spend(copy_cost(each, budget_))) {
      return wrong(kBudgetSpent);
    }
    if (each.is_array()) {
      result.insert(result.end(), each.begin(), each.end());
    } else {
      result.push_back(each);
    }
  }
  return value(std::move(result));
}

Outcome Evaluator::missing(const Scope& scope, const std::vector<Term>& operands) {
  json absent = json::array();
  std::vector<const json*> keys;
  if (!operands.empty() && operands[0].get().is_array()) {
    for (const json& key : operands[0].get()) {
      keys.push_back(&key);
    }
  } else {
    for (const Term& operand : operands) {
      keys.push_back(&operand.get());
    }
  }
  for (const json* key : keys) {
    const auto path = scalar_text(*key);
    if (!path || !spend(2 + std::count(path->begin(), path->end(), '.'))) {
      return wrong(path ? kBudgetSpent : "missing needs paths");
    }
    const json* found = value_at_path(*scope.data, *path);
    if (found == nullptr || found->is_null() || *found == "") {
      absent.push_back(*key);
    }
  }
  return value(std::move(absent));
}

Outcome Evaluator::missing_some(const Scope& scope, const std::vector<Term>& operands) {
  const auto needed = operands.size() < 2 ? std::nullopt : number_of(operands[0].get(), false);
  if (!needed || !operands[1].get().is_array()) {
    return wrong("missing_some needs a number and a list of paths");
  }
  const auto total = static_cast<std::int64_t>(operands[1].get().size());
  Outcome absent = missing(scope, {Term::borrow(operands[1].get())});
  if (!absent.decided()) {
    return absent;
  }
  const auto present = total - static_cast<std::int64_t>(absent.term.get().size());
  return compare(Number{true, present, 0.0}, *needed) >= 0 ? value(json::array()) : absent;
}

}  // namespace motcua::engine::guard
