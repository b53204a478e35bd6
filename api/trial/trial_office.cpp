#include "api/trial/trial_office.hpp"

#include <future>
#include <stdexcept>
#include <utility>

namespace motcua::api {
namespace {

using namespace engine;  // NOLINT: this file speaks of little else

void number_into(Id128& bytes, std::uint64_t number) {
  for (std::size_t i = 0; i < 8; ++i) bytes[15 - i] = static_cast<std::uint8_t>(number >> (8 * i) & 0xFFU);
}

std::shared_ptr<const WorkingCalendar> calendar_of(const Catalogue& catalogue, const AgencyId& agency) {
  const auto organisation = catalogue.organisation_of(agency);
  const auto* found = organisation ? organisation->find(agency) : nullptr;
  if (found == nullptr) throw std::runtime_error("no organisation file knows the agency " + agency.value);
  auto calendar = catalogue.calendar(found->calendar);
  if (!calendar) throw std::runtime_error("there is no calendar " + found->calendar);
  return calendar;
}

nlohmann::json person_at(const CaseContent& content, const std::string& subject) {
  if (subject == "/applicant") return content.applicant;
  const auto* person = value_at(content.data, subject);
  return person == nullptr ? nlohmann::json::object() : *person;
}

/// What identifies a person, as typed: the register says the same.
nlohmann::json agreed(const nlohmann::json& typed) {
  nlohmann::json person = nlohmann::json::object();
  for (const auto* name : {"personal_id", "full_name", "birth_date", "sex"}) {
    if (const auto value = typed.find(name); value != typed.end()) person[name] = *value;
  }
  return person;
}

}  // namespace

CaseId NumberedIds::next_case_id(Instant at) {
  CaseId id;
  const auto millis = static_cast<std::uint64_t>(to_micros(at) / 1000);
  for (std::size_t i = 0; i < 6; ++i) id.bytes[5 - i] = static_cast<std::uint8_t>(millis >> (8 * i) & 0xFFU);
  number_into(id.bytes, ++cases_);
  id.bytes[6] = 0x70;
  id.bytes[8] = static_cast<std::uint8_t>((id.bytes[8] & 0x3FU) | 0x80U);
  return id;
}

Id128 NumberedIds::next_command_id() {
  Id128 id{};
  number_into(id, ++commands_);
  return id;
}

TrialOffice::TrialOffice(EventStore& store, KeyStore& keys, const workflows::LoadedCatalogue& catalogue,
                         AgencyId agency, Instant start)
    : store_(store),
      catalogue_(catalogue),
      agency_(std::move(agency)),
      calendar_(calendar_of(catalogue, agency_)),
      clock_(start),
      keys_(keys) {
  SequencerHooks hooks;
  hooks.post = [](const std::function<void()>& task) { task(); };
  sequencer_ = std::make_unique<Sequencer>(RuntimePorts{store_, keys_, catalogue_, clock_, ids_}, hooks);
  timers_ = std::make_unique<TimerSweeper>(store_, keys_, clock_, *sequencer_, &clock_, TellRefused{});
}

TrialOffice::~TrialOffice() {
  timers_.reset();
  sequencer_.reset();
}

void TrialOffice::advance_to(Instant to) {
  if (to <= clock_.now()) return;
  std::promise<bool> arrived;
  auto done = arrived.get_future();
  timers_->hop(to, [&arrived](bool moved) { arrived.set_value(moved); });
  if (!done.get()) throw std::runtime_error("the trial's clock cannot be moved to " + to_rfc3339(to));
}

Identity TrialOffice::officer(const std::string& role, std::size_t number) const {
  return {ActorId("trial-" + role + '-' + std::to_string(number)), "", {role}, agency_, {}};
}

Result<CaseHandle> TrialOffice::run(CommandRequest request) {
  const auto key = "trial:" + std::to_string(++requests_);
  request.scope = keys_.mac("idempotency", key);
  request.body_mac = keys_.mac("body", key);
  std::promise<Result<CommandAnswer>> arrived;
  auto answer = arrived.get_future();
  sequencer_->submit(std::move(request),
                     [&arrived](Result<CommandAnswer> given) { arrived.set_value(std::move(given)); });
  auto given = answer.get();
  if (!given) return given.error();
  return given->after;
}

Result<CaseHandle> TrialOffice::file(const Identity& by, const FileCase& filing) {
  CommandRequest request;
  request.asker = by;
  request.request = FilingRequest{filing};
  return run(std::move(request));
}

Result<CaseHandle> TrialOffice::command(const Identity& by, const LoadedCase& current,
                                        const CaseCommand& command) {
  CommandRequest request;
  request.asker = by;
  request.request = CaseRequest{current.state.id, command.body, command, current.state.version};
  return run(std::move(request));
}

Result<CaseHandle> TrialOffice::run_engine(const CaseHandle& current, EngineCommand command,
                                           const std::string& cause) {
  CommandRequest request;
  request.asker.sub = ActorId(kEngineActor);
  request.cause = cause;
  request.request = EngineRequest{current->state.id, std::move(command), {}};
  return run(std::move(request));
}

std::optional<EngineCommand> TrialOffice::answer_to(const CaseHandle& current, const OpenEffect& effect) {
  if (effect.kind == kLookupEffect) {
    const auto person = agreed(person_at(*current->content, effect.subject));
    return RecordAnswer{effect.ref, {"", "MATCH", "", "trial", clock_.now(), person}};
  }
  if (effect.kind == kEarlierCaseEffect) {
    return RecordEarlier{effect.ref, {ProcedureCode(effect.subject), true, "trial", "trial"}};
  }
  if (effect.kind != kLinkedCaseEffect) return std::nullopt;
  const Identity engine{ActorId(kEngineActor), "", {}, agency_, {}};
  const auto plan = plan_linked(current->view(), effect.ref, {current->rules, engine, clock_.now()});
  if (!plan) return std::nullopt;
  if (plan->kept) return RecordLinked{effect.ref, *plan->kept};
  const auto procedure = plan->branch == nullptr ? ProcedureCode() : plan->branch->procedure;
  auto linked = not_needed(effect.subject, procedure, clock_.now());
  if (plan->filing) {
    linked.case_id = "trial-" + std::to_string(++linked_);
    linked.agency = plan->agency;
    linked.ended_at.reset();
    linked.outcome.clear();
  }
  return RecordLinked{effect.ref, std::move(linked)};
}

CaseHandle TrialOffice::answer_questions(const CaseHandle& current) {
  auto newest = current;
  for (const auto& effect : current->state.effects) {
    auto answer = answer_to(newest, effect);
    if (!answer) continue;
    const auto cause = "effect:" + to_text(current->state.id) + ':' + std::to_string(effect.ref.version) +
                       ':' + std::to_string(effect.ref.ordinal);
    if (auto answered = run_engine(newest, *std::move(answer), cause)) newest = *answered;
  }
  return newest;
}

Result<CaseHandle> TrialOffice::end_linked(const CaseHandle& current, const LinkedCase& linked,
                                           const std::string& ended_as) {
  return run_engine(current, RecordLinkedEnd{linked.case_id, ended_as, {}, nlohmann::json::object()},
                    "linked:" + linked.case_id);
}

CaseHandle TrialOffice::load(const CaseId& id) const {
  auto loaded = CaseLoader(store_, &keys_, catalogue_).load(id);
  if (!loaded) throw std::runtime_error(loaded.error().what);
  return *std::move(loaded);
}

std::vector<HistoryEntry> TrialOffice::history(const CaseId& id) const {
  auto entries = CaseLoader(store_, nullptr, catalogue_).history(id, false);
  if (!entries) throw std::runtime_error(entries.error().what);
  return *std::move(entries);
}

}  // namespace motcua::api
