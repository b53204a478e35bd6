/// `motcua diagram`: a procedure's step machine as Mermaid, SVG, SCXML or DOT.
#include "api/cli/chart_output.hpp"

#include <CLI/CLI.hpp>

#include <memory>

namespace motcua::api {

void add_diagram_command(CLI::App& app, Action& action) {
  auto* command = app.add_subcommand("diagram", "draw the steps of a procedure");
  const auto line = std::make_shared<ChartLine>();
  line->format = "mermaid";
  add_chart_options(*command, *line);
  command->add_option("--format", line->format, "mermaid, svg, scxml or dot")
      ->check(CLI::IsMember({"mermaid", "svg", "scxml", "dot"}));
  command->add_option("--counts", line->counts,
                      "how often each way was taken: JSON list of {state, event, count}");
  command->callback([line, &action] { action = [line] { return write_chart(*line); }; });
}

}  // namespace motcua::api
