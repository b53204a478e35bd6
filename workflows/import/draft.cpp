#include "workflows/import/draft.hpp"

#include "workflows/loader/lint.hpp"

#include <iterator>
#include <utility>

namespace motcua::workflows {
namespace {

constexpr const char* kUnverified = "unverified";
/// A day that does not come: whoever publishes the draft has to write the real one.
constexpr const char* kNever = "9999-12-31";

Json both(const char* vi, const char* en) { return Json{{"vi", vi}, {"en", en}}; }

Json placeholder_form() {
  return Json{{"type", "object"},
              {"properties",
               {{"to_be_filled_in",
                 {{"type", "string"},
                  {"maxLength", 1000},
                  {"x-source", "citizen"},
                  {"x-label",
                   both("[unverified] Tờ khai chưa được nhập", "[unverified] The form is not imported")}}}}}};
}

Json document_of(const DraftHead& head, Json machine, const ImportOptions& options) {
  Json document = Json::object();
  document["code"] = head.code;
  document["version"] = 1;
  document["name"] = label_of(head.name, options);
  document["level"] = "commune";
  document["status"] = "draft";
  document["effective"] = Json{{"from", kNever}, {"open_cases", "keep"}, {"law", kUnverified}};
  document["law"] = Json::array({Json{{"id", "to-be-cited"}, {"act", kUnverified}}});
  document["channels"] = Json::array({"counter"});
  document["time_limit"] = head.time_limit;
  if (head.time_limit.is_null()) document["no_time_limit"] = Json{{"law", kUnverified}};
  document["form"] = placeholder_form();
  document["papers"] = Json::array();
  document["machine"] = std::move(machine);
  document["results"] = Json::array({Json{{"code", "result"},
                                          {"name", both("[unverified] Kết quả", "[unverified] Result")},
                                          {"law", kUnverified}}});
  document["x-import"] = head.origin;
  return document;
}

/// Every text in the document that is only a stand-in for a translation.
int untranslated(const Json& value) {
  int count = 0;
  if (value.is_object() && value.contains("vi") && value.contains("en")) return 1;
  if (value.is_structured()) {
    for (const auto& inner : value) count += untranslated(inner);
  }
  return count;
}

std::size_t ways_in(const Json& states) {
  std::size_t count = 0;
  for (const auto& state : states) {
    if (state.contains("on")) {
      for (const auto& ways : state["on"]) count += ways.size();
    }
    if (state.contains("after")) count += state["after"]["transitions"].size();
    if (state.contains("on_done")) count += state["on_done"].size();
    if (state.contains("states")) count += ways_in(state["states"]);
  }
  return count;
}

std::size_t states_in(const Json& states) {
  std::size_t count = 0;
  for (const auto& state : states) count += 1 + (state.contains("states") ? states_in(state["states"]) : 0);
  return count;
}

void name_what_is_missing(const DraftHead& head, const ImportOptions& options, LocatedJson& located) {
  const std::string other = options.language == "vi" ? "English" : "Vietnamese";
  const auto missing = [&](const char* pointer, const std::string& what) {
    located.warning(pointer, "to-fill-in", what);
  };
  missing("/name", "the name in " + other);
  missing("/level", "the level (ministry, province or commune): `commune` stands in");
  missing("/effective/from", "the day it takes force: a day that does not come stands in");
  missing("/law", "the laws; whatever cites one says `unverified`");
  missing("/channels", "the channels: `counter` stands in");
  missing("/form", "the form: one leaf stands in");
  missing("/papers", head.names_documents
                         ? "the papers: the source says that documents are uploaded, not which"
                         : "the papers: the source lists none");
  missing("/results", "the results: one stands in");
  if (head.time_limit.is_null()) missing("/time_limit", "the time limit, or the law that states none");
  missing("/machine/states", "the texts of " + std::to_string(untranslated(located.document["machine"])) +
                                 " states and ways in " + other);
}

}  // namespace

std::vector<ImportedProcedure> finish_draft(const DraftHead& head, const SketchRegion& machine,
                                            const ImportOptions& options, Reporter& reporter) {
  if (machine.states.empty()) {
    reporter.error({}, "nothing-left",
                   "`" + head.code + "`: no way from a start to an end could be carried over");
    return {};
  }
  ImportedProcedure made;
  made.code = head.code;
  made.file = head.code + "/procedure.json";
  made.document = document_of(head, machine_of(machine, options, reporter), options);
  made.text = made.document.dump(2) + "\n";
  made.states = states_in(made.document["machine"]["states"]);
  made.ways = ways_in(made.document["machine"]["states"]);
  auto located = parse_located(made.text, made.file);
  name_what_is_missing(head, options, located);
  auto linted = lint_bytes(FileKind::procedure, made.text, made.file);
  const bool refused = has_errors(linted);
  for (auto* findings : {&located.findings, &linted}) {
    std::move(findings->begin(), findings->end(), std::back_inserter(reporter.findings));
  }
  if (refused) return {};
  return {std::move(made)};
}

}  // namespace motcua::workflows
