/// Publication of definitions: which version comes next, and from which day it may hold.
#include "engine/cases/decision_parts.hpp"
#include "engine/cases/rights.hpp"
#include "engine/runtime/decider.hpp"

#include <algorithm>
#include <utility>

namespace motcua::engine {
namespace {

using Versions = std::vector<std::shared_ptr<const Definition>>;

/// A rule of law does not begin in the past, and a newer version not before the one that it follows.
Result<void> check_dates(const Definition& definition, const Versions& known, LocalDay today) {
  constexpr auto kFrom = "/effective/from";
  if (definition.effective_from < today) {
    return invalid_data(kFrom, "lies before today, " + to_iso(today) + ": a rule may not begin in the past");
  }
  const auto before =
      std::find_if(known.rbegin(), known.rend(), [](const auto& each) { return each->published; });
  if (before != known.rend() && definition.effective_from <= (*before)->effective_from) {
    return invalid_data(kFrom, "must be later than " + to_iso((*before)->effective_from) + ", when version " +
                                   std::to_string((*before)->version) + " begins");
  }
  return {};
}

}  // namespace

Rejection overtaken(const Definition& newest) {
  Rejection rejection{RejectionCode::version_conflict, "procedure " + newest.code.value + " has version " +
                                                           std::to_string(newest.version) +
                                                           " by now; look at it before publishing another"};
  rejection.members["current_version"] = newest.version;
  return rejection;
}

std::vector<std::shared_ptr<const Definition>> Decider::known_versions(const ProcedureCode& code) const {
  auto known = ports_.catalogue.versions(code);
  const auto decided = decided_procedures_.find(code.value);
  // The catalogue learns of a publication once it is durable, so at most what is being written is missing.
  if (decided != decided_procedures_.end() &&
      (known.empty() || known.back()->version < decided->second.definition->version)) {
    known.push_back(decided->second.definition);
  }
  return known;
}

Result<CommandAnswer> Decider::handle_procedure(Group& group, const CommandRequest& request,
                                                const PublishProcedure& publish, Instant now) {
  if (const auto role = check_may_publish(request.asker); !role) return role.error();
  CommandAnswer answer;
  if (publish.unchanged) {
    answer.publication = publish.unchanged;
    return answer;
  }
  if (!publish.checked) return publish.checked.error();
  const auto& definition = publish.checked->definition;
  const auto known = known_versions(definition->code);
  const auto decided = decided_procedures_.find(definition->code.value);
  if (decided != decided_procedures_.end() && decided->second.definition->hash == definition->hash) {
    answer.publication = decided->second.publication;
    return answer;
  }
  if (!known.empty() && definition->version != known.back()->version + 1) return overtaken(*known.back());
  if (const auto dates = check_dates(*definition, known, local_day(now)); !dates) return dates.error();

  const StreamId stream{StreamKind::procedure, definition->code.value};
  if (const auto learnt = learn_stream_version(stream); !learnt) return learnt.error();
  const PublishedVersion published{definition->code.value, definition->version, definition->hash};
  auto record = next_stream_record(stream, {"procedure", definition->hash},
                                   publication_type(StreamKind::procedure), request, now);
  record.public_bytes = public_text(published, {}, publish.checked->warnings);
  answer.status = 201;
  answer.publication = std::make_shared<const Publication>(
      Publication{published, {}, record.position, record.recorded_at, publish.checked->warnings});
  remember(group, request, record, answer.status, answer);
  auto bytes = definition->document->bytes();
  group.bytes += bytes.size();
  group.batch.artifacts.push_back({definition->hash, std::move(bytes)});
  decided_procedures_[definition->code.value] = {definition, answer.publication};
  push(group, std::move(record));
  return answer;
}

}  // namespace motcua::engine
