#include "api/cli/serve_options.hpp"

#include "engine/core/time.hpp"

#include <toml++/toml.h>

#include <charconv>
#include <functional>
#include <map>
#include <sstream>

namespace motcua::api {
namespace {

using engine::Fault;
using engine::FaultOr;

/// Where each key of the file goes.
std::map<std::string, std::function<bool(const toml::node&)>> targets(ServeOptions& options) {
  const auto text = [](std::string& target) {
    return [&target](const toml::node& node) {
      const auto value = node.value_exact<std::string>();
      if (value) target = *value;
      return value.has_value();
    };
  };
  const auto path = [](std::filesystem::path& target) {
    return [&target](const toml::node& node) {
      const auto value = node.value_exact<std::string>();
      if (value) target = *value;
      return value.has_value();
    };
  };
  const auto number = [](std::optional<std::uint64_t>& target) {
    return [&target](const toml::node& node) {
      const auto value = node.value_exact<std::int64_t>();
      if (!value || *value < 0 || *value > kReserveMibMost) return false;
      target = static_cast<std::uint64_t>(*value);
      return true;
    };
  };
  const auto flag = [](bool& target) {
    return [&target](const toml::node& node) {
      const auto value = node.value_exact<bool>();
      if (value) target = *value;
      return value.has_value();
    };
  };
  return {{"data", path(options.folder.data)},
          {"anchor", path(options.folder.anchor)},
          {"master_key", path(options.folder.master_key)},
          {"listen", text(options.listen)},
          {"workflows", path(options.workflows)},
          {"jwks", path(options.jwks)},
          {"issuer", text(options.issuer)},
          {"audience", text(options.audience)},
          {"access_log", text(options.access_log)},
          {"population", text(options.population)},
          {"now", text(options.now)},
          {"reserve_mib", number(options.reserve_mib)},
          {"stream_readers", number(options.stream_readers)},
          {"dev", flag(options.dev)}};
}

}  // namespace

bool Endpoint::is_loopback() const {
  return host == "localhost" || host == "::1" || host.starts_with("127.");
}

FaultOr<Endpoint> parse_endpoint(const std::string& text) {
  const auto colon = text.rfind(':');
  Endpoint endpoint;
  if (colon == std::string::npos || colon == 0) return Fault{"listen must be HOST:PORT"};
  endpoint.host = text.substr(0, colon);
  if (endpoint.host.starts_with('[') && endpoint.host.ends_with(']')) {
    endpoint.host = endpoint.host.substr(1, endpoint.host.size() - 2);
  }
  const char* first = text.data() + colon + 1;
  const char* last = text.data() + text.size();
  const auto [end, error] = std::from_chars(first, last, endpoint.port);
  if (error != std::errc{} || end != last)
    return Fault{"listen must be HOST:PORT with a port from 0 to 65535"};
  return endpoint;
}

FaultOr<void> read_config(const std::filesystem::path& file, ServeOptions& options) {
  try {
    const auto table = toml::parse_file(file.string());
    const auto known = targets(options);
    for (const auto& [key, node] : table) {
      const auto line = std::to_string(node.source().begin.line);
      const auto target = known.find(std::string(key.str()));
      if (target == known.end())
        return Fault{file.string() + ':' + line + ": unknown key " + std::string(key.str())};
      if (!target->second(node)) {
        return Fault{file.string() + ':' + line + ": wrong type for " + std::string(key.str())};
      }
    }
  } catch (const toml::parse_error& error) {
    std::ostringstream where;
    where << error.source().begin.line;
    return Fault{file.string() + ':' + where.str() + ": " + std::string(error.description())};
  }
  return {};
}

FaultOr<void> validate(const ServeOptions& options) {
  if (options.folder.data.empty()) return Fault{"--data is required"};
  const auto endpoint = parse_endpoint(options.listen);
  if (!endpoint) return endpoint.error();
  if (options.dev && !endpoint->is_loopback()) return Fault{"--dev listens on loopback addresses only"};
  if (!options.dev && options.jwks.empty()) return Fault{"--jwks is required without --dev"};
  if (!options.now.empty()) {
    if (!options.dev) return Fault{"--now needs --dev"};
    if (!engine::parse_rfc3339(options.now)) return Fault{"--now must be an RFC 3339 instant"};
  }
  return {};
}

}  // namespace motcua::api
