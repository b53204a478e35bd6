/// The HTTP server: one thread, one event loop, strict HTTP/1.1 in, exactly one answer per request out.
#pragma once

#include "api/http/access_log.hpp"
#include "api/http/limits.hpp"
#include "api/http/message.hpp"
#include "api/http/metrics.hpp"
#include "api/http/router.hpp"
#include "engine/core/result.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

namespace boost::asio {
class io_context;
}

namespace motcua::api {

struct ServerOptions {
  std::string host = "127.0.0.1";  ///< an address, or a name that resolves to one
  std::uint16_t port = 0;          ///< 0: the system chooses
  std::size_t connections_max = kConnectionsMax;
  Timeouts timeouts{};
};

/// Order of checks for every request: HTTP (400, connection closed), route (404, 405), content type (415),
/// JSON (400, 422), then the handler. Answers of one connection leave in the order of its requests.
class Server {
 public:
  /// `metrics` and `log` must outlive the server.
  Server(ServerOptions options, Metrics& metrics, AccessLog& log);
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  ~Server();

  /// The route table; to be filled before `run`.
  [[nodiscard]] Router& routes();
  /// Binds and listens; answers the port. Connections queue in the kernel until `run`.
  [[nodiscard]] engine::FaultOr<std::uint16_t> listen();
  /// Serves; the calling thread is the I/O thread until it returns, after `stop` or `stop_now`.
  void run();
  /// Any thread: accepts no more, closes idle connections, lets requests in flight finish (Timeouts::drain at
  /// most).
  void stop();
  /// Any thread: closes every connection now. Commands already queued are not cancelled, their answers go
  /// nowhere.
  void stop_now();

  /// The loop of the I/O thread, for timers and signals of the composition root.
  [[nodiscard]] boost::asio::io_context& executor();
  /// Runs `task` (move-only is fine) on the I/O thread. Any thread. One task may answer a whole batch of
  /// requests.
  template <class Task>
  void post(Task task) {
    post_task(std::make_unique<TaskOf<Task>>(std::move(task)));
  }

  struct Core;  ///< shared with the sessions; of no use outside api/http

 private:
  struct AnyTask {
    AnyTask() = default;
    AnyTask(const AnyTask&) = delete;
    AnyTask& operator=(const AnyTask&) = delete;
    virtual ~AnyTask() = default;
    virtual void run() = 0;
  };
  template <class Task>
  struct TaskOf final : AnyTask {
    explicit TaskOf(Task held) : task(std::move(held)) {}
    void run() override { task(); }
    Task task;
  };
  void post_task(std::unique_ptr<AnyTask> task);

  std::shared_ptr<Core> core_;
};

}  // namespace motcua::api
