/// `motcua restore`: a data folder from backups, whole or up to a moment; and what backups there are.
#include "api/cli/commands.hpp"
#include "api/cli/restored_folder.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <chrono>
#include <iostream>
#include <memory>

namespace motcua::api {
namespace {

using engine::FaultOr;

struct RestoreOptions {
  StoreFolder folder{};
  std::filesystem::path from{};
  std::uint64_t to_position = 0;
  std::string to_time{};
  std::string now{};
  bool list = false;
  bool check = false;
  bool replace_anchor = false;
  bool json = false;
};

engine::Instant system_now() {
  return std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
}

Exit fail(const engine::Fault& fault) {
  complain(fault.what);
  return Exit::failure;
}

nlohmann::json backup_json(const storage::Manifest& manifest) {
  return {{"backup", manifest.number},
          {"taken_at", engine::to_rfc3339(manifest.taken_at)},
          {"first", manifest.first},
          {"position", manifest.last()},
          {"recorded_at", engine::to_rfc3339(manifest.recorded_at)},
          {"records", manifest.records()},
          {"bytes", manifest.bytes()},
          {"log", engine::to_hex(manifest.log_id)},
          {"root", engine::to_hex(manifest.edge.root())}};
}

Exit list(const std::vector<storage::StoredBackup>& backups, bool json) {
  if (json) {
    nlohmann::json items = nlohmann::json::array();
    for (const auto& backup : backups) items.push_back(backup_json(backup.manifest));
    std::cout << nlohmann::json{{"backups", items}}.dump(2) << '\n';
    return Exit::ok;
  }
  for (const auto& [folder, manifest, hash] : backups) {
    std::cout << "backup " << manifest.number << ", taken " << engine::to_rfc3339(manifest.taken_at)
              << ": positions " << manifest.first << " to " << manifest.last() << ", the last recorded "
              << engine::to_rfc3339(manifest.recorded_at) << ", " << manifest.bytes() << " bytes\n";
  }
  if (backups.empty()) std::cout << "no backups\n";
  return Exit::ok;
}

/// The command as the log shall name it: without paths.
std::string command_text(const storage::CutAt& at) {
  if (at.position) return "motcua restore --to-position " + std::to_string(*at.position);
  if (at.recorded_at) return "motcua restore --to-time " + engine::to_rfc3339(*at.recorded_at);
  return "motcua restore";
}

void print_restored(const RestoreReport& report, const RestoreOrder& order, bool json) {
  const auto& done = report.restoration;
  if (json) {
    std::cout << nlohmann::json{{"status", "ok"},
                                {"position", done.position},
                                {"backup", done.backup},
                                {"event_position", report.head.position},
                                {"epoch", done.epoch},
                                {"log", engine::to_hex(report.head.log_id)},
                                {"records", report.log.records},
                                {"keys", report.log.keys},
                                {"answers", report.log.answers},
                                {"published_files", report.log.artifacts},
                                {"anchor", order.folder.anchor.string()},
                                {"old_anchor", report.old_anchor.empty()
                                                   ? nlohmann::json(nullptr)
                                                   : nlohmann::json(report.old_anchor.string())}}
                     .dump(2)
              << '\n';
    return;
  }
  std::cout << "restored up to position " << done.position << " from backup " << done.backup << ": "
            << report.log.records << " records, " << report.log.keys << " wrapped keys, "
            << report.log.answers << " answers, " << report.log.artifacts
            << " published files; every hash was checked\nthe log says so itself at position "
            << report.head.position << ", epoch " << done.epoch
            << "\nstore:      " << order.folder.data.string()
            << "\nanchor:     " << order.folder.anchor.string() << '\n';
  if (!report.old_anchor.empty()) std::cout << "old anchor: " << report.old_anchor.string() << '\n';
  std::cout << "master key: " << order.folder.master_key.string()
            << (std::filesystem::exists(order.folder.master_key) ? "\n"
                                                                 : " is missing: put its copy there before "
                                                                   "the engine starts\n");
}

void print_checked(const storage::Cut& cut, bool json) {
  if (json) {
    const nlohmann::json body{{"status", "ok"}, {"backups", cut.backups}, {"position", cut.position}};
    std::cout << body.dump(2) << '\n';
  } else {
    std::cout << cut.backups << " backups are whole; a restore would end at position " << cut.position
              << '\n';
  }
}

Exit run(const RestoreOptions& options, const storage::CutAt& at, engine::Instant now) {
  const auto backups = storage::list_backups(options.from);
  if (!backups) return fail(backups.error());
  if (options.list) return list(*backups, options.json);
  const auto cut = storage::find_cut(*backups, at);
  if (!cut) return fail(cut.error());
  if (options.check) {
    print_checked(*cut, options.json);
    return Exit::ok;
  }
  const RestoreOrder order{with_defaults(options.folder), command_text(at), now, options.replace_anchor};
  const auto report = restore_folder(*backups, *cut, order);
  if (!report) return fail(report.error());
  if (at.position && *at.position != cut->position) {
    complain("position " + std::to_string(*at.position) + " lies inside a command: restored up to position " +
             std::to_string(cut->position));
  }
  print_restored(*report, order, options.json);
  return Exit::ok;
}

/// What CLI11 cannot check: which options go together, and instants.
Exit parse_and_run(const RestoreOptions& options, const CLI::App& command) {
  const auto set = [&](const char* name) { return command.get_option(name)->count() > 0; };
  const auto to_time = engine::parse_rfc3339(options.to_time);
  const auto now = engine::parse_rfc3339(options.now);
  if ((set("--to-time") && !to_time) || (set("--now") && !now)) {
    complain("an instant is RFC 3339, as 2026-03-02T09:00:00+07:00");
    return Exit::usage;
  }
  if (!options.list && !options.check && options.folder.data.empty()) {
    complain("--data says where to restore to; --list and --check need none");
    return Exit::usage;
  }
  storage::CutAt at;
  if (set("--to-position")) at.position = options.to_position;
  at.recorded_at = to_time;
  return run(options, at, now.value_or(system_now()));
}

}  // namespace

void add_restore_command(CLI::App& app, Action& action) {
  auto* command = app.add_subcommand("restore", "make a data folder from backups, whole or up to a moment");
  const auto options = std::make_shared<RestoreOptions>();
  command->add_option("--from", options->from, "folder of the backups; it is only read")->required();
  command->add_option("--data", options->folder.data, "data folder to make: absent or empty")
      ->envname("MOTCUA_DATA");
  command->add_option("--anchor", options->folder.anchor, "anchor file to write (default: DATA.anchor)")
      ->envname("MOTCUA_ANCHOR");
  auto* position =
      command->add_option("--to-position", options->to_position,
                          "the last event is this one, or the last before it that ends a command");
  position->check(CLI::PositiveNumber);
  command->add_option("--to-time", options->to_time, "the last event was recorded then or earlier (RFC 3339)")
      ->excludes(position);
  command->add_flag("--replace-anchor", options->replace_anchor,
                    "restore although the anchor beside DATA has seen more; it is kept under another name");
  command->add_flag("--list", options->list, "list the backups and end");
  command->add_flag("--check", options->check, "read and check every byte that a restore needs, and end");
  command->add_option("--now", options->now, "development: the instant of the restore (RFC 3339)");
  command->add_flag("--json", options->json, "answer in JSON");
  command->callback([options, command, &action] {
    action = [options, command] { return parse_and_run(*options, *command); };
  });
}

}  // namespace motcua::api
