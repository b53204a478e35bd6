/// How the commands that replay a whole store name the cases that cannot be read.
#pragma once

#include "engine/runtime/views.hpp"

#include <nlohmann/json.hpp>

#include <vector>

namespace motcua::api {

/// `[{id, why}]`.
[[nodiscard]] nlohmann::json unreadable_json(const std::vector<engine::UnreadableCase>& cases);
/// One line each, to standard output.
void print_unreadable(const std::vector<engine::UnreadableCase>& cases);

}  // namespace motcua::api
