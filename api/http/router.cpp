#include "api/http/router.hpp"

#include "api/http/limits.hpp"
#include "engine/core/ensure.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

namespace motcua::api {
namespace {

constexpr std::size_t kMethods = 8;

int hex_value(char digit) {
  if (digit >= '0' && digit <= '9') {
    return digit - '0';
  }
  if (digit >= 'a' && digit <= 'f') {
    return digit - 'a' + 10;
  }
  if (digit >= 'A' && digit <= 'F') {
    return digit - 'A' + 10;
  }
  return -1;
}

/// Length of the well-formed UTF-8 sequence at the start of `text` (Unicode table 3-7), 0 if there is none.
std::size_t utf8_length(std::string_view text) {
  const auto byte = [&](std::size_t at) {
    return at < text.size() ? static_cast<std::uint8_t>(text[at]) : std::uint8_t{0};
  };
  const auto tail = [&](std::size_t at, std::uint8_t low = 0x80, std::uint8_t high = 0xBF) {
    return byte(at) >= low && byte(at) <= high;
  };
  const auto lead = byte(0);
  if (lead < 0x80) {
    return 1;
  }
  if (lead >= 0xC2 && lead <= 0xDF) {
    return tail(1) ? 2 : 0;
  }
  if (lead >= 0xE0 && lead <= 0xEF) {
    const std::uint8_t low = lead == 0xE0 ? 0xA0 : 0x80;
    const std::uint8_t high = lead == 0xED ? 0x9F : 0xBF;
    return tail(1, low, high) && tail(2) ? 3 : 0;
  }
  if (lead >= 0xF0 && lead <= 0xF4) {
    const std::uint8_t low = lead == 0xF0 ? 0x90 : 0x80;
    const std::uint8_t high = lead == 0xF4 ? 0x8F : 0xBF;
    return tail(1, low, high) && tail(2) && tail(3) ? 4 : 0;
  }
  return 0;
}

bool is_plain_text(std::string_view text) {
  while (!text.empty()) {
    const auto length = utf8_length(text);
    const auto lead = static_cast<std::uint8_t>(text.front());
    if (length == 0 || lead < 0x20 || lead == 0x7F) {
      return false;
    }
    text.remove_prefix(length);
  }
  return true;
}

/// Cuts the next segment off a path that starts with `/`.
std::string_view next_segment(std::string_view& path) {
  path.remove_prefix(1);
  const auto end = std::min(path.find('/'), path.size());
  const auto segment = path.substr(0, end);
  path.remove_prefix(end);
  return segment;
}

}  // namespace

struct Router::Node {
  std::vector<std::pair<std::string, std::unique_ptr<Node>>> literals{};
  std::string parameter_name{};
  std::unique_ptr<Node> parameter{};
  std::array<const Route*, kMethods> by_method{};

  [[nodiscard]] Node* literal(std::string_view segment) const {
    for (const auto& [text, child] : literals) {
      if (text == segment) {
        return child.get();
      }
    }
    return nullptr;
  }

  [[nodiscard]] const Route* at(Method method) const { return by_method[static_cast<std::size_t>(method)]; }

  [[nodiscard]] bool is_end() const {
    return std::any_of(by_method.begin(), by_method.end(),
                       [](const Route* route) { return route != nullptr; });
  }

  [[nodiscard]] std::string allow() const {
    std::string list;
    for (const auto* route : by_method) {
      if (route != nullptr) {
        list += std::string(name_of(route->method)) + ", ";
        list += route->method == Method::get ? "HEAD, " : "";
      }
    }
    return list + "OPTIONS";
  }
};

std::optional<std::string> percent_decode(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '%') {
      decoded += text[at];
      continue;
    }
    const int high = at + 2 < text.size() ? hex_value(text[at + 1]) : -1;
    const int low = at + 2 < text.size() ? hex_value(text[at + 2]) : -1;
    if (high < 0 || low < 0) {
      return std::nullopt;
    }
    decoded += static_cast<char>(high * 16 + low);
    at += 2;
  }
  if (!is_plain_text(decoded)) {
    return std::nullopt;
  }
  return decoded;
}

std::optional<NameValueList> parse_query(std::string_view query) {
  NameValueList parameters;
  while (!query.empty()) {
    const auto end = std::min(query.find('&'), query.size());
    const auto piece = query.substr(0, end);
    query.remove_prefix(std::min(end + 1, query.size()));
    if (piece.empty()) {
      continue;
    }
    const auto equals = std::min(piece.find('='), piece.size());
    auto name = percent_decode(piece.substr(0, equals));
    auto value = percent_decode(equals == piece.size() ? std::string_view{} : piece.substr(equals + 1));
    if (!name || name->empty() || !value || parameters.size() == kQueryParametersMax) {
      return std::nullopt;
    }
    parameters.emplace_back(std::move(*name), std::move(*value));
  }
  return parameters;
}

Router::Router() : root_(std::make_unique<Node>()) {}
Router::Router(Router&&) noexcept = default;
Router& Router::operator=(Router&&) noexcept = default;
Router::~Router() = default;

void Router::add(Method method, std::string pattern, BodyKind body, Handler handler) {
  ENSURE(!pattern.empty() && pattern.front() == '/');
  ENSURE(method != Method::head && method != Method::options && method != Method::other);
  Node* node = root_.get();
  std::string_view rest = pattern;
  while (!rest.empty()) {
    const auto segment = next_segment(rest);
    if (segment.starts_with('{') && segment.ends_with('}')) {
      const auto name = segment.substr(1, segment.size() - 2);
      if (!node->parameter) {
        node->parameter = std::make_unique<Node>();
        node->parameter_name = name;
      }
      ENSURE(node->parameter_name == name);
      node = node->parameter.get();
    } else if (Node* child = node->literal(segment)) {
      node = child;
    } else {
      node = node->literals.emplace_back(std::string(segment), std::make_unique<Node>()).second.get();
    }
  }
  auto& slot = node->by_method[static_cast<std::size_t>(method)];
  ENSURE(slot == nullptr);
  routes_.push_back(std::make_unique<Route>(Route{method, std::move(pattern), body, std::move(handler)}));
  slot = routes_.back().get();
}

RouteMatch Router::match(Method method, std::string_view path, NameValueList& params) const {
  params.clear();
  RouteMatch result;
  const Node* node = root_.get();
  bool encoding_is_bad = false;
  while (!path.empty() && node != nullptr) {
    const auto segment = next_segment(path);
    if (const Node* child = node->literal(segment)) {
      node = child;
    } else if (node->parameter && !segment.empty()) {
      auto value = percent_decode(segment);
      encoding_is_bad = encoding_is_bad || !value;
      params.emplace_back(node->parameter_name, std::move(value).value_or(""));
      node = node->parameter.get();
    } else {
      node = nullptr;
    }
  }
  if (node == nullptr || !node->is_end()) {
    return result;
  }
  if (encoding_is_bad) {
    result.kind = RouteMatch::Kind::bad_encoding;
    result.detail = "A path segment is not percent-encoded UTF-8 text.";
    return result;
  }
  result.route = node->at(method == Method::head ? Method::get : method);
  if (result.route != nullptr) {
    result.kind = RouteMatch::Kind::found;
    return result;
  }
  result.kind = method == Method::options ? RouteMatch::Kind::options : RouteMatch::Kind::method_not_allowed;
  result.allow = node->allow();
  return result;
}

std::vector<const Route*> Router::routes() const {
  std::vector<const Route*> all;
  all.reserve(routes_.size());
  for (const auto& route : routes_) {
    all.push_back(route.get());
  }
  return all;
}

}  // namespace motcua::api
