/// Which handler answers which method and path. Knows 404 and 405; knows nothing of tokens, rights or cases.
#pragma once

#include "api/http/message.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace motcua::api {

/// What a route expects in the body. A body sent to a route that expects none is read and ignored.
enum class BodyKind { none, json };

struct Route {
  Method method = Method::get;
  std::string
      pattern{};  ///< `/api/v1/cases/{id}/events`: literal segments and `{name}`, which takes one segment
  BodyKind body = BodyKind::none;
  Handler handler{};
};

/// What a request line leads to.
struct RouteMatch {
  enum class Kind { found, not_found, method_not_allowed, options, bad_encoding };
  Kind kind = Kind::not_found;
  const Route* route = nullptr;  ///< if found; a HEAD request finds the GET route
  std::string allow{};           ///< if method_not_allowed or options: value of the Allow field
  std::string detail{};          ///< if bad_encoding
};

/// Percent-decodes `text`; `+` stays a plus. Nullopt for an incomplete or non-hexadecimal escape, a control
/// character or bytes that are not UTF-8.
[[nodiscard]] std::optional<std::string> percent_decode(std::string_view text);

/// Decodes `a=1&b` into pairs in order; a parameter without `=` has an empty value, empty pieces are skipped.
/// Nullopt for what percent_decode refuses, an empty name, or more than kQueryParametersMax parameters.
[[nodiscard]] std::optional<NameValueList> parse_query(std::string_view query);

/// The route table. Filled before the server listens, constant from then on.
class Router {
 public:
  Router();
  Router(Router&&) noexcept;
  Router& operator=(Router&&) noexcept;
  ~Router();

  /// Adds a route. A literal segment goes before a parameter at the same place. Two routes with the same
  /// method and pattern, or two names for the parameter at one place, are a bug.
  void add(Method method, std::string pattern, BodyKind body, Handler handler);
  void get(std::string pattern, Handler handler) {
    add(Method::get, std::move(pattern), BodyKind::none, std::move(handler));
  }
  void post(std::string pattern, Handler handler) {
    add(Method::post, std::move(pattern), BodyKind::json, std::move(handler));
  }

  /// Finds the route of `path` (origin-form, without the query); writes the decoded parameters into `params`.
  [[nodiscard]] RouteMatch match(Method method, std::string_view path, NameValueList& params) const;

  /// Every route, in the order added.
  [[nodiscard]] std::vector<const Route*> routes() const;

 private:
  struct Node;
  std::unique_ptr<Node> root_;
  std::vector<std::unique_ptr<Route>> routes_{};
};

}  // namespace motcua::api
