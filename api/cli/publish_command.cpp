/// `motcua publish`: a definition is checked, tried on past cases and published on a running engine, over
/// HTTP.
#include "api/cli/commands.hpp"
#include "api/cli/http_client.hpp"
#include "engine/core/ids.hpp"
#include "workflows/loader/findings.hpp"
#include "workflows/loader/readers.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <optional>
#include <string>

namespace motcua::api {
namespace {

using nlohmann::json;

struct PublishOptions {
  std::string file{};
  ClientRequest server{};  ///< address and token
  std::string token_file{};
  bool backtest = false;
  std::string since{};
  std::size_t allow_stranded = 0;
  std::size_t allow_late = 0;
  bool dry_run = false;
  bool as_json = false;
};

/// Ends the command with this exit code; what is said is on standard error already.
struct Ended {
  Exit exit = Exit::failure;
};

std::optional<std::string> read_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  return std::string{std::istreambuf_iterator<char>(file), {}};
}

/// One run of the command: what was answered so far, and how it is told.
class Publishing {
 public:
  explicit Publishing(const PublishOptions& options) : options_(options) {}

  Exit run();

 private:
  void read();
  void lint();
  void try_on_past_cases();
  void publish();
  /// The answer of a call with the file as its body. 422 and 409 are findings about the file, any other
  /// refusal means that nothing could be found out.
  json ask(const std::string& target, const std::string& key);
  void say(const std::string& line) const {
    if (!options_.as_json) std::cout << line << '\n';
  }
  void say_findings(const json& answer) const;

  const PublishOptions& options_;
  std::string bytes_{};
  std::string token_{};
  json report_{
      {"findings", json::array()}, {"backtest", nullptr}, {"publication", nullptr}, {"problem", nullptr}};
};

void Publishing::read() {
  auto bytes = read_text(options_.file);
  auto token =
      options_.token_file.empty() ? std::optional(options_.server.token) : read_text(options_.token_file);
  if (!bytes) complain("cannot read " + options_.file);
  if (!token) complain("cannot read " + options_.token_file);
  if (!bytes || !token) throw Ended{Exit::usage};
  bytes_ = *std::move(bytes);
  if (bytes_.empty()) {
    complain(options_.file + " is empty");
    throw Ended{Exit::findings};
  }
  token_ = *std::move(token);
  token_.erase(token_.find_last_not_of(" \t\r\n") + 1);
  if (token_.empty()) {
    complain("a token is needed: --token-file, --token or MOTCUA_TOKEN");
    throw Ended{Exit::usage};
  }
}

void Publishing::say_findings(const json& answer) const {
  workflows::Findings findings;
  for (const auto& each : answer.value("findings", json::array())) {
    const auto severity = each.value("severity", "error");
    findings.push_back({options_.file, each.value("pointer", ""), each.value("line", 0),
                        each.value("rule", ""),
                        severity == "error"     ? workflows::Severity::error
                        : severity == "warning" ? workflows::Severity::warning
                                                : workflows::Severity::note,
                        each.value("message", "")});
  }
  if (!options_.as_json) std::cout << to_text(findings);
}

json Publishing::ask(const std::string& target, const std::string& key) {
  auto request = options_.server;
  request.method = "POST";
  request.target = "/api/v1/procedures" + target;
  request.token = token_;
  request.idempotency_key = key;
  request.body = bytes_;
  const auto answer = send(request);
  if (!answer) {
    complain(answer.error().what);
    throw Ended{Exit::failure};
  }
  auto body = json::parse(answer->body, nullptr, false);
  if (!body.is_object()) {
    complain("the engine at " + request.base + " answers something else than JSON");
    throw Ended{Exit::failure};
  }
  if (answer->status < 400) return body;
  report_["problem"] = body;
  say_findings(body);
  for (const auto& pointer : body.value("pointers", json::array())) {
    if (body.contains("findings")) break;  // said with their lines
    complain(options_.file + ": " + pointer.value("pointer", "") + ' ' + pointer.value("reason", ""));
  }
  complain("refused with status " + std::to_string(answer->status) + ": " + body.value("detail", ""));
  const bool about_the_file =
      answer->status == 400 || answer->status == 409 || answer->status == 413 || answer->status == 422;
  throw Ended{about_the_file ? Exit::findings : Exit::failure};
}

void Publishing::lint() {
  const auto answer = ask("/lint", "");
  report_["findings"] = answer.value("findings", json::array());
  say_findings(answer);
  const auto errors = answer.value("errors", std::size_t{0});
  say(std::to_string(errors) + " errors, " + std::to_string(answer.value("warnings", std::size_t{0})) +
      " warnings");
  if (errors > 0) throw Ended{Exit::findings};
}

void Publishing::try_on_past_cases() {
  const auto code = json::parse(bytes_).value("code", "");
  std::string target = '/' + code +
                       "/backtest?lines=false&allow_stranded=" + std::to_string(options_.allow_stranded) +
                       "&allow_late=" + std::to_string(options_.allow_late);
  if (!options_.since.empty()) {
    target += "&since=";
    for (const char c : options_.since) target += c == '+' ? std::string("%2B") : std::string(1, c);
  }
  const auto report = ask(target, "");
  report_["backtest"] = report;
  const auto verdict = report.value("verdict", "");
  say("back-test against " + std::to_string(report.value("cases", 0)) + " cases: " + verdict);
  for (const auto& reason : report.value("reasons", json::array())) say("  " + reason.get<std::string>());
  if (verdict != "pass") throw Ended{Exit::findings};
}

void Publishing::publish() {
  // The same bytes have the same key: a repetition is answered as the first time.
  const auto answer = ask("", "publish-" + engine::to_hex(workflows::sha256(bytes_)));
  report_["publication"] = answer;
  say("published " + answer.value("code", "") + " version " + std::to_string(answer.value("version", 0)) +
      ", in force from " + answer.value("effective_from", "") + ", " + answer.value("hash", ""));
}

Exit Publishing::run() {
  auto exit = Exit::ok;
  try {
    read();
    lint();
    if (options_.backtest) try_on_past_cases();
    if (!options_.dry_run) publish();
    if (options_.dry_run) say("not published: --dry-run");
  } catch (const Ended& ended) {
    exit = ended.exit;
  }
  if (options_.as_json && exit != Exit::usage) std::cout << report_.dump(2) << '\n';
  return exit;
}

}  // namespace

void add_publish_command(CLI::App& app, Action& action) {
  auto* command = app.add_subcommand("publish", "check, try and publish a definition on a running engine");
  const auto options = std::make_shared<PublishOptions>();
  command->add_option("file", options->file, "the definition, procedure.json")->required();
  command->add_option("--server", options->server.base, "address of the engine")->envname("MOTCUA_URL");
  command->add_option("--token", options->server.token, "token (motcua token)")->envname("MOTCUA_TOKEN");
  command->add_option("--token-file", options->token_file, "file with the token, in place of --token");
  auto* backtest =
      command->add_flag("--backtest", options->backtest, "first try it on the cases of the engine");
  command->add_option("--since", options->since, "of those only what was filed since then, and open ones")
      ->needs(backtest);
  command->add_option("--allow-stranded", options->allow_stranded, "so many stranded cases pass (0)")
      ->needs(backtest);
  command->add_option("--allow-late", options->allow_late, "so many newly late cases pass (0)")
      ->needs(backtest);
  command->add_flag("--dry-run", options->dry_run, "check and try, publish nothing");
  command->add_flag("--json", options->as_json, "everything that was answered, as JSON");
  command->callback([options, &action] { action = [options] { return Publishing(*options).run(); }; });
}

}  // namespace motcua::api
