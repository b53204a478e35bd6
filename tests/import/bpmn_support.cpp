#include "tests/import/bpmn_support.hpp"

#include "engine/cases/state_timers.hpp"

#include <gtest/gtest.h>

#include <utility>

namespace motcua::workflows {
namespace {

/// Paths from reception to an end that never come to the same steps twice.
void collect(const engine::Machine& machine, const std::vector<engine::StepName>& active,
             std::set<std::vector<engine::StepName>> passed, const Path& path, std::set<Path>& found) {
  if (engine::in_final_state(machine, active)) found.insert(path);
  if (!passed.insert(active).second) return;
  const auto go_on = [&](const std::string& event, const engine::Result<engine::MachineMove>& move) {
    ASSERT_TRUE(move.has_value()) << event;
    Path longer = path;
    longer.push_back(event);
    collect(machine, move->active, passed, longer, found);
  };
  const auto facts = nlohmann::json::object();
  for (const auto& offered : engine::offered_events(machine, active, facts)) {
    const auto& event = offered.transition->event;
    go_on(event, engine::take(machine, active, event, facts));
  }
  for (const auto& state : engine::timed_states(machine, active)) {
    go_on(engine::state_timer(state), engine::take_timed(machine, active, state, facts));
  }
}

}  // namespace

ImportReport imported(const std::string& text) {
  ImportOptions options;
  options.file = "sample.bpmn";
  return import_bpmn(text, options);
}

std::string process(const std::string& elements) {
  return "<definitions xmlns=\"http://www.omg.org/spec/BPMN/20100524/MODEL\">\n<process id=\"p\">\n" +
         elements + "\n</process></definitions>";
}
std::string flow(const std::string& id, const std::string& from, const std::string& to) {
  return "<sequenceFlow id=\"" + id + "\" sourceRef=\"" + from + "\" targetRef=\"" + to + "\"/>\n";
}

const Json& states_of(const ImportReport& report) {
  return report.procedures.at(0).document.at("machine").at("states");
}

std::set<Path> run_every_path(const ImportReport& report) {
  const auto definition = loaded(report.procedures.at(0));
  std::set<Path> paths;
  collect(definition.machine, engine::initial_steps(definition.machine), {}, {}, paths);
  const auto received = received_case(definition);
  for (const auto& path : paths) {
    SCOPED_TRACE(testing::PrintToString(path));
    run_to_the_end(received, path);
  }
  return paths;
}

}  // namespace motcua::workflows
