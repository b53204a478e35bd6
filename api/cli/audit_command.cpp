/// `motcua audit replay|verify`: the history of a case, and whether any event was altered. Read-only, beside
/// a running engine too; says the position it saw.
#include "api/cli/commands.hpp"
#include "api/cli/store_folder.hpp"
#include "api/cli/unreadable_text.hpp"
#include "api/json/problem.hpp"
#include "api/json/view_json.hpp"
#include "engine/runtime/case_loader.hpp"
#include "engine/runtime/restoration.hpp"
#include "storage/log/verify.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <iostream>
#include <memory>

namespace motcua::api {
namespace {

struct AuditOptions {
  StoreFolder folder{};
  std::string case_name{};
  bool reveal = false;
  bool json = false;
  bool no_anchor = false;
};

/// A case named by id or by code.
std::optional<engine::CaseId> find_case(const engine::EventStore& store, const std::string& name) {
  if (const auto id = engine::parse_case_id(name)) return id;
  const auto key = engine::case_code_key(name);
  if (!key) return std::nullopt;
  const auto row = store.read_row(*key);
  if (!row || !*row || (*row)->size() != engine::CaseId{}.bytes.size()) return std::nullopt;
  engine::CaseId id;
  std::copy((*row)->begin(), (*row)->end(), id.bytes.begin());
  return id;
}

nlohmann::json state_json(const engine::Case& state) {
  nlohmann::json steps = nlohmann::json::array();
  for (const auto& step : state.steps) steps.push_back(step.value);
  nlohmann::json promises = nlohmann::json::array();
  for (const auto& promise : state.promises) promises.push_back(engine::to_rfc3339(promise.due_at));
  return {{"version", state.version},
          {"stage", engine::name_of(state.stage)},
          {"steps", steps},
          {"clock", {{"state", engine::name_of(state.clock.state)}, {"reason", state.clock.reason}}},
          {"promises", promises},
          {"due_at", state.due.due_at ? nlohmann::json(engine::to_rfc3339(*state.due.due_at))
                                      : nlohmann::json(nullptr)},
          {"remaining",
           state.due.remaining ? nlohmann::json(state.due.remaining->count) : nlohmann::json(nullptr)}};
}

void print_history(const std::vector<engine::HistoryEntry>& history) {
  engine::Case state;
  for (const auto& entry : history) {
    state = engine::evolve(std::move(state), entry.event, engine::meta_of(entry.record));
    std::cout << entry.record.version << "  " << engine::to_rfc3339(entry.record.recorded_at) << "  "
              << entry.record.type << "  by " << entry.record.actor.value << " (" << entry.record.agency.value
              << ")  -> " << engine::name_of(state.stage) << ", clock " << engine::name_of(state.clock.state);
    for (const auto& step : state.steps) std::cout << ", step " << step.value;
    std::cout << '\n';
    for (const auto& opened : entry.personal) {
      std::cout << "     " << opened.subject.value << ": " << dump_json(opened.value) << '\n';
    }
    for (const auto& sealed : entry.sealed_subjects) std::cout << "     " << sealed.value << ": sealed\n";
  }
}

Exit replay(const AuditOptions& options) {
  const auto store = storage::RocksdbEventStore::open(options.folder.data, storage::OpenMode::read_only);
  if (!store) {
    complain(store.error().what);
    return Exit::failure;
  }
  std::optional<storage::SecretKey> master;
  if (options.reveal) {
    auto loaded = storage::load_master_key(with_defaults(options.folder).master_key);
    if (!loaded) {
      complain(loaded.error().what);
      return Exit::failure;
    }
    master = *std::move(loaded);
  }
  storage::FileKeyStore keys(**store, master);
  const workflows::LoadedCatalogue no_rules;
  const engine::CaseLoader loader(**store, &keys, no_rules);
  const auto id = find_case(**store, options.case_name);
  const auto history = id ? loader.history(*id, options.reveal) : std::vector<engine::HistoryEntry>{};
  if (!history) {
    complain(history.error().what);
    return Exit::failure;
  }
  if (history->empty()) {
    complain("there is no such case");
    return Exit::failure;
  }
  const auto state = loader.replay(*id);
  if (!state) {
    complain(state.error().what);
    return Exit::failure;
  }
  if (options.json) {
    nlohmann::json body{{"id", engine::to_text(*id)},
                        {"position", (*store)->head().position},
                        {"state", state_json(*state)},
                        {"events", nlohmann::json::array()}};
    for (const auto& entry : *history) body["events"].push_back(event_json(entry));
    std::cout << dump_json(body) << '\n';
    return Exit::ok;
  }
  std::cout << "case " << engine::to_text(*id) << ", seen at position " << (*store)->head().position << '\n';
  print_history(*history);
  return Exit::ok;
}

nlohmann::json report_json(const storage::VerifyReport& report) {
  nlohmann::json findings = nlohmann::json::array();
  for (const auto& finding : report.findings) {
    findings.push_back({{"what", finding.what},
                        {"position", finding.position},
                        {"version", finding.version},
                        {"stream", finding.stream ? engine::to_hex(finding.stream->id) : ""}});
  }
  return {{"position", report.head.position},
          {"root", engine::to_hex(report.head.root)},
          {"records", report.records},
          {"streams", report.streams},
          {"sealed_entries", report.sealed_entries},
          {"artifacts", report.artifacts},
          {"findings_total", report.findings_total},
          {"findings", findings}};
}

void print_report(const storage::VerifyReport& report, bool anchored) {
  std::cout << "position " << report.head.position << ", root " << engine::to_hex(report.head.root) << "\n"
            << report.records << " records in " << report.streams << " streams, " << report.sealed_entries
            << " sealed entries, " << report.artifacts << " published files, "
            << (anchored ? "anchor compared" : "no anchor compared") << '\n';
  for (const auto& finding : report.findings) {
    std::cout << "FINDING at position " << finding.position << ": " << finding.what << '\n';
  }
  std::cout << (report.clean() ? "no findings\n" : std::to_string(report.findings_total) + " findings\n");
}

/// What a restore left in the log, for the auditor's eyes.
nlohmann::json restorations_json(const std::vector<engine::Restoration>& restorations) {
  nlohmann::json list = nlohmann::json::array();
  for (const auto& one : restorations) {
    list.push_back({{"position", one.position},
                    {"backup", one.backup},
                    {"backup_position", one.backup_position},
                    {"command", one.command},
                    {"recorded_at", engine::to_rfc3339(one.recorded_at)}});
  }
  return list;
}

void print_restorations(const std::vector<engine::Restoration>& restorations) {
  for (const auto& one : restorations) {
    std::cout << "restored at " << engine::to_rfc3339(one.recorded_at) << " up to position " << one.position
              << " from backup " << one.backup << ", which ended at position " << one.backup_position << " ("
              << one.command << ")\n";
  }
}

Exit verify(const AuditOptions& options) {
  const auto folder = with_defaults(options.folder);
  // The anchor first: beside a running engine the log may only be longer than it, never shorter.
  std::optional<storage::Anchor> anchor;
  if (!options.no_anchor) {
    const auto read = storage::AnchorFile(folder.anchor).read();
    if (!read) {
      complain(read.error().what);
      return Exit::findings;
    }
    if (!*read) {
      complain("the anchor " + folder.anchor.string() +
               " is missing; name it with --anchor, or pass --no-anchor");
      return Exit::findings;
    }
    anchor = **read;
  }
  const auto store = storage::RocksdbEventStore::open(folder.data, storage::OpenMode::read_only);
  if (!store) {
    complain(store.error().what);
    return Exit::failure;
  }
  const auto report = storage::verify_store(**store, anchor);
  if (!report) {
    complain(report.error().what);
    return Exit::failure;
  }
  const auto unreadable = engine::unreadable_cases(**store);
  if (!unreadable) complain(unreadable.error().what);
  const auto named = unreadable ? *unreadable : std::vector<engine::UnreadableCase>{};
  const auto restorations = engine::restorations(**store);
  if (!restorations) {
    complain(restorations.error().what);
    return Exit::failure;
  }
  if (options.json) {
    auto body = report_json(*report);
    body["unreadable"] = unreadable_json(named);
    body["restorations"] = restorations_json(*restorations);
    std::cout << dump_json(body) << '\n';
  } else {
    print_report(*report, anchor.has_value());
    print_unreadable(named);
    print_restorations(*restorations);
  }
  if (!unreadable) return Exit::failure;
  return report->clean() && named.empty() ? Exit::ok : Exit::findings;
}

}  // namespace

void add_audit_command(CLI::App& app, Action& action) {
  auto* command = app.add_subcommand("audit", "replay cases and verify the log");
  command->require_subcommand(1);
  const auto options = std::make_shared<AuditOptions>();

  auto* replaying = command->add_subcommand("replay", "print the history of a case, without personal values");
  replaying->add_option("--data", options->folder.data, "data folder")->required()->envname("MOTCUA_DATA");
  replaying->add_option("case", options->case_name, "id or code of the case")->required();
  replaying->add_flag("--reveal", options->reveal, "show personal values; needs the master key");
  replaying->add_option("--master-key", options->folder.master_key,
                        "master key file (default: DATA.master-key)");
  replaying->add_flag("--json", options->json, "history as JSON");
  replaying->callback([options, &action] { action = [options] { return replay(*options); }; });

  auto* verifying =
      command->add_subcommand("verify", "check every hash of the log, the right edge and the anchor");
  verifying->add_option("--data", options->folder.data, "data folder")->required()->envname("MOTCUA_DATA");
  verifying->add_option("--anchor", options->folder.anchor, "anchor file (default: DATA.anchor)")
      ->envname("MOTCUA_ANCHOR");
  verifying->add_flag("--no-anchor", options->no_anchor, "verify without an anchor");
  verifying->add_flag("--json", options->json, "report as JSON");
  verifying->callback([options, &action] { action = [options] { return verify(*options); }; });
}

}  // namespace motcua::api
