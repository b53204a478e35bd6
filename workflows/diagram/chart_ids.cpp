#include "workflows/diagram/chart_ids.hpp"

#include <set>

namespace motcua::workflows {
namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string as_id(const std::string& name, std::string_view also) {
  std::string id;
  for (const char c : name) {
    const bool allowed = is_letter(c) || is_digit(c) || also.find(c) != std::string_view::npos;
    id += allowed ? c : '_';
  }
  return id.empty() || !is_letter(id.front()) ? "_" + id : id;
}

}  // namespace

std::vector<std::string> ids_of(const Chart& chart, std::string_view also,
                                const std::vector<std::string>& reserved) {
  std::set<std::string> taken(reserved.begin(), reserved.end());
  std::vector<std::string> ids;
  for (const auto& state : chart.states) {
    const std::string wanted = as_id(state.name, also);
    std::string id = wanted;
    for (int suffix = 2; !taken.insert(id).second; ++suffix) id = wanted + "_" + std::to_string(suffix);
    ids.push_back(std::move(id));
  }
  return ids;
}

}  // namespace motcua::workflows
