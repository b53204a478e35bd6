#include "adapters/population/exchange.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

#include <algorithm>

namespace motcua::adapters {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using boost::system::error_code;
using engine::AnswerDetail;

constexpr std::uint32_t kHeaderBytesMax = 8 * 1024;
/// Bytes read at once, beyond the header.
constexpr std::size_t kReadBytes = 16 * 1024;
/// The shortest end of a chunked body, `0 CR LF CR LF`. Beast 1.81 asserts that it never sees the last chunk
/// in fewer bytes, and it does if that chunk is the first one and comes in pieces.
constexpr std::size_t kChunkedEndBytes = 5;

ExchangeResult failed(AnswerDetail detail) { return {detail, 0, {}}; }

/// A connection that ends early is the link's fault; bytes that are no HTTP are the peer's.
AnswerDetail detail_of(const error_code& error) {
  static const auto& http_errors = http::make_error_code(http::error::end_of_stream).category();
  if (error.category() != http_errors) return AnswerDetail::connection;
  if (error == http::error::end_of_stream || error == http::error::partial_message) {
    return AnswerDetail::connection;
  }
  const bool too_large = error == http::error::body_limit || error == http::error::header_limit ||
                         error == http::error::buffer_overflow;
  return too_large ? AnswerDetail::too_large : AnswerDetail::http_garbled;
}

http::request<http::string_body> request_to(const Endpoint& endpoint, std::string body) {
  http::request<http::string_body> request{http::verb::post, endpoint.url.target, 11};
  request.set(http::field::host, authority(endpoint.url));
  request.set(http::field::content_type, "text/xml; charset=utf-8");
  request.set("SOAPAction", "\"\"");
  request.set(http::field::accept, "text/xml, application/xml");
  request.set(http::field::connection, "close");
  for (const auto& [name, value] : endpoint.headers) request.set(name, value);
  request.body() = std::move(body);
  request.prepare_payload();
  return request;
}

}  // namespace

Exchange::Exchange(asio::io_context& loop, const Endpoint& endpoint, std::string request)
    : endpoint_(endpoint), request_(std::move(request)), resolver_(loop), socket_(loop), timer_(loop) {}

void Exchange::start(Done done) {
  done_ = std::move(done);
  timer_.expires_after(endpoint_.limits.timeout);
  timer_.async_wait([self = shared_from_this()](const error_code& error) {
    if (!error) self->finish(failed(AnswerDetail::timeout));
  });
  asio::co_spawn(socket_.get_executor(), run(shared_from_this()), asio::detached);
}

void Exchange::cut() {
  done_ = nullptr;
  timer_.cancel();
  resolver_.cancel();
  error_code ignored;
  socket_.close(ignored);
}

void Exchange::finish(ExchangeResult result) {
  if (!done_) return;
  const auto done = std::move(done_);
  cut();
  done(std::move(result));
}

Exchange::Void Exchange::run(std::shared_ptr<Exchange> self) { self->finish(co_await self->converse()); }

asio::awaitable<ExchangeResult> Exchange::converse() {
  error_code error;
  auto resume = asio::redirect_error(asio::use_awaitable, error);
  const auto& url = endpoint_.url;
  const auto found = co_await resolver_.async_resolve(url.host, url.port, resume);
  if (error) co_return failed(AnswerDetail::connection);
  co_await asio::async_connect(socket_, found, resume);
  if (error) co_return failed(AnswerDetail::connection);
  socket_.set_option(asio::ip::tcp::no_delay(true), error);
  const auto request = request_to(endpoint_, std::move(request_));
  co_await http::async_write(socket_, request, resume);
  if (error) co_return failed(AnswerDetail::connection);

  boost::beast::flat_buffer buffer(kHeaderBytesMax + kReadBytes);
  http::response_parser<http::string_body> parser;
  parser.header_limit(kHeaderBytesMax);
  parser.body_limit(endpoint_.limits.answer_bytes_max);
  co_await http::async_read_header(socket_, buffer, parser, resume);
  while (!error && !parser.is_done()) {
    if (buffer.size() >= (parser.chunked() ? kChunkedEndBytes : 1)) {
      buffer.consume(parser.put(buffer.data(), error));
      if (error != http::error::need_more) continue;
    }
    error = {};
    const auto room = std::min(kReadBytes, buffer.max_size() - buffer.size());
    if (room == 0) co_return failed(AnswerDetail::too_large);
    buffer.commit(co_await socket_.async_read_some(buffer.prepare(room), resume));
    if (error == asio::error::eof) parser.put_eof(error);
  }
  if (error) co_return failed(detail_of(error));
  ExchangeResult result;
  result.status = parser.get().result_int();
  result.body = std::move(parser.get().body());
  co_return result;
}

}  // namespace motcua::adapters
