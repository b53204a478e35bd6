#include "engine/prefill/register_attributes.hpp"

#include <algorithm>
#include <string>

namespace motcua::engine {
namespace {

/// The letters of a name: it may be written as one word, with underscores, or as a path.
std::string letters_of(std::string_view name) {
  std::string text(name);
  std::erase_if(text, [](char c) { return c == '_' || c == '.' || c == '/'; });
  return text;
}

}  // namespace

bool is_register_attribute(std::string_view name) {
  return std::find(kRegisterAttributes.begin(), kRegisterAttributes.end(), name) != kRegisterAttributes.end();
}

bool register_holds(std::string_view leaf_name) {
  const std::string name = letters_of(leaf_name);
  return name == "residence" ||
         std::any_of(kRegisterAttributes.begin(), kRegisterAttributes.end(),
                     [&](std::string_view attribute) { return letters_of(attribute) == name; });
}

std::optional<nlohmann::json> attribute_of(const nlohmann::json& person, std::string_view attribute) {
  const nlohmann::json* value = &person;
  while (true) {
    const auto dot = attribute.find('.');
    const auto found = value->is_object() ? value->find(attribute.substr(0, dot)) : value->end();
    if (!value->is_object() || found == value->end()) return std::nullopt;
    value = &*found;
    if (dot == std::string_view::npos) break;
    attribute.remove_prefix(dot + 1);
  }
  if (value->is_object()) {
    const auto text = value->find("text");
    if (text == value->end() || !text->is_string()) return std::nullopt;
    value = &*text;
  }
  const bool empty = value->is_null() || value->is_array() ||
                     (value->is_string() && value->get_ref<const std::string&>().empty());
  return empty ? std::nullopt : std::optional(*value);
}

}  // namespace motcua::engine
