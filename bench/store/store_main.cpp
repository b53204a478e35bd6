/// Measures a data folder from inside, and fills folders to be measured. No HTTP.
#include "bench/store/fill.hpp"
#include "bench/store/report.hpp"

#include <CLI/CLI.hpp>

#include <cstdlib>
#include <iostream>
#include <memory>

namespace motcua::bench {
namespace {

/// A Monday, 08:00 in Hà Nội.
constexpr const char* kStart = "2026-03-02T08:00:00+07:00";

struct FillOptions {
  std::filesystem::path data{};
  std::filesystem::path rules = "workflows";
  std::string now = kStart;
  bool compact = false;
  FillPlan plan{};
};

engine::Instant instant(const std::string& text) {
  const auto at = engine::parse_rfc3339(text);
  if (!at) throw std::runtime_error(text + " is no instant of RFC 3339");
  return *at;
}

void add_fill(CLI::App& app) {
  auto* command = app.add_subcommand("fill", "put cases into a data folder, made if it is not there");
  const auto options = std::make_shared<FillOptions>();
  command->add_option("--data", options->data, "data folder")->required();
  command->add_option("--workflows", options->rules, "procedures, calendars, organisations");
  command->add_option("--finished", options->plan.finished, "cases of eight events, handed over");
  command->add_option("--open", options->plan.open, "cases of one to seven events");
  command->add_option("--lengthy", options->plan.lengthy, "open cases of 100 events");
  command->add_option("--now", options->now, "virtual time of the first case");
  command->add_flag("--compact", options->compact, "compact every table afterwards");
  command->callback([options] {
    Folder folder(options->data, options->rules, instant(options->now));
    fill(folder, options->plan);
    if (options->compact) must(folder.store().compact());
    folder.close();
  });
}

void add_measurement(CLI::App& app, const char* name, const char* text, const Wanted& wanted) {
  auto* command = app.add_subcommand(name, text);
  const auto options = std::make_shared<MeasureOptions>();
  command->add_option("--data", options->data, "data folder; no engine may be writing to it")->required();
  command->add_option("--repetitions", options->repetitions)->check(CLI::Range(1, 1000));
  command->add_option("--reads", options->reads, "reads of each kind in a repetition of travel")
      ->check(CLI::Range(1, 10'000'000));
  command->add_option("--seed", options->seed, "of the versions read");
  command->add_flag("--json", options->json, "every repetition's figures as JSON");
  command->callback([options, wanted] { measure(*options, wanted, std::cout); });
}

}  // namespace
}  // namespace motcua::bench

int main(int count, char** values) {
  CLI::App app{"measures a data folder from inside"};
  app.require_subcommand(1);
  try {
    motcua::bench::add_fill(app);
    using motcua::bench::add_measurement;
    add_measurement(app, "scan", "RocksDB's own iteration over the records", {true, false, false, false});
    add_measurement(app, "replay", "every case from its records", {false, true, false, false});
    add_measurement(app, "rebuild", "every row of every case", {false, false, true, false});
    add_measurement(app, "travel", "a case of 100 events as of some version", {false, false, false, true});
    add_measurement(app, "compare", "all of them in turn", {true, true, true, true});
    app.parse(count, values);
  } catch (const CLI::ParseError& error) {
    return app.exit(error);
  } catch (const std::exception& error) {
    std::cerr << "motcua-store-bench: " << error.what() << '\n';
    return EXIT_FAILURE;
  }
  return EXIT_SUCCESS;
}
