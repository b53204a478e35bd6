#include "api/routes/definition_findings.hpp"

#include <algorithm>
#include <utility>

namespace motcua::api {
namespace {

using nlohmann::json;
using workflows::Finding;
using workflows::Findings;
using workflows::Severity;

/// The findings that an answer carries, in the linter's order.
Findings shown(const Findings& findings) {
  if (findings.size() <= kFindingsMax) return findings;
  Findings chosen;
  for (const bool errors : {true, false}) {
    for (const Finding& finding : findings) {
      if (chosen.size() == kFindingsMax) break;
      if ((finding.severity == Severity::error) == errors) chosen.push_back(finding);
    }
  }
  workflows::sort_findings(chosen);
  return chosen;
}

}  // namespace

std::size_t count_of(Severity severity, const Findings& findings) {
  return static_cast<std::size_t>(
      std::count_if(findings.begin(), findings.end(),
                    [&](const Finding& finding) { return finding.severity == severity; }));
}

json findings_json(const Findings& findings) {
  json list = json::array();
  for (const Finding& finding : shown(findings)) {
    list.push_back({{"rule", finding.rule},
                    {"severity", name_of(finding.severity)},
                    {"pointer", finding.pointer},
                    {"line", finding.line},
                    {"message", finding.message}});
  }
  const auto left_out = findings.size() - list.size();
  return {{"findings", std::move(list)},
          {"findings_left_out", left_out},
          {"errors", count_of(Severity::error, findings)},
          {"warnings", count_of(Severity::warning, findings)}};
}

engine::Rejection unfit_definition(const Findings& findings) {
  engine::Rejection rejection{engine::RejectionCode::invalid_data, "the definition has errors"};
  rejection.members = findings_json(findings);
  auto& pointers = rejection.members["pointers"] = json::array();
  for (const Finding& finding : shown(findings)) {
    if (finding.severity != Severity::error) continue;
    pointers.push_back(
        {{"pointer", finding.pointer}, {"reason", finding.message + " [" + finding.rule + "]"}});
  }
  return rejection;
}

}  // namespace motcua::api
