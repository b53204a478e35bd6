/// Correction of form data (đính chính) and notes (ghi chú).
#include "engine/cases/decision_parts.hpp"
#include "engine/cases/form_filling.hpp"

namespace motcua::engine {
namespace {

/// `{a: {b: value}}` for `/a/b`.
nlohmann::json nested(const std::string& pointer, const nlohmann::json& value) {
  nlohmann::json data = nlohmann::json::object();
  data[nlohmann::json::json_pointer(pointer)] = value;
  return data;
}

}  // namespace

/// Rejections: not_allowed (final stage), invalid_data (pointer is no leaf of the form, value without its
/// shape).
Result<Decision> decide(const CaseView& current, const CorrectData& command, const CommandContext& context) {
  if (is_final(current.state.stage)) return not_allowed("the case is over");
  const auto& definition = *context.rules.definition;
  if (definition.find_leaf(command.pointer) == nullptr) {
    return invalid_data("/data/pointer", "is not a leaf of this procedure's form");
  }
  const auto data = nested(command.pointer, command.value);
  if (const auto shape = check_form(definition, data, ""); !shape) {
    return invalid_data("/data/value", "does not have the shape that the form asks for");
  }
  DataCorrected event;
  event.pointer = command.pointer;
  Decision decision{};
  take_values(event.outcome, decision.personal, current, data, kOfficer, context, current.state.papers);
  decision.event = std::move(event);
  return decision;
}

/// Always allowed, also on a case that is over.
Result<Decision> decide(const CaseView&, const AddNote& command, const CommandContext&) {
  Decision decision{NoteAdded{}, {}};
  add_personal(decision.personal, SubjectName("free-text"), {{"note", command.text}});
  return decision;
}

}  // namespace motcua::engine
