/// `motcua backtest`: what a candidate definition would have made of the cases in a log, with a verdict.
#include "api/cli/commands.hpp"
#include "api/cli/store_folder.hpp"
#include "api/json/backtest_json.hpp"
#include "api/trial/trial_rules.hpp"
#include "engine/runtime/backtest.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>

namespace motcua::api {
namespace {

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

/// `2 d 3 h` of the clock on the wall.
std::string wall(std::int64_t seconds) {
  return std::to_string(seconds / 86'400) + " d " + std::to_string(seconds / 3'600 % 24) + " h";
}

void print(const engine::Definition& candidate, const engine::BacktestReport& report,
           const BacktestSummary& summary) {
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
  const auto summary = summary_of(*report, {options.allow_stranded, options.allow_late});
  if (options.as_json) {
    std::cout << backtest_json(*rules.definition, *report, summary).dump(2) << '\n';
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
