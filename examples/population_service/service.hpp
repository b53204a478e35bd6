/// The HTTP side: answers look-ups on every path that does not start with `/_`, and those to its tests. One
/// thread, one event loop. Writes no personal value anywhere but into answers.
#pragma once

#include "examples/population_service/behaviour.hpp"
#include "examples/population_service/people.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>

#include <array>
#include <cstdint>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <string_view>

namespace population_service {

class Service {
 public:
  /// `people` must outlive the service.
  Service(boost::asio::io_context& loop, const People& people, std::uint64_t seed);

  /// Binds and accepts; answers the port. Throws boost::system::system_error if it cannot.
  std::uint16_t listen(const std::string& host, std::uint16_t port);
  /// Closes everything; the loop then runs out of work.
  void stop();

 private:
  using Request = boost::beast::http::request<boost::beast::http::string_body>;
  using Response = boost::beast::http::response<boost::beast::http::string_body>;
  template <class T>
  using Task = boost::asio::awaitable<T>;

  struct Connection {
    explicit Connection(boost::asio::ip::tcp::socket accepted) : socket(std::move(accepted)) {}
    boost::asio::ip::tcp::socket socket;
    boost::beast::flat_buffer buffer{};
    bool is_administrative = false;  ///< its last request was to `/_...`
  };
  using ConnectionPtr = std::shared_ptr<Connection>;

  struct Stats {
    std::uint64_t calls = 0;
    std::uint64_t calls_now = 0;
    std::uint64_t most_calls_at_once = 0;
    std::uint64_t matched = 0;
    std::uint64_t gone = 0;  ///< the caller hung up before the answer
    std::array<std::uint64_t, kModes> by_mode{};
  };
  /// A call is one from its last byte in to its last byte out, or until either side hangs up.
  class Counted;

  Task<void> accept_all();
  Task<void> serve(ConnectionPtr connection);
  /// False: the connection is to be closed.
  Task<bool> answer_call(ConnectionPtr connection, const Request& request);
  Task<bool> send(ConnectionPtr connection, Response response);
  Task<bool> send_in_trickles(ConnectionPtr connection, Response response, std::chrono::milliseconds pause);
  Task<bool> send_huge(ConnectionPtr connection);
  /// False: the caller hung up meanwhile.
  Task<bool> wait(ConnectionPtr connection, std::chrono::milliseconds pause);

  [[nodiscard]] Behaviour behaviour_of_next_call();
  [[nodiscard]] Response answer_to(const Request& request, const Behaviour& behaviour);
  [[nodiscard]] Response administer(const Request& request);
  [[nodiscard]] Response list_people(std::string_view query) const;
  [[nodiscard]] Response show_stats() const;
  void behave(const Behaviour& behaviour);

  boost::asio::io_context& loop_;
  const People& people_;
  boost::asio::ip::tcp::acceptor acceptor_;
  std::set<ConnectionPtr> connections_{};
  std::mt19937_64 chance_;
  Behaviour behaviour_{};
  Stats stats_{};
};

}  // namespace population_service
