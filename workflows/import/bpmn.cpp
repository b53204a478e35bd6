#include "workflows/import/bpmn.hpp"

#include "workflows/import/bpmn_machine.hpp"
#include "workflows/import/bpmn_model.hpp"
#include "workflows/import/code_names.hpp"
#include "workflows/import/draft.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace motcua::workflows {

ImportReport import_bpmn(const std::string& bytes, const ImportOptions& options) {
  Reporter reporter(options.file);
  ImportReport report;
  TakenCodes codes;
  std::vector<BpmnProcess> processes;
  if (bytes.size() > kFileBytesMax) {
    reporter.error({"", 1}, "file-too-large", "the file has more than 1 MiB");
  } else {
    processes = read_bpmn(bytes, reporter);
  }
  for (const auto& process : processes) {
    DraftHead head;
    head.code = codes.take(code_of_name(process.id).empty() ? "process" : code_of_name(process.id));
    head.name = process.name;
    head.origin = Json{{"format", "BPMN 2.0"}, {"process", process.id}};
    SketchRegion machine = bpmn_machine(process, reporter);
    if (!machine.states.empty()) prune(machine, reporter);
    auto made = finish_draft(head, machine, options, reporter);
    std::move(made.begin(), made.end(), std::back_inserter(report.procedures));
  }
  report.findings = std::move(reporter.findings);
  sort_findings(report.findings);
  return report;
}

}  // namespace motcua::workflows
