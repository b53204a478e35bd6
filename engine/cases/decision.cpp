#include "engine/cases/decision.hpp"

#include "engine/cases/decision_parts.hpp"
#include "engine/cases/form_filling.hpp"
#include "engine/cases/rights.hpp"
#include "engine/prefill/form_values.hpp"

namespace motcua::engine {
namespace {

/// What the register said of the leaf, as far as the form still shows it; null if it said nothing. What it
/// contradicted is kept elsewhere (`registered`), and values that a rule derived are no claims of the
/// register.
const nlohmann::json* confirmed_value(const CaseView& current, const std::string& pointer) {
  const auto known = current.state.provenance->find(pointer);
  if (known == current.state.provenance->end() || known->second.answer_class != kMatch) return nullptr;
  if (known->second.source == "derived" || known->second.overridden) return nullptr;
  const auto said = current.content.registered.find(pointer);
  if (said != current.content.registered.end() && !said->is_null()) return nullptr;
  return given_at(current.content.data, pointer);
}

/// A value that the register gave or confirmed is corrected with a reason only; both are kept.
Result<void> keep_confirmed(Decision& decision, const CaseView& current, const CorrectData& body,
                            const CommandContext& context, bool has_reason) {
  const auto* confirmed = confirmed_value(current, body.pointer);
  if (confirmed == nullptr || *confirmed == body.value) return {};
  if (!has_reason) return invalid_data("/reason", "must be given: the value is the register's");
  auto& outcome = std::get<DataCorrected>(decision.event).outcome;
  auto& origin = outcome.provenance[body.pointer];
  origin.answer_class = kMatch;
  origin.lookup = current.state.provenance->at(body.pointer).lookup;
  origin.overridden = true;
  outcome.flags_added.emplace_back("overridden");
  add_personal(decision.personal, context.rules.definition->subject_of(body.pointer),
               {{"registered", {{body.pointer, *confirmed}}}});
  return {};
}

struct Dispatch {
  const CaseView& current;
  const CaseCommand& command;
  const CommandContext& context;

  [[nodiscard]] bool has_reason() const { return command.reason.has_value() && !command.reason->empty(); }
  Result<Decision> operator()(const ReceiveCase& body) const {
    return decide(current, body, context, has_reason());
  }
  Result<Decision> operator()(const CorrectData& body) const {
    auto decision = decide(current, body, context);
    if (!decision) return decision;
    const auto kept = keep_confirmed(*decision, current, body, context, has_reason());
    return kept ? decision : Result<Decision>(kept.error());
  }
  Result<Decision> operator()(const LaterCommand& body) const {
    return not_allowed("command " + body.name + " is not part of this release");
  }
  template <class Body>
  Result<Decision> operator()(const Body& body) const {
    return decide(current, body, context);
  }
};

nlohmann::json allowed_as_json(const CaseView& current, const CommandContext& context) {
  auto list = nlohmann::json::array();
  for (const auto& allowed : allowed_commands(current, context.rules, context.actor)) {
    nlohmann::json entry{{"command", allowed.command}};
    if (!allowed.event.empty()) entry["event"] = allowed.event;
    list.push_back(std::move(entry));
  }
  return list;
}

}  // namespace

Result<void> check_shape(const CaseCommand& command, const Rules& rules) {
  const auto& definition = *rules.definition;
  if (const auto* supply = std::get_if<Supply>(&command.body)) {
    if (const auto papers = check_papers(definition, supply->papers, "/data"); !papers) return papers.error();
    return check_form(definition, supply->data, "/data/data");
  }
  if (const auto* step = std::get_if<TakeStep>(&command.body)) {
    return check_form(definition, step->data, "/data/data");
  }
  return {};
}

Result<Decision> decide(const CaseView& current, const CaseCommand& command, const CommandContext& context) {
  auto decision = std::visit(Dispatch{current, command, context}, command.body);
  if (!decision) {
    auto rejection = decision.error();
    if (rejection.code == RejectionCode::not_allowed) {
      rejection.members["stage"] = name_of(current.state.stage);
      rejection.members["allowed"] = allowed_as_json(current, context);
    }
    return rejection;
  }
  if (command.reason) {
    add_personal(decision->personal, SubjectName("free-text"), {{"reason", *command.reason}});
  }
  return decision;
}

}  // namespace motcua::engine
