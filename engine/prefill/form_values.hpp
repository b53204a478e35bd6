/// Reading and filling form data (dữ liệu tờ khai) by pointer, without ever throwing on odd shapes.
#pragma once

#include <nlohmann/json.hpp>

#include <string>
#include <string_view>

namespace motcua::engine {

/// The value at `pointer` below `data`; null if a step is missing or leads through something else than an
/// object.
[[nodiscard]] const nlohmann::json* value_below(const nlohmann::json& data, std::string_view pointer);

/// As value_below, but what is null or an empty text counts as not given (chưa khai).
[[nodiscard]] const nlohmann::json* given_at(const nlohmann::json& data, std::string_view pointer);

/// Puts `value` at `pointer`, making the objects around it. False, and nothing changed, if something else
/// than an object is in the way or the pointer is empty.
bool put(nlohmann::json& data, std::string_view pointer, const nlohmann::json& value);

}  // namespace motcua::engine
