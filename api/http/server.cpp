#include "api/http/server.hpp"

#include "api/http/server_core.hpp"
#include "api/http/session.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <array>
#include <ctime>
#include <random>
#include <utility>
#include <vector>

namespace motcua::api {
namespace {

namespace asio = boost::asio;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds kTickMax{250};
constexpr milliseconds kTickMin{10};

/// Often enough that no time limit is overrun by more than a quarter of the shortest.
milliseconds tick_of(const Timeouts& timeouts) {
  const auto shortest = std::min(
      {timeouts.idle, timeouts.header, timeouts.body, timeouts.write, timeouts.linger, timeouts.drain});
  return std::clamp(shortest / 4, kTickMin, kTickMax);
}

void append_hex(std::string& out, std::uint64_t number, int digits) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4) {
    out += kDigits[(number >> shift) & 0xFU];
  }
}

/// IMF-fixdate of now (RFC 9110 section 5.6.7). The locale is never set, so names are English.
std::string date_now() {
  const auto now = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&now, &parts);
  std::array<char, 40> text{};
  const auto length = std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
  return {text.data(), length};
}

}  // namespace

Server::Core::Core(ServerOptions chosen, Metrics& figures, AccessLog& lines)
    : options(std::move(chosen)),
      metrics(figures),
      log(lines),
      work(loop.get_executor()),
      acceptor(loop.get_executor()),
      tick(loop),
      accept_pause(loop),
      date(date_now()) {
  append_hex(id_prefix_, std::random_device{}(), 8);
}

std::string Server::Core::next_request_id() {
  std::string id = id_prefix_;
  append_hex(id, ++ids_given_, 16);
  return id;
}

void Server::Core::set_tick() {
  tick.expires_after(tick_of(options.timeouts));
  tick.async_wait([core = shared_from_this()](const boost::system::error_code& error) {
    if (!error) {
      core->on_tick();
    }
  });
}

void Server::Core::on_tick() {
  const auto now = steady_clock::now();
  date = date_now();
  log.flush();
  std::vector<std::shared_ptr<Session>> late;
  for (const auto& [address, session] : sessions) {
    if (address->deadline() < now) {
      late.push_back(session.lock());
    }
  }
  for (const auto& session : late) {
    if (session) {
      metrics.connection_timed_out();
      session->cut();
    }
  }
  if (draining && now >= drain_until) {
    cut_all();
  }
  if (!draining || !sessions.empty()) {
    set_tick();
  }
}

void Server::Core::begin_drain() {
  if (draining) {
    return;
  }
  draining = true;
  drain_until = steady_clock::now() + options.timeouts.drain;
  boost::system::error_code ignored;
  acceptor.close(ignored);
  accept_pause.cancel();
  std::vector<std::shared_ptr<Session>> idle;
  std::vector<std::shared_ptr<Session>> streaming;
  for (const auto& [address, session] : sessions) {
    if (address->is_idle()) {
      idle.push_back(session.lock());
    } else {
      streaming.push_back(session.lock());
    }
  }
  for (const auto& session : idle) {
    if (session) {
      session->cut();
    }
  }
  for (const auto& session : streaming) {
    if (session) {
      session->end_stream();
    }
  }
  finish_if_drained();
}

void Server::Core::cut_all() {
  std::vector<std::shared_ptr<Session>> all;
  all.reserve(sessions.size());
  for (const auto& entry : sessions) {
    all.push_back(entry.second.lock());
  }
  for (const auto& session : all) {
    if (session) {
      session->cut();
    }
  }
}

void Server::Core::forget(Session* session) {
  sessions.erase(session);
  finish_if_drained();
}

void Server::Core::finish_if_drained() {
  if (draining && sessions.empty()) {
    tick.cancel();
    log.flush();
    // Whoever else waits on this loop, for a signal say, must not keep the process alive.
    loop.stop();
  }
}

Server::Server(ServerOptions options, Metrics& metrics, AccessLog& log)
    : core_(std::make_shared<Core>(std::move(options), metrics, log)) {}

Server::~Server() {
  // A server that never ran, or whose run was left by an exception, still ends its coroutines.
  core_->begin_drain();
  core_->cut_all();
  core_->loop.restart();
  core_->loop.poll();
}

Router& Server::routes() { return core_->router; }

engine::FaultOr<std::uint16_t> Server::listen() {
  const auto& options = core_->options;
  boost::system::error_code error;
  asio::ip::tcp::resolver resolver(core_->loop);
  const auto found =
      resolver.resolve(options.host, std::to_string(options.port),
                       asio::ip::tcp::resolver::passive | asio::ip::tcp::resolver::numeric_service, error);
  if (error || found.empty()) {
    return engine::Fault{"cannot resolve the address to listen on: " + error.message()};
  }
  const auto endpoint = found.begin()->endpoint();
  auto& acceptor = core_->acceptor;
  acceptor.open(endpoint.protocol(), error);
  if (!error) {
    acceptor.set_option(asio::socket_base::reuse_address(true), error);
  }
  if (!error) {
    acceptor.bind(endpoint, error);
  }
  if (!error) {
    acceptor.listen(asio::socket_base::max_listen_connections, error);
  }
  if (error) {
    boost::system::error_code ignored;
    acceptor.close(ignored);
    return engine::Fault{"cannot listen on " + options.host + ":" + std::to_string(options.port) + ": " +
                         error.message()};
  }
  const auto port = acceptor.local_endpoint().port();
  asio::co_spawn(core_->loop, Core::accept_connections(core_), asio::detached);
  core_->set_tick();
  return port;
}

void Server::run() {
  core_->loop.run();
  core_->loop.restart();
  core_->loop.poll();  // what was ready when the last connection ended
}

void Server::stop() {
  asio::post(core_->loop, [core = core_] { core->begin_drain(); });
}

void Server::stop_now() {
  asio::post(core_->loop, [core = core_] {
    core->begin_drain();
    core->cut_all();
  });
}

boost::asio::io_context& Server::executor() { return core_->loop; }

void Server::post_task(std::unique_ptr<AnyTask> task) {
  asio::post(core_->loop, [task = std::move(task)] { task->run(); });
}

}  // namespace motcua::api
