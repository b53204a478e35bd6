#include "workflows/loader/schema_shape.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace motcua::workflows {
namespace {

/// Keywords that say nothing about what fits.
constexpr std::array<std::string_view, 8> kSilent{"$schema",  "$id",     "title",    "description",
                                                  "examples", "default", "$comment", "definitions"};

std::size_t characters_of(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

bool within(std::size_t size, const std::optional<std::size_t>& least,
            const std::optional<std::size_t>& most) {
  return (!least || size >= *least) && (!most || size <= *most);
}

bool has_type(const Json& value, const std::string& type) {
  if (type == "object") return value.is_object();
  if (type == "array") return value.is_array();
  if (type == "string") return value.is_string();
  if (type == "integer" || type == "number") return value.is_number_integer();
  if (type == "boolean") return value.is_boolean();
  return type == "null" && value.is_null();
}

}  // namespace

SchemaShape::SchemaShape(const Json& schema) : root_(&schema) {
  start_ = compile(schema);
  root_ = nullptr;
}

SchemaShape::Index SchemaShape::compile(const Json& schema) {
  if (const auto name = text_of(schema, "$ref"); !name.empty()) {
    constexpr std::string_view kPlace = "#/definitions/";
    const auto found = definitions_.find(name);
    if (found != definitions_.end()) return found->second;
    const Json& target = name.rfind(kPlace, 0) == 0
                             ? member(member(*root_, "definitions"), name.substr(kPlace.size()))
                             : member(Json(), "");
    known_ = known_ && target.is_object();
    // Noted before it is compiled, so that a reference to itself comes to an end.
    const Index index = nodes_.size();
    definitions_.emplace(name, index);
    nodes_.emplace_back();
    Node node;
    for (const auto& [keyword_name, value] : target.items()) keyword(keyword_name, value, node);
    nodes_[index] = std::move(node);
    return index;
  }
  const Index index = nodes_.size();
  nodes_.emplace_back();
  Node node;
  known_ = known_ && schema.is_object();
  for (const auto& [name, value] : schema.items()) keyword(name, value, node);
  nodes_[index] = std::move(node);
  return index;
}

void SchemaShape::patterns(const Json& value, Node& node) {
  for (const auto& [pattern, schema] : value.items()) {
    known_ = known_ && pattern == "^x-" && schema.empty();
    node.notes_allowed = true;
  }
}

void SchemaShape::keyword(const std::string& name, const Json& value, Node& node) {
  const auto count = [&](std::optional<std::size_t>& place) {
    known_ = known_ && value.is_number_unsigned();
    if (value.is_number_unsigned()) place = value.get<std::size_t>();
  };
  const auto bound = [&](std::optional<std::int64_t>& place) {
    known_ = known_ && value.is_number_integer();
    if (value.is_number_integer()) place = value.get<std::int64_t>();
  };
  if (name == "type") {
    node.types = value.is_array() ? value.get<std::vector<std::string>>()
                                  : std::vector<std::string>{value.get<std::string>()};
  } else if (name == "enum") {
    node.allowed.assign(value.begin(), value.end());
  } else if (name == "required") {
    node.required = value.get<std::vector<std::string>>();
  } else if (name == "properties") {
    for (const auto& [member_name, schema] : value.items())
      node.properties.emplace(member_name, compile(schema));
  } else if (name == "patternProperties") {
    patterns(value, node);
  } else if (name == "additionalProperties") {
    node.additional_refused = value == false;
    if (value.is_object()) node.additional = compile(value);
  } else if (name == "dependencies") {
    for (const auto& [member_name, others] : value.items()) {
      node.dependencies.emplace(member_name, others.get<std::vector<std::string>>());
    }
  } else if (name == "items") {
    node.items = compile(value);
  } else if (name == "minLength") {
    count(node.length_min);
  } else if (name == "maxLength") {
    count(node.length_max);
  } else if (name == "minItems") {
    count(node.items_min);
  } else if (name == "maxItems") {
    count(node.items_max);
  } else if (name == "minProperties") {
    count(node.members_min);
  } else if (name == "maxProperties") {
    count(node.members_max);
  } else if (name == "minimum") {
    bound(node.minimum);
  } else if (name == "maximum") {
    bound(node.maximum);
  } else {
    known_ = known_ && std::find(kSilent.begin(), kSilent.end(), name) != kSilent.end();
  }
}

bool SchemaShape::fits(const Json& document) const { return known_ && fits(start_, document); }

bool SchemaShape::fits(Index index, const Json& value) const {
  const Node& node = nodes_[index];
  const bool typed =
      node.types.empty() || std::any_of(node.types.begin(), node.types.end(),
                                        [&](const auto& type) { return has_type(value, type); });
  const bool allowed = node.allowed.empty() ||
                       std::find(node.allowed.begin(), node.allowed.end(), value) != node.allowed.end();
  if (!typed || !allowed) return false;
  if (value.is_object()) return object_fits(node, value);
  if (value.is_array()) {
    return within(value.size(), node.items_min, node.items_max) &&
           (!node.items || std::all_of(value.begin(), value.end(),
                                       [&](const Json& each) { return fits(*node.items, each); }));
  }
  if (value.is_string() && (node.length_min || node.length_max)) {
    return within(characters_of(value.get_ref<const std::string&>()), node.length_min, node.length_max);
  }
  if (value.is_number_integer()) {
    const auto number = value.get<std::int64_t>();
    return (!node.minimum || number >= *node.minimum) && (!node.maximum || number <= *node.maximum);
  }
  return !value.is_number_float() || (!node.minimum && !node.maximum);
}

bool SchemaShape::object_fits(const Node& node, const Json& object) const {
  const auto& members = object.get_ref<const Json::object_t&>();
  const auto has = [&](const std::string& name) {
    return std::any_of(members.begin(), members.end(), [&](const auto& each) { return each.first == name; });
  };
  if (!within(members.size(), node.members_min, node.members_max)) return false;
  if (!std::all_of(node.required.begin(), node.required.end(), has)) return false;
  for (const auto& [name, others] : node.dependencies) {
    if (has(name) && !std::all_of(others.begin(), others.end(), has)) return false;
  }
  return std::all_of(members.begin(), members.end(), [&](const auto& each) {
    const auto known = node.properties.find(each.first);
    if (known != node.properties.end()) return fits(known->second, each.second);
    if (node.notes_allowed && each.first.rfind("x-", 0) == 0) return true;
    return node.additional ? fits(*node.additional, each.second) : !node.additional_refused;
  });
}

}  // namespace motcua::workflows
