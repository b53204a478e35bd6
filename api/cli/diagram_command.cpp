/// `motcua diagram`: a procedure's step machine as Mermaid, SVG, SCXML or DOT.
#include "api/cli/commands.hpp"
#include "api/cli/graphviz.hpp"
#include "workflows/diagram/diagram.hpp"
#include "workflows/loader/check_file.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <optional>
#include <string>

namespace motcua::api {
namespace {

namespace fs = std::filesystem;

struct DiagramLine {
  fs::path file{};
  fs::path counts{};
  fs::path out{};
  std::string format = "mermaid";
  std::string language = "vi";
};

std::string drawn(const workflows::Chart& chart, const std::string& format) {
  if (format == "svg") return svg_of(to_dot(chart));
  if (format == "scxml") return to_scxml(chart);
  return format == "dot" ? to_dot(chart) : to_mermaid(chart);
}

/// What the format cannot say.
void say_what_is_lost(const workflows::Chart& chart, const std::string& format) {
  const auto guards = std::count_if(chart.ways.begin(), chart.ways.end(),
                                    [](const auto& way) { return !way.guard.is_null(); });
  if (format == "scxml" && guards > 0) {
    complain(std::to_string(guards) +
             " guards are notes (motcua:guard): the data model of the file cannot decide them");
  }
}

/// Nullopt, and the finding in `findings`, if the file cannot be read as JSON.
std::optional<workflows::LocatedJson> read_located(const fs::path& path, workflows::Findings& findings) {
  const auto bytes = workflows::read_bytes(path, findings);
  if (!bytes) return std::nullopt;
  auto located = workflows::parse_located(*bytes, path.string());
  findings.insert(findings.end(), located.findings.begin(), located.findings.end());
  return located.readable ? std::optional(std::move(located)) : std::nullopt;
}

Exit refused(const workflows::Findings& findings) {
  std::cerr << workflows::to_text(findings);
  return Exit::findings;
}

Exit run_diagram(const DiagramLine& line) {
  workflows::Findings findings;
  const auto definition = read_located(line.file, findings);
  if (!definition) return refused(findings);
  workflows::WayCounts counts;
  if (!line.counts.empty()) {
    auto located = read_located(line.counts, findings);
    if (!located) return refused(findings);
    counts = workflows::read_counts(*located);
    if (has_errors(located->findings)) return refused(located->findings);
  }
  const auto chart =
      workflows::chart_of(definition->document, {line.language, line.counts.empty() ? nullptr : &counts});
  if (chart.states.empty()) {
    complain(line.file.string() + " has no machine to draw");
    return Exit::findings;
  }
  const auto text = drawn(chart, line.format);
  say_what_is_lost(chart, line.format);
  if (line.out.empty()) {
    std::cout << text;
    return Exit::ok;
  }
  std::ofstream file(line.out, std::ios::binary);
  file << text;
  file.close();
  if (!file) throw std::runtime_error("cannot write " + line.out.string());
  return Exit::ok;
}

}  // namespace

void add_diagram_command(CLI::App& app, Action& action) {
  auto* command = app.add_subcommand("diagram", "draw the steps of a procedure");
  const auto line = std::make_shared<DiagramLine>();
  command->add_option("file", line->file, "procedure.json")->required();
  command->add_option("--format", line->format, "mermaid, svg, scxml or dot")
      ->check(CLI::IsMember({"mermaid", "svg", "scxml", "dot"}));
  command->add_option("--counts", line->counts,
                      "how often each way was taken: JSON list of {state, event, count}");
  command->add_option("--language", line->language, "of the labels")->check(CLI::IsMember({"vi", "en"}));
  command->add_option("--out", line->out, "file; without it the drawing is printed");
  command->callback([line, &action] { action = [line] { return run_diagram(*line); }; });
}

}  // namespace motcua::api
