#include "api/cli/commands.hpp"

#include <CLI/CLI.hpp>

#include <csignal>
#include <exception>
#include <fcntl.h>
#include <iostream>
#include <malloc.h>
#include <sys/prctl.h>
#include <sys/resource.h>

namespace motcua::api {
namespace {

/// Personal values in memory must not land in a core file.
void forbid_core_dumps() {
  const rlimit none{0, 0};
  setrlimit(RLIMIT_CORE, &none);
  prctl(PR_SET_DUMPABLE, 0);
}

/// A stream that is closed would give its number to a file of the store, and our words to that file.
void keep_standard_streams() {
  for (int number = 0; number <= 2; ++number) {
    if (::fcntl(number, F_GETFD) < 0) static_cast<void>(::open("/dev/null", O_RDWR));
  }
}

/// A reader keeps every file of a large store open; the usual soft limit of 1024 is for old programs.
void allow_many_files() {
  rlimit files{};
  if (getrlimit(RLIMIT_NOFILE, &files) != 0) return;
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
}

/// Cases are made on one thread and freed on another; giving pages back to the system each time costs more
/// than keeping them.
void keep_freed_memory() {
  mallopt(M_TRIM_THRESHOLD, 256 * 1024 * 1024);
  mallopt(M_TOP_PAD, 4 * 1024 * 1024);
}

}  // namespace

void complain(const std::string& message) { std::cerr << "motcua: " << message << '\n'; }

int run_cli(int argc, char** argv) {
  forbid_core_dumps();
  keep_standard_streams();
  std::signal(SIGPIPE, SIG_IGN);  // a reader of our words that went away is no reason to end
  allow_many_files();
  keep_freed_memory();
  CLI::App app{"motcua, the one-stop desk (một cửa): an event-sourced engine for administrative procedures"};
  app.set_version_flag("--version", "motcua 0.1.0");
  app.require_subcommand(1);
  Action action;
  add_init_command(app, action);
  add_serve_command(app, action);
  add_lint_command(app, action);
  add_case_command(app, action);
  add_token_command(app, action);
  add_audit_command(app, action);
  add_views_command(app, action);
  add_bench_command(app, action);
  add_calendar_command(app, action);
  add_backup_command(app, action);
  add_restore_command(app, action);
  add_report_command(app, action);
  add_simulate_command(app, action);
  add_backtest_command(app, action);
  add_publish_command(app, action);
  add_import_command(app, action);
  add_migrate_command(app, action);
  add_diagram_command(app, action);
  add_export_command(app, action);
  try {
    app.parse(argc, argv);
    return static_cast<int>(action());
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : static_cast<int>(Exit::usage);
  } catch (const std::exception& error) {
    complain(error.what());
    return static_cast<int>(Exit::failure);
  }
}

}  // namespace motcua::api
