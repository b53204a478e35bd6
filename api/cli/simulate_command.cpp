/// `motcua simulate`: a definition tried on cases that are invented or written down, on the real engine under
/// a clock that is moved.
#include "api/cli/commands.hpp"
#include "api/cli/store_folder.hpp"
#include "api/trial/scenario.hpp"
#include "api/trial/trial_report.hpp"
#include "api/trial/trial_rules.hpp"
#include "storage/memory/memory_event_store.hpp"

#include <CLI/CLI.hpp>

#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>

namespace motcua::api {
namespace {

using nlohmann::json;

struct SimulateOptions {
  std::string target{};
  std::filesystem::path workflows = "workflows";
  std::filesystem::path scenario{};
  std::filesystem::path data{};
  TrialPlan plan{};
  std::string start{};
  std::string agency = "H15.50.05";
  std::filesystem::path counts{};
  bool as_json = false;
};

template <class T>
T must(engine::FaultOr<T> result) {
  if (!result) throw std::runtime_error(result.error().what);
  return *std::move(result);
}
void must(const engine::FaultOr<void>& result) {
  if (!result) throw std::runtime_error(result.error().what);
}

/// Writes what the trial appends to a folder, many batches at once: nobody waits for any of them. The
/// committer's thread until the trial has ended; a fault is kept until somebody can be told.
class LogCopy {
 public:
  explicit LogCopy(storage::RocksdbEventStore& to) : to_(to), epoch_(must(to.take_epoch())) {}

  void add(const engine::AppendBatch& batch) {
    if (gathered_.first_position == 0) gathered_.first_position = batch.first_position;
    const auto append = [](auto& into, const auto& more) {
      into.insert(into.end(), more.begin(), more.end());
    };
    append(gathered_.records, batch.records);
    append(gathered_.rows, batch.rows);
    append(gathered_.keys, batch.keys);
    append(gathered_.idempotency, batch.idempotency);
    append(gathered_.artifacts, batch.artifacts);
    append(gathered_.snapshots, batch.snapshots);
    if (gathered_.records.size() >= kRecordsAtOnce) write();
  }
  void finish() {
    write();
    if (fault_) throw std::runtime_error(fault_->what);
  }

 private:
  static constexpr std::size_t kRecordsAtOnce = 1000;

  void write() {
    if (gathered_.first_position == 0) return;
    gathered_.epoch = epoch_;
    if (!fault_) {
      if (const auto written = to_.append(gathered_); !written) fault_ = written.error();
    }
    gathered_ = {};
  }

  storage::RocksdbEventStore& to_;
  std::uint64_t epoch_;
  engine::AppendBatch gathered_{};
  std::optional<engine::Fault> fault_{};
};

/// The trial's log is in memory; with a folder it is written there too, for later looks.
struct TrialStore {
  std::unique_ptr<storage::RocksdbEventStore> folder{};
  std::unique_ptr<LogCopy> copy{};
  std::unique_ptr<storage::MemoryEventStore> store{};
  storage::SecretKey master{};
  StoreFolder paths{};

