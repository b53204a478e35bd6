#include "engine/prefill/form_values.hpp"

namespace motcua::engine {
namespace {

/// The first member name of `/a/b/c`; shortens the pointer. Names of forms are snake_case, so nothing is
/// escaped.
std::string_view next_name(std::string_view& pointer) {
  pointer.remove_prefix(1);
  const auto slash = pointer.find('/');
  const auto name = pointer.substr(0, slash);
  pointer = slash == std::string_view::npos ? std::string_view() : pointer.substr(slash);
  return name;
}

}  // namespace

const nlohmann::json* value_below(const nlohmann::json& data, std::string_view pointer) {
  const nlohmann::json* value = &data;
  while (!pointer.empty()) {
    if (!value->is_object()) return nullptr;
    const auto found = value->find(next_name(pointer));
    if (found == value->end()) return nullptr;
    value = &*found;
  }
  return value;
}

const nlohmann::json* given_at(const nlohmann::json& data, std::string_view pointer) {
  const auto* value = value_below(data, pointer);
  const bool blank = value == nullptr || value->is_null() ||
                     (value->is_string() && value->get_ref<const std::string&>().empty());
  return blank ? nullptr : value;
}

bool put(nlohmann::json& data, std::string_view pointer, const nlohmann::json& value) {
  if (pointer.empty()) return false;
  nlohmann::json* place = &data;
  while (!pointer.empty()) {
    // Once something had to be made, nothing can be in the way any more.
    if (!place->is_object() && !place->is_null()) return false;
    place = &(*place)[next_name(pointer)];
  }
  *place = value;
  return true;
}

}  // namespace motcua::engine
