/// `motcua case`: cases of a running engine, over HTTP with a token.
#include "adapters/system/random_ids.hpp"
#include "api/cli/commands.hpp"
#include "api/cli/http_client.hpp"
#include "engine/core/ids.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>

namespace motcua::api {
namespace {

struct CaseOptions {
  ClientRequest request{};
  std::string id{};
  std::string at_version{};
  std::string file{};
  std::string command{};
  std::string data = "{}";
  std::string reason{};
  std::uint64_t expected_version = 0;
  bool json = true;
  std::string queue{};
};

/// Prints the answer's body; a refusal is a finding, no answer a failure.
Exit show(const ClientRequest& request) {
  const auto answer = send(request);
  if (!answer) {
    complain(answer.error().what);
    return Exit::failure;
  }
  const auto body = nlohmann::ordered_json::parse(answer->body, nullptr, false);
  std::cout << (body.is_discarded() ? answer->body : body.dump(2)) << '\n';
  if (answer->status < 400) return Exit::ok;
  complain("refused with status " + std::to_string(answer->status));
  return Exit::findings;
}

std::string fresh_key() { return engine::to_hex(adapters::RandomIds().next_command_id()); }

Exit file_case(CaseOptions options) {
  std::ifstream file(options.file, std::ios::binary);
  if (!file) {
    complain("cannot read " + options.file);
    return Exit::usage;
  }
  options.request.method = "POST";
  options.request.target = "/api/v1/cases";
  options.request.body = {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (options.request.idempotency_key.empty()) options.request.idempotency_key = fresh_key();
  return show(options.request);
}

Exit command_case(CaseOptions options) {
  const auto data = nlohmann::json::parse(options.data, nullptr, false);
  if (!data.is_object()) {
    complain("--data must be a JSON object");
    return Exit::usage;
  }
  nlohmann::json body{
      {"command", options.command}, {"expected_version", options.expected_version}, {"data", data}};
  if (!options.reason.empty()) body["reason"] = options.reason;
  options.request.method = "POST";
  options.request.target = "/api/v1/cases/" + options.id + "/commands";
  options.request.body = body.dump();
  if (options.request.idempotency_key.empty()) options.request.idempotency_key = fresh_key();
  return show(options.request);
}

}  // namespace

void add_case_command(CLI::App& app, Action& action) {
  auto* command = app.add_subcommand("case", "show, file and move cases of a running engine");
  command->require_subcommand(1);
  const auto options = std::make_shared<CaseOptions>();
  const auto sub = [&](const char* name, const char* text) {
    auto* one = command->add_subcommand(name, text);
    one->add_option("--url", options->request.base, "address of the engine")->envname("MOTCUA_URL");
    one->add_option("--token", options->request.token, "token (motcua token)")->envname("MOTCUA_TOKEN");
    one->add_flag("--json", options->json, "accepted everywhere; these answers are JSON already");
    return one;
  };
  const auto read = [&](const char* name, const char* text, const std::string& tail) {
    auto* one = sub(name, text);
    one->add_option("id", options->id, "id of the case")->required();
    one->callback([options, tail, &action] {
      action = [options, tail] {
        options->request.target = "/api/v1/cases/" + options->id + tail;
        if (!options->at_version.empty()) options->request.target += "?at_version=" + options->at_version;
        return show(options->request);
      };
    });
    return one;
  };
  read("show", "the case", "")
      ->add_option("--at-version", options->at_version, "as it stood at this version");
  read("events", "its history", "/events");
  read("deadline", "its deadline and how it came about", "/deadline");
  auto* filing = sub("file", "file a case");
  filing->add_option("body", options->file, "JSON file: {procedure, channel, applicant, data, papers}")
      ->required();
  filing->add_option("--key", options->request.idempotency_key, "Idempotency-Key (default: a fresh one)");
  filing->callback([options, &action] { action = [options] { return file_case(*options); }; });
  auto* moving = sub("do", "one command on a case");
  moving->add_option("id", options->id, "id of the case")->required();
  moving->add_option("command", options->command, "receive, claim, step, ...")->required();
  moving->add_option("--expected-version", options->expected_version, "version that was seen")->required();
  moving->add_option("--data", options->data, "JSON object");
  moving->add_option("--reason", options->reason, "free text");
  moving->add_option("--key", options->request.idempotency_key, "Idempotency-Key (default: a fresh one)");
  moving->callback([options, &action] { action = [options] { return command_case(*options); }; });
  auto* queue = sub("worklist", "what waits in a queue");
  queue->add_option("queue", options->queue, "reception, processing, signing or return; none: counts");
  queue->callback([options, &action] {
    action = [options] {
      options->request.target = "/api/v1/worklists" + (options->queue.empty() ? "" : '/' + options->queue);
      return show(options->request);
    };
  });
}

}  // namespace motcua::api