  void finish() const {
    if (!folder) return;
    copy->finish();
    must(storage::AnchorFile(paths.anchor).write(folder->current_anchor()));
  }
};

TrialStore open_store(const SimulateOptions& options) {
  TrialStore opened;
  if (options.data.empty()) {
    opened.store = std::make_unique<storage::MemoryEventStore>();
    opened.master = must(storage::SecretKey::random());
    return opened;
  }
  opened.paths = with_defaults({options.data, {}, {}});
  if (!is_vacant(opened.paths))
    throw std::runtime_error(options.data.string() + " is in use: a trial fills a new folder");
  must(init_store(opened.paths));
  opened.master = must(storage::load_master_key(opened.paths.master_key));
  opened.folder = must(open_checked(opened.paths, false));
  opened.copy = std::make_unique<LogCopy>(*opened.folder);
  opened.store = std::make_unique<storage::MemoryEventStore>(opened.folder->head().log_id);
  opened.store->tell([copy = opened.copy.get()](const engine::AppendBatch& batch) { copy->add(batch); });
  return opened;
}

engine::Instant start_of(const SimulateOptions& options, const json& scenario,
                         const engine::Definition& definition) {
  auto text = options.start;
  if (text.empty() && scenario.is_object()) text = scenario.value("start", std::string());
  if (text.empty()) return first_morning(definition);
  const auto start = engine::parse_rfc3339(text);
  if (!start) throw std::runtime_error(text + " is not an instant such as 2026-03-02T08:00:00+07:00");
  return *start;
}

json read_scenario(const SimulateOptions& options) {
  if (options.scenario.empty()) return nullptr;
  workflows::Findings findings;
  const auto bytes = workflows::read_bytes(options.scenario, findings);
  if (!bytes) throw std::runtime_error(workflows::to_text(findings));
  auto scenario = json::parse(*bytes, nullptr, false);
  if (scenario.is_discarded()) throw std::runtime_error(options.scenario.string() + " is not JSON");
  return scenario;
}

void print(const SimulateOptions& options, const engine::Definition& definition,
           const ScenarioOutcome& outcome) {
  if (options.as_json) {
    auto report = to_json(definition, outcome.figures);
    report["findings"] = json::array();
    for (const auto& each : outcome.findings) {
      report["findings"].push_back({{"pointer", each.pointer}, {"message", each.message}});
    }
    std::cout << report.dump(2) << '\n';
    return;
  }
  std::cout << to_text(definition, outcome.figures);
  for (const auto& each : outcome.findings) {
    std::cout << options.scenario.string() << ": " << each.message << " at " << each.pointer << '\n';
  }
}

Exit simulate(const SimulateOptions& options) {
  const auto scenario = read_scenario(options);
  const auto rules = trial_rules(options.target, options.workflows);
  if (!rules.findings.empty()) std::cerr << workflows::to_text(rules.findings);
  if (!rules.definition) return Exit::findings;
  const auto start = start_of(options, scenario, *rules.definition);
  auto opened = open_store(options);
  must(publish_loaded(*opened.store, *rules.catalogue, {start, std::nullopt}));
  ScenarioOutcome outcome;
  {
    storage::FileKeyStore keys(*opened.store, opened.master);
    TrialOffice office(*opened.store, keys, *rules.catalogue, engine::AgencyId(options.agency), start);
    if (scenario.is_null()) {
      outcome.figures = play(office, *rules.definition, options.plan);
    } else {
      outcome = play_scenario(office, *rules.definition, scenario);
    }
  }
  opened.finish();
  if (!options.counts.empty()) {
    std::ofstream file(options.counts);
    file << counts_of(*rules.definition, outcome.figures).dump(2) << '\n';
    file.close();
    if (!file) throw std::runtime_error("cannot write " + options.counts.string());
  }
  print(options, *rules.definition, outcome);
  return outcome.findings.empty() && outcome.figures.stuck.empty() ? Exit::ok : Exit::findings;
}

}  // namespace

void add_simulate_command(CLI::App& app, Action& action) {
  auto* command = app.add_subcommand("simulate", "try a definition on invented or written cases");
  const auto options = std::make_shared<SimulateOptions>();
  command->add_option("procedure", options->target, "file of a definition, or a code of the catalogue")
      ->required();
  command->add_option("--workflows", options->workflows,
                      "folder of calendars, organisations and other procedures");
  auto* scenario = command->add_option("--scenario", options->scenario, "file of written cases");
  command->add_option("--random", options->plan.cases, "so many invented cases (100)")
      ->check(CLI::Range(1, 1'000'000))
      ->excludes(scenario);
  command->add_option("--seed", options->plan.seed, "of all chance (1): the same seed gives the same cases");
  command->add_option("--a-day", options->plan.a_day, "invented cases that arrive on a working day (20)")
      ->check(CLI::Range(1, 100'000));
  command->add_option("--start", options->start, "when the clock stands at first");
  command->add_option("--agency", options->agency, "that receives the cases");
  command->add_option("--data", options->data,
                      "new folder for the log of the trial; none: it is kept in memory");
  command->add_option("--counts", options->counts,
                      "file for how often each way was taken, for `motcua diagram --counts`");
  command->add_flag("--json", options->as_json, "everything as JSON");
  command->callback([options, &action] { action = [options] { return simulate(*options); }; });
}

}  // namespace motcua::api
