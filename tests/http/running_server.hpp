/// A real server on a loopback port, with routes that echo, wait, throw and forget.
#pragma once

#include "api/http/access_log.hpp"
#include "api/http/metrics.hpp"
#include "api/http/server.hpp"

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace motcua::tests {

/// Time limits short enough to be waited for.
[[nodiscard]] api::Timeouts short_timeouts();

class RunningServer {
 public:
  explicit RunningServer(api::Timeouts timeouts = {}, std::size_t connections_max = 1000,
                         std::string log_path = "");
  RunningServer(const RunningServer&) = delete;
  RunningServer& operator=(const RunningServer&) = delete;
  ~RunningServer();

  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] api::Server& server() { return server_; }
  /// Requests that reached a handler.
  [[nodiscard]] std::uint64_t handled() const { return handled_; }
  /// Waits until `count` requests of the route /wait are held.
  void await_held(std::size_t count);
  [[nodiscard]] std::size_t held();
  /// Answers every held request from another thread, all in one task, as the sequencer does.
  void release_held();
  /// Drops every held request unanswered, on the calling thread.
  void forget_held();
  /// Bodies of the route /stream that are being sent.
  [[nodiscard]] std::size_t streams() const { return streams_; }
  /// Gives the bodies of the route /stream a piece, or their end.
  void say(std::string piece);
  void end_stream();
  /// Stops and waits for the I/O thread.
  void stop();

 private:
  class Spoken;
  struct Held {
    std::shared_ptr<api::Request> request{};
    api::Respond respond{};
  };
  void add_routes();
  [[nodiscard]] std::vector<Held> take_held();

  std::atomic<std::size_t> streams_{0};
  std::vector<Spoken*> speaking_{};  ///< I/O thread
  api::Metrics metrics_{};
  api::AccessLog log_;
  api::Server server_;
  std::uint16_t port_ = 0;
  std::atomic<std::uint64_t> handled_{0};
  std::mutex guard_{};
  std::condition_variable changed_{};
  std::vector<Held> held_{};
  std::thread thread_{};
};

}  // namespace motcua::tests
