#include "api/http/answer_bytes.hpp"
#include "api/http/server_core.hpp"
#include "api/http/session.hpp"

#include <boost/asio/redirect_error.hpp>

#include <utility>

namespace motcua::api {
namespace {

namespace asio = boost::asio;

/// Pause after the process ran out of descriptors or memory: the kernel keeps the waiting connections.
constexpr std::chrono::milliseconds kAcceptPause{50};

}  // namespace

Coroutine<void> Server::Core::accept_connections(std::shared_ptr<Core> core) {
  while (core->acceptor.is_open()) {
    boost::system::error_code error;
    Socket socket = co_await core->acceptor.async_accept(asio::redirect_error(Resume{}, error));
    if (!core->acceptor.is_open()) {
      break;
    }
    if (error) {
      core->accept_pause.expires_after(kAcceptPause);
      co_await core->accept_pause.async_wait(asio::redirect_error(Resume{}, error));
      continue;
    }
    core->welcome(std::move(socket));
  }
}

void Server::Core::welcome(Socket socket) {
  boost::system::error_code ignored;
  socket.set_option(asio::ip::tcp::no_delay(true), ignored);
  socket.non_blocking(true, ignored);
  if (sessions.size() >= options.connections_max) {
    metrics.connection_refused();
    const auto bytes = overloaded_answer();
    socket.write_some(asio::buffer(bytes), ignored);
    socket.shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
    return;
  }
  const auto session = std::make_shared<Session>(shared_from_this(), std::move(socket));
  sessions.emplace(session.get(), session);
  metrics.connection_opened();
  session->start();
}

}  // namespace motcua::api
