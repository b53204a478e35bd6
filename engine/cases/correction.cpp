/// Correction of form data (đính chính) and notes (ghi chú).
#include "engine/cases/decision_parts.hpp"

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
  event.outcome.provenance = given_leaves(definition, data, "officer", context.now);
  event.outcome.missing = missing_items(definition, merged(current.content.data, data), current.state.channel,
                                        current.state.papers);
  return Decision{std::move(event), split_by_subject(definition, data)};
}

/// Always allowed, also on a case that is over.
Result<Decision> decide(const CaseView&, const AddNote& command, const CommandContext&) {
  Decision decision{NoteAdded{}, {}};
  add_personal(decision.personal, SubjectName("free-text"), {{"note", command.text}});
  return decision;
}

}  // namespace motcua::engine
