#include "api/cli/unreadable_text.hpp"

#include <iostream>

namespace motcua::api {

nlohmann::json unreadable_json(const std::vector<engine::UnreadableCase>& cases) {
  auto list = nlohmann::json::array();
  for (const auto& one : cases) list.push_back({{"id", engine::to_text(one.id)}, {"why", one.why}});
  return list;
}

void print_unreadable(const std::vector<engine::UnreadableCase>& cases) {
  for (const auto& one : cases) {
    std::cout << "UNREADABLE case " << engine::to_text(one.id) << ": " << one.why << '\n';
  }
}

}  // namespace motcua::api
