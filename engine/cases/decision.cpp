#include "engine/cases/decision.hpp"

#include "engine/cases/decision_parts.hpp"
#include "engine/cases/form_filling.hpp"
#include "engine/cases/linked.hpp"
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

/// A value that the register gave or confirmed is replaced with a reason only, and both are kept; not if the
/// register is being asked anew, because the person is another.
Result<void> keep_confirmed(Decision& decision, Outcome& outcome, const CaseView& current,
                            const nlohmann::json& given, const CommandContext& context, bool has_reason) {
  bool overridden = false;
  for (auto& [pointer, origin] : outcome.provenance) {
    const auto* confirmed = confirmed_value(current, pointer);
    const auto* typed = given_at(given, pointer);
    if (confirmed == nullptr || typed == nullptr || origin.answer_class == kPending) continue;
    if (*typed != *confirmed && !has_reason) {
      return invalid_data("/reason", "must be given: a value is the register's");
    }
    origin.answer_class = kMatch;
    origin.lookup = current.state.provenance->at(pointer).lookup;
    if (*typed == *confirmed) continue;
    origin.overridden = overridden = true;
    add_personal(decision.personal, context.rules.definition->subject_of(pointer),
                 {{"registered", {{pointer, *confirmed}}}});
  }
  if (overridden) outcome.flags_added.emplace_back("overridden");
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
  /// Decides a command that brings values for the form.
  template <class Event, class Body>
  [[nodiscard]] Result<Decision> with_values(const Body& body, const nlohmann::json& given) const {
    auto decision = decide(current, body, context);
    if (!decision) return decision;
    auto& outcome = std::get<Event>(decision->event).outcome;
    const auto kept = keep_confirmed(*decision, outcome, current, given, context, has_reason());
    return kept ? std::move(decision) : Result<Decision>(kept.error());
  }
  Result<Decision> operator()(const CorrectData& body) const {
    auto given = nlohmann::json::object();
    if (!body.pointer.empty()) put(given, body.pointer, body.value);
    return with_values<DataCorrected>(body, given);
  }
  Result<Decision> operator()(const Supply& body) const { return with_values<CaseSupplied>(body, body.data); }
  Result<Decision> operator()(const TakeStep& body) const { return with_values<StepTaken>(body, body.data); }
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
  for (const auto& allowed : allowed_commands(current, context.rules, context.actor, context.attendance())) {
    nlohmann::json entry{{"command", allowed.command}};
    if (!allowed.event.empty()) entry["event"] = allowed.event;
    list.push_back(std::move(entry));
  }
  return list;
}

}  // namespace

void name_role(Decision& decision, std::string_view role) {
  auto& named = outcome_of(decision.event).role;
  if (named.empty()) named = role;
  for (auto& next : decision.then) outcome_of(next.event).role = named;
}

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
  ask_to_report(*decision, current.state);
  return decision;
}

}  // namespace motcua::engine
