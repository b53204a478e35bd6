#include "api/trial/trial_report.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <set>
#include <sstream>
#include <utility>

namespace motcua::api {
namespace {

using engine::MachineState;
using engine::StateKind;
using nlohmann::json;

constexpr std::size_t kPathsShown = 10;

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

/// `3:05`: hours and minutes of working time.
std::string hours(std::int64_t seconds) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%lld:%02lld", static_cast<long long>(seconds / 3600),
                static_cast<long long>(seconds / 60 % 60));
  return text.data();
}

/// The value that `share` of a hundred do not exceed; 0 of none.
std::int64_t portion(std::vector<std::int64_t> values, std::size_t share) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  return values[std::min(values.size() - 1, values.size() * share / 100)];
}

std::vector<std::int64_t> decided_seconds(const TrialFigures& figures) {
  std::vector<std::int64_t> seconds;
  for (const auto& each : figures.cases) {
    if (each.decided_at && each.received_at) seconds.push_back(each.working_seconds);
  }
  return seconds;
}

json spread_json(const std::vector<std::int64_t>& seconds) {
  return {{"count", seconds.size()},
          {"least_s", portion(seconds, 0)},
          {"half_s", portion(seconds, 50)},
          {"nine_of_ten_s", portion(seconds, 90)},
          {"most_s", portion(seconds, 100)}};
}

std::string spread_text(const std::vector<std::int64_t>& seconds) {
  return "least " + hours(portion(seconds, 0)) + ", half within " + hours(portion(seconds, 50)) +
         ", nine of ten within " + hours(portion(seconds, 90)) + ", most " + hours(portion(seconds, 100));
}

std::vector<std::pair<std::size_t, std::vector<std::string>>> ranked_paths(const TrialFigures& figures) {
  std::vector<std::pair<std::size_t, std::vector<std::string>>> ranked;
  for (const auto& [path, count] : figures.paths) ranked.emplace_back(count, path);
  std::stable_sort(ranked.begin(), ranked.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  return ranked;
}

json instant_json(const std::optional<engine::Instant>& at) {
  return at ? json(engine::to_rfc3339(*at)) : json(nullptr);
}

json case_json(const TrialCase& each) {
  return {{"id", each.id},
          {"stage", each.stage},
          {"filed_at", engine::to_rfc3339(each.filed_at)},
          {"received_at", instant_json(each.received_at)},
          {"due_at", instant_json(each.due_at)},
          {"decided_at", instant_json(each.decided_at)},
          {"working_s", each.working_seconds},
          {"late", each.late},
          {"path", each.path},
          {"stuck", each.stuck.empty() ? json(nullptr) : json(each.stuck)}};
}

/// True if one of the states entered, separated by blanks, is `around` or lies within it.
bool enters(const engine::Machine& machine, const std::string& entered, const engine::StepName& around) {
  std::istringstream names(entered);
  for (std::string name; names >> name;) {
    const auto* state = machine.find(engine::StepName(name));
    for (; state != nullptr; state = state->parent ? &machine.states[*state->parent] : nullptr) {
      if (state->name == around) return true;
    }
  }
  return false;
}

/// The region that the state ends; null if it ends none.
const MachineState* region_ended_by(const engine::Machine& machine, const MachineState& state) {
  if (state.kind != StateKind::final || !state.parent) return nullptr;
  const auto& region = machine.states[*state.parent];
  const bool beside = region.parent && machine.states[*region.parent].kind == StateKind::parallel;
  return beside ? &region : nullptr;
}

/// True if what was entered is what a way to `target` enters: nothing more in a region that it ends.
bool leads_to(const engine::Machine& machine, const std::string& entered, const engine::StepName& target) {
  const auto* state = machine.find(target);
  const auto* region = state == nullptr ? nullptr : region_ended_by(machine, *state);
  return region == nullptr ? enters(machine, entered, target) : !enters(machine, entered, region->name);
}

/// The innermost state around the step that has ways of that event.
const MachineState* giver_of(const engine::Machine& machine, const TakenWay& taken) {
  const auto* state = machine.find(engine::StepName(taken.from));
  for (; state != nullptr; state = state->parent ? &machine.states[*state->parent] : nullptr) {
    const auto& ways = state->transitions;
    if (std::any_of(ways.begin(), ways.end(), [&](const auto& way) { return way.event == taken.event; }))
      return state;
  }
  return nullptr;
}

/// Ways that the state's timer takes.
std::vector<engine::Transition> timed_ways(const MachineState& state) {
  return state.timer ? state.timer->ways : std::vector<engine::Transition>{};
}

/// How often the timer of the state took that way.
std::size_t times_timed(const engine::Machine& machine, const TrialFigures& figures,
                        const MachineState& state, const engine::Transition& way) {
  std::size_t count = 0;
  for (const auto& [taken, times] : figures.ways) {
    const bool is_it =
        taken.event == kAfter && taken.from == state.name.value && leads_to(machine, taken.to, way.target);
    count += is_it ? times : 0;
  }
  return count;
}

json way_json(const TakenWay& way) { return {{"from", way.from}, {"event", way.event}, {"to", way.to}}; }

}  // namespace

