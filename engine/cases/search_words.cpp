#include "engine/cases/search_words.hpp"

#include "engine/core/fold.hpp"
#include "engine/prefill/form_values.hpp"

#include <algorithm>

namespace motcua::engine {
namespace {

constexpr std::size_t kWordBytesMax = 64;

/// Space and punctuation part words; every byte beyond ASCII belongs to one.
bool parts_words(char unit) {
  const auto byte = static_cast<unsigned char>(unit);
  const bool letter = byte >= 0x80 || (unit >= 'A' && unit <= 'Z') || (unit >= 'a' && unit <= 'z');
  return !letter && !(unit >= '0' && unit <= '9');
}

void add_words(std::vector<std::string>& words, std::string_view text) {
  const auto key = folded(text);
  std::string_view rest = key;
  while (!rest.empty()) {
    const auto end = static_cast<std::size_t>(
        std::distance(rest.begin(), std::find_if(rest.begin(), rest.end(), parts_words)));
    if (end != 0 && end <= kWordBytesMax) words.emplace_back(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
}

void add_value(std::vector<std::string>& words, const nlohmann::json* value) {
  if (value != nullptr && value->is_string()) add_words(words, value->get_ref<const std::string&>());
}

std::vector<std::string> each_once(std::vector<std::string> words, std::size_t most) {
  std::sort(words.begin(), words.end());
  words.erase(std::unique(words.begin(), words.end()), words.end());
  if (words.size() > most) words.resize(most);
  return words;
}

}  // namespace

std::vector<std::string> search_words(const Definition& definition, const CaseContent& content) {
  std::vector<std::string> words;
  add_value(words, given_at(content.applicant, "/full_name"));
  add_value(words, given_at(content.applicant, "/personal_id"));
  for (const auto& leaf : definition.leaves) {
    if (leaf.kind != "name" && leaf.kind != "personal_id") continue;
    add_value(words, given_at(content.data, leaf.pointer));
  }
  return each_once(std::move(words), kSearchWordsMax);
}

std::vector<std::string> search_words(std::string_view text) {
  std::vector<std::string> words;
  add_words(words, text);
  return each_once(std::move(words), kSearchWordsMax);
}

}  // namespace motcua::engine
