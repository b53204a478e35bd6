/// What becomes of a decision: its events behind the case, sealed, with the rows that they change.
#include "engine/cases/search_words.hpp"
#include "engine/cases/snapshot.hpp"
#include "engine/runtime/decider.hpp"
#include "engine/runtime/search.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace motcua::engine {
namespace {

std::vector<RuleHash> rule_hashes(const Rules& rules) {
  std::vector<RuleHash> hashes;
  if (rules.calendar) hashes.push_back({"calendar", rules.calendar->hash});
  if (rules.organisation) hashes.push_back({"organisation", rules.organisation->hash});
  if (rules.definition) hashes.push_back({"procedure", rules.definition->hash});
  return hashes;
}

void take_snapshot(std::vector<Snapshot>& snapshots, const Record& record, const LoadedCase& current) {
  if (record.version % kSnapshotEvery != 0) return;
  const CaseSnapshot snapshot{kSnapshotGeneration, current.state, current.content_versions};
  snapshots.push_back({record.stream, record.version, encode(snapshot)});
}

}  // namespace

Record Decider::next_record(const StreamId& stream, std::uint64_t version, std::string_view type,
                            Instant now) {
  Record record;
  record.position = next_position_;
  record.stream = stream;
  record.version = version;
  record.type = std::string(type);
  record.recorded_at = std::max(now, last_recorded_);
  record.occurred_at = now;
  record.command_id = ports_.ids.next_command_id();
  return record;
}

Result<Record> Decider::append_event(Group& group, const CommandRequest& request, LoadedCase& current,
                                     Decision& decision, const CommandContext& context, const CaseId& id) {
  auto record = next_record(stream_of(id), current.state.version + 1, type_of(decision.event), context.now);
  record.type_version = kEventTypeVersion;
  record.actor = context.actor.sub;
  record.agency = context.actor.agency;
  record.on_behalf_of = decision.on_behalf_of;
  record.cause = request.cause;
  record.rules = rule_hashes(context.rules);
  for (const auto& entry : decision.personal) {
    const auto sealed = seal_into(group, record, entry.subject, entry.value.dump());
    if (!sealed) return sealed.error();
    fold(current.content.edit(), entry.value);
  }
  const bool values_changed =
      std::any_of(decision.personal.begin(), decision.personal.end(),
                  [](const PersonalEntry& entry) { return entry.subject != SubjectName("free-text"); });
  if (values_changed) {
    state_search_tokens(decision.event, current.state, *current.content, *context.rules.definition);
  }
  record.public_bytes = encode(decision.event);
  if (holds_content(record)) current.content_versions.push_back(record.version);
  evolve_in_place(current.state, decision.event, meta_of(record));
  return record;
}

Result<CommandAnswer> Decider::accept(Group& group, const CommandRequest& request, const CaseHandle& before,
                                      Decision decision, const CommandContext& context, const CaseId& id,
                                      std::uint16_t status) {
  auto after = std::make_shared<LoadedCase>();
  if (before) {
    after->state = before->state;
    after->content = before->content;
    after->content_versions = before->content_versions;
  }
  auto first = append_event(group, request, *after, decision, context, id);
  if (!first) return first.error();
  std::vector<Record> records;
  records.push_back(*std::move(first));
  std::vector<Snapshot> snapshots;
  take_snapshot(snapshots, records.back(), *after);
  for (auto& next : decision.then) {
    auto record = append_event(group, request, *after, next, context, id);
    if (!record) return record.error();
    record->position += records.size();
    record->command_id = records.front().command_id;
    records.push_back(*std::move(record));
    take_snapshot(snapshots, records.back(), *after);
  }
  const bool same_rules = before && before->state.pins == after->state.pins;
  after->rules = same_rules ? before->rules : loader_.pinned_rules(after->state);
  after->rows = rows(after->state);
  if (same_rules && before->content.same_as(after->content)) {
    const bool same_origins = before->state.provenance.same_as(after->state.provenance);
    if (same_origins) after->standing_text = before->standing_text;
    const bool same_facts =
        before->state.papers == after->state.papers && before->state.linked == after->state.linked;
    if (same_origins && same_facts) after->offers = before->offers;
  }

  std::map<std::string, std::int64_t> changes;
  auto row_changes = difference(before ? before->rows : std::vector<Row>{}, after->rows, changes);
  if (const auto known = read_counters(changes); !known) return known.error();
  auto& batch = group.batch;
  std::move(snapshots.begin(), snapshots.end(), std::back_inserter(batch.snapshots));
  std::move(row_changes.begin(), row_changes.end(), std::back_inserter(batch.rows));
  count(group, changes);
  cache_.put(after);
  CommandAnswer answer{after, {}, {}, status, {}, false};
  remember(group, request, records.back(), status, answer);
  for (auto& record : records) push(group, std::move(record));
  return answer;
}

void Decider::state_search_tokens(Event& event, const Case& before, const CaseContent& content,
                                  const Definition& definition) const {
  auto tokens = search_tokens(ports_.keys, search_words(definition, content));
  const bool same = before.version > 0 && before.search_tokens == tokens;
  if (!same) outcome_of(event).search_tokens = std::move(tokens);
}

void Decider::push(Group& group, Record record) {
  // Keys of an entry that was not recorded in the end go with the next record.
  auto keys = ports_.keys.take_new_keys();
  std::move(keys.begin(), keys.end(), std::back_inserter(group.batch.keys));
  group.bytes += record.public_bytes.size() + 512;
  last_recorded_ = record.recorded_at;
  next_position_ += 1;
  group.batch.records.push_back(std::move(record));
}

void Decider::remember(Group& group, const CommandRequest& request, const Record& record,
                       std::uint16_t status, const CommandAnswer& answer) {
  const IdempotencyRecord repeat{request.scope,  request.body_mac, record.command_id, record.stream,
                                 record.version, status,           record.recorded_at};
  group.batch.idempotency.push_back(repeat);
  group.accepted[request.scope] = {
      repeat, answer.after, answer.lookup, answer.confirmation, answer.publication, answer.substitution};
}

Result<void> Decider::seal_into(Group& group, Record& record, const SubjectName& subject,
                                std::string_view plaintext) {
  auto sealed = ports_.keys.seal({record.stream, record.version, record.type}, subject, plaintext);
  if (!sealed)
    return Rejection{RejectionCode::not_durable, "values cannot be sealed: " + sealed.error().what};
  group.bytes += sealed->ciphertext.size();
  record.sealed.push_back(*std::move(sealed));
  return {};
}

}  // namespace motcua::engine
