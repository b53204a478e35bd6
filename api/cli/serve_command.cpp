/// `motcua serve`: the engine over HTTP.
#include "api/cli/commands.hpp"
#include "api/cli/compose.hpp"
#include "api/cli/serve_options.hpp"

#include <CLI/CLI.hpp>

#include <cstdlib>
#include <memory>

namespace motcua::api {
namespace {

/// The options of the command line over those of the file.
Exit run(const std::filesystem::path& config, const CLI::App& command, ServeOptions given) {
  ServeOptions options;
  if (!config.empty()) {
    if (const auto read = read_config(config, options); !read) {
      complain(read.error().what);
      return Exit::usage;
    }
  }
  const auto set = [&](const char* name) { return command.get_option(name)->count() > 0; };
  if (set("--data")) options.folder.data = given.folder.data;
  if (set("--anchor")) options.folder.anchor = given.folder.anchor;
  if (set("--master-key")) options.folder.master_key = given.folder.master_key;
  if (set("--listen")) options.listen = given.listen;
  if (set("--workflows")) options.workflows = given.workflows;
  if (set("--jwks")) options.jwks = given.jwks;
  if (set("--issuer")) options.issuer = given.issuer;
  if (set("--audience")) options.audience = given.audience;
  if (set("--access-log")) options.access_log = given.access_log;
  if (set("--population")) options.population = given.population;
  if (set("--reserve-mib")) options.reserve_mib = given.reserve_mib;
  if (set("--stream-readers")) options.stream_readers = given.stream_readers;
  if (set("--now")) options.now = given.now;
  options.dev = options.dev || given.dev;
  options.new_anchor = given.new_anchor;
  if (const auto valid = validate(options); !valid) {
    complain(valid.error().what);
    return Exit::usage;
  }
  options.folder = with_defaults(options.folder);
  return given.check ? check_serve(options) : serve(options);
}

}  // namespace

void add_serve_command(CLI::App& app, Action& action) {
  auto* command = app.add_subcommand("serve", "serve the engine over HTTP");
  const auto options = std::make_shared<ServeOptions>();
  const auto config = std::make_shared<std::filesystem::path>();
  command->add_option("--config", *config, "TOML file with the options below")->envname("MOTCUA_CONFIG");
  command->add_option("--data", options->folder.data, "data folder")->envname("MOTCUA_DATA");
  command->add_option("--anchor", options->folder.anchor, "anchor file (default: DATA.anchor)")
      ->envname("MOTCUA_ANCHOR");
  command
      ->add_option("--master-key", options->folder.master_key, "master key file (default: DATA.master-key)")
      ->envname("MOTCUA_MASTER_KEY");
  command->add_option("--listen", options->listen, "HOST:PORT (default 127.0.0.1:8080)")
      ->envname("MOTCUA_LISTEN");
  command
      ->add_option("--workflows", options->workflows,
                   "folder of procedures, calendars and organisation files")
      ->envname("MOTCUA_WORKFLOWS");
  command->add_option("--jwks", options->jwks, "public keys of the identity provider")
      ->envname("MOTCUA_JWKS");
  command->add_option("--issuer", options->issuer, "required `iss` of tokens")->envname("MOTCUA_ISSUER");
  command->add_option("--audience", options->audience, "required `aud` of tokens")
      ->envname("MOTCUA_AUDIENCE");
  command->add_option("--access-log", options->access_log, "file, - for standard error, empty for none")
      ->envname("MOTCUA_ACCESS_LOG");
  command
      ->add_option("--population", options->population,
                   "address of the population service (used by a later release)")
      ->envname("MOTCUA_POPULATION");
  command
      ->add_option(
          "--reserve-mib", options->reserve_mib,
          "room on the disk below which nothing new is recorded (default: 256, or a twentieth of the "
          "disk where that is less)")
      ->check(CLI::Range(std::int64_t{0}, kReserveMibMost))
      ->envname("MOTCUA_RESERVE_MIB");
  command
      ->add_option("--stream-readers", options->stream_readers,
                   "readers of the live stream at once (default: 200)")
      ->check(CLI::Range(std::int64_t{0}, std::int64_t{100'000}))
      ->envname("MOTCUA_STREAM_READERS");
  command->add_option("--now", options->now, "with --dev: virtual clock that starts here (RFC 3339)")
      ->envname("MOTCUA_NOW");
  command->add_flag("--dev", options->dev,
                    "development: loopback only, own signing key, makes the store if there is none");
  command->add_flag("--new-anchor", options->new_anchor, "accept a missing anchor once");
  command->add_flag("--check", options->check, "validate configuration, store, keys and workflows, then end");
  command->callback([options, config, command, &action] {
    action = [options, config, command] { return run(*config, *command, *options); };
  });
}

}  // namespace motcua::api
