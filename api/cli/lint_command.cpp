/// `motcua lint`: what is wrong with definitions, calendars and organisation files, and where.
#include "api/cli/commands.hpp"
#include "workflows/loader/lint.hpp"

#include <CLI/CLI.hpp>

#include <filesystem>
#include <iostream>
#include <memory>
#include <vector>

namespace motcua::api {

void add_lint_command(CLI::App& app, Action& action) {
  auto* command = app.add_subcommand("lint", "check procedure, calendar and organisation files");
  const auto paths = std::make_shared<std::vector<std::filesystem::path>>();
  const auto json = std::make_shared<bool>(false);
  command->add_option("paths", *paths, "files or folders")->required();
  command->add_flag("--json", *json, "findings as JSON");
  command->callback([paths, json, &action] {
    action = [paths, json] {
      const auto findings = workflows::lint(*paths);
      if (*json) {
        std::cout << workflows::to_json(findings).dump(2) << '\n';
      } else {
        std::cout << workflows::to_text(findings);
        std::cout << (findings.empty() ? "no findings\n" : std::to_string(findings.size()) + " findings\n");
      }
      return workflows::has_errors(findings) ? Exit::findings : Exit::ok;
    };
  });
}

}  // namespace motcua::api
