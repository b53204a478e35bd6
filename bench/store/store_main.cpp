/// Measures a data folder from inside, and fills folders to be measured. No HTTP.
#include "bench/store/copies.hpp"
#include "bench/store/dump.hpp"
#include "bench/store/fill.hpp"
#include "bench/store/fired.hpp"
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

struct CopyOptions {
  std::filesystem::path data{};
  std::filesystem::path rules = "workflows";
  std::string now = kStart;
  std::string timers_at{};
  bool compact = false;
  CopyPlan plan{};
};

void add_copies(CLI::App& app) {
  auto* command = app.add_subcommand("copies", "fill a data folder with copies of a few open cases, quickly");
  const auto options = std::make_shared<CopyOptions>();
  command->add_option("--data", options->data, "data folder")->required();
  command->add_option("--workflows", options->rules, "procedures, calendars, organisations");
  command->add_option("--cases", options->plan.cases, "how many")->required();
  command->add_option("--now", options->now, "virtual time of the first case");
  command->add_option("--timers-at", options->timers_at, "one timer a case, due there, a microsecond apart");
  command->add_flag("--compact", options->compact, "compact every table afterwards");
  command->callback([options] {
    if (!options->timers_at.empty()) options->plan.timers_at = instant(options->timers_at);
    Folder folder(options->data, options->rules, instant(options->now));
    fill_copies(folder, options->plan);
    if (options->compact) must(folder.store().compact());
    folder.close();
  });
}

void add_fired(CLI::App& app) {
  auto* command = app.add_subcommand("fired", "timers that fired, as the log has them");
  const auto data = std::make_shared<std::filesystem::path>();
  command->add_option("--data", *data, "data folder; no engine may be writing to it")->required();
  command->callback([data] {
    const auto fired =
        read_fired(*must(storage::RocksdbEventStore::open(*data, storage::OpenMode::read_only)));
    std::cout << "{\"fired\":" << fired.events << ",\"twice\":" << fired.twice
              << ",\"out_of_order\":" << fired.out_of_order << "}\n";
  });
}

void add_dump(CLI::App& app) {
  auto* command = app.add_subcommand("dump", "the cases as text for PostgreSQL's COPY");
  const auto data = std::make_shared<std::filesystem::path>();
  const auto out = std::make_shared<std::filesystem::path>();
  command->add_option("--data", *data, "data folder; no engine may be writing to it")->required();
  command->add_option("--out", *out, "folder for the text files")->required();
  command->callback([data, out] { dump(*data, *out); });
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
    motcua::bench::add_copies(app);
    motcua::bench::add_fired(app);
    motcua::bench::add_dump(app);
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
