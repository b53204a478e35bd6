/// `motcua backtest`: what a candidate definition would have made of the cases in a log, with a verdict.
#include "api/cli/commands.hpp"
#include "api/cli/store_folder.hpp"
#include "api/trial/trial_rules.hpp"
#include "engine/deadline/counting.hpp"
#include "engine/runtime/backtest.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace motcua::api {
namespace {

using engine::BacktestLine;
using nlohmann::json;

struct BacktestOptions {
  std::string candidate{};
  std::filesystem::path workflows = "workflows";
  StoreFolder folder{};
  std::string since{};
  std::size_t allow_stranded = 0;
  std::size_t allow_late = 0;
  bool as_json = false;
};

constexpr std::size_t kShown = 10;

/// What is said of all lines together.
struct Summary {
  std::size_t open = 0;
  std::size_t same = 0;
  std::size_t earlier = 0;
  std::size_t later = 0;
  std::vector<std::int64_t> moved_seconds{};  ///< by how much dates move, absolute, ascending
  std::size_t late_before = 0;
  std::size_t late_after = 0;
  std::vector<const BacktestLine*> newly_late{};
  std::size_t no_longer_late = 0;
  std::map<std::string, std::vector<const BacktestLine*>> stranded{};  ///< by place and reason
  std::size_t stranded_cases = 0;
  std::map<std::string, std::size_t> refused{};
  std::vector<std::string> reasons{};  ///< why the verdict is no; empty: it is yes
};

std::string place_of(const engine::Stranding& stranded) {
  std::string place;
  for (const auto& step : stranded.steps) place += (place.empty() ? "" : " ") + step.value;
  return place + (stranded.event.empty() ? "" : ", " + stranded.event) + ": " + stranded.why;
}

void add(Summary& summary, const BacktestLine& line) {
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

Summary summary_of(const engine::BacktestReport& report, const BacktestOptions& options) {
  Summary summary;
  for (const auto& line : report.lines) add(summary, line);
  std::sort(summary.moved_seconds.begin(), summary.moved_seconds.end());
  if (summary.stranded_cases > options.allow_stranded) {
    summary.reasons.push_back(std::to_string(summary.stranded_cases) + " cases would be stranded");
  }
  if (summary.newly_late.size() > options.allow_late) {
    summary.reasons.push_back(std::to_string(summary.newly_late.size()) + " cases in time would be late");
  }
  if (!summary.refused.empty()) summary.reasons.emplace_back("things that were done would be refused");
  if (!report.unreadable.empty()) summary.reasons.emplace_back("some cases cannot be read");
  return summary;
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

/// Ways of the candidate that no case took.
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

json report_json(const engine::Definition& candidate, const engine::BacktestReport& report,
                 const Summary& summary) {
  json stranded = json::array();
  for (const auto& [place, lines] : summary.stranded) {
    stranded.push_back({{"where", place}, {"cases", lines.size()}, {"first", lines.front()->code}});
  }
  json lines = json::array();
  for (const auto& line : report.lines) lines.push_back(line_json(line));
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
          {"lines", std::move(lines)}};
}

/// `2 d 3 h` of the clock on the wall.
std::string wall(std::int64_t seconds) {
  return std::to_string(seconds / 86'400) + " d " + std::to_string(seconds / 3'600 % 24) + " h";
}

void print(const engine::Definition& candidate, const engine::BacktestReport& report,
           const Summary& summary) {
  std::cout << candidate.code.value << " version " << candidate.version << " against " << report.lines.size()
            << " cases, " << summary.open << " of them open\n"
            << "dates: " << summary.same << " the same, " << summary.earlier << " earlier, " << summary.later
            << " later; half move by " << wall(portion(summary.moved_seconds, 50)) << " or less, the most by "
            << wall(portion(summary.moved_seconds, 100)) << '\n'
            << "late: " << summary.late_before << " before, " << summary.late_after << " after; "
            << summary.newly_late.size() << " newly late, " << summary.no_longer_late << " no longer\n";
  for (std::size_t i = 0; i < std::min(kShown, summary.newly_late.size()); ++i) {
    std::cout << "  newly late: " << summary.newly_late[i]->code << '\n';
  }
  std::cout << "stranded: " << summary.stranded_cases << '\n';
  for (const auto& [place, lines] : summary.stranded) {
    std::cout << "  " << lines.size() << " in " << place << " (first " << lines.front()->code << ")\n";
  }
  for (const auto& [what, count] : summary.refused)
    std::cout << "would be refused: " << count << " x " << what << '\n';
  for (const auto& way : unused_ways(candidate, report)) {
    std::cout << "never used: " << way["event"].get<std::string>() << " from "
              << way["from"].get<std::string>() << " to " << way["to"].get<std::string>() << '\n';
  }
  if (report.without_values > 0) {
    std::cout << report.without_values << " cases without their values: conditions on them are undecided\n";
  }
  if (report.without_calendar > 0)
    std::cout << report.without_calendar << " cases without a known calendar\n";
  for (const auto& each : report.unreadable) {
    std::cout << "cannot be read: " << to_text(each.id) << ": " << each.why << '\n';
  }
  std::cout << "verdict: " << (summary.reasons.empty() ? "pass" : "fail") << '\n';
  for (const auto& reason : summary.reasons) std::cout << "  " << reason << '\n';
}

Exit run(const BacktestOptions& options) {
  const auto rules = trial_rules(options.candidate, options.workflows);
  if (!rules.findings.empty()) std::cerr << workflows::to_text(rules.findings);
  if (!rules.definition) return Exit::findings;
  const auto folder = with_defaults(options.folder);
  const auto store = storage::RocksdbEventStore::open(folder.data, storage::OpenMode::read_only);
  if (!store) throw std::runtime_error(store.error().what);
  const auto master = storage::load_master_key(folder.master_key);
  if (!master) complain("without the master key no value can be read: " + master.error().what);
  storage::FileKeyStore keys(**store, master ? std::optional(*master) : std::nullopt);
  workflows::LoadedCatalogue published;
  if (const auto loaded = load_published(**store, published); !loaded)
    throw std::runtime_error(loaded.error().what);

  engine::BacktestScope scope;
  scope.now = (*store)->head().recorded_at;
  if (!options.since.empty()) {
    scope.since = engine::parse_rfc3339(options.since);
    if (!scope.since) throw std::runtime_error(options.since + " is not an instant");
  }
  const auto report =
      engine::backtest(**store, master ? &keys : nullptr, published, *rules.definition, scope);
  if (!report) throw std::runtime_error(report.error().what);
  const auto summary = summary_of(*report, options);
  if (options.as_json) {
    std::cout << report_json(*rules.definition, *report, summary).dump(2) << '\n';
  } else {
    print(*rules.definition, *report, summary);
  }
  return summary.reasons.empty() ? Exit::ok : Exit::findings;
}

}  // namespace

void add_backtest_command(CLI::App& app, Action& action) {
  auto* command = app.add_subcommand("backtest", "what a definition would have made of the cases in a log");
  const auto options = std::make_shared<BacktestOptions>();
  command->add_option("procedure", options->candidate, "file of the candidate definition")->required();
  command->add_option("--data", options->folder.data, "data folder")->required();
  command->add_option("--master-key", options->folder.master_key, "default: beside the folder");
  command->add_option("--workflows", options->workflows,
                      "folder of calendars, organisations and other procedures");
  command->add_option("--since", options->since, "only cases filed since then, and open ones");
  command->add_option("--allow-stranded", options->allow_stranded, "so many stranded cases pass (0)");
  command->add_option("--allow-late", options->allow_late, "so many newly late cases pass (0)");
  command->add_flag("--json", options->as_json, "everything as JSON, a line for each case");
  command->callback([options, &action] { action = [options] { return run(*options); }; });
}

}  // namespace motcua::api
