/// `motcua views check|rebuild`: whether the rows are what the cases give, and making them so.
#include "api/cli/commands.hpp"
#include "api/cli/store_folder.hpp"
#include "api/cli/unreadable_text.hpp"
#include "engine/runtime/views.hpp"

#include <CLI/CLI.hpp>

#include <iostream>
#include <memory>

namespace motcua::api {
namespace {

struct ViewsOptions {
  std::filesystem::path data{};
  bool json = false;
};

Exit check(const ViewsOptions& options) {
  const auto store = storage::RocksdbEventStore::open(options.data, storage::OpenMode::read_only);
  if (!store) {
    complain(store.error().what);
    return Exit::failure;
  }
  const auto report = engine::check_views(**store);
  if (!report) {
    complain(report.error().what);
    return Exit::failure;
  }
  const auto position = (*store)->head().position;
  if (options.json) {
    std::cout << nlohmann::json{{"position", position},
                                {"rows", report->rows},
                                {"missing", report->missing},
                                {"unexpected", report->unexpected},
                                {"different", report->different},
                                {"snapshots", report->snapshots},
                                {"false_snapshots", report->false_snapshots},
                                {"keys", report->keys},
                                {"of_earlier_release", report->of_earlier_release},
                                {"unreadable", unreadable_json(report->unreadable)}}
                     .dump(2)
              << '\n';
  } else {
    std::cout << "position " << position << ": " << report->rows << " rows expected, " << report->missing
              << " missing, " << report->unexpected << " unexpected, " << report->different << " different; "
              << report->snapshots << " snapshots, " << report->false_snapshots << " false\n";
    print_unreadable(report->unreadable);
    if (report->of_earlier_release && !report->clean()) {
      std::cout << "the rows are those of an earlier release: `motcua serve` renews them, or `motcua views "
                   "rebuild`\n";
    }
  }
  return report->clean() ? Exit::ok : Exit::findings;
}

Exit rebuild(const ViewsOptions& options) {
  const auto store = storage::RocksdbEventStore::open(options.data, storage::OpenMode::read_write);
  if (!store) {
    complain(store.error().what);
    return Exit::failure;
  }
  const auto rows = engine::expected_rows(**store);
  if (!rows) {
    complain(rows.error().what);
    return Exit::failure;
  }
  if (!rows->unreadable.empty()) {
    print_unreadable(rows->unreadable);
    complain("nothing was written: the rows of cases that cannot be read would be lost");
    return Exit::findings;
  }
  if (const auto written = (*store)->replace_rows(rows->rows); !written) {
    complain(written.error().what);
    return Exit::failure;
  }
  if (options.json) {
    std::cout << nlohmann::json{{"rows", rows->rows.size()}}.dump() << '\n';
  } else {
    std::cout << rows->rows.size() << " rows written\n";
  }
  return Exit::ok;
}

}  // namespace

void add_views_command(CLI::App& app, Action& action) {
  auto* command = app.add_subcommand("views", "check or rebuild the views");
  command->require_subcommand(1);
  const auto options = std::make_shared<ViewsOptions>();
  const auto add = [&](const char* name, const char* text, Exit (*run)(const ViewsOptions&)) {
    auto* sub = command->add_subcommand(name, text);
    sub->add_option("--data", options->data, "data folder")->required()->envname("MOTCUA_DATA");
    sub->add_flag("--json", options->json, "answer in JSON");
    sub->callback([options, run, &action] { action = [options, run] { return run(*options); }; });
  };
  add("check", "compare every row with what the cases give (read-only)", &check);
  add("rebuild", "write every row anew; the engine must not be running", &rebuild);
}

}  // namespace motcua::api
