/// `motcua backup`: what is new in the log since the last backup, beside a running engine or without one. The
/// data folder is only read (docs/decisions/0017-backup.md).
#include "api/cli/commands.hpp"
#include "api/cli/progress.hpp"
#include "api/cli/store_folder.hpp"
#include "engine/runtime/publication.hpp"
#include "storage/backup/back_up.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <iostream>
#include <memory>
#include <unistd.h>

namespace motcua::api {
namespace {

using engine::Fault;
using engine::FaultOr;

struct BackupCommandOptions {
  StoreFolder folder{};
  std::filesystem::path to{};
  bool no_anchor = false;
  bool json = false;
};

/// Officers come first, a backup can wait.
constexpr int kNiceness = 10;

bool lies_within(const std::filesystem::path& inner, const std::filesystem::path& outer) {
  const auto below = std::filesystem::weakly_canonical(inner);
  const auto above = std::filesystem::weakly_canonical(outer);
  return std::mismatch(above.begin(), above.end(), below.begin(), below.end()).first == above.end();
}

/// The anchor is read first: beside a running engine the log may only be longer than it, never shorter.
FaultOr<storage::BackupReport> back_up(const BackupCommandOptions& options) {
  const auto folder = with_defaults(options.folder);
  std::optional<storage::Anchor> anchor;
  if (!options.no_anchor) {
    const auto read = storage::AnchorFile(folder.anchor).read();
    if (!read) return read.error();
    if (!*read) {
      return Fault{"the anchor " + folder.anchor.string() +
                   " is missing, so nothing shows whether the log is whole; name it with --anchor, or pass "
                   "--no-anchor"};
    }
    anchor = **read;
  }
  const auto store = storage::RocksdbEventStore::open(folder.data, storage::OpenMode::read_only);
  if (!store) return store.error();
  if (anchor) {
    if (const auto reached = storage::check_against_anchor(**store, *anchor); !reached) {
      return reached.error();
    }
  }
  // Nothing may stand in a backup that a power cut can still take from the engine.
  if (auto settled = storage::RocksdbEventStore::settle(folder.data); !settled) return settled.error();
  storage::BackupRules rules;
  rules.taken_at = std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
  rules.artifact_of = &engine::published_hash;
  rules.progress = Progress("backup:");
  return storage::back_up(**store, options.to, rules);
}

nlohmann::json report_json(const storage::BackupReport& report) {
  nlohmann::json body{
      {"status", "ok"}, {"backup", nullptr}, {"backups", report.backups}, {"position", report.position},
      {"records", 0},   {"bytes", 0}};
  if (!report.made) return body;
  const auto& made = *report.made;
  body["backup"] = made.number;
  body["first"] = made.first;
  body["records"] = made.records();
  body["keys"] = made.keys;
  body["erased_keys"] = report.erased_keys;
  body["answers"] = made.answers;
  body["published_files"] = made.artifacts;
  body["bytes"] = made.bytes();
  body["log"] = engine::to_hex(made.log_id);
  body["root"] = engine::to_hex(made.edge.root());
  return body;
}

void print_report(const storage::BackupReport& report, const std::filesystem::path& to) {
  if (!report.made) {
    std::cout << "nothing new: the " << report.backups << " backups in " << to.string() << " reach position "
              << report.position << '\n';
    return;
  }
  const auto& made = *report.made;
  std::cout
      << "backup " << made.number << " in " << to.string() << ": positions " << made.first << " to "
      << made.last() << ", " << made.records() << " records, " << made.keys << " wrapped keys, "
      << made.answers << " answers, " << made.artifacts << " published files, " << made.bytes()
      << " bytes\nevery record read back has the log's root " << engine::to_hex(made.edge.root())
      << "\nthe master key is not in it: keep a copy of it elsewhere, without it sealed values are lost\n";
  if (report.erased_keys != 0) {
    std::cout << report.erased_keys << " keys are gone from the store; what they sealed stays unreadable\n";
  }
}

Exit run(const BackupCommandOptions& options) {
  if (lies_within(options.to, options.folder.data) || lies_within(options.folder.data, options.to)) {
    complain("the data folder and the backup folder must not lie within each other");
    return Exit::usage;
  }
  if (::nice(kNiceness) == -1) complain("the backup runs with ordinary priority");
  const auto report = back_up(options);
  if (!report) {
    complain(report.error().what);
    return Exit::failure;
  }
  if (options.json) {
    std::cout << report_json(*report).dump(2) << '\n';
  } else {
    print_report(*report, options.to);
  }
  return Exit::ok;
}

}  // namespace

void add_backup_command(CLI::App& app, Action& action) {
  auto* command =
      app.add_subcommand("backup", "copy what is new in the log, beside a running engine too, and verify it");
  const auto options = std::make_shared<BackupCommandOptions>();
  command->add_option("--data", options->folder.data, "data folder; it is only read")
      ->required()
      ->envname("MOTCUA_DATA");
  command->add_option("--to", options->to, "folder of the backups; made if its parent exists")->required();
  command->add_option("--anchor", options->folder.anchor, "anchor file (default: DATA.anchor)")
      ->envname("MOTCUA_ANCHOR");
  command->add_flag("--no-anchor", options->no_anchor, "back up without comparing with an anchor");
  command->add_flag("--json", options->json, "answer in JSON");
  command->footer("The master key (DATA.master-key) is never copied: keep it apart from the backups.");
  command->callback([options, &action] { action = [options] { return run(*options); }; });
}

}  // namespace motcua::api
