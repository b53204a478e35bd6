/// One request to a running engine, for the command line. Blocking; follows nothing, retries nothing.
#pragma once

#include "engine/core/result.hpp"

#include <string>
#include <utility>
#include <vector>

namespace motcua::api {

struct ClientRequest {
  std::string base = "http://127.0.0.1:8080";  ///< `http://HOST:PORT`
  std::string method = "GET";
  std::string target = "/";
  std::string token{};
  std::string idempotency_key{};
  std::string body{};  ///< JSON; empty: none
};
struct ClientResponse {
  unsigned status = 0;
  std::string body{};
};
/// Waits for the answer as long as the connection stands: some work takes minutes. Fault: no connection, no
/// answer, or not HTTP.
[[nodiscard]] engine::FaultOr<ClientResponse> send(const ClientRequest& request);

}  // namespace motcua::api
