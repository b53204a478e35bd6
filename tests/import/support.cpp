#include "tests/import/support.hpp"

#include "engine/cases/state_timers.hpp"
#include "workflows/loader/loaded_catalogue.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <sstream>

namespace motcua::workflows {
namespace {

using engine::Scenario;

engine::Identity everybody() {
  return engine::person("all-1", {"desk_officer", "case_officer", "signatory", "supervisor"});
}

/// Waits until the timer comes due.
void let_fire(Scenario& scenario, const std::string& kind) {
  const auto timers = scenario.state().timers;
  const auto timer =
      std::find_if(timers.begin(), timers.end(), [&](const auto& each) { return each.kind == kind; });
  ASSERT_NE(timer, timers.end()) << kind << " does not run";
  if (timer->due_at > scenario.now()) scenario.at(timer->due_at);
  scenario.happened(engine::FireTimer{timer->kind, timer->due_at});
  EXPECT_TRUE(scenario.state().tasks.empty()) << kind << " moved nothing";
}

}  // namespace

std::string data_file(const std::string& name) {
  std::ifstream file(std::string(SOURCE_DIR) + "/tests/import/data/" + name, std::ios::binary);
  EXPECT_TRUE(file.good()) << name;
  std::ostringstream bytes;
  bytes << file.rdbuf();
  return bytes.str();
}

ImportReport digit_report(std::string_view name, ImportOptions options) {
  const std::string file = std::string(name) + ".json";
  options.file = file;
  return import_digit(data_file("digit/" + file), options);
}

ImportReport bpmn_report(const std::string& name) {
  ImportOptions options;
  options.file = name;
  return import_bpmn(data_file("bpmn/" + name), options);
}

std::vector<std::string> said(const ImportReport& report, Severity severity) {
  std::vector<std::string> list;
  for (const auto& finding : report.findings) {
    const bool about_source = finding.file.find("procedure.json") == std::string::npos;
    if (about_source && finding.severity == severity) list.push_back(finding.rule + " " + finding.pointer);
  }
  return list;
}

bool says(const ImportReport& report, const std::string& rule, const std::string& pointer) {
  return std::any_of(report.findings.begin(), report.findings.end(), [&](const Finding& finding) {
    return finding.rule == rule && finding.pointer == pointer;
  });
}

engine::Definition loaded(const ImportedProcedure& procedure) {
  LoadedCatalogue catalogue;
  const auto findings = catalogue.add_procedure(procedure.text, procedure.file);
  EXPECT_EQ(to_text(findings), "");
  const auto definition = catalogue.definition(engine::ProcedureCode(procedure.code), 1);
  return definition == nullptr ? engine::Definition{} : *definition;
}

Scenario received_case(const engine::Definition& definition) {
  engine::FileCase filing = engine::complete_filing();
  filing.procedure = definition.code;
  filing.data = nlohmann::json::object();
  filing.papers = {};
  Scenario scenario(engine::rules_with(definition));
  scenario.filed(filing, everybody()).did(everybody(), engine::ReceiveCase{});
  return scenario;
}

void run_to_the_end(Scenario scenario, const Path& path) {
  for (const auto& event : path) {
    if (engine::timed_state(event)) {
      let_fire(scenario, event);
    } else {
      scenario.did(everybody(), engine::take(event));
    }
  }
  EXPECT_TRUE(engine::in_final_state(scenario.rules().definition->machine, scenario.state().steps));
  scenario.did(everybody(), engine::resolve({"result"}));
  EXPECT_EQ(scenario.state().stage, engine::Stage::resolved);
}

}  // namespace motcua::workflows
