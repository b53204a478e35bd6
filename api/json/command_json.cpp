#include "api/json/command_json.hpp"

#include "api/json/body_reader.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

namespace motcua::api {
namespace {

using engine::CommandBody;
using nlohmann::json;

constexpr std::size_t kLookupsMax = 32;
constexpr std::size_t kPersonBytesMax = 256;
constexpr std::size_t kPurposeBytesMax = 512;
constexpr std::size_t kQuestionBytesMax = 8192;
constexpr std::size_t kReferenceBytesMax = 256;
constexpr std::size_t kStepNameBytesMax = 128;
constexpr std::size_t kStepsMax = 16;
constexpr std::size_t kMapMax = 200;
constexpr std::uint64_t kLinesMax = 200;
constexpr std::uint64_t kVersionMax = 1'000'000'000;

using Reader = BodyReader;

std::vector<engine::CasePaper> read_papers(Reader& from) {
  std::vector<engine::CasePaper> papers;
  const auto* list = from.array("papers", false, engine::kPapersMax);
  if (list == nullptr) return papers;
  from.each(*list, "papers", [&](Reader& item) {
    item.only({"code", "document_id"});
    engine::CasePaper paper;
    paper.code = engine::PaperCode(item.code("code", true).value_or(""));
    paper.document_id = item.code("document_id", false).value_or("");
    papers.push_back(std::move(paper));
  });
  return papers;
}

/// Look-ups made before, each for one person of the form.
std::vector<engine::FileCase::Lookup> read_lookups(Reader& from) {
  std::vector<engine::FileCase::Lookup> lookups;
  const auto* list = from.array("lookups", false, kLookupsMax);
  if (list == nullptr) return lookups;
  from.each(*list, "lookups", [&](Reader& item) {
    item.only({"lookup_id", "subject"});
    const auto id = item.uuid("lookup_id", true);
    const auto subject = item.code("subject", true);
    if (subject && subject->front() != '/') item.fault(item.at("subject"), "must be a JSON pointer");
    const bool again = std::any_of(lookups.begin(), lookups.end(),
                                   [&](const auto& other) { return subject && other.subject == *subject; });
    if (again) item.fault(item.at("subject"), "has a look-up before this one");
    lookups.push_back({id ? engine::to_text(*id) : std::string(), subject.value_or("")});
  });
  return lookups;
}

json read_object(Reader& from, const char* name) {
  const auto* value = from.object(name, false);
  return value == nullptr ? json::object() : *value;
}

std::optional<engine::StepName> read_step(Reader& from) {
  const auto step = from.code("step", false);
  return step ? std::optional(engine::StepName(*step)) : std::nullopt;
}

template <class Body>
CommandBody read_nothing(Reader& from) {
  from.only({});
  return Body{};
}

template <class Body>
CommandBody read_step_alone(Reader& from) {
  from.only({"step"});
  return Body{read_step(from)};
}

CommandBody read_supplement(Reader& from) {
  engine::RequestSupplement body;
  from.only({"items"});
  if (const auto* list = from.array("items", true, engine::kSupplementItemsMax)) {
    from.each(*list, "items", [&](Reader& item) {
      item.only({"code", "why"});
      body.items.push_back({item.code("code", true).value_or(""), item.text("why", true).value_or("")});
    });
  }
  return body;
}

CommandBody read_payment(Reader& from) {
  from.only({"fee_code", "amount_vnd", "reference"});
  engine::RecordPayment body;
  body.fee_code = from.code("fee_code", true).value_or("");
  const auto amount = from.number("amount_vnd", true).value_or(1);
  body.amount_vnd = static_cast<std::int64_t>(amount);
  if (amount < 1 || amount > std::uint64_t{engine::kPaymentMax}) {
    from.fault(from.at("amount_vnd"), "must be an amount in đồng, more than nothing");
  }
  body.reference = from.filled_text("reference", kReferenceBytesMax);
  return body;
}

CommandBody read_resolve(Reader& from) {
  engine::ResolveCase body;
  from.only({"results"});
  if (const auto* list = from.array("results", true, 32)) {
    from.each(*list, "results", [&](Reader& item) {
      item.only({"code", "document_id", "data"});
      engine::ResolveCase::Result result{item.code("code", true).value_or(""),
                                         item.code("document_id", false).value_or(""), nullptr};
      if (const auto* data = item.object("data", false)) result.data = *data;
      body.results.push_back(std::move(result));
    });
  }
  return body;
}

CommandBody read_correct(Reader& from) {
  from.only({"pointer", "value"});
  engine::CorrectData body{from.text("pointer", true).value_or(""), nullptr};
  if (const auto* value = from.find("value", true)) body.value = *value;
  return body;
}

CommandBody read_extend(Reader& from) {
  from.only({"due_at", "reason_code", "signer"});
  engine::ExtendDeadline body;
  body.due_at = from.instant("due_at");
  body.reason_code = from.code("reason_code", true).value_or("");
  body.signer = engine::ActorId(from.code("signer", true).value_or(""));
  return body;
}

CommandBody read_assign(Reader& from) {
  from.only({"step", "assignee", "even_if_absent"});
  auto step = read_step(from);
  engine::ActorId assignee(from.code("assignee", true).value_or(""));
  return engine::AssignStep{std::move(step), std::move(assignee), from.boolean("even_if_absent")};
}

CommandBody read_delegate(Reader& from) {
  from.only({"step", "to", "until"});
  auto step = read_step(from);
  engine::ActorId to(from.code("to", true).value_or(""));
  return engine::DelegateStep{std::move(step), std::move(to), from.day("until", false)};
}

CommandBody read_consult(Reader& from) {
  from.only({"agency", "question"});
  engine::AgencyId agency(from.code("agency", true).value_or(""));
  return engine::ConsultAgency{std::move(agency), from.filled_text("question", kQuestionBytesMax)};
}

CommandBody read_answer(Reader& from) {
  from.only({"opinion_code", "data"});
  auto opinion = from.code("opinion_code", true).value_or("");
  return engine::AnswerConsultation{std::move(opinion), read_object(from, "data")};
}

CommandBody read_return(Reader& from) {
  from.only({"channel", "to", "originals"});
  auto channel = from.code("channel", true).value_or("");
  auto to = from.text("to", true).value_or("");
  return engine::ReturnResult{std::move(channel), std::move(to), from.boolean("originals")};
}

/// One step or several, where a state of the old version leads.
std::vector<engine::StepName> read_names(Reader& from, const std::string& pointer, const json& value) {
  const auto list = value.is_array() ? value : json::array({value});
  std::vector<engine::StepName> names;
  for (const auto& name : list) {
    const bool is_name = name.is_string() && !name.get_ref<const std::string&>().empty() &&
                         name.get_ref<const std::string&>().size() <= kStepNameBytesMax;
    if (!is_name || list.size() > kStepsMax) {
      from.fault(pointer, "must be the name of a step or an array of at most 16");
      return {};
    }
    names.emplace_back(name.get<std::string>());
  }
  return names;
}

engine::StepMap read_map(Reader& from) {
  engine::StepMap map;
  const auto* object = from.object("map", false);
  if (object == nullptr) return map;
  if (object->size() > kMapMax) from.fault(from.at("map"), "must have at most 200 members");
  for (const auto& [step, names] : object->items()) {
    map[engine::StepName(step)] =
        read_names(from, (json::json_pointer(from.at("map")) / step).to_string(), names);
  }
  return map;
}

/// Where a case goes, and under which law.
engine::MigrateCase read_migration(Reader& from) {
  engine::MigrateCase body;
  const auto version = from.number("version", true).value_or(1);
  if (version < 1 || version > kVersionMax) from.fault(from.at("version"), "must be a version number from 1");
  body.version = static_cast<std::int64_t>(version);
  body.map = read_map(from);
  const auto limit = from.text("limit", false).value_or("keep");
  if (limit != "keep" && limit != "new") from.fault(from.at("limit"), "must be keep or new");
  body.limit = limit == "new" ? engine::MigratedLimit::target : engine::MigratedLimit::kept;
  body.law = from.code("law", true).value_or("");
  return body;
}

using ReadBody = CommandBody (*)(Reader&);

/// What each command reads from `data`.
struct CommandShape {
  std::string_view name{};
  CommandBody kind{};
  ReadBody read = nullptr;
};

const std::vector<CommandShape>& shapes() {
  static const std::vector<CommandShape> kShapes{
      {"receive", engine::ReceiveCase{},
       [](Reader& from) -> CommandBody {
         from.only({"accept_incomplete"});
         return engine::ReceiveCase{from.boolean("accept_incomplete")};
       }},
      {"refuse_reception", engine::RefuseReception{},
       [](Reader& from) -> CommandBody {
         from.only({"reason_code"});
         return engine::RefuseReception{from.code("reason_code", true).value_or("")};
       }},
      {"request_supplement", engine::RequestSupplement{}, &read_supplement},
      {"supply", engine::Supply{},
       [](Reader& from) -> CommandBody {
         from.only({"papers", "data"});
         auto papers = read_papers(from);
         return engine::Supply{std::move(papers), read_object(from, "data")};
       }},
      {"request_payment", engine::RequestPayment{},
       [](Reader& from) -> CommandBody {
         from.only({"fee_code"});
         return engine::RequestPayment{from.code("fee_code", true).value_or("")};
       }},
      {"record_payment", engine::RecordPayment{}, &read_payment},
      {"assign", engine::AssignStep{}, &read_assign},
      {"claim", engine::ClaimStep{}, &read_step_alone<engine::ClaimStep>},
      {"release", engine::ReleaseStep{}, &read_step_alone<engine::ReleaseStep>},
      {"delegate", engine::DelegateStep{}, &read_delegate},
      {"step", engine::TakeStep{},
       [](Reader& from) -> CommandBody {
         from.only({"event", "data"});
         auto event = from.code("event", true).value_or("");
         return engine::TakeStep{std::move(event), read_object(from, "data")};
       }},
      {"consult", engine::ConsultAgency{}, &read_consult},
      {"acknowledge_consultation", engine::AcknowledgeConsultation{},
       &read_nothing<engine::AcknowledgeConsultation>},
      {"answer_consultation", engine::AnswerConsultation{}, &read_answer},
      {"withdraw", engine::WithdrawCase{}, &read_nothing<engine::WithdrawCase>},
      {"stop", engine::StopCase{},
       [](Reader& from) -> CommandBody {
         from.only({"law"});
         return engine::StopCase{from.code("law", true).value_or("")};
       }},
      {"resolve", engine::ResolveCase{}, &read_resolve},
      {"return_result", engine::ReturnResult{}, &read_return},
      {"correct", engine::CorrectData{}, &read_correct},
      {"note", engine::AddNote{},
       [](Reader& from) -> CommandBody {
         from.only({"text"});
         return engine::AddNote{from.text("text", true).value_or("")};
       }},
      {"pause", engine::PauseClock{},
       [](Reader& from) -> CommandBody {
         from.only({"reason_code", "agency"});
         auto reason = from.code("reason_code", true).value_or("");
         return engine::PauseClock{std::move(reason),
                                   engine::AgencyId(from.code("agency", false).value_or(""))};
       }},
      {"resume", engine::ResumeClock{}, &read_nothing<engine::ResumeClock>},
      {"extend", engine::ExtendDeadline{}, &read_extend},
      {"migrate", engine::MigrateCase{},
       [](Reader& from) -> CommandBody {
         from.only({"version", "map", "limit", "law"});
         return read_migration(from);
       }},
  };
  return kShapes;
}

void read_person(Reader& from, LookupAsked& asked) {
  asked.personal_id = from.filled_text("personal_id", kPersonBytesMax);
  asked.full_name = from.filled_text("full_name", kPersonBytesMax);
  asked.birth_date = from.filled_text("birth_date", kPersonBytesMax);
}

}  // namespace

engine::Result<engine::FileCase> parse_filing(const json& body) {
  json faults = json::array();
  Reader reader(body, "", faults);
  reader.only({"procedure", "channel", "applicant", "data", "papers", "lookups", "reason"});
  engine::FileCase command;
  command.procedure = engine::ProcedureCode(reader.code("procedure", true).value_or(""));
  command.channel = reader.code("channel", true).value_or("");
  if (const auto* applicant = reader.object("applicant", true)) {
    Reader person(*applicant, "/applicant", faults);
    person.only({"personal_id", "full_name", "birth_date"});
    static_cast<void>(person.text("personal_id", false));
    static_cast<void>(person.text("full_name", true));
    static_cast<void>(person.text("birth_date", false));
    command.applicant = *applicant;
  }
  command.data = read_object(reader, "data");
  command.papers = read_papers(reader);
  command.lookups = read_lookups(reader);
  command.reason = reader.text("reason", false);
  if (!faults.empty()) return invalid_body(std::move(faults));
  return command;
}

CommandBodyText parse_command(const json& body) {
  CommandBodyText result;
  json faults = json::array();
  Reader reader(body, "", faults);
  reader.only({"command", "expected_version", "data", "reason"});
  const auto name = reader.code("command", true);
  result.expected_version = reader.number("expected_version", false);
  const auto reason = reader.text("reason", false);
  const auto data = read_object(reader, "data");
  const auto shape = std::find_if(shapes().begin(), shapes().end(),
                                  [&](const CommandShape& one) { return name && one.name == *name; });
  if (shape != shapes().end()) {
    result.kind = shape->kind;
    Reader members(data, "/data", faults);
    auto read = shape->read(members);
    if (faults.empty()) {
      result.command = engine::CaseCommand{std::move(read), reason};
      return result;
    }
  } else if (name) {
    reader.fault("/command", "is not a command of the contract");
  }
  result.command = invalid_body(std::move(faults));
  return result;
}

engine::Result<LookupAsked> parse_lookup(const json& body) {
  json faults = json::array();
  Reader reader(body, "", faults);
  LookupAsked asked;
  if (body.contains("subject")) {
    // Not both: it would be unclear whom the question is about.
    reader.only({"subject", "procedure", "purpose", "case"});
    if (const auto* subject = reader.object("subject", true)) {
      Reader person(*subject, "/subject", faults);
      person.only({"personal_id", "full_name", "birth_date"});
      read_person(person, asked);
    }
  } else {
    reader.only({"personal_id", "full_name", "birth_date", "procedure", "purpose", "case"});
    read_person(reader, asked);
  }
  asked.procedure = engine::ProcedureCode(reader.code("procedure", true).value_or(""));
  asked.purpose = reader.filled_text("purpose", kPurposeBytesMax);
  asked.case_id = reader.uuid("case", false);
  if (!faults.empty()) return invalid_body(std::move(faults));
  return asked;
}

engine::Result<std::string> parse_confirmation(const json& body) {
  json faults = json::array();
  Reader reader(body, "", faults);
  reader.only({"reason"});
  auto reason = reader.filled_text("reason", kPurposeBytesMax);
  if (!faults.empty()) return invalid_body(std::move(faults));
  return reason;
}

engine::Result<DecisionsAsked> parse_decisions(const json& body) {
  json faults = json::array();
  Reader reader(body, "", faults);
  reader.only({"decision", "items", "all", "reason"});
  DecisionsAsked asked;
  const auto decision = reader.text("decision", true);
  asked.accept = decision == "accept";
  if (decision && !asked.accept && decision != "decline") {
    reader.fault("/decision", "must be accept or decline");
  }
  asked.all = reader.boolean("all");
  asked.reason = reader.filled_text("reason", kPurposeBytesMax);
  const auto* items = reader.array("items", !asked.all, kDecisionItemsMax);
  if (items != nullptr && (asked.all || items->empty())) {
    reader.fault("/items", asked.all ? "has no place beside all" : "must name at least one case");
  }
  if (items != nullptr) {
    reader.each(*items, "items", [&](Reader& item) {
      item.only({"case", "expected_version"});
      DecisionItem one;
      one.id = item.text("case", true).value_or("");
      if (const auto* version = item.find("expected_version", false)) {
        if (version->is_number_unsigned()) {
          one.expected_version = version->get<std::uint64_t>();
        } else {
          item.fault(item.at("expected_version"), "must be a whole number from 0");
        }
      }
      asked.items.push_back(std::move(one));
    });
  }
  if (!faults.empty()) return invalid_body(std::move(faults));
  return asked;
}

engine::Result<MigrationsAsked> parse_migrations(const json& body) {
  json faults = json::array();
  Reader reader(body, "", faults);
  reader.only({"from_version", "version", "map", "limit", "law", "limit_lines", "cursor"});
  MigrationsAsked asked;
  asked.command = read_migration(reader);
  if (const auto from = reader.number("from_version", false)) {
    if (*from > kVersionMax) reader.fault("/from_version", "must be a version number");
    asked.from_version = static_cast<std::int64_t>(*from);
  }
  if (const auto lines = reader.number("limit_lines", false)) {
    if (*lines < 1 || *lines > kLinesMax)
      reader.fault("/limit_lines", "must be a whole number from 1 to 200");
    asked.limit = static_cast<std::size_t>(*lines);
  }
  if (body.contains("cursor") && !body["cursor"].is_null()) asked.after = reader.uuid("cursor", false);
  if (!faults.empty()) return invalid_body(std::move(faults));
  return asked;
}

engine::Result<engine::SubstitutionCommand> parse_substitution(const json& body) {
  json faults = json::array();
  Reader reader(body, "", faults);
  engine::SubstitutionCommand command;
  if (body.contains("end")) {
    reader.only({"end", "reason"});
    command.body = engine::EndSubstitution{reader.number("end", true).value_or(0)};
    command.reason = reader.text("reason", false);
  } else {
    reader.only({"absent", "substitute", "from", "until", "roles", "reason"});
    engine::SetSubstitution set;
    set.absent = engine::ActorId(reader.code("absent", true).value_or(""));
    set.substitute = engine::ActorId(reader.code("substitute", true).value_or(""));
    set.from = reader.day("from", true).value_or(engine::LocalDay{});
    set.until = reader.day("until", true).value_or(engine::LocalDay{});
    set.roles = reader.codes("roles", engine::kSubstitutedRolesMax);
    command.body = std::move(set);
    command.reason = reader.filled_text("reason", kPurposeBytesMax);
  }
  if (!faults.empty()) return invalid_body(std::move(faults));
  return command;
}

}  // namespace motcua::api
