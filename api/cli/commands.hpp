/// The commands of the `motcua` binary, one file each. Every command answers with the exit code of the
/// contract.
#pragma once

#include <functional>
#include <string>

namespace CLI {
class App;
}

namespace motcua::api {

/// 0 ok, 1 findings, 2 usage, 3 failure.
enum class Exit { ok = 0, findings = 1, usage = 2, failure = 3 };

/// Parses the command line and runs one command.
[[nodiscard]] int run_cli(int argc, char** argv);

/// What a command does once the line is parsed; set by the callback of the command that was named.
using Action = std::function<Exit()>;

void add_init_command(CLI::App& app, Action& action);
void add_serve_command(CLI::App& app, Action& action);
void add_lint_command(CLI::App& app, Action& action);
void add_token_command(CLI::App& app, Action& action);
void add_case_command(CLI::App& app, Action& action);
void add_audit_command(CLI::App& app, Action& action);
void add_views_command(CLI::App& app, Action& action);
void add_bench_command(CLI::App& app, Action& action);
void add_calendar_command(CLI::App& app, Action& action);
void add_backup_command(CLI::App& app, Action& action);
void add_restore_command(CLI::App& app, Action& action);
void add_report_command(CLI::App& app, Action& action);
void add_simulate_command(CLI::App& app, Action& action);
void add_backtest_command(CLI::App& app, Action& action);
void add_publish_command(CLI::App& app, Action& action);
void add_import_command(CLI::App& app, Action& action);
void add_migrate_command(CLI::App& app, Action& action);
void add_diagram_command(CLI::App& app, Action& action);
void add_export_command(CLI::App& app, Action& action);

/// One line on standard error, prefixed with the program's name.
void complain(const std::string& message);

}  // namespace motcua::api
