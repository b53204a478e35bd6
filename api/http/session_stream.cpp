#include "api/http/session.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/socket_base.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <charconv>
#include <string>

namespace motcua::api {
namespace {

namespace asio = boost::asio;

/// What the kernel keeps for a client that does not read. The body's source keeps the rest.
constexpr int kSendBufferBytes = 128 * 1024;
/// Bytes that a client may send while its answer comes piece by piece; nobody reads them.
constexpr std::size_t kUnaskedBytesMax = 64 * 1024;

std::string chunk_head(std::size_t size) {
  std::array<char, 20> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), size, 16).ptr;
  return std::string(digits.data(), end) + "\r\n";
}

}  // namespace

/// Until the body ends, the client is gone, or the server stops.
Coroutine<void> Session::send_stream() {
  boost::system::error_code ignored;
  socket_.set_option(asio::socket_base::send_buffer_size(kSendBufferBytes), ignored);
  auto& stream = *answer_->stream;
  streams_ = true;
  watch_client();
  stream.start([weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->wake();
  });
  std::string piece;
  bool goes_on = true;
  while (goes_on && !is_dead_) {
    piece.clear();
    goes_on = stream.take(piece) && !core_->draining;
    if (!piece.empty()) {
      co_await send_piece(piece);
      sent_bytes_ += piece.size();
    }
    if (goes_on && !is_dead_) {
      deadline_ = SteadyTime::max();
      if (!woken_) co_await until_answered();
      woken_ = false;
    }
  }
  streams_ = false;
  answer_->stream.reset();
  if (!is_dead_ && !parser_->is_1_0()) co_await send_piece({});
}

/// One piece as the protocol frames it; an empty one ends the body.
Coroutine<void> Session::send_piece(std::string_view piece) {
  allow(core_->options.timeouts.write);
  const bool is_chunk = !parser_->is_1_0();
  const auto head = is_chunk ? chunk_head(piece.size()) : std::string();
  constexpr std::string_view kEnd = "\r\n";
  const std::array<asio::const_buffer, 3> bytes{asio::buffer(head), asio::buffer(piece.data(), piece.size()),
                                                asio::buffer(kEnd.data(), is_chunk ? kEnd.size() : 0)};
  boost::system::error_code error;
  co_await asio::async_write(socket_, bytes, asio::redirect_error(Resume{}, error));
  if (error) {
    is_dead_ = true;
  }
}

/// Reads, so that a client that closes is noticed while there is nothing to send.
void Session::watch_client() {
  socket_.async_read_some(
      asio::buffer(buffer_),
      [self = shared_from_this()](const boost::system::error_code& error, std::size_t received) {
        if (!self->streams_ || error == asio::error::operation_aborted) {
          return;
        }
        self->unasked_bytes_ += received;
        if (error || self->unasked_bytes_ > kUnaskedBytesMax) {
          self->cut();
        } else {
          self->watch_client();
        }
      });
}

void Session::wake() {
  if (waiter_) {
    resume();
  } else {
    woken_ = true;
  }
}

void Session::end_stream() {
  if (streams_) {
    allow(core_->options.timeouts.linger);
    wake();
  }
}

}  // namespace motcua::api
