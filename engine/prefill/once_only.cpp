#include "engine/prefill/once_only.hpp"

#include "engine/prefill/form_values.hpp"

namespace motcua::engine {
namespace {

/// State of a leaf whose register has not confirmed it (given or not).
FieldState waiting(std::string_view answer_class, FieldState otherwise) {
  if (answer_class == "PENDING") return FieldState::pending;
  const bool failed =
      answer_class == "UNAVAILABLE" || answer_class == "REFUSED" || answer_class == "MALFORMED";
  return failed ? FieldState::unavailable : otherwise;
}

}  // namespace

FieldState field_state(bool given, std::string_view source, std::string_view answer_class, bool overridden) {
  if (!given) return waiting(answer_class, FieldState::absent);
  if (overridden) return FieldState::overridden;
  if (source == "derived") return FieldState::derived;
  if (source == "earlier_case") return FieldState::prefilled;
  if (source != "population") return FieldState::asked;
  const bool answered = answer_class.empty() || answer_class == "MATCH";
  // A value that stands although the register did not give it was typed by a person.
  return answered ? FieldState::prefilled : waiting(answer_class, FieldState::asked);
}

std::string_view name_of(FieldState state) {
  switch (state) {
    case FieldState::asked:
      return "asked";
    case FieldState::prefilled:
      return "prefilled";
    case FieldState::derived:
      return "derived";
    case FieldState::overridden:
      return "overridden";
    case FieldState::pending:
      return "pending";
    case FieldState::unavailable:
      return "unavailable";
    case FieldState::absent:
      return "absent";
  }
  return "absent";
}

void OnceOnlyTotals::count(FieldState state) {
  leaves += 1;
  switch (state) {
    case FieldState::asked:
      asked += 1;
      break;
    case FieldState::prefilled:
      prefilled += 1;
      break;
    case FieldState::derived:
      derived += 1;
      break;
    case FieldState::overridden:
      overridden += 1;
      break;
    case FieldState::pending:
      pending += 1;
      break;
    case FieldState::unavailable:
      unavailable += 1;
      break;
    case FieldState::absent:
      break;
  }
}

OnceOnlyReport once_only(const Definition& definition, const nlohmann::json& data,
                         const std::map<std::string, FieldOrigin>& origins) {
  OnceOnlyReport report;
  for (const auto& leaf : definition.leaves) {
    const bool given = given_at(data, leaf.pointer) != nullptr;
    const auto found = origins.find(leaf.pointer);
    const FieldOrigin origin = found == origins.end() ? FieldOrigin{} : found->second;
    const FieldState state = field_state(given, origin.source, origin.answer_class, origin.overridden);
    report.count(state);
    report.fields.push_back({leaf.pointer, leaf.title, state,
                             origin.source.empty() ? leaf.source : origin.source, origin.answer_class,
                             origin.data_time});
  }
  return report;
}

}  // namespace motcua::engine
