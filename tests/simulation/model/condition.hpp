/// The few operations of JsonLogic that shipped definitions use, read anew for the model.
#pragma once

#include <nlohmann/json.hpp>

#include <optional>
#include <string>

namespace motcua::simulation::model {

/// The value of a condition; nullopt if it reads something absent without a default, or uses an operation
/// that is not known here.
[[nodiscard]] std::optional<nlohmann::json> value_of(const nlohmann::json& rule, const nlohmann::json& facts);
/// True if the condition is decided and holds.
[[nodiscard]] bool holds(const nlohmann::json& rule, const nlohmann::json& facts);

/// Value at `/a/b`; null if absent.
[[nodiscard]] const nlohmann::json* at_pointer(const nlohmann::json& data, const std::string& pointer);
/// Present, not null, not "".
[[nodiscard]] bool is_given(const nlohmann::json& data, const std::string& pointer);
/// Objects member by member, all else replaced.
void merge(nlohmann::json& into, const nlohmann::json& from);

}  // namespace motcua::simulation::model
