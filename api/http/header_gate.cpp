#include "api/http/header_gate.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace motcua::api {
namespace {

constexpr std::size_t kLengthDigitsMax = 18;

constexpr std::array<bool, 256> make_token_table() {
  std::array<bool, 256> table{};
  for (const char unit : std::string_view("!#$%&'*+-.^_`|~0123456789"
                                          "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")) {
    table[static_cast<std::uint8_t>(unit)] = true;
  }
  return table;
}
constexpr auto kToken = make_token_table();

bool is_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(),
                                      [](char unit) { return kToken[static_cast<std::uint8_t>(unit)]; });
}

bool is_visible_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char unit) { return unit > ' ' && unit < '\x7F'; });
}

/// Horizontal tab, space, visible ASCII, and bytes from 0x80, which stay opaque.
bool is_field_text(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char unit) {
    const auto byte = static_cast<std::uint8_t>(unit);
    return byte == '\t' || (byte >= ' ' && byte != 0x7F);
  });
}

char lower(char unit) { return unit >= 'A' && unit <= 'Z' ? static_cast<char>(unit + ('a' - 'A')) : unit; }

bool same_text(std::string_view text, std::string_view lower_case) {
  return text.size() == lower_case.size() &&
         std::equal(text.begin(), text.end(), lower_case.begin(),
                    [](char left, char right) { return lower(left) == right; });
}

std::string_view trimmed(std::string_view text) {
  const auto is_space = [](char unit) { return unit == ' ' || unit == '\t'; };
  while (!text.empty() && is_space(text.front())) {
    text.remove_prefix(1);
  }
  while (!text.empty() && is_space(text.back())) {
    text.remove_suffix(1);
  }
  return text;
}

/// Characters of a host and port (RFC 3986 section 3.2.2) but for the comma, which could join two fields.
bool is_host(std::string_view value) {
  return std::all_of(value.begin(), value.end(), [](char unit) {
    const char folded = lower(unit);
    return (folded >= 'a' && folded <= 'z') || (folded >= '0' && folded <= '9') ||
           std::string_view("-._~:[]%!$&'()*+;=").find(unit) != std::string_view::npos;
  });
}

/// Walks the lines of one header and remembers what must stand in it only once.
class Gate {
 public:
  /// The next complete line, without its line end. False when there is none, or after a refusal.
  bool next_line(std::string_view& rest, std::string_view& line) {
    const auto end = rest.find('\n');
    if (end == std::string_view::npos) {
      return false;
    }
    if (end == 0 || rest[end - 1] != '\r') {
      return refuse("A line of the header does not end in CR LF.");
    }
    line = rest.substr(0, end - 1);
    rest.remove_prefix(end + 1);
    return true;
  }

  bool request_line(std::string_view line) {
    const auto first = line.find(' ');
    const auto last = line.rfind(' ');
    if (first == std::string_view::npos || first == last) {
      return refuse("The request line is not `method target version`.");
    }
    const auto target = line.substr(first + 1, last - first - 1);
    const auto version = line.substr(last + 1);
    if (!is_token(line.substr(0, first))) {
      return refuse("The method is not a token.");
    }
    if (version != "HTTP/1.1" && version != "HTTP/1.0") {
      return refuse("The version is not HTTP/1.0 or HTTP/1.1.");
    }
    is_1_0_ = version == "HTTP/1.0";
    if (!is_visible_ascii(target)) {
      return refuse("The target holds a space, a control character or a byte that is not ASCII.");
    }
    if (!target.starts_with('/')) {
      return refuse("The target is not in origin-form.");
    }
    return target.find('#') == std::string_view::npos || refuse("The target has a fragment.");
  }

