/// `motcua import`: definitions from eGov DIGIT and BPMN 2.0, with a report of what did not come over.
#include "api/cli/commands.hpp"
#include "workflows/import/bpmn.hpp"
#include "workflows/import/digit.hpp"
#include "workflows/loader/check_file.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

namespace motcua::api {
namespace {

namespace fs = std::filesystem;
using workflows::ImportedProcedure;

struct ImportLine {
  std::vector<fs::path> files{};
  fs::path out{};
  std::vector<std::string> roles{};
  std::vector<std::string> targets{};
  std::string language = "en";
  bool json = false;
  bool force = false;
};

using Importer = workflows::ImportReport (*)(const std::string&, const workflows::ImportOptions&);

/// `A=B` pairs as a map; throws CLI::ValidationError for a text without `=`.
std::map<std::string, std::string> pairs_of(const std::vector<std::string>& texts, const char* option) {
  std::map<std::string, std::string> pairs;
  for (const auto& text : texts) {
    const auto equals = text.find('=');
    if (equals == 0 || equals == std::string::npos || equals + 1 == text.size()) {
      throw CLI::ValidationError(option, "expects THEIRS=OURS, not " + text);
    }
    pairs[text.substr(0, equals)] = text.substr(equals + 1);
  }
  return pairs;
}

/// Writes `DIR/<code>/procedure.json`. Throws std::runtime_error if it cannot.
void write_procedure(const fs::path& folder, const ImportedProcedure& procedure) {
  const auto path = folder / procedure.file;
  fs::create_directories(path.parent_path());
  std::ofstream file(path, std::ios::binary);
  file << procedure.text;
  file.close();
  if (!file) throw std::runtime_error("cannot write " + path.string());
}

/// Refuses before anything is written: all or nothing.
void refuse_to_overwrite(const fs::path& folder, const std::vector<ImportedProcedure>& procedures) {
  for (const auto& procedure : procedures) {
    const auto path = folder / procedure.file;
    if (fs::exists(path)) throw std::runtime_error(path.string() + " is there already; --force replaces it");
  }
}

void print_json(const workflows::ImportReport& report, const ImportLine& line) {
  auto list = workflows::Json::array();
  for (const auto& procedure : report.procedures) {
    workflows::Json entry{{"code", procedure.code}, {"states", procedure.states}, {"ways", procedure.ways}};
    if (!line.out.empty()) entry["file"] = (line.out / procedure.file).string();
    entry["definition"] = procedure.document;
    list.push_back(std::move(entry));
  }
  const workflows::Json answer{{"procedures", std::move(list)},
                               {"findings", workflows::Json(workflows::to_json(report.findings))}};
  std::cout << answer.dump(2) << '\n';
}

void print_text(const workflows::ImportReport& report, const ImportLine& line) {
  std::cout << workflows::to_text(report.findings);
  for (const auto& procedure : report.procedures) {
    std::cout << procedure.code << ": " << procedure.states << " states, " << procedure.ways << " ways, "
              << (line.out.empty() ? "not written: give --out DIR"
                                   : "written to " + (line.out / procedure.file).string())
              << '\n';
  }
  const auto errors = std::count_if(report.findings.begin(), report.findings.end(), [](const auto& finding) {
    return finding.severity == workflows::Severity::error;
  });
  std::cout << report.procedures.size() << " procedures, " << errors << " errors, "
            << static_cast<std::ptrdiff_t>(report.findings.size()) - errors << " warnings\n";
}

Exit run_import(const ImportLine& line, Importer importer) {
  workflows::ImportOptions options;
  options.language = line.language;
  options.roles = pairs_of(line.roles, "--role");
  options.targets = pairs_of(line.targets, "--state");
  workflows::ImportReport all;
  for (const auto& path : line.files) {
    const auto bytes = workflows::read_bytes(path, all.findings);
    if (!bytes) continue;
    options.file = path.string();
    auto report = importer(*bytes, options);
    std::move(report.procedures.begin(), report.procedures.end(), std::back_inserter(all.procedures));
    std::move(report.findings.begin(), report.findings.end(), std::back_inserter(all.findings));
  }
  if (!line.out.empty()) {
    if (!line.force) refuse_to_overwrite(line.out, all.procedures);
    for (const auto& procedure : all.procedures) write_procedure(line.out, procedure);
  }
  if (line.json) {
    print_json(all, line);
  } else {
    print_text(all, line);
  }
  return workflows::has_errors(all.findings) ? Exit::findings : Exit::ok;
}

void add_format(CLI::App& import, Action& action, const char* name, const char* what, Importer importer) {
  auto* command = import.add_subcommand(name, what);
  const auto line = std::make_shared<ImportLine>();
  command->add_option("files", line->files, "files")->required();
  command->add_option("--out", line->out, "folder for CODE/procedure.json; without it nothing is written");
  command->add_option("--role", line->roles, "THEIRS=OURS: which of our roles one of theirs is");
  command->add_option("--state", line->targets, "REFERENCE=NAME: the state that a reference stands for");
  command->add_option("--language", line->language, "language of the names in the file")
      ->check(CLI::IsMember({"vi", "en"}));
  command->add_flag("--force", line->force, "replace files that are there");
  command->add_flag("--json", line->json, "definitions and findings as JSON");
  command->callback(
      [line, importer, &action] { action = [line, importer] { return run_import(*line, importer); }; });
}

}  // namespace

void add_import_command(CLI::App& app, Action& action) {
  auto* command = app.add_subcommand("import", "make drafts of procedures from what other systems write");
  command->require_subcommand(1);
  add_format(*command, action, "digit", "eGov DIGIT BusinessService (JSON)", workflows::import_digit);
  add_format(*command, action, "bpmn", "BPMN 2.0, executable subset (XML)", workflows::import_bpmn);
}

}  // namespace motcua::api
