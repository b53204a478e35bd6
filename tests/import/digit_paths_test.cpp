/// Every way through an imported machine runs in the engine, and they are the ways of the file. The paths of
/// the file are found here from its bytes, by another program than the import's.
#include "tests/import/support.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <set>

namespace motcua::workflows {
namespace {

/// States and actions of a file, by name or UUID; what leads nowhere is not there.
struct FileGraph {
  struct Action {
    std::string name{};
    std::string next{};
  };
  std::map<std::string, std::vector<Action>> actions{};
  std::set<std::string> ends{};
};

/// Events are called as actions are, but where a blank is in the way.
std::string event_of(std::string action) {
  if (action.find(' ') == std::string::npos) return action;
  for (char& c : action) c = c == ' ' ? '_' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return action;
}

FileGraph graph_of(const nlohmann::json& service) {
  FileGraph graph;
  std::map<std::string, std::string> names;
  const auto name_of = [](const nlohmann::json& state) {
    return state.at("state").is_null() ? std::string("START") : state.at("state").get<std::string>();
  };
  for (const auto& state : service.at("states")) {
    names[name_of(state)] = name_of(state);
    if (state.contains("uuid")) names[state.at("uuid")] = name_of(state);
  }
  for (const auto& state : service.at("states")) {
    if (state.at("isTerminateState").get<bool>()) graph.ends.insert(name_of(state));
    if (!state.contains("actions") || state.at("actions").is_null()) continue;
    for (const auto& action : state.at("actions")) {
      const auto next = names.find(action.at("nextState").get<std::string>());
      if (next != names.end()) graph.actions[name_of(state)].push_back({action.at("action"), next->second});
    }
  }
  return graph;
}

/// Paths without repeated states. An end with actions may be closed, and gone on from.
void collect(const FileGraph& graph, const std::string& state, std::set<std::string> passed, const Path& path,
             std::set<Path>& found) {
  if (!passed.insert(state).second) return;
  const auto actions = graph.actions.find(state);
  const bool goes_on = actions != graph.actions.end();
  if (graph.ends.count(state) != 0) {
    Path ended = path;
    if (goes_on) ended.emplace_back("close");
    found.insert(std::move(ended));
  }
  if (!goes_on) return;
  for (const auto& action : actions->second) {
    Path longer = path;
    longer.push_back(event_of(action.name));
    collect(graph, action.next, passed, longer, found);
  }
}

std::set<Path> paths_of_file(const std::string& name) {
  const auto document = nlohmann::json::parse(data_file("digit/" + name + ".json"));
  std::set<Path> found;
  collect(graph_of(document.at("BusinessServices").at(0)), "START", {}, {}, found);
  return found;
}

/// The same of the imported definition.
std::set<Path> paths_of_machine(const engine::Machine& machine) {
  FileGraph graph;
  for (const auto& state : machine.states) {
    if (state.kind == engine::StateKind::final) graph.ends.insert(state.name.value);
    for (const auto& way : state.transitions) {
      graph.actions[state.name.value].push_back({way.event, way.target.value});
    }
  }
  std::set<Path> found;
  collect(graph, machine.states.at(machine.initial).name.value, {}, {}, found);
  return found;
}

class DigitPaths : public testing::TestWithParam<std::string_view> {};

TEST_P(DigitPaths, AreThoseOfTheFile) {
  const auto report = digit_report(GetParam());
  ASSERT_EQ(report.procedures.size(), 1U) << to_text(report.findings);
  const auto expected = paths_of_file(std::string(GetParam()));
  EXPECT_FALSE(expected.empty());
  EXPECT_EQ(paths_of_machine(loaded(report.procedures[0]).machine), expected);
}

TEST_P(DigitPaths, RunInTheEngineFromReceptionToResolution) {
  const auto report = digit_report(GetParam());
  ASSERT_EQ(report.procedures.size(), 1U) << to_text(report.findings);
  const auto definition = loaded(report.procedures[0]);
  const auto received = received_case(definition);
  std::size_t run = 0;
  for (const auto& path : paths_of_machine(definition.machine)) {
    SCOPED_TRACE(testing::PrintToString(path));
    run_to_the_end(received, path);
    ++run;
  }
  RecordProperty("paths", static_cast<int>(run));
  EXPECT_GE(run, 2U);
}

/// Simple paths pass no circle: the ways back and the ways onto the same step are taken too.
TEST_P(DigitPaths, EveryWayCanBeTaken) {
  const auto report = digit_report(GetParam());
  ASSERT_EQ(report.procedures.size(), 1U);
  const auto definition = loaded(report.procedures[0]);
  std::map<std::string, engine::Scenario> standing;
  std::vector<engine::Scenario> open{received_case(definition)};
  std::size_t taken = 0;
  while (!open.empty()) {
    const auto scenario = open.back();
    open.pop_back();
    ASSERT_EQ(scenario.state().steps.size(), 1U);
    const auto* state = definition.machine.find(scenario.state().steps[0]);
    ASSERT_NE(state, nullptr);
    if (!standing.emplace(state->name.value, scenario).second) continue;
    for (const auto& way : state->transitions) {
      auto next = scenario;
      next.did(engine::person("all-1", {"case_officer"}), engine::take(way.event));
      EXPECT_EQ(next.state().steps, std::vector<engine::StepName>{way.target}) << way.event;
      ++taken;
      open.push_back(next);
    }
  }
  EXPECT_EQ(standing.size(), report.procedures[0].states);
  EXPECT_EQ(taken, report.procedures[0].ways);
}

INSTANTIATE_TEST_SUITE_P(Real, DigitPaths, testing::ValuesIn(kDigitFiles), [](const auto& instance) {
  std::string name(instance.param);
  std::replace_if(
      name.begin(), name.end(), [](char c) { return c == '-' || c == '.'; }, '_');
  return name;
});

}  // namespace
}  // namespace motcua::workflows
