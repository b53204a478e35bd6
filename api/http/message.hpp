/// A request as handlers see it, the answer they give, and the one-shot callable that carries it back.
#pragma once

#include <nlohmann/json.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace motcua::api {

enum class Method { get, head, post, put, patch, del, options, other };
/// `GET`, ..., `DELETE`; `OTHER` for methods that no route can have.
[[nodiscard]] std::string_view name_of(Method method);

using NameValueList = std::vector<std::pair<std::string, std::string>>;

/// One request whose framing, header, route, content type and JSON have been checked. I/O thread only.
struct Request {
  Method method = Method::get;  ///< a HEAD request reaches the GET handler with `head` here
  std::string path{};           ///< as sent, without the query; never logged
  std::string_view route{};  ///< the pattern that matched, for logs and metrics; lives as long as the server
  NameValueList params{};    ///< of the pattern, percent-decoded, valid UTF-8, in order
  NameValueList query{};     ///< as sent, percent-decoded, valid UTF-8, in order, duplicates kept
  std::string authorization{};    ///< the field's value; empty if absent
  std::string idempotency_key{};  ///< the field's value; empty if absent
  std::string content_type{};     ///< the field's value; empty if absent
  std::string last_event_id{};    ///< the field's value; empty if absent
  std::string body{};             ///< the bytes as sent, e.g. for the HMAC of the body; may be moved out
  nlohmann::json json{};          ///< for routes that take JSON: the parsed object; may be moved out
  std::string request_id{};       ///< ours, 24 hexadecimal digits; also in the answer and in the log
  std::chrono::steady_clock::time_point received_at{};  ///< when its first byte was seen

  /// Value of a parameter of the pattern; empty if the pattern has no such parameter.
  [[nodiscard]] std::string_view param(std::string_view name) const;
  /// First value of a query parameter; nullopt if absent.
  [[nodiscard]] std::optional<std::string_view> query_value(std::string_view name) const;
};

/// The body of an answer whose length is not known when it begins: sent piece by piece as it comes. I/O
/// thread only. Its end closes the connection; a client that closes, or only ends its sending, is taken to be
/// gone.
class BodyStream {
 public:
  BodyStream() = default;
  BodyStream(const BodyStream&) = delete;
  BodyStream& operator=(const BodyStream&) = delete;
  virtual ~BodyStream() = default;  ///< nobody will take any more

  /// Appends what is there to `out`, nothing if that is nothing yet. False if nothing will follow.
  [[nodiscard]] virtual bool take(std::string& out) = 0;
  /// Once, before the first `take`: `wake` is to be called on the I/O thread when there is more to take.
  /// Never called for a HEAD request.
  virtual void start(std::function<void()> wake) = 0;
};

/// The answer. Content-Length, Date, Connection, X-Request-Id, X-Content-Type-Options and, unless `headers`
/// has one, Cache-Control: no-store are added when it is written.
struct Response {
  unsigned status = 200;
  std::string content_type = "application/json";  ///< not sent when empty
  std::string body{};
  NameValueList headers{};  ///< further fields; names and values are ours, never copied from a request
  std::unique_ptr<BodyStream> stream{};  ///< in place of `body`
};

/// Where an answer goes. The session implements it; tests may too.
class Responder {
 public:
  Responder() = default;
  Responder(const Responder&) = delete;
  Responder& operator=(const Responder&) = delete;
  virtual ~Responder() = default;
  /// Exactly once per request, on the I/O thread.
  virtual void respond(Response&& response) = 0;
  /// The last owner of the request's Respond dropped it unanswered. Any thread.
  virtual void abandon() noexcept = 0;
};

/// Answers one request, once, on the I/O thread. Called inside the handler it answers at once; called later
/// from a task of the server's executor it resumes the connection within that task, without a further post.
/// Dropped uncalled, the client gets 503 outcome-unknown. If the client is gone, or the server stopped, the
/// call does nothing.
class Respond {
 public:
  Respond() = default;
  explicit Respond(std::shared_ptr<Responder> responder) : responder_(std::move(responder)) {}
  Respond(Respond&&) noexcept = default;
  Respond& operator=(Respond&& other) noexcept {
    if (this != &other) {
      drop();
      responder_ = std::move(other.responder_);
    }
    return *this;
  }
  Respond(const Respond&) = delete;
  Respond& operator=(const Respond&) = delete;
  ~Respond() { drop(); }

  /// Second and later calls do nothing.
  void operator()(Response response) {
    if (auto responder = std::move(responder_)) {
      responder->respond(std::move(response));
    }
  }
  /// False once called or moved from.
  [[nodiscard]] explicit operator bool() const { return responder_ != nullptr; }

 private:
  void drop() noexcept {
    if (auto responder = std::move(responder_)) {
      responder->abandon();
    }
  }

  std::shared_ptr<Responder> responder_{};
};

/// Runs on the I/O thread and must not block it. It may keep the request and call `respond` later. An
/// exception that leaves it is answered with 503 outcome-unknown.
using Handler = std::function<void(const std::shared_ptr<Request>&, Respond)>;

}  // namespace motcua::api
