/// Filing (nộp hồ sơ): the case comes into being. Shape is checked, completeness is not: what is absent
/// stands in `missing`.
#include "engine/cases/decision_parts.hpp"
#include "engine/deadline/counting.hpp"

#include <algorithm>

namespace motcua::engine {

Result<Decision> decide_filing(const FileCase& command, const CommandContext& context,
                               const std::string& code) {
  const auto& definition = *context.rules.definition;
  const auto* agency =
      context.rules.organisation ? context.rules.organisation->find(context.actor.agency) : nullptr;
  if (agency == nullptr) {
    return Rejection{RejectionCode::role_forbidden, "the token's agency is not in the organisation file"};
  }
  if (std::find(definition.channels.begin(), definition.channels.end(), command.channel) ==
      definition.channels.end()) {
    return invalid_data("/channel", "is not a channel of this procedure");
  }
  if (const auto papers = check_papers(definition, command.papers, ""); !papers) return papers.error();
  if (const auto shape = check_form(definition, command.data, "/data"); !shape) return shape.error();

  CaseFiled event;
  event.code = {"one-stop", code};
  event.pins = {definition.code, definition.version, definition.hash, context.rules.calendar->hash,
                context.rules.organisation->hash};
  event.channel = command.channel;
  event.received_by = context.actor.agency;
  event.competent = context.actor.agency;
  event.outcome.stage = Stage::registered;
  event.outcome.clock_state = ClockState::not_started;
  event.outcome.missing = missing_items(definition, command.data, command.channel, command.papers);
  event.outcome.papers_added = command.papers;
  event.outcome.provenance = given_leaves(definition, command.data, "citizen", context.now);
  event.outcome.timers_set = {
      {kReceptionTimer, add_working_time(*context.rules.calendar, context.now, kReceptionLimit)}};

  Decision decision{std::move(event), split_by_subject(definition, command.data)};
  add_personal(decision.personal, SubjectName("applicant"), {{"applicant", command.applicant}});
  return decision;
}

}  // namespace motcua::engine
