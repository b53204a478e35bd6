/// `motcua lint`: what is wrong with definitions, calendars and organisation files, and where.
#include "api/cli/commands.hpp"
#include "workflows/loader/lint.hpp"
#include "workflows/loader/sarif.hpp"

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
  const auto sarif = std::make_shared<bool>(false);
  auto* json_flag = command->add_flag("--json", *json, "findings as JSON");
  command->add_flag("--sarif", *sarif, "findings as SARIF 2.1.0")->excludes(json_flag);
  command->callback([paths, json, sarif, &action] {
    action = [paths, json, sarif] {
      const auto findings = workflows::lint(*paths);
      if (*sarif) {
        std::cout << workflows::to_sarif(findings).dump(2) << '\n';
      } else if (*json) {
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
