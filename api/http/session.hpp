/// One connection: reads a request, has it answered, writes the answer, and only then looks at the next.
/// Internal to api/http; I/O thread only, but for `abandon`.
#pragma once

#include "api/http/request_parser.hpp"
#include "api/http/server_core.hpp"
#include "api/json/problem.hpp"

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace motcua::api {

class Session final : public Responder, public std::enable_shared_from_this<Session> {
 public:
  Session(std::shared_ptr<Server::Core> core, Socket socket);
  ~Session() override;

  void start();
  void respond(Response&& response) override;
  void abandon() noexcept override;

  /// Closes the socket now; a request being answered stays with its handler, but its answer goes nowhere.
  void cut();
  /// Ends a body that comes piece by piece, if one is being sent, after the piece in hand.
  void end_stream();
  /// Waits for a request of which no byte is here.
  [[nodiscard]] bool is_idle() const;
  [[nodiscard]] SteadyTime deadline() const { return deadline_; }

 private:
  enum class Phase { header, body };
  enum class Progress { need_more, need_continue, complete };
  using Waiter = boost::asio::async_result<Resume, void()>::handler_type;

  static Coroutine<void> serve(std::shared_ptr<Session> self);
  Coroutine<bool> read_request();
  Coroutine<bool> send_continue();
  Coroutine<void> until_answered();
  Coroutine<void> write_rest(std::size_t written);
  Coroutine<void> linger();

  Coroutine<void> send_stream();
  Coroutine<void> send_piece(std::string_view piece);
  void watch_client();
  void wake();
  void resume();

  Progress advance();
  Progress advance_header();
  Progress advance_body();
  Progress parse_header(std::string_view header);
  Progress refuse(Problem problem, const char* detail);
  void skip_empty_lines();
  void begin_request(SteadyTime now);
  void find_route();
  bool make_room();
  void answer_request();
  void run_handler();
  /// Writes what the socket takes at once; the rest, if any, is for write_rest.
  std::size_t write_at_once();
  void count_answer();
  void log_answer();
  void allow(std::chrono::milliseconds time) { deadline_ = std::chrono::steady_clock::now() + time; }

  std::shared_ptr<Server::Core> core_;
  Socket socket_;
  SteadyTime deadline_ = SteadyTime::max();
  std::atomic<bool> is_dead_{false};  ///< cut or ended: answers go nowhere

  std::vector<char> buffer_{};  ///< bytes [begin_, end_) are received and not yet consumed
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::size_t scanned_ = 0;      ///< of those, looked through for the end of the header
  std::size_t empty_lines_ = 0;  ///< skipped before the request line
  std::size_t body_bytes_ = 0;   ///< of the body as framed

  Phase phase_ = Phase::header;
  bool reads_ = false;     ///< suspended in a read
  bool is_begun_ = false;  ///< a byte of the request is here
  std::optional<RequestParser> parser_{};
  std::shared_ptr<Request> request_{};
  const Route* route_ = nullptr;
  std::string_view route_label_{};
  std::optional<Response> early_{};  ///< the answer is known from the header alone
  bool keeps_alive_ = true;

  std::optional<Response> answer_{};
  std::optional<Waiter> waiter_{};
  std::chrono::microseconds took_{0};  ///< first byte of the request to the head of its answer
  std::string head_{};

  bool streams_ = false;           ///< a body is being sent piece by piece
  bool woken_ = false;             ///< while it was not waiting
  std::size_t sent_bytes_ = 0;     ///< of the body that comes piece by piece
  std::size_t unasked_bytes_ = 0;  ///< received while it is sent
};

}  // namespace motcua::api
