#include "api/http/header_gate.hpp"
#include "api/http/session.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace motcua::api {
namespace {

using std::chrono::steady_clock;

constexpr std::string_view kNoRoute = "none";
constexpr std::string_view kHeaderEnd = "\r\n\r\n";
/// Room that is worth a read.
constexpr std::size_t kRoomBytesMin = 2 * 1024;
/// A whole header, and the line end that tells a too long one.
constexpr std::size_t kBufferBytesMax = kHeaderBytesMax + 4 * 1024;
/// A chunked body may be this much longer than what it carries.
constexpr std::size_t kFramedBodyBytesMax = 4 * kBodyBytesMax;

}  // namespace

/// Consumes what has been received. Afterwards there is room to read, or the request is complete.
Session::Progress Session::advance() {
  auto progress = phase_ == Phase::header ? advance_header() : advance_body();
  if (progress != Progress::complete && !make_room()) {
    progress = phase_ == Phase::header ? refuse(Problem::bad_request, "The header is longer than 16 KiB.")
                                       : refuse(Problem::bad_request, "The framing of the body is too long.");
  }
  return progress;
}

/// Moves what is left to the front and grows the buffer up to its limit. False if it is full even so.
bool Session::make_room() {
  if (begin_ == end_) {
    begin_ = end_ = scanned_ = 0;
  } else if (buffer_.size() - end_ < kRoomBytesMin && begin_ > 0) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    scanned_ -= std::min(scanned_, begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  const bool body_is_coming = phase_ == Phase::body && buffer_.size() < kBufferBytesMax;
  if (body_is_coming || buffer_.size() - end_ < kRoomBytesMin) {
    buffer_.resize(std::min(body_is_coming ? kBufferBytesMax : buffer_.size() * 2, kBufferBytesMax));
  }
  return end_ < buffer_.size();
}

void Session::skip_empty_lines() {
  while (end_ - begin_ >= 2 && buffer_[begin_] == '\r' && buffer_[begin_ + 1] == '\n' &&
         empty_lines_ < kLeadingEmptyLinesMax) {
    begin_ += 2;
    ++empty_lines_;
  }
  scanned_ = std::max(scanned_, begin_);
}

Session::Progress Session::advance_header() {
  skip_empty_lines();
  if (begin_ == end_) {
    return Progress::need_more;
  }
  const std::string_view received(buffer_.data() + begin_, end_ - begin_);
  const auto looked_at = scanned_ - begin_;
  const auto from = looked_at < kHeaderEnd.size() ? 0 : looked_at - (kHeaderEnd.size() - 1);
  const auto end = received.find(kHeaderEnd, from);
  if (end != std::string_view::npos) {
    const auto length = end + kHeaderEnd.size();
    return length > kHeaderBytesMax ? refuse(Problem::bad_request, "The header is longer than 16 KiB.")
                                    : parse_header(received.substr(0, length));
  }
  scanned_ = end_;
  if (received.size() > kHeaderBytesMax) {
    return refuse(Problem::bad_request, "The header is longer than 16 KiB.");
  }
  // Lines are looked at as they come, so that what is not HTTP is told so without waiting for its end.
  if (received.find('\n', looked_at) != std::string_view::npos) {
    if (const auto refusal = check_header_start(received)) {
      return refuse(Problem::bad_request, refusal->detail);
    }
  }
  return Progress::need_more;
}

Session::Progress Session::parse_header(std::string_view header) {
  if (const auto refusal = check_header(header)) {
    return refuse(Problem::bad_request, refusal->detail);
  }
  parser_.emplace(*request_);
  boost::beast::error_code error;
  const auto used = parser_->put(boost::asio::buffer(header.data(), header.size()), error);
  if (error == http::error::body_limit) {
    return refuse(Problem::too_large, "The body is larger than 1 MiB.");
  }
  if (error && error != http::error::need_more) {
    return refuse(Problem::bad_request, "The header is not HTTP/1.1.");
  }
  if (!parser_->is_header_done() || used != header.size()) {
    return refuse(Problem::bad_request, "The header is not HTTP/1.1.");
  }
  keeps_alive_ = parser_->keep_alive();
  find_route();
  begin_ += header.size();
  if (parser_->is_done()) {
    return Progress::complete;
  }
  phase_ = Phase::body;
  allow(core_->options.timeouts.body);
  if (!parser_->expects_continue() || begin_ != end_) {
    return advance_body();
  }
  if (early_) {
    // The client waits for leave to send a body that would be thrown away: answer instead, and close.
    keeps_alive_ = false;
    return Progress::complete;
  }
  return Progress::need_continue;
}

Session::Progress Session::advance_body() {
  if (begin_ == end_) {
    return Progress::need_more;
  }
  boost::beast::error_code error;
  const auto used = parser_->put_body({buffer_.data() + begin_, end_ - begin_}, error);
  begin_ += used;
  body_bytes_ += used;
  if (error == http::error::body_limit || body_bytes_ > kFramedBodyBytesMax) {
    return refuse(Problem::too_large, "The body is larger than 1 MiB.");
  }
  if (error && error != http::error::need_more) {
    return refuse(Problem::bad_request, "The chunks of the body are malformed.");
  }
  return parser_->is_done() ? Progress::complete : Progress::need_more;
}

/// The request's end is unknown, so nothing after it can be trusted: one answer, then the connection closes.
Session::Progress Session::refuse(Problem problem, const char* detail) {
  early_ = problem_response(problem, detail, request_->request_id);
  keeps_alive_ = false;
  return Progress::complete;
}

void Session::begin_request(SteadyTime now) {
  is_begun_ = true;
  deadline_ = now + core_->options.timeouts.header;
  // A handler may still hold the request before; only a request that is ours alone is used again.
  if (!request_ || request_.use_count() != 1) {
    request_ = std::make_shared<Request>();
  }
  auto& request = *request_;
  request.method = Method::other;
  request.path.clear();
  request.route = kNoRoute;
  request.params.clear();
  request.query.clear();
  request.authorization.clear();
  request.idempotency_key.clear();
  request.content_type.clear();
  request.last_event_id.clear();
  request.body.clear();
  request.json = nullptr;
  request.request_id = core_->next_request_id();
  request.received_at = now;
  parser_.reset();
  route_ = nullptr;
  route_label_ = kNoRoute;
  early_.reset();
  answer_.reset();
  keeps_alive_ = true;
  body_bytes_ = 0;
  sent_bytes_ = 0;
}

/// Route, query and content type: all that can be judged before the body is here.
void Session::find_route() {
  auto& request = *request_;
  const auto target = parser_->target();
  const auto question = std::min(target.find('?'), target.size());
  request.path.assign(target.substr(0, question));
  const auto match = core_->router.match(request.method, request.path, request.params);
  switch (match.kind) {
    case RouteMatch::Kind::found:
      break;
    case RouteMatch::Kind::not_found:
      early_ = problem_response(Problem::not_found, "No such path.", request.request_id);
      return;
    case RouteMatch::Kind::bad_encoding:
      early_ = problem_response(Problem::bad_request, match.detail, request.request_id);
      return;
    case RouteMatch::Kind::method_not_allowed:
      early_ = problem_response(Problem::method_not_allowed, "", request.request_id);
      early_->headers.emplace_back("Allow", match.allow);
      return;
    case RouteMatch::Kind::options:
      early_.emplace();
      early_->status = 204;
      early_->content_type.clear();
      early_->headers.emplace_back("Allow", match.allow);
      return;
  }
  route_ = match.route;
  route_label_ = request.route = route_->pattern;
  if (question < target.size()) {
    auto query = parse_query(target.substr(question + 1));
    if (!query) {
      early_ = problem_response(Problem::bad_request, "The query is not percent-encoded UTF-8 text.",
                                request.request_id);
      return;
    }
    request.query = std::move(*query);
  }
  if (route_->body == BodyKind::json &&
      (!is_json_media_type(request.content_type) || parser_->is_encoded())) {
    early_ = problem_response(Problem::unsupported_media_type, "", request.request_id);
  }
}

}  // namespace motcua::api
