#include "engine/prefill/once_only.hpp"

#include "engine/prefill/form_values.hpp"

namespace motcua::engine {
namespace {

/// State of a leaf whose register has not confirmed it (`given` or not).
FieldState waiting(const FieldOrigin& origin, FieldState otherwise) {
  if (origin.answer_class == "PENDING") return FieldState::pending;
  const bool failed = origin.answer_class == "UNAVAILABLE" || origin.answer_class == "REFUSED" ||
                      origin.answer_class == "MALFORMED";
  return failed ? FieldState::unavailable : otherwise;
}

FieldState state_of(bool given, const FieldOrigin& origin) {
  if (!given) return waiting(origin, FieldState::absent);
  if (origin.overridden) return FieldState::overridden;
  if (origin.source == "derived") return FieldState::derived;
  if (origin.source == "earlier_case") return FieldState::prefilled;
  if (origin.source != "population") return FieldState::asked;
  const bool answered = origin.answer_class.empty() || origin.answer_class == "MATCH";
  // A value that stands although the register did not give it was typed by a person.
  return answered ? FieldState::prefilled : waiting(origin, FieldState::asked);
}

}  // namespace

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

OnceOnlyReport once_only(const Definition& definition, const nlohmann::json& data,
                         const std::map<std::string, FieldOrigin>& origins) {
  OnceOnlyReport report;
  report.leaves = definition.leaves.size();
  for (const auto& leaf : definition.leaves) {
    const bool given = given_at(data, leaf.pointer) != nullptr;
    const auto found = origins.find(leaf.pointer);
    const FieldOrigin origin = found == origins.end() ? FieldOrigin{} : found->second;
    const FieldState state = state_of(given, origin);
    report.asked += state == FieldState::asked ? 1 : 0;
    report.prefilled += state == FieldState::prefilled ? 1 : 0;
    report.derived += state == FieldState::derived ? 1 : 0;
    report.overridden += state == FieldState::overridden ? 1 : 0;
    report.fields.push_back({leaf.pointer, leaf.title, state,
                             origin.source.empty() ? leaf.source : origin.source, origin.answer_class,
                             origin.data_time});
  }
  return report;
}

}  // namespace motcua::engine
