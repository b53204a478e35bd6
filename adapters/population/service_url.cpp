#include "adapters/population/service_url.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <string_view>

namespace motcua::adapters {
namespace {

engine::Fault bad(const char* why) {
  return engine::Fault{std::string("the address of the population service ") + why};
}

bool is_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), port);
  return read.ec == std::errc{} && read.ptr == text.data() + text.size() && port != 0;
}

bool is_visible(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

}  // namespace

engine::FaultOr<ServiceUrl> parse_service_url(const std::string& url) {
  constexpr std::string_view kScheme = "http://";
  if (url.starts_with("https://")) {
    return bad("starts with https://, which is not supported yet: end TLS in a proxy beside the engine");
  }
  if (!url.starts_with(kScheme)) return bad("must be http://HOST:PORT[/path]");
  std::string_view rest = std::string_view(url).substr(kScheme.size());
  if (!is_visible(rest) || rest.find_first_of("@?#") != std::string_view::npos) {
    return bad("holds a character that it may not");
  }
  ServiceUrl parsed;
  const auto slash = std::min(rest.find('/'), rest.size());
  if (slash < rest.size()) parsed.target = rest.substr(slash);
  rest = rest.substr(0, slash);
  const auto bracket = rest.starts_with('[') ? rest.find(']') : 0;
  if (bracket == std::string_view::npos) return bad("lacks a bracket");
  const auto colon = rest.find(':', bracket);
  parsed.host = rest.substr(0, colon);
  if (bracket != 0) parsed.host = rest.substr(1, bracket - 1);
  if (colon != std::string_view::npos) parsed.port = rest.substr(colon + 1);
  if (parsed.host.empty()) return bad("names no host");
  if (!is_port(parsed.port)) return bad("needs a port of 1 to 65535");
  if (bracket != 0 && rest.size() > bracket + 1 && rest[bracket + 1] != ':') {
    return bad("must be http://HOST:PORT[/path]");
  }
  return parsed;
}

std::string authority(const ServiceUrl& url) {
  const bool is_ipv6 = url.host.find(':') != std::string::npos;
  return (is_ipv6 ? '[' + url.host + ']' : url.host) + ':' + url.port;
}

}  // namespace motcua::adapters
