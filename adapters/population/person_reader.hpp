/// The record of a person (CongDan, dịch vụ 037) in the normalised form of engine/ports. Fields that the port
/// does not list are dropped here. Includes pugixml: for this folder's .cpp files only.
#pragma once

#include <nlohmann/json.hpp>

#include <optional>
#include <pugixml.hpp>

namespace motcua::adapters {

/// Normalises one `CongDan` element; nullopt if it cannot be read with certainty: an element twice, a birth
/// date that is none.
[[nodiscard]] std::optional<nlohmann::json> read_person(const pugi::xml_node& record);

}  // namespace motcua::adapters
