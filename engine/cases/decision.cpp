#include "engine/cases/decision.hpp"

#include "engine/cases/decision_parts.hpp"
#include "engine/cases/rights.hpp"

namespace motcua::engine {
namespace {

struct Dispatch {
  const CaseView& current;
  const CaseCommand& command;
  const CommandContext& context;

  Result<Decision> operator()(const ReceiveCase& body) const {
    return decide(current, body, context, command.reason.has_value() && !command.reason->empty());
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