Coverage coverage_of(const engine::Definition& definition, const TrialFigures& figures) {
  std::set<std::string> visited;
  std::set<std::pair<std::string, std::string>> taken;  // an inherited event is taken from the inner state
  for (const auto& [step, times] : figures.step_seconds) visited.insert(step);
  for (const auto& [way, count] : figures.ways) {
    visited.insert(way.from);
    std::istringstream entered(way.to);
    for (std::string state; entered >> state;) visited.insert(state);
    const auto* state = definition.machine.find(engine::StepName(way.from));
    for (; state != nullptr; state = state->parent ? &definition.machine.states[*state->parent] : nullptr) {
      taken.emplace(state->name.value, way.event);
    }
  }
  Coverage coverage;
  for (const auto& state : definition.machine.states) {
    if (state.kind != StateKind::atomic && state.kind != StateKind::final) continue;
    if (region_ended_by(definition.machine, state) != nullptr) continue;  // nobody ever stands there
    const bool is_seen = visited.contains(state.name.value);
    coverage.states += 1;
    if (!is_seen) coverage.states_never.push_back(state.name.value);
  }
  for (const auto& state : definition.machine.states) {
    for (const auto& way : state.transitions) {
      if (way.event == "done" && state.kind != StateKind::atomic) continue;  // follows by itself
      coverage.ways += 1;
      const bool is_taken = std::any_of(figures.ways.begin(), figures.ways.end(), [&](const auto& entry) {
        return entry.first.event == way.event && taken.contains({state.name.value, way.event}) &&
               leads_to(definition.machine, entry.first.to, way.target);
      });
      if (!is_taken) coverage.ways_never.push_back({state.name.value, way.event, way.target.value});
    }
    for (const auto& way : timed_ways(state)) {
      coverage.ways += 1;
      if (times_timed(definition.machine, figures, state, way) == 0)
        coverage.ways_never.push_back({state.name.value, kAfter, way.target.value});
    }
  }
  return coverage;
}

json counts_of(const engine::Definition& definition, const TrialFigures& figures) {
  const auto& machine = definition.machine;
  json counts = json::array();
  for (const auto& state : machine.states) {
    std::map<std::string, std::size_t> ordinals;
    for (const auto& way : state.transitions) {
      const auto ordinal = ordinals[way.event]++;
      std::size_t count = 0;
      for (const auto& [taken, times] : figures.ways) {
        const bool is_it = taken.event == way.event && giver_of(machine, taken) == &state &&
                           leads_to(machine, taken.to, way.target);
        count += is_it ? times : 0;
      }
      if (count == 0) continue;
      counts.push_back(
          {{"state", state.name.value}, {"event", way.event}, {"ordinal", ordinal}, {"count", count}});
    }
    for (const auto& way : timed_ways(state)) {
      const auto ordinal = ordinals[kAfter]++;
      const auto count = times_timed(machine, figures, state, way);
      if (count == 0) continue;
      counts.push_back(
          {{"state", state.name.value}, {"event", kAfter}, {"ordinal", ordinal}, {"count", count}});
    }
  }
  return counts;
}

json to_json(const engine::Definition& definition, const TrialFigures& figures) {
  const auto coverage = coverage_of(definition, figures);
  json steps = json::object();
  for (const auto& [step, seconds] : figures.step_seconds) steps[step] = spread_json(seconds);
  json ways = json::array();
  for (const auto& [way, count] : figures.ways) {
    auto object = way_json(way);
    object["count"] = count;
    ways.push_back(std::move(object));
  }
  json paths = json::array();
  for (const auto& [count, path] : ranked_paths(figures)) paths.push_back({{"count", count}, {"path", path}});
  json never = json::array();
  for (const auto& way : coverage.ways_never) never.push_back(way_json(way));
  json cases = json::array();
  for (const auto& each : figures.cases) cases.push_back(case_json(each));
  return {{"procedure", definition.code.value},
          {"version", definition.version},
          {"cases", std::move(cases)},
          {"stages", figures.stages},
          {"late", figures.late},
          {"working_time", spread_json(decided_seconds(figures))},
          {"steps", std::move(steps)},
          {"ways", std::move(ways)},
          {"paths", std::move(paths)},
          {"stuck", figures.stuck},
          {"refusals", figures.refusals},
          {"coverage",
           {{"states", coverage.states},
            {"states_never", coverage.states_never},
            {"ways", coverage.ways},
            {"ways_never", std::move(never)}}}};
}

std::string to_text(const engine::Definition& definition, const TrialFigures& figures) {
  const auto coverage = coverage_of(definition, figures);
  std::ostringstream text;
  text << definition.code.value << " version " << definition.version << ": " << figures.cases.size()
       << " cases";
  for (const auto& [stage, count] : figures.stages) text << ", " << count << ' ' << stage;
  text << "\nlate: " << figures.late
       << "\nworking time from reception to decision (h:mm): " << spread_text(decided_seconds(figures))
       << "\nsteps (visits; working time)\n";
  for (const auto& [step, seconds] : figures.step_seconds) {
    text << "  " << step << " (" << seconds.size() << "; " << spread_text(seconds) << ")\n";
  }
  const auto paths = ranked_paths(figures);
  text << "paths: " << paths.size() << '\n';
  for (std::size_t i = 0; i < std::min(paths.size(), kPathsShown); ++i) {
    text << "  " << paths[i].first << " x " << joined(paths[i].second) << '\n';
  }
  text << "coverage: " << coverage.states - coverage.states_never.size() << " of " << coverage.states
       << " states, " << coverage.ways - coverage.ways_never.size() << " of " << coverage.ways << " ways\n";
  for (const auto& state : coverage.states_never) text << "  never in " << state << '\n';
  for (const auto& way : coverage.ways_never) {
    text << "  never " << way.event << " from " << way.from << " to " << way.to << '\n';
  }
  if (!figures.stuck.empty()) text << "without an end:\n";
  for (const auto& [why, count] : figures.stuck) text << "  " << count << " x " << why << '\n';
  return text.str();
}

}  // namespace motcua::api
