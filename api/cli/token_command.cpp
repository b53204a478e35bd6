/// `motcua token`: a token signed with a development server's key.
#include "adapters/identity/dev_key.hpp"
#include "api/cli/commands.hpp"

#include <CLI/CLI.hpp>

#include <chrono>
#include <filesystem>
#include <iostream>
#include <memory>

namespace motcua::api {
namespace {

struct TokenOptions {
  std::filesystem::path data{};
  adapters::TokenClaims claims{};
  std::int64_t hours = 12;
};

Exit mint(TokenOptions options) {
  const auto key = adapters::DevKey::load((options.data / "dev-key.jwk").string());
  if (!key) {
    complain(key.error().what + " (is this the data folder of a `serve --dev`?)");
    return Exit::failure;
  }
  options.claims.issued_at =
      std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
  options.claims.lifetime = std::chrono::hours{options.hours};
  if (options.claims.name.empty()) options.claims.name = options.claims.sub;
  std::cout << key->mint(options.claims) << '\n';
  return Exit::ok;
}

}  // namespace

void add_token_command(CLI::App& app, Action& action) {
  auto* command = app.add_subcommand("token", "mint a token with the key of a development server");
  const auto options = std::make_shared<TokenOptions>();
  command->add_option("--data", options->data, "data folder of the development server")
      ->required()
      ->envname("MOTCUA_DATA");
  command->add_option("--sub", options->claims.sub, "who")->required();
  command->add_option("--role", options->claims.roles, "role; repeat for several")
      ->required()
      ->delimiter(',');
  command->add_option("--agency", options->claims.agency, "agency id")->required();
  command->add_option("--name", options->claims.name, "name of the person (default: SUB)");
  command->add_option("--hours", options->hours, "valid for so many hours")->check(CLI::Range(1, 24 * 365));
  command->callback([options, &action] { action = [options] { return mint(*options); }; });
}

}  // namespace motcua::api
