#include "workflows/loader/catalogue_check.hpp"

#include "engine/core/fold.hpp"

#include <algorithm>

namespace motcua::workflows {
namespace {

/// Names of results shorter than this say too little to be found in another name; longer ones than the other
/// bound are not looked for.
constexpr std::size_t kNameWordsMin = 3;
constexpr std::size_t kNameWordsMax = 24;

/// The words of a name, folded: letters and digits only.
std::vector<std::string> words_of(const std::string& name) {
  std::vector<std::string> words;
  bool inside = false;
  for (const char c : engine::folded(name)) {
    const bool letter = (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (letter && !inside) words.emplace_back();
    if (letter) words.back() += c;
    inside = letter;
  }
  return words;
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

/// True for a paper that is about a result and none itself: an application for it, a statement that there is
/// none.
bool speaks_of_another(const std::vector<std::string>& words) {
  const std::string text = " " + joined(words) + " ";
  for (const char* begin : {" DON ", " TO KHAI ", " VAN BAN ", " BAN CAM DOAN ", " GIAY UY QUYEN ",
                            " GIAY CAM DOAN ", " GIAY DE NGHI "}) {
    if (text.rfind(begin, 0) == 0) return true;
  }
  return text.find(" KHONG CO ") != std::string::npos;
}

/// Names and codes share one map; a name has a space before it, which no code has.
std::string key_of_name(const std::string& words) { return " " + words; }

}  // namespace

void CatalogueCheck::add(const LocatedJson& located, const engine::Digest& hash) {
  const Json& document = located.document;
  const std::string code = text_of(document, "code");
  const Json& version = member(document, "version");
  if (!version.is_number_integer()) return;
  const auto [entry, added] =
      versions_.emplace(std::pair(code, version.get<std::int64_t>()), std::pair(located.file, hash));
  if (!added && entry->second.second != hash) {
    taken_.push_back({located.file, "/version", located.line_of("/version"), "version-taken", Severity::error,
                      "this version is published with another text; raise the version"});
  }
  files_.push_back({located.file, code});
  add_results(document);
  add_papers(document);
  add_questions(member(document, "form"), "/form");
}

void CatalogueCheck::keep(const std::string& key, const Kept& kept) {
  auto& there = kept_[key];
  const bool known = std::any_of(there.begin(), there.end(),
                                 [&](const Kept& each) { return each.procedure == kept.procedure; });
  if (!known && there.size() < 2) there.push_back(kept);
}

void CatalogueCheck::add_results(const Json& document) {
  engine::each_element(member(document, "results"), "", [&](const std::string&, const Json& result) {
    const Json& reusable = member(result, "reusable");
    if (!reusable.is_boolean() || !reusable.get<bool>()) return;
    const Kept kept{files_.back().procedure, text_of(member(result, "name"), "vi")};
    for (const char* name : {"code", "template"}) {
      if (const auto code = text_of(result, name); !code.empty()) keep(code, kept);
    }
    const auto words = words_of(kept.spoken);
    if (words.size() >= kNameWordsMin && words.size() <= kNameWordsMax)
      keep(key_of_name(joined(words)), kept);
  });
}

void CatalogueCheck::add_papers(const Json& document) {
  engine::each_element(member(document, "papers"), "/papers", [&](const std::string& at, const Json& paper) {
    const Json& required = member(paper, "required");
    const bool asked = !required.is_boolean() || required.get<bool>();
    const Json& sources = member(paper, "look_up_first");
    const bool looked_up = sources.is_array() && !sources.empty();
    if (!asked || looked_up || !text_of(paper, "replaced_by").empty()) return;
    asked_.push_back({files_.size() - 1, at, text_of(paper, "code"), text_of(member(paper, "name"), "vi")});
  });
}

/// Questions about number, day or content of a result, by what they are called.
void CatalogueCheck::add_questions(const Json& schema, const std::string& at) {
  engine::each_member(
      member(schema, "properties"), below(at, "properties"),
      [&](const std::string& pointer, const std::string& name, const Json& place) {
        if (member(place, "properties").is_object()) return add_questions(place, pointer);
        const bool asked = text_of(place, "x-source") == "citizen";
        if (!asked || text_of(place, "type") == "boolean") return;
        asked_.push_back({files_.size() - 1, pointer, name, text_of(member(place, "x-label"), "vi")});
      });
}

const CatalogueCheck::Kept* CatalogueCheck::kept_elsewhere(const std::string& key,
                                                           const std::string& procedure) const {
  const auto found = kept_.find(key);
  if (found == kept_.end()) return nullptr;
  for (const Kept& each : found->second) {
    if (each.procedure != procedure) return &each;
  }
  return nullptr;
}

/// The result that is what is asked, by its code or by its name among the words of the question.
const CatalogueCheck::Kept* CatalogueCheck::held(const Asked& asked) const {
  const std::string& procedure = files_[asked.file].procedure;
  if (const Kept* kept = kept_elsewhere(asked.code, procedure)) return kept;
  const auto words = words_of(asked.name);
  if (speaks_of_another(words)) return nullptr;
  for (std::size_t begin = 0; begin + kNameWordsMin <= words.size(); ++begin) {
    std::string name;
    for (std::size_t end = begin; end < words.size() && end - begin < kNameWordsMax; ++end) {
      name += (name.empty() ? "" : " ") + words[end];
      if (end - begin + 1 < kNameWordsMin) continue;
      if (const Kept* kept = kept_elsewhere(key_of_name(name), procedure)) return kept;
    }
  }
  return nullptr;
}

Findings CatalogueCheck::findings() const {
  Findings found = taken_;
  if (kept_.empty()) return found;
  for (const Asked& asked : asked_) {
    const Kept* kept = held(asked);
    if (kept == nullptr) continue;
    found.push_back({files_[asked.file].name, asked.pointer, kLineUnknown, "once-only-result",
                     Severity::warning,
                     "the result `" + kept->spoken + "` of procedure " + kept->procedure +
                         " holds this: look it up first (Nghị định 224/2026/NĐ-CP, Điều 18 khoản 4; Chỉ thị "
                         "24/CT-TTg ngày 13/9/2025)"});
  }
  return found;
}

}  // namespace motcua::workflows
