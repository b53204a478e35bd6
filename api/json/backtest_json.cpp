#include "api/json/backtest_json.hpp"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <optional>
#include <utility>

namespace motcua::api {
namespace {

using engine::BacktestLine;
using nlohmann::json;

std::string place_of(const engine::Stranding& stranded) {
  std::string place;
  for (const auto& step : stranded.steps) place += (place.empty() ? "" : " ") + step.value;
  return place + (stranded.event.empty() ? "" : ", " + stranded.event) + ": " + stranded.why;
}

void add(BacktestSummary& summary, const BacktestLine& line) {
  summary.open += line.open ? 1 : 0;
  if (line.due_before && line.due_after && *line.due_before != *line.due_after) {
    (*line.due_after < *line.due_before ? summary.earlier : summary.later) += 1;
    summary.moved_seconds.push_back(std::abs(
        std::chrono::duration_cast<std::chrono::seconds>(*line.due_after - *line.due_before).count()));
  } else if (line.due_before == line.due_after) {
    summary.same += 1;
  } else {
    (line.due_after ? summary.earlier : summary.later) += 1;  // a limit where there was none, or the reverse
  }
  summary.late_before += line.late_before ? 1 : 0;
  summary.late_after += line.late_after ? 1 : 0;
  if (line.late_after && !line.late_before) summary.newly_late.push_back(&line);
  if (line.late_before && !line.late_after) summary.no_longer_late += 1;
  if (line.stranded) {
    summary.stranded[place_of(*line.stranded)].push_back(&line);
    summary.stranded_cases += 1;
  }
  for (const auto& what : line.refused) summary.refused[what] += 1;
}

json instant_json(const std::optional<engine::Instant>& at) {
  return at ? json(engine::to_rfc3339(*at)) : json(nullptr);
}

json line_json(const BacktestLine& line) {
  json object{{"id", to_text(line.id)},
              {"code", line.code},
              {"open", line.open},
              {"due_before", instant_json(line.due_before)},
              {"due_after", instant_json(line.due_after)},
              {"extended", line.extended},
              {"late_before", line.late_before},
              {"late_after", line.late_after},
              {"refused", line.refused},
              {"stranded", nullptr}};
  if (line.stranded) {
    json steps = json::array();
    for (const auto& step : line.stranded->steps) steps.push_back(step.value);
    object["stranded"] = {{"version", line.stranded->version},
                          {"steps", std::move(steps)},
                          {"event", line.stranded->event},
                          {"why", line.stranded->why}};
  }
  return object;
}

bool says_something(const BacktestLine& line) {
  return line.stranded || !line.refused.empty() || line.late_after != line.late_before ||
         line.due_before != line.due_after;
}

/// At most `most` lines, ascending by id; those that say something before the others.
std::vector<const BacktestLine*> chosen_lines(const engine::BacktestReport& report, std::size_t most) {
  std::vector<const BacktestLine*> chosen;
  for (const bool telling : {true, false}) {
    for (const auto& line : report.lines) {
      if (chosen.size() == most) break;
      if (says_something(line) == telling) chosen.push_back(&line);
    }
  }
  std::sort(chosen.begin(), chosen.end(),
            [](const auto* left, const auto* right) { return left->id < right->id; });
  return chosen;
}

}  // namespace

BacktestSummary summary_of(const engine::BacktestReport& report, const BacktestAllowance& allowance) {
  BacktestSummary summary;
  for (const auto& line : report.lines) add(summary, line);
  std::sort(summary.moved_seconds.begin(), summary.moved_seconds.end());
  if (summary.stranded_cases > allowance.stranded) {
    summary.reasons.push_back(std::to_string(summary.stranded_cases) + " cases would be stranded");
  }
  if (summary.newly_late.size() > allowance.late) {
    summary.reasons.push_back(std::to_string(summary.newly_late.size()) + " cases in time would be late");
  }
  if (!summary.refused.empty()) summary.reasons.emplace_back("things that were done would be refused");
  if (!report.unreadable.empty()) summary.reasons.emplace_back("some cases cannot be read");
  return summary;
}

json unused_ways(const engine::Definition& candidate, const engine::BacktestReport& report) {
  json unused = json::array();
  const auto& states = candidate.machine.states;
  for (std::size_t state = 0; state < states.size(); ++state) {
    for (std::size_t way = 0; way < states[state].transitions.size(); ++way) {
      const auto& transition = states[state].transitions[way];
      const bool follows_by_itself =
          transition.event == "done" && states[state].kind != engine::StateKind::atomic;
      if (follows_by_itself || report.taken.contains({state, way})) continue;
      unused.push_back(
          {{"from", states[state].name.value}, {"event", transition.event}, {"to", transition.target.value}});
    }
  }
  return unused;
}

std::int64_t portion(const std::vector<std::int64_t>& ascending, std::size_t share) {
  if (ascending.empty()) return 0;
  return ascending[std::min(ascending.size() - 1, ascending.size() * share / 100)];
}

json backtest_json(const engine::Definition& candidate, const engine::BacktestReport& report,
                   const BacktestSummary& summary, std::size_t lines_max) {
  json stranded = json::array();
  for (const auto& [place, lines] : summary.stranded) {
    stranded.push_back({{"where", place}, {"cases", lines.size()}, {"first", lines.front()->code}});
  }
  json lines = json::array();
  for (const auto* line : chosen_lines(report, lines_max)) lines.push_back(line_json(*line));
  const auto left_out = report.lines.size() - lines.size();
  return {{"verdict", summary.reasons.empty() ? "pass" : "fail"},
          {"reasons", summary.reasons},
          {"procedure", candidate.code.value},
          {"version", candidate.version},
          {"hash", engine::to_hex(candidate.hash)},
          {"cases", report.lines.size()},
          {"open", summary.open},
          {"deadlines",
           {{"same", summary.same},
            {"earlier", summary.earlier},
            {"later", summary.later},
            {"moved_half_s", portion(summary.moved_seconds, 50)},
            {"moved_most_s", portion(summary.moved_seconds, 100)},
            {"late_before", summary.late_before},
            {"late_after", summary.late_after},
            {"newly_late", summary.newly_late.size()},
            {"no_longer_late", summary.no_longer_late}}},
          {"stranded", std::move(stranded)},
          {"stranded_cases", summary.stranded_cases},
          {"refused", summary.refused},
          {"unused_ways", unused_ways(candidate, report)},
          {"unreadable", report.unreadable.size()},
          {"without_values", report.without_values},
          {"without_calendar", report.without_calendar},
          {"lines", std::move(lines)},
          {"lines_left_out", left_out}};
}

}  // namespace motcua::api
