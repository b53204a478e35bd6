/// Substitutions, and what decisions must know of people: decided by the same thread as everything that
/// relies on it.
#include "engine/cases/acting_roles.hpp"
#include "engine/runtime/decider.hpp"

#include <algorithm>
#include <memory>
#include <utility>

namespace motcua::engine {

Result<SubstitutionsHandle> Decider::substitutions() {
  if (substitutions_ == nullptr) {
    SubstitutionReader reader(ports_.store);
    const auto read = reader.read();
    if (!read) return Rejection{RejectionCode::not_durable, "the store cannot be read: " + read.error().what};
    substitutions_ = *read;
    access_version_ = reader.version();
  }
  return substitutions_;
}

std::shared_ptr<const WorkingCalendar> Decider::calendar_of_consulted(const CommandBody& body) const {
  const auto* consult = std::get_if<ConsultAgency>(&body);
  if (consult == nullptr) return nullptr;
  const auto organisation = ports_.catalogue.organisation_of(consult->agency);
  const auto* agency = organisation ? organisation->find(consult->agency) : nullptr;
  return agency == nullptr ? nullptr : ports_.catalogue.calendar(agency->calendar);
}

Result<CommandAnswer> Decider::handle_substitution(Group& group, const CommandRequest& request,
                                                   const SubstitutionRequest& asked, Instant now) {
  const auto table = substitutions();
  if (!table) return table.error();
  if (!asked.command) {
    // Order of checks: the role before the shape.
    return request.asker.has_role("supervisor") ? asked.command.error() : role_forbidden(request.asker);
  }
  const auto organisation = ports_.catalogue.organisation_of(request.asker.agency);
  const auto& said = *asked.command;
  const auto* set = std::get_if<SetSubstitution>(&said.body);
  auto decided = set != nullptr ? decide(**table, *set, organisation.get(), request.asker, now)
                                : decide(**table, std::get<EndSubstitution>(said.body), request.asker, now);
  if (!decided) return decided.error();
  auto record = next_record(access_stream(), access_version_ + 1,
                            set != nullptr ? kSubstitutionSetType : kSubstitutionEndedType, now);
  record.actor = request.asker.sub;
  record.agency = request.asker.agency;
  record.public_bytes = set != nullptr ? set_text(*decided) : ended_text(decided->id);
  if (said.reason) {
    const nlohmann::json reason{{"reason", *said.reason}};
    const auto sealed = seal_into(group, record, SubjectName("free-text"), reason.dump());
    if (!sealed) return sealed.error();
  }
  auto changed = std::make_shared<Substitutions>(**table);
  const auto id = fold_in(*changed, record);
  if (!id) return Rejection{RejectionCode::not_durable, id.error().what};
  CommandAnswer answer;
  answer.status = set != nullptr ? 201 : 200;
  answer.substitution = std::make_shared<const Substitution>(*changed->find(*id));
  remember(group, request, record, answer.status, answer);
  push(group, std::move(record));
  access_version_ += 1;
  substitutions_ = std::move(changed);
  return answer;
}

}  // namespace motcua::engine
