#include "engine/cases/case.hpp"

#include <algorithm>

namespace motcua::engine {
namespace {

/// One reference token of a JSON pointer, `~1` and `~0` decoded.
std::string unescaped(std::string_view token) {
  std::string text;
  for (std::size_t i = 0; i < token.size(); ++i) {
    if (token[i] == '~' && i + 1 < token.size()) {
      ++i;
      text.push_back(token[i] == '1' ? '/' : '~');
    } else {
      text.push_back(token[i]);
    }
  }
  return text;
}

}  // namespace

// Recursion is bounded: form data is at most 32 levels deep (JSON gate).
void merge_into(nlohmann::json& into, const nlohmann::json& from) {
  if (!into.is_object() || !from.is_object()) {
    into = from;
    return;
  }
  for (const auto& [key, value] : from.items()) {
    merge_into(into[key], value);
  }
}

void fold(CaseContent& content, const nlohmann::json& opened) {
  if (const auto it = opened.find("applicant"); it != opened.end()) merge_into(content.applicant, *it);
  if (const auto it = opened.find("data"); it != opened.end()) merge_into(content.data, *it);
  if (const auto it = opened.find("results"); it != opened.end()) merge_into(content.results, *it);
  if (const auto it = opened.find("registered"); it != opened.end()) merge_into(content.registered, *it);
}

const nlohmann::json* value_at(const nlohmann::json& data, std::string_view pointer) {
  const nlohmann::json* at = &data;
  while (!pointer.empty()) {
    if (pointer.front() != '/' || !at->is_object()) return nullptr;
    pointer.remove_prefix(1);
    const auto end = std::min(pointer.find('/'), pointer.size());
    const auto it = at->find(unescaped(pointer.substr(0, end)));
    if (it == at->end()) return nullptr;
    at = &*it;
    pointer.remove_prefix(end);
  }
  return at;
}

bool is_given(const nlohmann::json* value) {
  if (value == nullptr || value->is_null()) return false;
  return !value->is_string() || !value->get_ref<const std::string&>().empty();
}

}  // namespace motcua::engine
