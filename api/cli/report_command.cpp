/// `motcua report load|lateness`: the figures of GET /reports, from a data folder, beside a running engine
/// too.
#include "api/cli/commands.hpp"
#include "api/cli/store_folder.hpp"
#include "api/json/report_json.hpp"

#include <CLI/CLI.hpp>

#include <chrono>
#include <iomanip>
#include <iostream>
#include <memory>

namespace motcua::api {
namespace {

struct ReportOptions {
  std::filesystem::path data{};
  std::string agency{};
  std::string at{};
  std::string from{};
  bool json = false;
};

std::optional<engine::ReportScope> scope_of(const ReportOptions& options) {
  engine::ReportScope scope{engine::AgencyId(options.agency), {}, {}};
  scope.at = std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
  for (auto [text, into] : {std::pair{&options.at, &scope.at}, std::pair{&options.from, &scope.from}}) {
    if (text->empty()) continue;
    const auto at = engine::parse_rfc3339(*text);
    if (!at) {
      complain("--at and --from are RFC 3339 instants");
      return std::nullopt;
    }
    *into = *at;
  }
  return scope;
}

void print(const engine::LoadReport& report) {
  std::cout << report.overdue << " overdue\n";
  for (const auto& [stage, count] : report.stages) std::cout << stage << ": " << count << '\n';
  for (const auto& [place, line] : report.lines) {
    const auto& [officer, procedure, step] = place;
    std::cout << (officer.empty() ? "nobody" : officer.value) << "  " << procedure.value << ' ' << step.value
              << ": " << line.held << " held, " << line.overdue << " overdue, " << line.due_soon
              << " due within a day, " << line.paused << " paused, " << line.step_late
              << " beyond the step's limit\n";
  }
  for (const auto& [hour, count] : report.at_risk)
    std::cout << "due from " << engine::to_rfc3339(hour) << ": " << count << '\n';
}

void print(const std::string& name, const engine::LatenessLine& line) {
  constexpr double kHour = 3600;
  std::cout << name << ": " << line.cases << " cases, " << line.ended << " ended, " << line.late_as_promised
            << " late as promised, " << line.late_as_extended << " late as extended\n";
  for (const auto& [whose, count] : line.whose) std::cout << "  late by " << whose << ": " << count << '\n';
  for (const auto& [cause, count] : line.causes) std::cout << "  cause " << cause << ": " << count << '\n';
  std::cout << std::fixed << std::setprecision(1) << "  working hours: ours "
            << static_cast<double>(line.budgets.ours.count) / kHour << ", applicant "
            << static_cast<double>(line.budgets.applicant.count) / kHour;
  for (const auto& [agency, time] : line.budgets.agencies)
    std::cout << ", " << agency << ' ' << static_cast<double>(time.count) / kHour;
  std::cout << '\n';
}

void print(const engine::LatenessReport& report) {
  print("all", report.total);
  for (const auto& [procedure, line] : report.procedures) print(procedure.value, line);
}

template <class Report>
Exit show(const engine::FaultOr<Report>& report, const engine::ReportScope& scope, std::uint64_t position,
          bool json) {
  if (!report) {
    complain(report.error().what);
    return Exit::failure;
  }
  if (json) {
    auto body = report_json(*report, scope);
    body["position"] = position;
    std::cout << body.dump(2) << '\n';
  } else {
    std::cout << "position " << position << ", as of " << engine::to_rfc3339(scope.at) << '\n';
    print(*report);
    for (const auto& one : report->unreadable) std::cout << "unreadable: " << engine::to_text(one.id) << '\n';
  }
  return report->unreadable.empty() ? Exit::ok : Exit::findings;
}

Exit report(const std::string& name, const ReportOptions& options) {
  const auto scope = scope_of(options);
  if (!scope) return Exit::usage;
  const auto store = storage::RocksdbEventStore::open(options.data, storage::OpenMode::read_only);
  if (!store) {
    complain(store.error().what);
    return Exit::failure;
  }
  const auto position = (*store)->head().position;
  if (name == "load") return show(engine::load_report(**store, *scope), *scope, position, options.json);
  workflows::LoadedCatalogue catalogue;
  if (const auto loaded = load_published(**store, catalogue); !loaded) {
    complain(loaded.error().what);
    return Exit::failure;
  }
  return show(engine::lateness_report(**store, catalogue, *scope), *scope, position, options.json);
}

}  // namespace

void add_report_command(CLI::App& app, Action& action) {
  auto* command =
      app.add_subcommand("report", "figures of an agency and those below it, as of any moment (read-only)");
  command->require_subcommand(1);
  const auto options = std::make_shared<ReportOptions>();
  const auto add = [&](const char* name, const char* text) {
    auto* sub = command->add_subcommand(name, text);
    sub->add_option("--data", options->data, "data folder")->required()->envname("MOTCUA_DATA");
    sub->add_option("--agency", options->agency, "agency id; those below it count too")->required();
    sub->add_option("--at", options->at, "RFC 3339 instant; now if absent");
    sub->add_option("--from", options->from, "leave out cases that ended before");
    sub->add_flag("--json", options->json, "answer in JSON");
    sub->callback([options, name = std::string(name), &action] {
      action = [options, name] { return report(name, *options); };
    });
  };
  add("load", "who has how much work, and what comes due when");
  add("lateness", "what was late, and whose time it was");
}

}  // namespace motcua::api
