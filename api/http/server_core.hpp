/// What the server, its listener and its sessions share. Internal to api/http; I/O thread only, but for
/// `loop`.
#pragma once

#include "api/http/server.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>

namespace motcua::api {

using Executor = boost::asio::io_context::executor_type;
using Socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, Executor>;
using Acceptor = boost::asio::basic_socket_acceptor<boost::asio::ip::tcp, Executor>;
template <class T>
using Coroutine = boost::asio::awaitable<T, Executor>;
using Resume = boost::asio::use_awaitable_t<Executor>;
using SteadyTime = std::chrono::steady_clock::time_point;

class Session;

struct Server::Core : std::enable_shared_from_this<Server::Core> {
  Core(ServerOptions chosen, Metrics& figures, AccessLog& lines);

  ServerOptions options;
  Metrics& metrics;
  AccessLog& log;
  Router router{};
  boost::asio::io_context loop{1};
  boost::asio::executor_work_guard<Executor> work;  ///< keeps `run` going while there is no connection
  Acceptor acceptor;
  boost::asio::steady_timer tick;
  boost::asio::steady_timer accept_pause;
  std::unordered_map<Session*, std::weak_ptr<Session>> sessions{};
  std::string date{};        ///< value of the field Date, at most one tick old
  bool draining = false;     ///< no keep-alive any more
  SteadyTime drain_until{};  ///< then the rest is cut

  /// 24 hexadecimal digits: 8 drawn at start, 16 counted.
  [[nodiscard]] std::string next_request_id();
  /// Serves connections until the acceptor is closed.
  static Coroutine<void> accept_connections(std::shared_ptr<Core> core);
  /// Cuts what is over its time, writes the log, renews the date; then sets itself up again.
  void on_tick();
  void set_tick();
  void begin_drain();
  void cut_all();
  void forget(Session* session);

 private:
  void welcome(Socket socket);
  void finish_if_drained();

  std::string id_prefix_{};
  std::uint64_t ids_given_ = 0;
};

}  // namespace motcua::api
