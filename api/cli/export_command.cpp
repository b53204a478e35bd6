/// `motcua export`: a procedure's step machine for other tools, as SCXML or Mermaid.
#include "api/cli/chart_output.hpp"

#include <CLI/CLI.hpp>

#include <memory>

namespace motcua::api {

void add_export_command(CLI::App& app, Action& action) {
  auto* command = app.add_subcommand("export", "write the steps of a procedure for other tools");
  const auto line = std::make_shared<ChartLine>();
  line->format = "scxml";
  add_chart_options(*command, *line);
  command->add_option("--format", line->format, "scxml or mermaid")
      ->check(CLI::IsMember({"scxml", "mermaid"}));
  command->callback([line, &action] { action = [line] { return write_chart(*line); }; });
}

}  // namespace motcua::api
