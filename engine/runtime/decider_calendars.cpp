/// Publication of calendars and recalculation of cases: decided by the same thread as everything else.
#include "engine/cases/decision_parts.hpp"
#include "engine/cases/rights.hpp"
#include "engine/runtime/decider.hpp"
#include "engine/runtime/proposal_records.hpp"

#include <algorithm>
#include <utility>

namespace motcua::engine {
namespace {

/// Version of the last record of a stream, found by halving: its records may be long, and many.
FaultOr<std::uint64_t> last_version(const EventStore& store, const StreamId& stream) {
  const auto exists = [&](std::uint64_t version) -> FaultOr<bool> {
    const auto records = store.read_stream(stream, version, version);
    if (!records) return records.error();
    return !records->empty();
  };
  std::uint64_t there = 0;
  std::uint64_t gone = 1;
  while (true) {
    const auto found = exists(gone);
    if (!found) return found.error();
    if (!*found) break;
    there = std::exchange(gone, gone * 2);
  }
  while (gone - there > 1) {
    const auto middle = there + (gone - there) / 2;
    const auto found = exists(middle);
    if (!found) return found.error();
    (*found ? there : gone) = middle;
  }
  return there;
}

PublishedVersion version_of(const WorkingCalendar& calendar) {
  return {calendar.code, calendar.version, calendar.hash};
}

/// A day that has passed was worked or not: no notice changes that.
Result<void> check_past_days(const WorkingCalendar& newest, const WorkingCalendar& calendar, LocalDay today) {
  const auto changed = changed_past_day(newest, calendar, today);
  if (!changed) return {};
  auto rejection = invalid_data("/days", "changes " + to_iso(*changed) + ", a day that has passed");
  rejection.members["calendar"] = calendar.code;
  rejection.members["day"] = to_iso(*changed);
  return rejection;
}

}  // namespace

std::shared_ptr<const WorkingCalendar> Decider::newest_calendar(const std::string& code) const {
  const auto decided = decided_calendars_.find(code);
  auto known = ports_.catalogue.calendar(code);
  const bool ahead =
      decided != decided_calendars_.end() && (!known || known->version < decided->second->version);
  return ahead ? decided->second : known;
}

Result<void> Decider::learn_stream_version(const StreamId& stream) {
  if (stream_versions_.contains(stream)) return {};
  const auto last = last_version(ports_.store, stream);
  if (!last) return Rejection{RejectionCode::not_durable, "the store cannot be read: " + last.error().what};
  stream_versions_.emplace(stream, *last);
  return {};
}

Record Decider::next_stream_record(const StreamId& stream, RuleHash rule, std::string_view type,
                                   const CommandRequest& request, Instant now) {
  auto& version = stream_versions_.at(stream);
  auto record = next_record(stream, ++version, type, now);
  record.actor = request.asker.sub;
  record.agency = request.asker.agency;
  record.cause = request.cause;
  record.rules = {std::move(rule)};
  return record;
}

Result<CommandAnswer> Decider::handle_publication(Group& group, const CommandRequest& request,
                                                  const PublishRequest& publish, Instant now) {
  if (const auto role = check_may_publish(request.asker); !role) return role.error();
  CommandAnswer answer;
  if (publish.unchanged) {
    answer.publication = publish.unchanged;
    return answer;
  }
  if (!publish.family) return publish.family.error();
  std::vector<PublishedVersion> descendants;
  for (const auto& calendar : *publish.family) {
    const auto newest = newest_calendar(calendar->code);
    if (newest && calendar->version != newest->version + 1) {
      return Rejection{RejectionCode::version_conflict, "calendar " + calendar->code + " has version " +
                                                            std::to_string(newest->version) +
                                                            " by now; repeat the request"};
    }
    if (newest) {
      const auto past = check_past_days(*newest, *calendar, local_day(now));
      if (!past) return past.error();
    }
    if (const auto learnt = learn_stream_version(calendar_stream(calendar->code)); !learnt)
      return learnt.error();
    if (calendar != publish.family->front()) descendants.push_back(version_of(*calendar));
  }
  answer.status = 201;
  for (const auto& calendar : *publish.family) {
    const bool is_first = calendar == publish.family->front();
    auto record = next_stream_record(calendar_stream(calendar->code), {"calendar", calendar->hash},
                                     publication_type(StreamKind::calendar), request, now);
    record.public_bytes =
        public_text(version_of(*calendar), is_first ? descendants : std::vector<PublishedVersion>{});
    if (is_first) {
      answer.publication = std::make_shared<const Publication>(
          Publication{version_of(*calendar), descendants, record.position, record.recorded_at, {}});
      remember(group, request, record, answer.status, answer);
    }
    group.batch.artifacts.push_back({calendar->hash, calendar->document});
    group.bytes += calendar->document.size();
    decided_calendars_[calendar->code] = calendar;
    push(group, std::move(record));
  }
  return answer;
}

Result<CommandAnswer> Decider::handle_note(Group& group, const CommandRequest& request,
                                           const CalendarNote& note, Instant now) {
  if (!note.by_engine) {
    if (const auto role = check_may_recalculate(request.asker); !role) return role.error();
  }
  const auto newest = newest_calendar(note.calendar->code);
  if (!newest || newest->hash != note.calendar->hash) {
    return not_allowed("a newer version of the calendar has been published");
  }
  const auto stream = calendar_stream(note.calendar->code);
  if (const auto learnt = learn_stream_version(stream); !learnt) return learnt.error();
  auto record = next_stream_record(stream, {"calendar", note.calendar->hash}, note.type, request, now);
  record.public_bytes = note.public_bytes;
  CommandAnswer answer;
  // A page is written by one worker, which reads the stream before it writes another.
  if (!note.by_engine) remember(group, request, record, answer.status, answer);
  push(group, std::move(record));
  return answer;
}

Result<CommandAnswer> Decider::handle_recalculation(Group& group, const CommandRequest& request,
                                                    const RecalculationRequest& command, Instant now) {
  const auto loaded = load(command.id);
  if (!loaded) return loaded.error();
  const LoadedCase& current = **loaded;
  if (!may_see(request.asker, current.state)) {
    return Rejection{RejectionCode::not_found, "there is no such case"};
  }
  if (const auto role = check_may_recalculate(request.asker, current.state); !role) return role.error();
  const auto& rules = current.rules;
  if (!rules.definition || !rules.calendar || !rules.organisation) {
    return unreadable_case(Fault{"the rules that it pins are not in this store"});
  }
  const auto& decision = command.decision;
  if (rules.calendar->code != decision.calendar->code) {
    return not_allowed("the case follows another calendar");
  }
  const auto absences = substitutions();
  if (!absences) return absences.error();
  const CommandContext context{rules, request.asker, now, absences->get(), nullptr};
  if (command.expected_version) {
    const auto version =
        check_version(current, *command.expected_version, request.asker, context.attendance());
    if (!version) return version.error();
  }
  auto decided = decide(current.view(), decision, context);
  if (!decided) return decided.error();
  auto followed = rules;
  if (decision.accept) followed.calendar = decision.calendar;
  return accept(group, request, *loaded, *std::move(decided), {followed, request.asker, now}, command.id,
                200);
}

}  // namespace motcua::engine
