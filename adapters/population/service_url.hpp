/// Address of the register's gateway (trục LGSP).
#pragma once

#include "engine/core/result.hpp"

#include <string>

namespace motcua::adapters {

struct ServiceUrl {
  std::string host{};  ///< name or address, without brackets
  std::string port = "80";
  std::string target = "/";
};

/// Reads `http://HOST[:PORT][/path]`; an IPv6 address stands in brackets. https is not supported yet: the
/// Fault says so. User names, queries and fragments are refused.
[[nodiscard]] engine::FaultOr<ServiceUrl> parse_service_url(const std::string& url);

/// Value of the field Host.
[[nodiscard]] std::string authority(const ServiceUrl& url);

}  // namespace motcua::adapters
