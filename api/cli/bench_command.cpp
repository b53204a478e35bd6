/// `motcua bench`: load on a running engine (or on the bare server that it is compared with), and what came
/// of it.
#include "adapters/identity/dev_key.hpp"
#include "api/cli/commands.hpp"
#include "api/cli/load_generator.hpp"
#include "api/cli/serve_options.hpp"

#include <CLI/CLI.hpp>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <stdexcept>

namespace motcua::api {
namespace {

struct BenchOptions {
  LoadOptions load{};
  std::string target = "127.0.0.1:8080";
  std::filesystem::path data{};
  std::string agency = "H15.50.05";
  std::string mode = "advance";
  double seconds = 10;
  std::filesystem::path script{};
  std::filesystem::path answer{};
  bool json = false;
};

/// Tokens for the roles of a life, signed with the development key of the engine under test.
std::map<std::string, std::string> mint_tokens(const BenchOptions& options) {
  if (options.data.empty()) return {{"", std::string(600, 'x')}};
  const auto key = adapters::DevKey::load((options.data / "dev-key.jwk").string());
  if (!key) throw std::runtime_error(key.error().what);
  std::map<std::string, std::string> tokens;
  for (const std::string role : {"desk_officer", "case_officer", "signatory"}) {
    adapters::TokenClaims claims;
    claims.sub = role + "-1";
    claims.roles = {role};
    claims.agency = options.agency;
    claims.issued_at =
        std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
    tokens[role] = key->mint(claims);
  }
  return tokens;
}

Exit run(BenchOptions options) {
  const auto endpoint = parse_endpoint(options.target);
  if (!endpoint || !endpoint->is_loopback()) {
    complain("--target must be a loopback address, 127.0.0.1:PORT");
    return Exit::usage;
  }
  options.load.host = endpoint->host;
  options.load.port = endpoint->port;
  options.load.mode = options.mode == "life" ? LoadMode::life : LoadMode::advance;
  options.load.duration = std::chrono::milliseconds(static_cast<std::int64_t>(options.seconds * 1000));
  options.load.tokens = mint_tokens(options);
  options.load.keep_answer = !options.answer.empty();
  options.load.script = birth_script();
  if (!options.script.empty()) {
    std::ifstream file(options.script);
    options.load.script =
        read_script({std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()});
  }
  const auto report = run_load(options.load);
  std::cout << (options.json ? to_json(report) + '\n' : to_text(report));
  if (options.load.keep_answer) std::ofstream(options.answer) << report.sample_answer;
  return report.acceptable() ? Exit::ok : Exit::findings;
}

}  // namespace

void add_bench_command(CLI::App& app, Action& action) {
  auto* command = app.add_subcommand("bench", "put load on a running engine on this machine");
  const auto options = std::make_shared<BenchOptions>();
  command->add_option("--target", options->target, "127.0.0.1:PORT");
  command->add_option("--data", options->data,
                      "data folder of the development server, for tokens; none: a server that asks for none");
  command->add_option("--agency", options->agency, "agency of the tokens");
  command->add_option("--mode", options->mode, "advance: claim and release; life: whole cases")
      ->check(CLI::IsMember({"advance", "life"}));
  command->add_option("--connections", options->load.connections)->check(CLI::Range(1, 1024));
  command->add_option("--cases", options->load.cases_per_connection, "open cases of each connection")
      ->check(CLI::Range(1, 10000));
  command->add_option("--seconds", options->seconds, "measured time")->check(CLI::Range(0.1, 3600.0));
  command->add_option("--requests", options->load.requests_max, "end earlier, after so many answers");
  command->add_option("--rate", options->load.rate,
                      "requests a second on a fixed schedule instead of a closed loop");
  command->add_option("--server-pid", options->load.server_pid,
                      "report that process's processor time as well");
  command->add_option("--script", options->script, "another life, as JSON");
  command->add_option("--save-answer", options->answer, "keep one answer to a command");
  command->add_flag("--json", options->json, "report as JSON");
  command->callback([options, &action] { action = [options] { return run(*options); }; });
}

}  // namespace motcua::api
