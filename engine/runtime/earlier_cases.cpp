#include "engine/runtime/earlier_cases.hpp"

#include "engine/cases/search_words.hpp"
#include "engine/prefill/form_values.hpp"
#include "engine/runtime/search.hpp"

#include <algorithm>
#include <string>

namespace motcua::engine {
namespace {

constexpr const char* kPersonalId = "/personal_id";

std::string personal_id_of(const CaseContent& content) {
  const auto* number = given_at(content.applicant, kPersonalId);
  return number != nullptr && number->is_string() ? number->get<std::string>() : std::string();
}

bool brings(const LoadedCase& earlier, const std::string& personal_id, const Prerequisite& wanted) {
  const auto& state = earlier.state;
  if (state.pins.procedure != wanted.procedure || !state.resolved_at) return false;
  if (personal_id_of(*earlier.content) != personal_id) return false;
  return wanted.result.empty() ||
         std::any_of(state.results.begin(), state.results.end(),
                     [&](const CaseResult& result) { return result.code == wanted.result; });
}

}  // namespace

FaultOr<EarlierCase> find_earlier(const EventStore& store, const KeyStore& keys, const CaseLoader& loader,
                                  const LoadedCase& current, const Prerequisite& wanted) {
  EarlierCase earlier;
  earlier.procedure = wanted.procedure;
  const auto number = personal_id_of(*current.content);
  if (number.empty()) return earlier;
  const auto found = find_cases(store, search_tokens(keys, search_words(number)), "", kEarlierCasesMax,
                                [](const AgencyId&) { return true; });
  if (!found) return found.error();
  Instant newest{};
  for (const auto& item : found->items) {
    if (item.id == current.state.id) continue;
    const auto loaded = loader.load(item.id);
    if (!loaded) return loaded.error();
    if (!*loaded || !brings(**loaded, number, wanted)) continue;
    const auto& state = (*loaded)->state;
    if (earlier.found && *state.resolved_at < newest) continue;
    newest = *state.resolved_at;
    earlier.found = true;
    earlier.case_id = to_text(state.id);
    earlier.code = state.codes.empty() ? std::string() : state.codes.front().code;
  }
  return earlier;
}

}  // namespace motcua::engine
