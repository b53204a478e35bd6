#include "tests/support/scenario.hpp"

#include "engine/cases/rows.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <ostream>

namespace motcua::engine {

Identity engine_actor() { return person("engine", {}); }

CaseId scenario_case() { return {Id128{0x01, 0x9c, 0xc3, 7}}; }

Scenario& Scenario::at(Instant now) {
  now_ = now;
  return *this;
}

void Scenario::complain(const std::string& what) const {
  std::string got = "nothing was commanded";
  if (result_) {
    got = result_->has_value() ? std::string(type_of((*result_)->event)) + " " + encode((*result_)->event)
                               : std::string(name_of(result_->error().code)) + ": " +
                                     result_->error().detail + " " + result_->error().members.dump();
  }
  ADD_FAILURE() << what << "; got " << got;
}

void Scenario::fold_in(const Decision& decision, const Identity& by) {
  state_ = evolve(state_, decision.event,
                  {scenario_case(), state_.version + 1, now_, by.sub, decision.on_behalf_of});
  for (const auto& entry : decision.personal) fold(content_, entry.value);
  if (std::holds_alternative<CaseMigrated>(decision.event)) follow_pins();
  for (const auto& next : decision.then) fold_in(next, by);
}

/// As the loader does it.
void Scenario::follow_pins() {
  const auto of_hash = [&](const Digest& hash) -> std::shared_ptr<const Definition> {
    for (const auto& version : versions_) {
      if (version->hash == hash) return version;
    }
    return nullptr;
  };
  rules_.definition = of_hash(state_.pins.procedure_hash);
  rules_.limited_by = state_.pins.limit_hash ? of_hash(*state_.pins.limit_hash) : nullptr;
}

Scenario& Scenario::version(Definition definition) {
  versions_.push_back(std::make_shared<const Definition>(std::move(definition)));
  return *this;
}

/// Agencies of the organisation file that may be consulted all keep the office's calendar.
CommandContext Scenario::context_of(const Identity& by, const CommandBody& body) const {
  CommandContext context{rules_, by, now_, &substitutions_};
  const auto* consulted = std::get_if<ConsultAgency>(&body);
  if (consulted != nullptr && rules_.organisation->find(consulted->agency) != nullptr) {
    context.consulted_calendar = rules_.calendar;
  }
  if (const auto* asked = std::get_if<MigrateCase>(&body)) context.target = published(asked->version);
  return context;
}

std::shared_ptr<const Definition> Scenario::published(std::int64_t version) const {
  const auto found = std::find_if(versions_.begin(), versions_.end(),
                                  [&](const auto& each) { return each->version == version; });
  return found == versions_.end() ? nullptr : *found;
}

Scenario& Scenario::with(Substitution substitution) {
  substitution.id = substitutions_.all().size() + 1;
  substitutions_.set(substitution);
  return *this;
}

Scenario& Scenario::given(const Event& event, const Identity& by,
                          const std::vector<PersonalEntry>& personal) {
  fold_in({event, personal}, by);
  return *this;
}

Scenario& Scenario::given(const Decision& decision, const Identity& by) {
  fold_in(decision, by);
  return *this;
}

Scenario& Scenario::filed(const FileCase& filing, const Identity& by,
                          const std::vector<PersonAnswer>& answers) {
  when_filed(filing, by, answers);
  if (!result_->has_value()) {
    complain("the filing was to be accepted");
    return *this;
  }
  fold_in(**result_, by);
  return *this;
}

Scenario& Scenario::did(const Identity& by, const CommandBody& body,
                        const std::optional<std::string>& reason) {
  when(by, body, reason);
  if (!result_->has_value()) {
    complain("the command " + std::string(name_of(body)) + " was to be accepted");
    return *this;
  }
  fold_in(**result_, by);
  return *this;
}

Scenario& Scenario::happened(const EngineCommand& command) {
  when_engine(command);
  if (!result_->has_value()) {
    complain("the engine was to record something");
    return *this;
  }
  fold_in(**result_, engine_actor());
  return *this;
}

Scenario& Scenario::timers_fired() {
  for (;;) {
    const auto& timers = state_.timers;
    const auto next = std::min_element(
        timers.begin(), timers.end(),
        [](const CaseTimer& left, const CaseTimer& right) { return left.due_at < right.due_at; });
    if (next == timers.end() || next->due_at > now_) return *this;
    const FireTimer fire{next->kind, next->due_at};
    happened(fire);
    if (!result_->has_value()) return *this;
  }
}

Scenario& Scenario::when_filed(const FileCase& filing, const Identity& by,
                               const std::vector<PersonAnswer>& answers) {
  judged_ = by;
  result_ = decide_filing(filing, {rules_, by, now_}, answers, case_code("H15.50.05", local_day(now_), 1));
  return *this;
}

Scenario& Scenario::when_engine(const EngineCommand& command) {
  judged_ = engine_actor();
  CommandContext context{rules_, judged_, now_};
  if (const auto* follow = std::get_if<SwitchCase>(&command)) context.target = published(follow->version);
  result_ = decide(view(), command, context);
  return *this;
}

Scenario& Scenario::when(const Identity& by, const CommandBody& body,
                         const std::optional<std::string>& reason) {
  judged_ = by;
  result_ = decide(view(), CaseCommand{body, reason}, context_of(by, body));
  return *this;
}

Scenario& Scenario::then(const Event& event) {
  if (!result_ || !result_->has_value()) {
    complain("an event was to be decided");
    return *this;
  }
  EXPECT_EQ(type_of((*result_)->event), type_of(event));
  EXPECT_EQ(encode((*result_)->event), encode(event));
  EXPECT_TRUE((*result_)->event == event);
  fold_in(**result_, judged_);
  return *this;
}

Scenario& Scenario::then_rejected(RejectionCode code) {
  if (!result_ || result_->has_value() || result_->error().code != code) {
    complain(std::string("the rejection ") + name_of(code) + " was to be decided");
  }
  return *this;
}

Rejection Scenario::rejection() const {
  if (result_ && result_->has_error()) return result_->error();
  complain("a rejection was to be decided");
  return {};
}

nlohmann::json Scenario::sealed(const std::string& subject) const {
  if (!result_ || !result_->has_value()) return nullptr;
  for (const auto& entry : (*result_)->personal) {
    if (entry.subject.value == subject) return entry.value;
  }
  return nullptr;
}

Scenario standing_in(Stage stage) {
  Scenario filed;
  filed.filed();
  if (stage == Stage::registered) return filed;
  if (stage == Stage::not_received) return filed.did(desk_officer(), RefuseReception{"duplicate"});
  if (stage == Stage::withdrawn) return filed.did(desk_officer(), WithdrawCase{});
  filed.did(desk_officer(), ReceiveCase{});
  if (stage == Stage::received) return filed;
  filed.did(case_officer(), claim());
  if (stage == Stage::in_process) return filed;
  if (stage == Stage::awaiting_supplement) return filed.did(case_officer(), ask_for({"mandate"}));
  if (stage == Stage::awaiting_payment) return filed.did(case_officer(), RequestPayment{"fee"});
  if (stage == Stage::stopped) return filed.did(signatory(), StopCase{"law-1"});
  filed.did(case_officer(), take("submit"))
      .did(signatory(), take("sign"))
      .did(signatory(), resolve({"certificate"}));
  if (stage == Stage::resolved) return filed;
  return filed.did(desk_officer(), ReturnResult{"counter", "Trần Văn Cường"});
}

std::vector<Situation> situations() {
  std::vector<Situation> list;
  for (std::size_t i = 0; i < kStages; ++i) {
    const auto stage = static_cast<Stage>(i);
    list.push_back({std::string(name_of(stage)), standing_in(stage)});
  }
  auto before = standing_in(Stage::registered);
  list.push_back({"awaiting_supplement before reception", before.did(desk_officer(), ask_for({"mandate"}))});
  auto paused = standing_in(Stage::in_process);
  list.push_back({"in_process, paused", paused.did(case_officer(), PauseClock{"verification"})});
  auto finished = standing_in(Stage::in_process);
  finished.did(case_officer(), take("submit")).did(signatory(), take("sign"));
  list.push_back({"in_process, steps finished", finished});
  return list;
}

namespace {

std::optional<StepName> step_name(const std::optional<std::string>& step) {
  if (!step) return std::nullopt;
  return StepName(*step);
}

}  // namespace

CommandBody take(const std::string& event, nlohmann::json data) { return TakeStep{event, std::move(data)}; }
CommandBody assign(const std::string& officer, std::optional<std::string> step) {
  return AssignStep{step_name(step), ActorId(officer)};
}
CommandBody delegate(const std::string& officer, std::optional<LocalDay> until) {
  return DelegateStep{std::nullopt, ActorId(officer), until};
}
CommandBody consult(const std::string& agency) { return ConsultAgency{AgencyId(agency), "Có ý kiến gì?"}; }
CommandBody answer(const std::string& opinion_code) { return AnswerConsultation{opinion_code, {}}; }
CommandBody claim(std::optional<std::string> step) { return ClaimStep{step_name(step)}; }
CommandBody release(std::optional<std::string> step) { return ReleaseStep{step_name(step)}; }
CommandBody ask_for(const std::vector<std::string>& items) {
  RequestSupplement body;
  for (const auto& item : items) body.items.push_back({item, "cần bổ sung"});
  return body;
}
CommandBody supply(const std::vector<std::string>& papers, nlohmann::json data) {
  Supply body;
  for (const auto& code : papers) body.papers.push_back({PaperCode(code), ""});
  body.data = std::move(data);
  return body;
}
CommandBody resolve(const std::vector<std::string>& results) {
  ResolveCase body;
  for (const auto& code : results) body.results.push_back({code, "", nullptr});
  return body;
}
CommandBody correct(const std::string& pointer, nlohmann::json value) {
  return CorrectData{pointer, std::move(value)};
}
CommandBody extend(Instant due_at, const std::string& signer) {
  return ExtendDeadline{due_at, "workload", ActorId(signer)};
}

}  // namespace motcua::engine
