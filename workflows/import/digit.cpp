#include "workflows/import/digit.hpp"

#include "workflows/import/code_names.hpp"
#include "workflows/import/digit_machine.hpp"
#include "workflows/import/draft.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

namespace motcua::workflows {
namespace {

class DigitImport {
 public:
  DigitImport(const LocatedJson& located, const ImportOptions& options)
      : reporter_(options.file), source_(located, reporter_), options_(options) {}

  ImportReport run(const Json& document) {
    if (document.is_object() && document.contains("BusinessServices")) {
      list(document["BusinessServices"], "/BusinessServices");
    } else if (document.is_array()) {
      list(document, "");
    } else {
      service(document, "");
    }
    report_.findings = std::move(reporter_.findings);
    return std::move(report_);
  }

 private:
  void list(const Json& services, const std::string& at) {
    if (!services.is_array() || services.empty()) {
      source_.error(at, "not-business-services", "a list of business services is expected");
      return;
    }
    engine::each_element(services, at,
                         [&](const std::string& pointer, const Json& each) { service(each, pointer); });
  }
  void service(const Json& json, const std::string& at);
  void say_what_stays(const Json& json, const std::string& at);

  Reporter reporter_;
  DigitSource source_;
  const ImportOptions& options_;
  TakenCodes codes_{};
  ImportReport report_{};
};

/// Attributes without a counterpart, each said once.
void DigitImport::say_what_stays(const Json& json, const std::string& at) {
  const std::array<std::pair<const char*, const char*>, 4> own{{
      {"tenantId", "the tenant: an agency is competent by the organisation file"},
      {"business", "the module that calls the workflow"},
      {"uuid", "the identifier of the record"},
      {"auditDetails", "who changed the record and when"},
  }};
  for (const auto& [name, what] : own) {
    if (member(json, name).is_null()) continue;
    source_.warning(below(at, name), "attribute-not-carried",
                    std::string("`") + name + "` has no counterpart (" + what + ")");
  }
  source_.other_members(
      json, at,
      {"tenantId", "business", "uuid", "auditDetails", "businessService", "businessServiceSla", "states"});
  const std::string states = below(at, "states");
  bool said = false;
  engine::each_element(member(json, "states"), states, [&](const std::string& pointer, const Json& state) {
    const auto& status = member(state, "applicationStatus");
    if (said || status.is_null() || status == member(state, "state")) return;
    said = true;
    source_.warning(
        below(pointer, "applicationStatus"), "attribute-not-carried",
        "`applicationStatus` is a note of each state: what the portal shows follows from the stage");
  });
}

void DigitImport::service(const Json& json, const std::string& at) {
  const std::string name = text_of(json, "businessService");
  const std::string code = code_of_name(name);
  if (code.empty()) {
    source_.error(at, "not-business-services", "no business service: `businessService` names none");
    return;
  }
  DraftHead head;
  head.code = codes_.take(code);
  head.name = name;
  if (head.code != name) {
    source_.warning(below(at, "businessService"), "name-changed",
                    "`" + name + "` cannot be the code: the procedure is called `" + head.code + "`");
  }
  head.origin = Json{{"format", "DIGIT BusinessService"}, {"business_service", name}};
  for (const auto& [from, to] : {std::pair{"business", "business"}, {"tenantId", "tenant"}}) {
    if (member(json, from).is_string()) head.origin[to] = json[from];
  }
  say_what_stays(json, at);
  const Json& sla = member(json, "businessServiceSla");
  if (!sla.is_null()) head.origin["sla_ms"] = sla;
  head.time_limit = source_.procedure_limit(sla, below(at, "businessServiceSla"));
  SketchRegion machine = digit_machine(source_, json, at, options_, head.names_documents);
  if (!machine.states.empty()) prune(machine, reporter_);
  auto made = finish_draft(head, machine, options_, reporter_);
  std::move(made.begin(), made.end(), std::back_inserter(report_.procedures));
}

}  // namespace

ImportReport import_digit(const std::string& bytes, const ImportOptions& options) {
  const LocatedJson located = parse_located(bytes, options.file);
  if (!located.readable || has_errors(located.findings)) return {{}, located.findings};
  ImportReport report = DigitImport(located, options).run(located.document);
  report.findings.insert(report.findings.end(), located.findings.begin(), located.findings.end());
  sort_findings(report.findings);
  return report;
}

}  // namespace motcua::workflows
