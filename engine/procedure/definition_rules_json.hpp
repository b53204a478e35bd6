/// Reading a definition's JSON without assuming that it is well formed: what is absent or of another type is
/// null, empty, nothing. Shared by the rules and by the loader.
#pragma once

#include <nlohmann/json.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace motcua::engine {

/// JSON whose objects keep the order of the text: the order of states and questions has meaning.
using OrderedJson = nlohmann::ordered_json;

/// `parent` + `/` + `member`, escaped as RFC 6901 demands.
[[nodiscard]] inline std::string below(std::string_view parent, std::string_view member) {
  std::string pointer(parent);
  pointer += '/';
  for (const char c : member) {
    if (c == '~') {
      pointer += "~0";
    } else if (c == '/') {
      pointer += "~1";
    } else {
      pointer += c;
    }
  }
  return pointer;
}
[[nodiscard]] inline std::string below(std::string_view parent, std::size_t index) {
  return std::string(parent) + "/" + std::to_string(index);
}

/// Member `name` of an object; null (a constant) if `object` is no object or lacks it.
[[nodiscard]] inline const OrderedJson& member(const OrderedJson& object, std::string_view name) {
  static const OrderedJson absent = nullptr;
  if (object.is_object()) {
    for (const auto& entry : object.items()) {
      if (entry.key() == name) {
        return entry.value();
      }
    }
  }
  return absent;
}

/// Text of a string member; empty if absent or no string.
[[nodiscard]] inline std::string text_of(const OrderedJson& object, std::string_view name) {
  const OrderedJson& value = member(object, name);
  return value.is_string() ? value.get<std::string>() : std::string();
}

/// Calls `visit(pointer, element)` for each element of an array; does nothing for anything else.
template <class Visit>
void each_element(const OrderedJson& array, const std::string& at, Visit&& visit) {
  for (std::size_t i = 0; array.is_array() && i < array.size(); ++i) {
    visit(below(at, i), array[i]);
  }
}

/// Calls `visit(pointer, name, value)` for each member of an object, in order; does nothing for anything
/// else.
template <class Visit>
void each_member(const OrderedJson& object, const std::string& at, Visit&& visit) {
  if (object.is_object()) {
    for (const auto& entry : object.items()) {
      visit(below(at, entry.key()), entry.key(), entry.value());
    }
  }
}

}  // namespace motcua::engine
