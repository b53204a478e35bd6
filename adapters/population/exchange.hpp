/// One attempt: one connection, one request, one answer within time and size, or the reason why not. Includes
/// Asio: for this folder's .cpp files only. Loop thread only.
#pragma once

#include "adapters/population/service_url.hpp"
#include "engine/ports/population_registry.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace motcua::adapters {

struct ExchangeLimits {
  std::chrono::milliseconds timeout{};  ///< for all of it
  std::size_t answer_bytes_max = 0;
};

struct ExchangeResult {
  engine::AnswerDetail detail = engine::AnswerDetail::none;  ///< none: there is an answer
  unsigned status = 0;
  std::string body{};
};

/// What every attempt of one registry has in common; outlives them.
struct Endpoint {
  ServiceUrl url{};
  std::vector<std::pair<std::string, std::string>> headers{};
  ExchangeLimits limits{};
};

class Exchange : public std::enable_shared_from_this<Exchange> {
 public:
  using Done = std::function<void(ExchangeResult)>;

  Exchange(boost::asio::io_context& loop, const Endpoint& endpoint, std::string request);

  /// `done` is called once, from the loop, when the answer is complete or the time is over, unless `cut`
  /// comes first.
  void start(Done done);
  /// Closes the connection; `done` is not called any more.
  void cut();

 private:
  using Void = boost::asio::awaitable<void>;

  static Void run(std::shared_ptr<Exchange> self);
  boost::asio::awaitable<ExchangeResult> converse();
  void finish(ExchangeResult result);

  const Endpoint& endpoint_;
  std::string request_;
  boost::asio::ip::tcp::resolver resolver_;
  boost::asio::ip::tcp::socket socket_;
  boost::asio::steady_timer timer_;
  Done done_{};
};

}  // namespace motcua::adapters
