#include "tests/simulation/model/condition.hpp"

#include <algorithm>
#include <sstream>

namespace motcua::simulation::model {
namespace {

using nlohmann::json;
using Value = std::optional<json>;

bool truthy(const json& value) {
  if (value.is_boolean()) return value.get<bool>();
  if (value.is_number()) return value.get<double>() != 0;
  return !value.is_null() && !value.empty() && value != "";
}

Value read_variable(const json& arguments, const json& facts) {
  const auto& path = arguments.is_array() ? arguments.at(0) : arguments;
  const json* value = &facts;
  std::istringstream names(path.get<std::string>());
  for (std::string name; value != nullptr && std::getline(names, name, '.');) {
    value = value->is_object() && value->contains(name) ? &value->at(name) : nullptr;
  }
  if (value != nullptr) return *value;
  if (arguments.is_array() && arguments.size() > 1) return arguments.at(1);
  return std::nullopt;
}

Value all_or_any(const json& arguments, const json& facts, bool all) {
  Value last;
  for (const auto& argument : arguments) {
    last = value_of(argument, facts);
    if (!last || truthy(*last) != all) return last;
  }
  return last;
}

Value contains(const json& needle, const json& haystack) {
  return json(std::find(haystack.begin(), haystack.end(), needle) != haystack.end());
}

Value with_two(const std::string& name, const json& arguments, const json& facts) {
  const auto left = value_of(arguments.at(0), facts);
  const auto right = value_of(arguments.at(1), facts);
  if (!left || !right) return std::nullopt;
  return name == "in" ? contains(*left, *right) : Value(json(*left == *right));
}

}  // namespace

std::optional<json> value_of(const json& rule, const json& facts) {
  if (rule.is_array()) {
    auto list = json::array();
    for (const auto& element : rule) {
      const auto value = value_of(element, facts);
      if (!value) return std::nullopt;
      list.push_back(*value);
    }
    return list;
  }
  if (!rule.is_object() || rule.size() != 1) return rule;
  const auto& name = rule.begin().key();
  const auto& arguments = rule.begin().value();
  if (name == "var") return read_variable(arguments, facts);
  if (name == "and" || name == "or") return all_or_any(arguments, facts, name == "and");
  if (name == "in" || name == "==") return with_two(name, arguments, facts);
  if (name == "!") {
    const auto value = value_of(arguments.is_array() ? arguments.at(0) : arguments, facts);
    return value ? Value(json(!truthy(*value))) : std::nullopt;
  }
  return std::nullopt;
}

bool holds(const json& rule, const json& facts) {
  const auto value = value_of(rule, facts);
  return value && truthy(*value);
}

const json* at_pointer(const json& data, const std::string& pointer) {
  const json* value = &data;
  std::istringstream names(pointer.empty() ? pointer : pointer.substr(1));
  for (std::string name; std::getline(names, name, '/');) {
    if (!value->is_object() || !value->contains(name)) return nullptr;
    value = &value->at(name);
  }
  return value;
}

bool is_given(const json& data, const std::string& pointer) {
  const auto* value = at_pointer(data, pointer);
  return value != nullptr && !value->is_null() && *value != "";
}

void merge(json& into, const json& from) {
  if (!from.is_object() || !into.is_object()) {
    into = from;
    return;
  }
  for (const auto& [name, value] : from.items()) {
    if (into.contains(name)) {
      merge(into[name], value);
    } else {
      into[name] = value;
    }
  }
}

}  // namespace motcua::simulation::model
