/// Limits of one HTTP connection and one request. Part of the public contract: body, depth, tokens, string
/// length.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace motcua::api {

/// Bytes of a request body.
inline constexpr std::size_t kBodyBytesMax = 1024 * 1024;
/// Bytes of request line and header fields together, with their line ends.
inline constexpr std::size_t kHeaderBytesMax = 16 * 1024;
/// Empty lines that may precede a request line (RFC 9112 section 2.2 asks for at least one).
inline constexpr std::size_t kLeadingEmptyLinesMax = 4;
/// Nesting of arrays and objects in a JSON body; the body itself is level 1.
inline constexpr std::size_t kJsonDepthMax = 32;
/// Bytes (UTF-8) of one string or key in a JSON body.
inline constexpr std::size_t kJsonStringBytesMax = 64 * 1024;
/// Values, keys, array starts and object starts in a JSON body.
inline constexpr std::size_t kJsonTokensMax = 100'000;
/// Parameters of one query.
inline constexpr std::size_t kQueryParametersMax = 64;

/// How long a connection may take. While a command waits for its commit there is no limit at all.
struct Timeouts {
  std::chrono::milliseconds idle{60'000};    ///< kept alive, no byte of the next request
  std::chrono::milliseconds header{10'000};  ///< first byte of a request to the end of its header
  std::chrono::milliseconds body{30'000};    ///< end of the header to the end of the body
  std::chrono::milliseconds write{15'000};   ///< one answer
  std::chrono::milliseconds linger{2'000};   ///< after a refused request, so that the client can read why
  std::chrono::milliseconds drain{10'000};   ///< graceful stop: requests in flight
};

/// Open connections; one more gets 503 overloaded and is closed.
inline constexpr std::size_t kConnectionsMax = 4096;

}  // namespace motcua::api
