/// What a request's header must be before anything acts on it. Stricter than the parser behind it: whatever
/// two HTTP implementations might read differently is refused, so that no proxy and this server ever disagree
/// on where a request ends. Pure functions over the bytes.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace motcua::api {

/// Why a header is refused: a fixed sentence that never quotes the request.
struct HeaderRefusal {
  const char* detail = "";
};

/// Fields one request may have.
inline constexpr std::size_t kHeaderFieldsMax = 100;

/// Checks a whole header, from the request line to the empty line, both included. Refused are:
///  - lines that do not end in CR LF, bare CR or LF, control characters, folded lines, a space before a colon
///  - a request line other than `method SP target SP HTTP/1.0|1.1`
///  - a target that is not in origin-form, has a fragment, or holds anything but visible ASCII
///  - no Host under HTTP/1.1, two of them, or one that is no host and port
///  - Transfer-Encoding other than one `chunked` under HTTP/1.1; together with Content-Length
///  - Content-Length that is not one field of digits
///  - a second Authorization, Content-Type, Content-Encoding, Idempotency-Key or Expect
///  - an Expect other than 100-continue; more than kHeaderFieldsMax fields
[[nodiscard]] std::optional<HeaderRefusal> check_header(std::string_view header);

/// Checks the lines that are complete in a header still being received, so that a broken one is refused at
/// once.
[[nodiscard]] std::optional<HeaderRefusal> check_header_start(std::string_view received);

/// Whether a Content-Type value is application/json, with no parameter but charset=utf-8.
[[nodiscard]] bool is_json_media_type(std::string_view value);

}  // namespace motcua::api
