#include "api/cli/chart_output.hpp"

#include "api/cli/graphviz.hpp"
#include "workflows/diagram/diagram.hpp"
#include "workflows/loader/check_file.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <optional>
#include <stdexcept>
#include <string>

namespace motcua::api {
namespace {

namespace fs = std::filesystem;

std::string drawn(const workflows::Chart& chart, const std::string& format) {
  if (format == "svg") return svg_of(to_dot(chart));
  if (format == "scxml") return to_scxml(chart);
  return format == "dot" ? to_dot(chart) : to_mermaid(chart);
}

template <class Matches>
std::ptrdiff_t ways_that(const workflows::Chart& chart, Matches matches) {
  return std::count_if(chart.ways.begin(), chart.ways.end(), matches);
}

/// What the format cannot say.
void say_what_is_lost(const workflows::Chart& chart, const std::string& format) {
  if (format != "scxml") return;
  const auto say = [](std::ptrdiff_t count, const char* what) {
    if (count > 0) complain(std::to_string(count) + what);
  };
  say(ways_that(chart, [](const auto& way) { return !way.guard.is_null(); }),
      " guards are notes (motcua:guard): the data model of the file cannot decide them");
  say(ways_that(chart, [](const auto& way) { return !way.after.empty() && !way.after_days; }),
      " ways of timers are notes (motcua:after): the file has no working time and no months, and nothing "
      "sends their events");
  say(ways_that(chart, [](const auto& way) { return way.after_days.has_value(); }),
      " ways of timers wait for days of 24 hours there, not for the close of a working day (motcua:after)");
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

}  // namespace

void add_chart_options(CLI::App& command, ChartLine& line) {
  command.add_option("file", line.file, "procedure.json")->required();
  command.add_option("--language", line.language, "of the labels")->check(CLI::IsMember({"vi", "en"}));
  command.add_option("--out", line.out, "file; without it the text is printed");
}

Exit write_chart(const ChartLine& line) {
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
    complain(line.file.string() + " has no machine");
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

}  // namespace motcua::api
