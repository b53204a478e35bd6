#include "api/json/command_json.hpp"

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

constexpr std::size_t kCodeBytesMax = 128;

/// Reads the members of one object and gathers every fault with its pointer.
class Reader {
 public:
  Reader(const json& object, std::string pointer, json& faults)
      : object_(object), pointer_(std::move(pointer)), faults_(faults) {}

  /// Members that may be there; all others are faults.
  void only(std::initializer_list<std::string_view> names) {
    for (const auto& [key, value] : object_.items()) {
      if (std::find(names.begin(), names.end(), key) == names.end())
        fault(pointer_ + '/' + escaped(key), "is not a member");
    }
  }

  const json* find(const char* name, bool required) {
    const auto it = object_.find(name);
    if (it != object_.end()) return &*it;
    if (required) fault(at(name), "is required");
    return nullptr;
  }

  std::optional<std::string> text(const char* name, bool required) {
    const auto* value = find(name, required);
    if (value == nullptr) return std::nullopt;
    if (!value->is_string()) {
      fault(at(name), "must be a string");
      return std::nullopt;
    }
    return value->get<std::string>();
  }

  /// A code: ASCII without spaces, at most 128 bytes.
  std::optional<std::string> code(const char* name, bool required) {
    auto value = text(name, required);
    if (!value) return std::nullopt;
    const bool plain =
        std::all_of(value->begin(), value->end(), [](char c) { return c > ' ' && c < '\x7f'; });
    if (!plain || value->empty() || value->size() > kCodeBytesMax) {
      fault(at(name), "must be a code of 1 to 128 ASCII characters");
      return std::nullopt;
    }
    return value;
  }

  const json* object(const char* name, bool required) {
    const auto* value = find(name, required);
    if (value != nullptr && !value->is_object()) {
      fault(at(name), "must be an object");
      return nullptr;
    }
    return value;
  }

  const json* array(const char* name, bool required, std::size_t most) {
    const auto* value = find(name, required);
    if (value == nullptr) return nullptr;
    if (!value->is_array() || value->size() > most) {
      fault(at(name), "must be an array of at most " + std::to_string(most) + " items");
      return nullptr;
    }
    return value;
  }

  bool boolean(const char* name) {
    const auto* value = find(name, false);
    if (value == nullptr) return false;
    if (!value->is_boolean()) fault(at(name), "must be true or false");
    return value->is_boolean() && value->get<bool>();
  }

  /// One reader for each object of an array; items that are no objects are faults.
  template <class Read>
  void each(const json& array, const char* name, const Read& read) {
    for (std::size_t i = 0; i < array.size(); ++i) {
      const auto pointer = at(name) + '/' + std::to_string(i);
      if (!array[i].is_object()) {
        fault(pointer, "must be an object");
        continue;
      }
      Reader item(array[i], pointer, faults_);
      read(item);
    }
  }

  void fault(const std::string& pointer, const std::string& reason) {
    if (faults_.size() < 100) faults_.push_back({{"pointer", pointer}, {"reason", reason}});
  }
  std::string at(const char* name) const { return pointer_ + '/' + name; }

 private:
  /// Names of unknown members are the client's text: only plain ones are repeated.
  static std::string escaped(const std::string& key) {
    const bool plain = !key.empty() && key.size() <= 64 && std::all_of(key.begin(), key.end(), [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    });
    return plain ? key : "?";
  }

  const json& object_;
  std::string pointer_;
  json& faults_;
};

engine::Rejection invalid(json faults) {
  engine::Rejection rejection{engine::RejectionCode::invalid_data, "the request's body is not valid"};
  rejection.members["pointers"] = std::move(faults);
  return rejection;
}

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

json read_object(Reader& from, const char* name) {
  const auto* value = from.object(name, false);
  return value == nullptr ? json::object() : *value;
}

std::optional<engine::StepName> read_step(Reader& from) {
  const auto step = from.code("step", false);
  return step ? std::optional(engine::StepName(*step)) : std::nullopt;
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
      {"assign", engine::AssignStep{},
       [](Reader& from) -> CommandBody {
         from.only({"step", "assignee"});
         auto step = read_step(from);
         return engine::AssignStep{std::move(step),
                                   engine::ActorId(from.code("assignee", true).value_or(""))};
       }},
      {"claim", engine::ClaimStep{},
       [](Reader& from) -> CommandBody {
         from.only({"step"});
         return engine::ClaimStep{read_step(from)};
       }},
      {"release", engine::ReleaseStep{},
       [](Reader& from) -> CommandBody {
         from.only({"step"});
         return engine::ReleaseStep{read_step(from)};
       }},
      {"step", engine::TakeStep{},
       [](Reader& from) -> CommandBody {
         from.only({"event", "data"});
         auto event = from.code("event", true).value_or("");
         return engine::TakeStep{std::move(event), read_object(from, "data")};
       }},
      {"withdraw", engine::WithdrawCase{},
       [](Reader& from) -> CommandBody {
         from.only({});
         return engine::WithdrawCase{};
       }},
      {"stop", engine::StopCase{},
       [](Reader& from) -> CommandBody {
         from.only({"law"});
         return engine::StopCase{from.code("law", true).value_or("")};
       }},
      {"resolve", engine::ResolveCase{}, &read_resolve},
      {"return_result", engine::ReturnResult{},
       [](Reader& from) -> CommandBody {
         from.only({"channel", "to"});
         auto channel = from.code("channel", true).value_or("");
         return engine::ReturnResult{std::move(channel), from.text("to", true).value_or("")};
       }},
      {"correct", engine::CorrectData{}, &read_correct},
      {"note", engine::AddNote{},
       [](Reader& from) -> CommandBody {
         from.only({"text"});
         return engine::AddNote{from.text("text", true).value_or("")};
       }},
  };
  return kShapes;
}

std::optional<std::uint64_t> read_expected_version(Reader& from) {
  const auto* value = from.find("expected_version", false);
  if (value == nullptr) return std::nullopt;
  if (!value->is_number_unsigned()) {
    from.fault("/expected_version", "must be a whole number, 0 or more");
    return std::nullopt;
  }
  return value->get<std::uint64_t>();
}

}  // namespace

engine::Result<engine::FileCase> parse_filing(const json& body) {
  json faults = json::array();
  Reader reader(body, "", faults);
  reader.only({"procedure", "channel", "applicant", "data", "papers", "lookups"});
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
  if (const auto* lookups = reader.array("lookups", false, 32); lookups != nullptr && !lookups->empty()) {
    reader.fault("/lookups/0", "names no look-up of this agency");
  }
  if (!faults.empty()) return invalid(std::move(faults));
  return command;
}

CommandBodyText parse_command(const json& body) {
  CommandBodyText result;
  json faults = json::array();
  Reader reader(body, "", faults);
  reader.only({"command", "expected_version", "data", "reason"});
  const auto name = reader.code("command", true);
  result.expected_version = read_expected_version(reader);
  const auto reason = reader.text("reason", false);
  const auto data = read_object(reader, "data");
  if (name && engine::is_later_command(*name)) {
    result.kind = engine::LaterCommand{*name};
    if (faults.empty()) {
      result.command = engine::CaseCommand{engine::LaterCommand{*name}, reason};
      return result;
    }
  }
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
  } else if (name && !result.kind) {
    reader.fault("/command", "is not a command of the contract");
  }
  result.command = invalid(std::move(faults));
  return result;
}

}  // namespace motcua::api
