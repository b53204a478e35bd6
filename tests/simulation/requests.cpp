#include "tests/simulation/requests.hpp"

#include <cstdint>
#include <functional>
#include <map>

namespace motcua::simulation {
namespace {

using engine::CommandBody;
using model::Command;

/// A version that nobody publishes.
constexpr std::int64_t kNoVersion = 99;

std::vector<engine::CasePaper> papers_of(const Command& command) {
  std::vector<engine::CasePaper> papers;
  for (const auto& code : command.papers) papers.push_back({engine::PaperCode(code), ""});
  return papers;
}

std::optional<engine::StepName> step_of(const Command& command) {
  if (!command.step) return std::nullopt;
  return engine::StepName(*command.step);
}

CommandBody supplement_request(const Command& command) {
  engine::RequestSupplement body;
  for (const auto& item : command.items) body.items.push_back({item, "cần bổ sung"});
  return body;
}

CommandBody delegation(const Command& command) {
  std::optional<engine::LocalDay> until;
  if (command.due_at != 0) until = engine::local_day(engine::from_micros(command.due_at));
  return engine::DelegateStep{step_of(command), engine::ActorId(command.assignee), until};
}

CommandBody resolution(const Command& command) {
  engine::ResolveCase body;
  for (const auto& item : command.items) body.results.push_back({item, "", nullptr});
  return body;
}

using Maker = std::function<CommandBody(const Command&)>;

const std::map<std::string, Maker>& makers() {
  static const std::map<std::string, Maker> kMakers{
      {"receive", [](const Command& c) -> CommandBody { return engine::ReceiveCase{c.accept_incomplete}; }},
      {"refuse_reception", [](const Command& c) -> CommandBody { return engine::RefuseReception{c.code}; }},
      {"request_supplement", supplement_request},
      {"supply",
       [](const Command& c) -> CommandBody {
         return engine::Supply{papers_of(c), c.data};
       }},
      {"assign",
       [](const Command& c) -> CommandBody {
         return engine::AssignStep{step_of(c), engine::ActorId(c.assignee)};
       }},
      {"claim", [](const Command& c) -> CommandBody { return engine::ClaimStep{step_of(c)}; }},
      {"release", [](const Command& c) -> CommandBody { return engine::ReleaseStep{step_of(c)}; }},
      {"delegate", delegation},
      {"consult",
       [](const Command& c) -> CommandBody {
         return engine::ConsultAgency{engine::AgencyId(c.asked), "Có vướng mắc gì không?"};
       }},
      {"acknowledge_consultation",
       [](const Command&) -> CommandBody { return engine::AcknowledgeConsultation{}; }},
      {"answer_consultation",
       [](const Command& c) -> CommandBody {
         return engine::AnswerConsultation{c.code, {{"lý do", "đã kiểm tra"}}};
       }},
      {"step",
       [](const Command& c) -> CommandBody {
         return engine::TakeStep{c.code, c.data};
       }},
      {"request_payment", [](const Command& c) -> CommandBody { return engine::RequestPayment{c.code}; }},
      {"record_payment",
       [](const Command& c) -> CommandBody {
         return engine::RecordPayment{c.code, 1, "BL-0001"};
       }},
      {"withdraw", [](const Command&) -> CommandBody { return engine::WithdrawCase{}; }},
      {"stop", [](const Command& c) -> CommandBody { return engine::StopCase{c.code}; }},
      {"resolve", resolution},
      {"return_result",
       [](const Command& c) -> CommandBody {
         return engine::ReturnResult{c.channel, "người nộp"};
       }},
      {"correct",
       [](const Command& c) -> CommandBody {
         return engine::CorrectData{c.code, c.value};
       }},
      {"note", [](const Command&) -> CommandBody { return engine::AddNote{"đã gọi điện"}; }},
      {"pause", [](const Command& c) -> CommandBody { return engine::PauseClock{c.code}; }},
      {"resume", [](const Command&) -> CommandBody { return engine::ResumeClock{}; }},
      {"extend",
       [](const Command& c) -> CommandBody {
         return engine::ExtendDeadline{engine::from_micros(c.due_at), c.code, engine::ActorId(c.assignee)};
       }},
      {"migrate",
       [](const Command&) -> CommandBody {
         return engine::MigrateCase{kNoVersion, {}, engine::MigratedLimit::kept, "no-law"};
       }},
  };
  return kMakers;
}

engine::EffectRef effect_of(const Command& command) {
  return {command.value.at("version").get<std::uint64_t>(), command.value.at("ordinal").get<std::uint32_t>()};
}

engine::EngineRequest engine_request(const Command& command, const engine::CaseId& id) {
  if (command.name == "timer") {
    return {id, engine::FireTimer{command.code, engine::from_micros(command.due_at)}, {}};
  }
  if (command.name == "failure") return {id, engine::RecordFailure{effect_of(command), "timeout"}, {}};
  return {id, engine::RecordAnswer{effect_of(command), {"", command.code, "", "", {}, {}}}, {}};
}

}  // namespace

engine::Identity identity_of(const model::Actor& actor) {
  return {engine::ActorId(actor.sub), "", actor.roles, engine::AgencyId(actor.agency), {}};
}

std::optional<CommandBody> body_of(const Command& command) {
  const auto maker = makers().find(command.name);
  if (maker != makers().end()) return maker->second(command);
  return std::nullopt;
}

engine::FileCase filing_of(const Command& command) {
  engine::FileCase filing;
  filing.procedure = engine::ProcedureCode(command.procedure);
  filing.channel = command.channel;
  filing.applicant = command.applicant;
  filing.data = command.data;
  filing.papers = papers_of(command);
  return filing;
}

decltype(engine::CommandRequest::request) inner_request(const Command& command) {
  const engine::Rejection malformed{engine::RejectionCode::invalid_data, "the simulation says so"};
  if (command.name == "file") {
    if (command.malformed) return engine::FilingRequest{malformed};
    return engine::FilingRequest{filing_of(command)};
  }
  const auto id = engine::parse_case_id(command.case_id).value_or(engine::CaseId{});
  if (command.name == "timer" || command.name == "answer" || command.name == "failure") {
    return engine_request(command, id);
  }
  engine::CaseRequest request;
  request.id = id;
  request.kind = body_of(command);
  request.expected_version = command.expected_version;
  if (!request.kind) {
    request.command = engine::Rejection{engine::RejectionCode::bad_request, "there is no such command"};
  } else if (command.malformed) {
    request.command = malformed;
  } else {
    request.command = engine::CaseCommand{
        *request.kind, command.has_reason ? std::optional<std::string>("theo đề nghị") : std::nullopt};
  }
  return request;
}

}  // namespace motcua::simulation
