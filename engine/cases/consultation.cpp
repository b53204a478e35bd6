#include "engine/cases/consultation.hpp"

#include "engine/cases/decision_parts.hpp"
#include "engine/deadline/counting.hpp"

#include <algorithm>

namespace motcua::engine {
namespace {

constexpr std::string_view kAcknowledgeTimer = "consultation_acknowledge:";
constexpr std::string_view kDueTimer = "consultation_due:";

std::string timer_of(std::string_view kind, std::uint64_t asked_version) {
  return std::string(kind) + std::to_string(asked_version);
}
std::string unacknowledged(const AgencyId& agency) { return "unacknowledged:" + agency.value; }
std::string late(const AgencyId& agency) { return "consultation_late:" + agency.value; }

void cancel(Outcome& outcome, const Case& current, const std::string& kind) {
  const bool runs = std::any_of(current.timers.begin(), current.timers.end(),
                                [&](const CaseTimer& timer) { return timer.kind == kind; });
  if (runs) outcome.timers_cancelled.push_back(kind);
}

void unmark(Outcome& outcome, const Case& current, const std::string& flag) {
  const bool stands = std::find(current.flags.begin(), current.flags.end(), flag) != current.flags.end();
  if (stands) outcome.flags_removed.push_back(flag);
}

/// The question to the actor's agency. Rejection: not_allowed.
Result<const Consultation*> question_to(const Case& current, const CommandContext& context) {
  const auto* asked = open_consultation(current, context.actor.agency);
  if (asked == nullptr) return not_allowed("no question to your agency is open");
  return asked;
}

}  // namespace

const Consultation* open_consultation(const Case& current, const AgencyId& agency) {
  if (current.clock.state == ClockState::ended) return nullptr;
  const auto found =
      std::find_if(current.consultations.begin(), current.consultations.end(),
                   [&](const Consultation& asked) { return asked.agency == agency && !asked.answered_at; });
  return found == current.consultations.end() ? nullptr : &*found;
}

bool is_consulted(const Case& current, const AgencyId& agency) {
  const bool answered =
      std::any_of(current.consultations.begin(), current.consultations.end(),
                  [&](const Consultation& asked) { return asked.agency == agency && asked.answered_at; });
  return answered || open_consultation(current, agency) != nullptr;
}

std::optional<std::string> consultation_mark(const Case& current, std::string_view timer) {
  for (const auto& asked : current.consultations) {
    if (timer == timer_of(kAcknowledgeTimer, asked.asked_version)) return unacknowledged(asked.agency);
    if (timer == timer_of(kDueTimer, asked.asked_version)) return late(asked.agency);
  }
  return std::nullopt;
}

/// Rejections: not_allowed (stage), invalid_data (agency: the competent one, or unknown), not_allowed (that
/// agency has a question open). @law interlinked/acknowledgement
Result<Decision> decide(const CaseView& current, const ConsultAgency& command,
                        const CommandContext& context) {
  const auto& state = current.state;
  if (const auto stage = check_in_office(state); !stage) return stage.error();
  if (command.agency == state.competent || command.agency == context.actor.agency) {
    return invalid_data("/data/agency", "is the agency that asks");
  }
  if (context.consulted_calendar == nullptr) {
    return invalid_data("/data/agency", "is not an agency of an organisation file");
  }
  if (open_consultation(state, command.agency) != nullptr) {
    return not_allowed("that agency has not answered the question before");
  }
  const auto& rule = context.rules.definition->consultation_of(command.agency);
  const auto& calendar = *context.consulted_calendar;
  const auto version = state.version + 1;
  AgencyConsulted event;
  event.agency = command.agency;
  event.acknowledge_by = add_working_time(calendar, context.now, rule.acknowledge);
  event.due_at = add_working_time(calendar, context.now, rule.answer);
  event.outcome.timers_set = {{timer_of(kAcknowledgeTimer, version), *event.acknowledge_by},
                              {timer_of(kDueTimer, version), *event.due_at}};
  Decision decision{std::move(event), {}};
  add_personal(decision.personal, SubjectName("free-text"), {{"question", command.question}});
  return decision;
}

/// Rejections: not_allowed (no open question; it is acknowledged).
Result<Decision> decide(const CaseView& current, const AcknowledgeConsultation&,
                        const CommandContext& context) {
  const auto asked = question_to(current.state, context);
  if (!asked) return asked.error();
  if ((*asked)->acknowledged_at) return not_allowed("the question is acknowledged");
  ConsultationAcknowledged event;
  event.asked_version = (*asked)->asked_version;
  cancel(event.outcome, current.state, timer_of(kAcknowledgeTimer, event.asked_version));
  unmark(event.outcome, current.state, unacknowledged((*asked)->agency));
  return Decision{std::move(event), {}};
}

/// An answer after its time is late, also if the timer has not fired yet.
/// Rejections: not_allowed (no open question), invalid_data (the opinion is no code).
Result<Decision> decide(const CaseView& current, const AnswerConsultation& command,
                        const CommandContext& context) {
  const auto asked = question_to(current.state, context);
  if (!asked) return asked.error();
  if (!is_plain_code(command.opinion_code)) {
    return invalid_data("/data/opinion_code", "must be a code of lower-case letters, digits and _");
  }
  ConsultationAnswered event;
  event.asked_version = (*asked)->asked_version;
  event.opinion_code = command.opinion_code;
  auto& outcome = event.outcome;
  for (const auto kind : {kAcknowledgeTimer, kDueTimer}) {
    cancel(outcome, current.state, timer_of(kind, event.asked_version));
  }
  unmark(outcome, current.state, unacknowledged((*asked)->agency));
  if ((*asked)->due_at && *(*asked)->due_at < context.now) outcome.flags_added = {late((*asked)->agency)};
  Decision decision{std::move(event), {}};
  if (!command.data.empty()) {
    add_personal(decision.personal, SubjectName("free-text"), {{"opinion", command.data}});
  }
  return decision;
}

}  // namespace motcua::engine
