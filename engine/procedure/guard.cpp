#include "engine/procedure/guard.hpp"

#include "engine/procedure/guard_evaluator.hpp"
#include "engine/procedure/guard_values.hpp"

#include <algorithm>
#include <exception>
#include <utility>

namespace motcua::engine {
namespace {

using nlohmann::json;

/// How deep the static checks follow a rule; far beyond what the evaluator accepts.
constexpr int kStaticDepthMax = 128;
/// How much the static checks name; a rule with more is refused for other reasons.
constexpr std::size_t kStaticNamesMax = 1000;

GuardAnswer run(const json& rule, const json& facts, const std::vector<std::string>& provisional,
                bool lenient) {
  try {
    guard::Evaluator evaluator(provisional, lenient);
    auto outcome = evaluator.own(evaluator.evaluate(rule, guard::Scope{&facts, "", nullptr, lenient}, 1));
    if (!outcome.error.empty()) {
      return GuardError{std::move(outcome.error)};
    }
    if (!outcome.lacking.empty()) {
      return Undecided{std::move(outcome.lacking)};
    }
    return Decided{outcome.term.take()};
  } catch (const std::exception& problem) {
    return GuardError{problem.what()};
  }
}

void collect_operators(const json& rule, std::vector<std::string>& unknown, int depth) {
  if (depth > kStaticDepthMax || !rule.is_structured()) {
    return;
  }
  if (rule.is_object()) {
    if (rule.size() != 1) {
      return;  // a literal
    }
    const std::string& name = rule.begin().key();
    if (!guard::is_operator(name) && unknown.size() < kStaticNamesMax &&
        std::find(unknown.begin(), unknown.end(), name) == unknown.end()) {
      unknown.push_back(name);
    }
  }
  for (const json& each : rule) {
    collect_operators(each, unknown, depth + 1);
  }
}

void add_path(const json& path, std::vector<std::string>& pointers) {
  const auto text = path.is_structured() ? std::nullopt : guard::scalar_text(path);
  if (!text || pointers.size() >= kStaticNamesMax) {
    return;  // computed: known only when it runs
  }
  auto pointer = guard::pointer_below("", *text);
  if (std::find(pointers.begin(), pointers.end(), pointer) == pointers.end()) {
    pointers.push_back(std::move(pointer));
  }
}

bool reads_elements(const std::string& name) {
  return name == "map" || name == "filter" || name == "reduce" || name == "all" || name == "none" ||
         name == "some";
}

void collect_pointers(const json& rule, std::vector<std::string>& pointers, int depth) {
  if (depth > kStaticDepthMax || !rule.is_structured() || (rule.is_object() && rule.size() != 1)) {
    return;
  }
  if (rule.is_array()) {
    for (const json& each : rule) {
      collect_pointers(each, pointers, depth + 1);
    }
    return;
  }
  const std::string& name = rule.begin().key();
  const json& arguments = *rule.begin();
  if (name == "var") {
    add_path(arguments.is_array() ? (arguments.empty() ? json("") : arguments[0]) : arguments, pointers);
  } else if (name == "missing") {
    for (const json& path : arguments.is_array() ? arguments : json::array({arguments})) {
      add_path(path, pointers);
    }
  } else if (name == "missing_some" && arguments.is_array() && arguments.size() > 1 &&
             arguments[1].is_array()) {
    for (const json& path : arguments[1]) {
      add_path(path, pointers);
    }
  }
  if (!arguments.is_array()) {
    return collect_pointers(arguments, pointers, depth + 1);
  }
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    // The second argument of an iteration reads elements, not facts.
    if (i != 1 || !reads_elements(name)) {
      collect_pointers(arguments[i], pointers, depth + 1);
    }
  }
}

}  // namespace

bool truthy(const json& value) {
  if (value.is_boolean()) {
    return value.get<bool>();
  }
  if (value.is_number()) {
    return value != 0;
  }
  if (value.is_string()) {
    return !value.get_ref<const std::string&>().empty();
  }
  return value.is_array() ? !value.empty() : !value.is_null();
}

GuardAnswer evaluate(const json& rule, const json& facts, const std::vector<std::string>& provisional) {
  return run(rule, facts, provisional, false);
}

GuardAnswer evaluate_lenient(const json& rule, const json& data) { return run(rule, data, {}, true); }

std::vector<std::string> unknown_operators(const json& rule) {
  std::vector<std::string> unknown;
  collect_operators(rule, unknown, 0);
  return unknown;
}

std::vector<std::string> pointers_read(const json& rule) {
  std::vector<std::string> pointers;
  collect_pointers(rule, pointers, 0);
  return pointers;
}

int depth_of(const json& rule) {
  const auto measure = [](const auto& self, const json& each, int depth) -> int {
    int deepest = depth;
    if (depth > kGuardDepthMax || !each.is_structured()) {
      return depth;
    }
    if (each.is_object() && each.size() != 1) {
      return depth;
    }
    const json& inner = each.is_object() && each.begin()->is_array() ? *each.begin() : each;
    for (const json& part : inner) {
      deepest = std::max(deepest, self(self, part, depth + 1));
    }
    return deepest;
  };
  return measure(measure, rule, 1);
}

}  // namespace motcua::engine
