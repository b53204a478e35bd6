#include "workflows/loader/findings.hpp"

#include <algorithm>
#include <tuple>

namespace motcua::workflows {
namespace {

auto sort_key(const Finding& finding) {
  return std::tie(finding.file, finding.line, finding.pointer, finding.rule, finding.message);
}

}  // namespace

const char* name_of(Severity severity) {
  switch (severity) {
    case Severity::note:
      return "note";
    case Severity::warning:
      return "warning";
    case Severity::error:
      break;
  }
  return "error";
}

bool has_errors(const Findings& findings) {
  return std::any_of(findings.begin(), findings.end(),
                     [](const Finding& finding) { return finding.severity == Severity::error; });
}

void sort_findings(Findings& findings) {
  std::sort(findings.begin(), findings.end(),
            [](const Finding& left, const Finding& right) { return sort_key(left) < sort_key(right); });
  findings.erase(std::unique(findings.begin(), findings.end()), findings.end());
}

std::string to_text(const Findings& findings) {
  std::string text;
  for (const Finding& finding : findings) {
    text += finding.file;
    if (finding.line > 0) {
      text += ":" + std::to_string(finding.line);
    }
    text +=
        std::string(": ") + name_of(finding.severity) + ": " + finding.message + " [" + finding.rule + "]";
    if (!finding.pointer.empty()) {
      text += " at " + finding.pointer;
    }
    text += "\n";
  }
  return text;
}

nlohmann::json to_json(const Findings& findings) {
  auto list = nlohmann::json::array();
  for (const Finding& finding : findings) {
    list.push_back({{"file", finding.file},
                    {"pointer", finding.pointer},
                    {"line", finding.line},
                    {"rule", finding.rule},
                    {"severity", name_of(finding.severity)},
                    {"message", finding.message}});
  }
  return list;
}

}  // namespace motcua::workflows
