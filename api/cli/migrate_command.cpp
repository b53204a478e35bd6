/// `motcua migrate`: moves the running cases of a procedure to another version, over HTTP: first the dry run
/// of all of them, then a command for each, in bounded batches. What has been moved is not listed again, so
/// that a run that was cut off is begun anew.
#include "adapters/system/random_ids.hpp"
#include "api/cli/commands.hpp"
#include "api/cli/http_client.hpp"
#include "api/cli/progress.hpp"
#include "engine/core/ids.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace motcua::api {
namespace {

using nlohmann::json;

constexpr std::size_t kBatchMax = 200;

struct MigrateOptions {
  ClientRequest request{};
  std::string token_file{};
  std::string code{};
  std::int64_t to = 0;
  std::optional<std::int64_t> from{};
  std::string map_file{};
  std::string law{};
  std::string limit = "keep";
  std::string reason{};
  std::size_t batch = 100;
  bool dry_run = false;
  bool skip_problems = false;
  bool json = false;
};

/// Says why the command ends, and with which exit code.
std::nullopt_t end(Exit& exit, Exit code, const std::string& why) {
  complain(why);
  exit = code;
  return std::nullopt;
}

std::optional<std::string> read_text(const std::string& path, Exit& exit) {
  if (path == "-")
    return std::string{std::istreambuf_iterator<char>(std::cin), std::istreambuf_iterator<char>()};
  std::ifstream file(path, std::ios::binary);
  if (!file) return end(exit, Exit::usage, "cannot read " + path);
  return std::string{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

/// Members of the command's `data`.
std::optional<json> data_of(const MigrateOptions& options, Exit& exit) {
  json data{{"version", options.to}, {"limit", options.limit}, {"law", options.law}};
  if (options.map_file.empty()) return data;
  const auto text = read_text(options.map_file, exit);
  if (!text) return std::nullopt;
  data["map"] = json::parse(*text, nullptr, false);
  if (!data["map"].is_object()) return end(exit, Exit::usage, "the map must be a JSON object of steps");
  return data;
}

/// The answer's body. Ends: no answer, or a refusal.
std::optional<json> post(ClientRequest request, const std::string& target, const json& body, Exit& exit) {
  request.method = "POST";
  request.target = target;
  request.body = body.dump();
  const auto answer = send(request);
  if (!answer) return end(exit, Exit::failure, answer.error().what);
  auto parsed = json::parse(answer->body, nullptr, false);
  if (answer->status < 400 && parsed.is_object()) return parsed;
  const bool ours = answer->status < 500;
  return end(exit, ours ? Exit::findings : Exit::failure,
             "refused with status " + std::to_string(answer->status) + ": " + answer->body);
}

/// Every line of the dry run.
std::optional<std::vector<json>> dry_run(const MigrateOptions& options, const json& data, Exit& exit) {
  std::vector<json> lines;
  auto body = data;
  body["limit_lines"] = kBatchMax;
  if (options.from) body["from_version"] = *options.from;
  do {
    auto page = post(options.request, "/api/v1/procedures/" + options.code + "/migrations", body, exit);
    if (!page) return std::nullopt;
    for (auto& line : (*page)["items"]) lines.push_back(std::move(line));
    body["cursor"] = (*page)["next_cursor"];
  } while (!body["cursor"].is_null());
  return lines;
}

bool has_problem(const json& line) { return !line["problem"].is_null(); }

std::string joined(const json& names) {
  std::string text;
  for (const auto& name : names) text += (text.empty() ? "" : "+") + name.get<std::string>();
  return text;
}

std::string text_of(const json& line) {
  auto text = line["code"].get<std::string>() + "  version " + line["from_version"].dump() + "  " +
              joined(line["steps"]);
  if (has_problem(line)) {
    const auto& problem = line["problem"];
    text += "  cannot be moved: " + problem["detail"].get<std::string>();
    for (const auto& pointer : problem["pointers"]) {
      text += "; " + pointer["pointer"].get<std::string>() + ' ' + pointer["reason"].get<std::string>();
    }
    return text;
  }
  text += " -> " + joined(line["steps_after"]);
  if (line["due_before"] != line["due_after"]) {
    text += "  due " + line["due_before"].dump() + " -> " + line["due_after"].dump();
  }
  return text;
}

struct Moved {
  std::size_t done = 0;
  std::vector<json> refused{};  ///< answers of items
};

/// A batch is a request with a key of its own: a case that has moved meanwhile is refused by its version.
std::optional<Moved> move(const MigrateOptions& options, const json& data, const std::vector<json>& lines,
                          Exit& exit) {
  Moved moved;
  Progress progress("moved");
  for (std::size_t next = 0; next < lines.size();) {
    json body{{"command", "migrate"}, {"items", json::array()}};
    if (!options.reason.empty()) body["reason"] = options.reason;
    for (; next < lines.size() && body["items"].size() < options.batch; ++next) {
      body["items"].push_back(
          {{"id", lines[next]["id"]}, {"expected_version", lines[next]["version"]}, {"data", data}});
    }
    auto request = options.request;
    request.idempotency_key = engine::to_hex(adapters::RandomIds().next_command_id());
    auto answer = post(request, "/api/v1/cases/bulk", body, exit);
    if (!answer) return std::nullopt;
    for (auto& item : (*answer)["items"]) {
      if (item["status"] == 200) {
        moved.done += 1;
      } else {
        moved.refused.push_back(std::move(item));
      }
    }
    progress(next, lines.size());
  }
  return moved;
}

void report(const MigrateOptions& options, const std::vector<json>& lines, std::size_t problems,
            const std::optional<Moved>& moved) {
  if (options.json) {
    json body{{"cases", lines.size()}, {"problems", problems}, {"lines", lines}, {"moved", nullptr}};
    body["refused"] = json::array();
    if (moved) {
      body["moved"] = moved->done;
      body["refused"] = moved->refused;
    }
    std::cout << body.dump(2) << '\n';
    return;
  }
  if (!moved) return;
  for (const auto& item : moved->refused) {
    std::cout << item["id"].get<std::string>() << "  refused: " << item["problem"].value("detail", "")
              << '\n';
  }
  std::cout << moved->done << " moved, " << moved->refused.size() << " refused\n";
}

Exit migrate(MigrateOptions options) {
  auto exit = Exit::failure;
  const auto token =
      options.token_file.empty() ? std::optional(options.request.token) : read_text(options.token_file, exit);
  if (!token) return exit;
  options.request.token = token->substr(0, token->find_last_not_of(" \r\n\t") + 1);
  const auto data = data_of(options, exit);
  if (!data) return exit;
  const auto lines = dry_run(options, *data, exit);
  if (!lines) return exit;
  const auto problems = static_cast<std::size_t>(std::count_if(lines->begin(), lines->end(), has_problem));
  if (!options.json) {
    for (const auto& line : *lines) std::cout << text_of(line) << '\n';
    std::cout << lines->size() << " cases, " << problems << " cannot be moved\n" << std::flush;
  }
  const bool goes_on = !options.dry_run && (problems == 0 || options.skip_problems);
  std::optional<Moved> moved;
  if (goes_on) {
    std::vector<json> movable;
    std::copy_if(lines->begin(), lines->end(), std::back_inserter(movable),
                 [](const json& line) { return !has_problem(line); });
    moved = move(options, *data, movable, exit);
    if (!moved) return exit;
  }
  report(options, *lines, problems, moved);
  const bool all_well = problems == 0 && (!moved || moved->refused.empty());
  return all_well ? Exit::ok : Exit::findings;
}

}  // namespace

void add_migrate_command(CLI::App& app, Action& action) {
  auto* command = app.add_subcommand("migrate", "move running cases of a procedure to another version");
  const auto options = std::make_shared<MigrateOptions>();
  command->add_option("code", options->code, "code of the procedure")->required();
  command->add_option("--to", options->to, "version that they move to")
      ->required()
      ->check(CLI::PositiveNumber);
  command->add_option("--from", options->from, "only cases of this version");
  command->add_option("--map", options->map_file, "JSON file of old steps to new ones; -: standard input");
  command->add_option("--law", options->law, "id of a law that the version cites")->required();
  command->add_option("--limit", options->limit, "keep the time limit, or count the new one")
      ->check(CLI::IsMember({"keep", "new"}));
  command->add_option("--reason", options->reason, "free text, sealed with each case");
  command->add_option("--server,--url", options->request.base, "address of the engine")
      ->envname("MOTCUA_URL");
  command->add_option("--token-file", options->token_file,
                      "file with a supervisor's token; -: standard input");
  command->add_option("--token", options->request.token, "the token itself")->envname("MOTCUA_TOKEN");
  command->add_option("--batch", options->batch, "cases of one request")
      ->check(CLI::Range(std::size_t{1}, kBatchMax));
  command->add_flag("--dry-run", options->dry_run, "move nothing");
  command->add_flag("--skip-problems", options->skip_problems, "move the others where some cannot be moved");
  command->add_flag("--json", options->json, "everything as one JSON object");
  command->callback([options, &action] { action = [options] { return migrate(*options); }; });
}

}  // namespace motcua::api