  bool field_line(std::string_view line) {
    if (++fields_ > kHeaderFieldsMax) {
      return refuse("The header has too many fields.");
    }
    if (line.front() == ' ' || line.front() == '\t') {
      return refuse("A line of the header is folded.");
    }
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || !is_token(line.substr(0, colon))) {
      return refuse("A line of the header is not `name: value`.");
    }
    const auto value = trimmed(line.substr(colon + 1));
    if (!is_field_text(value)) {
      return refuse("A field of the header holds a control character.");
    }
    return known_field(line.substr(0, colon), value);
  }

  bool whole_header() {
    if (hosts_ == 0 && !is_1_0_) {
      return refuse("The field Host is missing.");
    }
    if (codings_ != 0 && lengths_ != 0) {
      return refuse("Transfer-Encoding and Content-Length stand together.");
    }
    return codings_ == 0 || !is_1_0_ || refuse("HTTP/1.0 has no Transfer-Encoding.");
  }

  [[nodiscard]] std::optional<HeaderRefusal> refusal() const { return refusal_; }

 private:
  bool refuse(const char* detail) {
    refusal_ = HeaderRefusal{detail};
    return false;
  }

  bool known_field(std::string_view name, std::string_view value) {
    switch (name.size()) {
      case 4:
        return !same_text(name, "host") || host(value);
      case 6:
        return !same_text(name, "expect") || expect(value);
      case 12:
        return !same_text(name, "content-type") || once(content_types_);
      case 13:
        return !same_text(name, "authorization") || once(authorizations_);
      case 14:
        return !same_text(name, "content-length") || length(value);
      case 15:
        return !same_text(name, "idempotency-key") || once(keys_);
      case 16:
        return !same_text(name, "content-encoding") || once(encodings_);
      case 17:
        return !same_text(name, "transfer-encoding") || coding(value);
      default:
        return true;
    }
  }

  bool once(int& seen) { return ++seen == 1 || refuse("A field of the header stands twice."); }

  bool host(std::string_view value) {
    return once(hosts_) && (is_host(value) || refuse("The field Host is not a host and port."));
  }
  bool expect(std::string_view value) {
    return once(expects_) &&
           (same_text(value, "100-continue") || refuse("Only 100-continue may be expected."));
  }
  bool length(std::string_view value) {
    const bool digits =
        !value.empty() && value.size() <= kLengthDigitsMax &&
        std::all_of(value.begin(), value.end(), [](char unit) { return unit >= '0' && unit <= '9'; });
    return once(lengths_) && (digits || refuse("Content-Length is not a number."));
  }
  bool coding(std::string_view value) {
    return once(codings_) && (same_text(value, "chunked") || refuse("Transfer-Encoding is not chunked."));
  }

  std::optional<HeaderRefusal> refusal_{};
  bool is_1_0_ = false;
  std::size_t fields_ = 0;
  int hosts_ = 0;
  int expects_ = 0;
  int content_types_ = 0;
  int authorizations_ = 0;
  int lengths_ = 0;
  int keys_ = 0;
  int encodings_ = 0;
  int codings_ = 0;
};

}  // namespace

std::optional<HeaderRefusal> check_header(std::string_view header) {
  Gate gate;
  std::string_view line;
  if (!gate.next_line(header, line) || !gate.request_line(line)) {
    return gate.refusal().value_or(HeaderRefusal{"The request line is missing."});
  }
  while (gate.next_line(header, line)) {
    if (line.empty()) {
      return header.empty() && gate.whole_header() ? std::nullopt : gate.refusal();
    }
    if (!gate.field_line(line)) {
      return gate.refusal();
    }
  }
  return gate.refusal().value_or(HeaderRefusal{"The header has no end."});
}

std::optional<HeaderRefusal> check_header_start(std::string_view received) {
  Gate gate;
  std::string_view line;
  bool fine = !gate.next_line(received, line) || gate.request_line(line);
  while (fine && gate.next_line(received, line) && !line.empty()) {
    fine = gate.field_line(line);
  }
  return gate.refusal();
}

bool is_json_media_type(std::string_view value) {
  const auto semicolon = std::min(value.find(';'), value.size());
  if (!same_text(trimmed(value.substr(0, semicolon)), "application/json")) {
    return false;
  }
  if (semicolon == value.size()) {
    return true;
  }
  const auto parameter = trimmed(value.substr(semicolon + 1));
  return parameter.empty() || same_text(parameter, "charset=utf-8") ||
         same_text(parameter, "charset=\"utf-8\"");
}

}  // namespace motcua::api
