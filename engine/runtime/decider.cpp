#include "engine/runtime/decider.hpp"

#include "engine/cases/decision_parts.hpp"
#include "engine/cases/form_filling.hpp"
#include "engine/cases/rights.hpp"
#include "engine/core/ensure.hpp"

#include <algorithm>
#include <utility>

namespace motcua::engine {
namespace {

Rejection unreadable(const Fault& fault) {
  return {RejectionCode::not_durable, "the store cannot be read: " + fault.what};
}

Rejection not_found() { return {RejectionCode::not_found, "there is no such case"}; }

/// 409: who moved the case, what changed, what is still allowed.
Rejection version_conflict(const LoadedCase& current, std::uint64_t expected, const Identity& asker,
                           const Attendance& attendance) {
  Rejection rejection{RejectionCode::version_conflict,
                      "the case has moved since the version that was expected"};
  rejection.members["expected_version"] = expected;
  rejection.members["current_version"] = current.state.version;
  rejection.members["stage"] = name_of(current.state.stage);
  auto& changed = rejection.members["changed"] = nlohmann::json::array();
  for (const auto& move : current.state.moves) {
    if (move.version <= expected) continue;
    changed.push_back({{"version", move.version},
                       {"type", move.type},
                       {"actor", move.actor.value},
                       {"recorded_at", to_rfc3339(move.at)}});
  }
  auto& allowed = rejection.members["allowed"] = nlohmann::json::array();
  if (current.rules.definition) {
    for (const auto& offer : allowed_commands(current.view(), current.rules, asker, attendance)) {
      nlohmann::json entry{{"command", offer.command}};
      if (!offer.event.empty()) entry["event"] = offer.event;
      allowed.push_back(std::move(entry));
    }
  }
  return rejection;
}

/// An expected version holds if every later event is of a background type.
bool version_holds(const Case& current, std::uint64_t expected) {
  return expected <= current.version && expected >= current.foreground_version;
}

}  // namespace

Decider::Decider(const RuntimePorts& ports, std::uint64_t epoch, std::size_t cached_bytes)
    : ports_(ports),
      loader_(ports.store, &ports.keys, ports.catalogue),
      // A group handed over is trimmed before it is durable: none of its cases may be dropped.
      cache_(cached_bytes, kGroupCommandsMax),
      epoch_(epoch),
      next_position_(ports.store.head().position + 1),
      last_recorded_(ports.store.head().recorded_at) {}

void Decider::decide_into(Group& group, CommandRequest request, Reply reply) {
  if (group.empty()) {
    group.batch.epoch = epoch_;
    group.batch.first_position = next_position_;
  }
  const auto reading = ports_.clock.read();
  auto answer = handle(group, request, reading);
  if (answer && request.render != nullptr) {
    const auto absences = substitutions();
    if (absences) answer->substitutions = *absences;
    answer->given_at = reading.now;
    answer->body = request.render(*answer, request.asker);
  }
  group.answers.emplace_back(std::move(reply), std::move(answer));
}

Result<CommandAnswer> Decider::handle(Group& group, const CommandRequest& request,
                                      const ClockReading& reading) {
  const auto* confirming = std::get_if<ClockRequest>(&request.request);
  if (reading.doubt && confirming == nullptr) return clock_suspect(reading);
  auto earlier = repeated(group, request);
  if (earlier || earlier.error().code != RejectionCode::not_found) return earlier;
  if (ports_.disk != nullptr) {
    if (const auto shortage = ports_.disk->shortage()) {
      return Rejection{RejectionCode::not_durable, *shortage};
    }
  }
  if (confirming != nullptr) return handle_clock(group, request, *confirming, reading);
  return decide_at(reading.now, group, request);
}

Result<CommandAnswer> Decider::decide_at(Instant now, Group& group, const CommandRequest& request) {
  if (const auto* filing = std::get_if<FilingRequest>(&request.request)) {
    return handle_filing(group, request, *filing, now);
  }
  if (const auto* engine = std::get_if<EngineRequest>(&request.request)) {
    return handle_engine(group, request, *engine, now);
  }
  if (const auto* linked = std::get_if<LinkedRequest>(&request.request)) {
    return handle_linked(group, request, *linked, now);
  }
  if (const auto* lookup = std::get_if<LookupRequest>(&request.request)) {
    return handle_lookup(group, request, lookup->lookup, now);
  }
  if (const auto* publication = std::get_if<PublishRequest>(&request.request)) {
    return handle_publication(group, request, *publication, now);
  }
  if (const auto* procedure = std::get_if<PublishProcedure>(&request.request)) {
    return handle_procedure(group, request, *procedure, now);
  }
  if (const auto* note = std::get_if<CalendarNote>(&request.request)) {
    return handle_note(group, request, *note, now);
  }
  if (const auto* decision = std::get_if<RecalculationRequest>(&request.request)) {
    return handle_recalculation(group, request, *decision, now);
  }
  if (const auto* asked = std::get_if<SubstitutionRequest>(&request.request)) {
    return handle_substitution(group, request, *asked, now);
  }
  return handle_command(group, request, std::get<CaseRequest>(request.request), now);
}

Result<CommandAnswer> Decider::repeated(const Group& group, const CommandRequest& request) {
  const auto answer = [&](const PendingCommand& done) -> Result<CommandAnswer> {
    if (done.record.body_mac != request.body_mac) {
      return Rejection{RejectionCode::idempotency_key_reused,
                       "the Idempotency-Key was used for another request"};
    }
    return CommandAnswer{done.after, done.lookup, done.confirmation, done.record.status,
                         {},         true,        done.publication,  done.substitution};
  };
  for (const std::map<Digest, PendingCommand>* pending :
       {&group.accepted, static_cast<const std::map<Digest, PendingCommand>*>(&in_flight_)}) {
    const auto it = pending->find(request.scope);
    if (it != pending->end()) return answer(it->second);
  }
  const auto stored = ports_.store.find_idempotency(request.scope);
  if (!stored) return unreadable(stored.error());
  if (!*stored) return not_found();
  if ((*stored)->stream.kind == StreamKind::system) {
    const auto confirmation = read_confirmation(ports_.store, (*stored)->version);
    if (!confirmation) return unreadable(confirmation.error());
    return answer({**stored, {}, {}, *confirmation, {}, {}});
  }
  if ((*stored)->stream.kind == StreamKind::calendar || (*stored)->stream.kind == StreamKind::procedure) {
    const auto publication = publication_at(ports_.store, (*stored)->stream, (*stored)->version);
    if (!publication) return unreadable(publication.error());
    return answer({**stored, {}, {}, {}, *publication, {}});
  }
  if ((*stored)->stream.kind == StreamKind::access) {
    const auto substitution = read_substitution(ports_.store, (*stored)->version);
    if (!substitution) return unreadable(substitution.error());
    return answer({**stored, {}, {}, {}, {}, *substitution});
  }
  const auto id = case_of((*stored)->stream);
  if ((*stored)->stream.kind == StreamKind::lookup) {
    const auto lookup = read_lookup(ports_.store, ports_.keys, id);
    if (!lookup) return unreadable(lookup.error());
    return answer({**stored, {}, *lookup, {}, {}, {}});
  }
  const auto after = loader_.load(id, {(*stored)->version, std::nullopt});
  if (!after) return unreadable(after.error());
  return answer({**stored, *after, {}, {}, {}, {}});
}

Result<CaseHandle> Decider::load(const CaseId& id) {
  if (auto cached = cache_.find(id)) return cached;
  auto loaded = loader_.load(id);
  if (!loaded) return unreadable_case(loaded.error());
  if (!*loaded) return not_found();
  cache_.put(*loaded);
  return *loaded;
}

Result<CommandAnswer> Decider::handle_filing(Group& group, const CommandRequest& request,
                                             const FilingRequest& filing, Instant now) {
  const auto role = check_may_file(request.asker);
  if (!role) return role.error();
  if (!filing.command) return filing.command.error();
  const auto rules = rules_for_new(filing.command->procedure, request.asker.agency, now);
  if (!rules) return rules.error();
  const auto& prefix = rules->organisation->find(request.asker.agency)->code_prefix;
  const auto code = next_case_code(prefix, local_day(now));
  if (!code) return code.error();
  const auto answers = answers_of(*filing.command, request.asker, now);
  if (!answers) return answers.error();
  const CommandContext context{*rules, request.asker, now};
  auto decision = decide_filing(*filing.command, context, *answers, *code);
  if (!decision) return decision.error();
  name_role(*decision, *role);
  const auto id = ports_.ids.next_case_id(now);
  auto accepted = accept(group, request, nullptr, *std::move(decision), context, id, 201);
  if (accepted) code_numbers_[case_code_prefix(prefix, local_day(now))] += 1;
  return accepted;
}

Result<Rules> Decider::rules_for_new(const ProcedureCode& procedure, const AgencyId& agency,
                                     Instant now) const {
  Rules rules;
  rules.organisation = ports_.catalogue.organisation_of(agency);
  const auto* known = rules.organisation ? rules.organisation->find(agency) : nullptr;
  if (known == nullptr) {
    return Rejection{RejectionCode::role_forbidden, "the token's agency is not in the organisation file"};
  }
  rules.definition = ports_.catalogue.definition_on(procedure, local_day(now));
  if (!rules.definition) return invalid_data("/procedure", "is not a published procedure in force");
  rules.calendar = ports_.catalogue.calendar(known->calendar);
  if (!rules.calendar) return Rejection{RejectionCode::not_allowed, "the agency's calendar is not published"};
  return rules;
}

Result<Rules> Decider::rules_of(const LoadedCase& current, Instant now) const {
  const bool received = current.state.clock.state != ClockState::not_started;
  auto rules = received ? current.rules : loader_.rules_in_force(current.state, now);
  if (!rules.definition || !rules.calendar || !rules.organisation) {
    return unreadable_case(Fault{"the rules that it pins are not in this store"});
  }
  return rules;
}

Result<void> Decider::check_version(const LoadedCase& current, std::uint64_t expected, const Identity& asker,
                                    const Attendance& attendance) {
  if (version_holds(current.state, expected)) return {};
  return version_conflict(current, expected, asker, attendance);
}

Result<CommandAnswer> Decider::handle_command(Group& group, const CommandRequest& request,
                                              const CaseRequest& command, Instant now) {
  const auto loaded = load(command.id);
  if (!loaded) return loaded.error();
  const LoadedCase& current = **loaded;
  if (!may_see(request.asker, current.state)) return not_found();
  const bool received = current.state.clock.state != ClockState::not_started;
  const auto rules = received ? current.rules : loader_.rules_in_force(current.state, now);
  if (!rules.definition || !rules.calendar || !rules.organisation) {
    return Rejection{RejectionCode::not_allowed, "the rules that the case pins are not in this store"};
  }
  std::string_view role;
  if (command.kind) {
    const auto& body = command.command ? command.command->body : *command.kind;
    const auto held = check_role(request.asker, current.state, body, *rules.definition);
    if (!held) return held.error();
    role = *held;
  }
  if (!command.command) return command.command.error();
  if (const auto shape = check_shape(*command.command, rules); !shape) return shape.error();
  if (!command.expected_version) {
    return Rejection{RejectionCode::expected_version_missing, "a write to a case needs expected_version"};
  }
  const auto absences = substitutions();
  if (!absences) return absences.error();
  const CommandContext context{rules,
                               request.asker,
                               now,
                               absences->get(),
                               calendar_of_consulted(command.command->body),
                               target_of(current.state, command.command->body)};
  if (const auto version =
          check_version(current, *command.expected_version, request.asker, context.attendance());
      !version) {
    return version.error();
  }
  auto decision = decide(current.view(), *command.command, context);
  if (!decision) return decision.error();
  name_role(*decision, role);
  auto followed = rules;
  if (context.target) followed.definition = context.target;
  return accept(group, request, *loaded, *std::move(decision), {followed, request.asker, now}, command.id,
                200);
}

std::shared_ptr<const Definition> Decider::target_of(const Case& current, const CommandBody& body) const {
  const auto* migrate = std::get_if<MigrateCase>(&body);
  return migrate == nullptr ? nullptr : published_version(current.pins.procedure, migrate->version);
}

std::shared_ptr<const Definition> Decider::target_of(const Case& current,
                                                     const EngineCommand& command) const {
  const auto* follow = std::get_if<SwitchCase>(&command);
  return follow == nullptr ? nullptr : published_version(current.pins.procedure, follow->version);
}

std::shared_ptr<const Definition> Decider::published_version(const ProcedureCode& code,
                                                             std::int64_t version) const {
  auto definition = ports_.catalogue.definition(code, version);
  return definition && definition->published ? definition : nullptr;
}

Result<void> Decider::add_lookup(Group& group, const LookupRecord& lookup, const std::string& cause,
                                 Instant now) {
  auto record = next_record(lookup_stream(lookup.id), 1, kLookupType, now);
  record.actor = lookup.officer;
  record.agency = lookup.agency;
  record.cause = cause;
  record.public_bytes = public_text(lookup);
  for (const auto& secret : secrets_of(lookup)) {
    const auto sealed = seal_into(group, record, secret.subject, secret.plaintext);
    if (!sealed) return sealed.error();
  }
  push(group, std::move(record));
  return {};
}

Result<CommandAnswer> Decider::handle_lookup(Group& group, const CommandRequest& request,
                                             const LookupHandle& lookup, Instant now) {
  auto recorded = std::make_shared<LookupRecord>(*lookup);
  recorded->asked_at = std::max(now, last_recorded_);
  if (const auto added = add_lookup(group, *recorded, request.cause, now); !added) return added.error();
  CommandAnswer answer{{}, std::move(recorded), {}, 200, {}, false};
  remember(group, request, group.batch.records.back(), answer.status, answer);
  return answer;
}

Result<CommandAnswer> Decider::handle_engine(Group& group, const CommandRequest& request,
                                             const EngineRequest& command, Instant now) {
  const auto loaded = load(command.id);
  if (!loaded) return loaded.error();
  return record_engine(group, request, *loaded, command, now);
}

Result<CommandAnswer> Decider::record_engine(Group& group, const CommandRequest& request,
                                             const CaseHandle& current, const EngineRequest& command,
                                             Instant now) {
  const auto rules = rules_of(*current, now);
  if (!rules) return rules.error();
  Identity engine = request.asker;
  engine.agency = current->state.competent;
  const CommandContext context{*rules,  engine,  now,
                               nullptr, nullptr, target_of(current->state, command.command)};
  auto decision = decide(current->view(), command.command, context);
  if (!decision) return decision.error();
  if (command.lookup) {
    if (const auto added = add_lookup(group, *command.lookup, request.cause, now); !added)
      return added.error();
  }
  auto followed = *rules;
  if (std::holds_alternative<CaseMigrated>(decision->event)) followed.definition = context.target;
  return accept(group, request, current, *std::move(decision), {followed, engine, now}, command.id, 200);
}

Result<std::vector<PersonAnswer>> Decider::answers_of(const FileCase& command, const Identity& asker,
                                                      Instant now) {
  std::vector<PersonAnswer> answers;
  for (std::size_t i = 0; i < command.lookups.size(); ++i) {
    const auto& wanted = command.lookups[i];
    const auto unusable = invalid_data("/lookups/" + std::to_string(i) + "/lookup_id",
                                       "names no look-up of this agency from the last 24 hours");
    const auto id = parse_case_id(wanted.lookup_id);
    if (!id) return unusable;
    const auto read = read_lookup(ports_.store, ports_.keys, *id);
    if (!read) return unreadable(read.error());
    const auto& lookup = *read;
    if (!lookup || lookup->agency != asker.agency || now - lookup->asked_at > kLookupUsable) return unusable;
    // An outage is no answer: the person is asked about again.
    if (lookup->answer.answer_class == AnswerClass::unavailable) continue;
    answers.push_back({wanted.subject, name_of(lookup->answer.answer_class), lookup->answer.detail,
                       wanted.lookup_id, lookup->answer.data_time.value_or(lookup->asked_at),
                       lookup->answer.person});
  }
  return answers;
}

Result<std::string> Decider::next_case_code(const std::string& prefix, LocalDay day) {
  const auto key = case_code_prefix(prefix, day);
  auto known = code_numbers_.find(key);
  if (known == code_numbers_.end()) {
    const auto last = ports_.store.last_row(key);
    if (!last) return unreadable(last.error());
    known = code_numbers_.emplace(key, *last ? case_code_number((*last)->key) : 0).first;
  }
  return case_code(prefix, day, known->second + 1);
}

Result<void> Decider::read_counters(const std::map<std::string, std::int64_t>& changes) {
  for (const auto& [key, change] : changes) {
    if (change == 0 || counters_.contains(key)) continue;
    const auto stored = ports_.store.read_row(key);
    if (!stored) return unreadable(stored.error());
    counters_.emplace(key, *stored ? decode_counter(**stored) : 0);
  }
  return {};
}

void Decider::count(Group& group, const std::map<std::string, std::int64_t>& changes) {
  for (const auto& [key, change] : changes) {
    if (change != 0) group.counters[key] = counters_.at(key) += change;
  }
}

void Decider::finish(Group& group) {
  for (const auto& [key, value] : group.counters) {
    group.batch.rows.push_back({key, value == 0 ? std::nullopt : std::optional(encode_counter(value))});
  }
  group.counters.clear();
}

}  // namespace motcua::engine
