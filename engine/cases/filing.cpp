/// Filing (nộp hồ sơ): the case comes into being. Shape is checked, completeness is not: what is absent
/// stands in `missing`. What a look-up already answered is copied; for everybody else the register is asked.
#include "engine/cases/decision_parts.hpp"
#include "engine/cases/form_filling.hpp"
#include "engine/cases/prerequisites.hpp"
#include "engine/cases/rows.hpp"
#include "engine/deadline/timers.hpp"
#include "engine/prefill/prefill.hpp"

#include <algorithm>
#include <utility>

namespace motcua::engine {
namespace {

std::string lookup_pointer(std::size_t index, const char* member) {
  return "/lookups/" + std::to_string(index) + '/' + member;
}

/// A look-up may stand for a subject of the form only if none of the three identifiers says otherwise.
Result<void> check_person(const Definition& definition, const FileCase& command, const PersonAnswer& answer,
                          std::size_t index) {
  const auto& rules = definition.prefill;
  const bool known = std::any_of(rules.begin(), rules.end(), [&](const PrefillRule& rule) {
    return !rule.attribute.empty() && rule.subject == answer.subject;
  });
  if (!known) return invalid_data(lookup_pointer(index, "subject"), "is no person whom the form looks up");
  if (answer.answer_class != kMatch) return {};
  const bool applicant = answer.subject == kApplicantSubject;
  const auto* given = applicant ? &command.applicant : value_at(command.data, answer.subject);
  const auto contradicts = [&](const char* member, const char* kind) {
    const auto* said =
        given == nullptr || !given->is_object() ? nullptr : value_at(*given, std::string("/") + member);
    return is_given(said) && !agrees(kind, *said, answer.person.value(member, nlohmann::json()));
  };
  const bool other = contradicts("personal_id", "personal_id") || contradicts("full_name", "name") ||
                     contradicts("birth_date", "year_or_date");
  if (other) return invalid_data(lookup_pointer(index, "lookup_id"), "is about another person");
  return {};
}

/// Values that stand against the register's need a reason; both are kept.
Result<void> take_overrides(Outcome& outcome, std::vector<PersonalEntry>& personal,
                            const Definition& definition, const FileCase& command, FormChange& change) {
  if (change.differences.empty()) return {};
  if (!command.reason || command.reason->empty()) {
    Rejection rejection{RejectionCode::invalid_data,
                        "a value differs from the register's: give a reason, or leave it out"};
    auto& pointers = rejection.members["pointers"] = nlohmann::json::array();
    for (const auto& difference : change.differences) {
      pointers.push_back(
          {{"pointer", "/data" + difference.pointer}, {"reason", "differs from the register"}});
    }
    return rejection;
  }
  for (const auto& difference : change.differences) {
    change.provenance[difference.pointer].overridden = true;
    add_personal(personal, definition.subject_of(difference.pointer),
                 {{"registered", {{difference.pointer, difference.registered}}}});
  }
  outcome.flags_added.emplace_back("overridden");
  return {};
}

/// Asks the register about everybody whom no look-up has answered for. One that found nobody, or got no
/// answer, does not say about whom it asked: the register is asked again.
void request_lookups(Outcome& outcome, FormFilling& filling, const FileCase& command,
                     const Definition& definition, const std::vector<PersonAnswer>& answers) {
  const auto people = subjects_to_look_up(definition, command.applicant, filling.change().data);
  const auto answered = [&](const std::string& subject) {
    return std::any_of(answers.begin(), answers.end(), [&](const PersonAnswer& answer) {
      return answer.answer_class == kMatch && answer.subject == subject;
    });
  };
  std::vector<std::string> asked;
  for (const auto& person : people) {
    const auto& first = person.same_as.empty() ? person.subject : person.same_as;
    const bool known = answered(first) || answered(person.subject);
    if (known) continue;
    if (std::find(asked.begin(), asked.end(), first) == asked.end()) {
      outcome.effects_requested.push_back({kLookupEffect, first});
      asked.push_back(first);
    }
    filling.wait_for(person.subject, kPending);
  }
}

}  // namespace

Result<Decision> decide_filing(const FileCase& command, const CommandContext& context,
                               const std::vector<PersonAnswer>& answers, const std::string& code) {
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

  for (std::size_t i = 0; i < answers.size(); ++i) {
    if (const auto person = check_person(definition, command, answers[i], i); !person) return person.error();
  }

  CaseFiled event;
  event.code = {kOneStopSystem, code};
  event.pins = {definition.code, definition.version, definition.hash, context.rules.calendar->hash,
                context.rules.organisation->hash};
  event.channel = command.channel;
  event.received_by = context.actor.agency;
  event.competent = context.actor.agency;
  Decision decision{};
  auto& outcome = event.outcome;
  FormFilling filling(definition, command.applicant, nlohmann::json::object(), {}, context.now);
  filling.type(command.data, "citizen");
  for (const auto& answer : answers) {
    if (answer.answer_class == kMatch) filling.answer(answer);
  }
  filling.derive_rest();
  request_lookups(outcome, filling, command, definition, answers);
  auto change = filling.take();
  const auto overrides = take_overrides(outcome, decision.personal, definition, command, change);
  if (!overrides) return overrides.error();
  outcome.stage = Stage::registered;
  outcome.clock_state = ClockState::not_started;
  outcome.missing = missing_items(definition, change.data, command.channel, command.papers, {});
  const auto facts = facts_of(change.data, command.channel, command.papers);
  ask_for_earlier(outcome, {}, unmet(definition, facts, command.papers, {}));
  outcome.papers_added = command.papers;
  outcome.provenance = std::move(change.provenance);
  outcome.timers_set = {
      {kReceptionTimer, reception_limit_of(*context.rules.calendar, context.now, kReceptionLimit)}};
  for (auto& entry : split_by_subject(definition, change.data)) {
    add_personal(decision.personal, entry.subject, entry.value);
  }
  add_personal(decision.personal, SubjectName("applicant"), {{"applicant", command.applicant}});
  if (command.reason) {
    add_personal(decision.personal, SubjectName("free-text"), {{"reason", *command.reason}});
  }
  decision.event = std::move(event);
  return decision;
}

}  // namespace motcua::engine
