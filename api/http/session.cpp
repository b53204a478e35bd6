#include "api/http/session.hpp"

#include "api/http/answer_bytes.hpp"
#include "api/http/json_gate.hpp"
#include "engine/core/ensure.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <array>
#include <utility>
#include <variant>

namespace motcua::api {
namespace {

namespace asio = boost::asio;
using std::chrono::steady_clock;

constexpr std::size_t kBufferBytesAtFirst = 4 * 1024;
/// Bytes read and thrown away before a refused connection is closed; the time limit is Timeouts::linger.
constexpr std::size_t kLingerBytesMax = 8 * 1024 * 1024;
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

}  // namespace

Session::Session(std::shared_ptr<Server::Core> core, Socket socket)
    : core_(std::move(core)), socket_(std::move(socket)), buffer_(kBufferBytesAtFirst) {}

Session::~Session() = default;

void Session::start() { asio::co_spawn(core_->loop, serve(shared_from_this()), asio::detached); }

bool Session::is_idle() const { return reads_ && phase_ == Phase::header && begin_ == end_; }

void Session::cut() {
  is_dead_ = true;
  boost::system::error_code ignored;
  socket_.close(ignored);
  resume();
}

/// On the spot, if it is suspended in until_answered.
void Session::resume() {
  if (waiter_) {
    auto waiter = std::move(*waiter_);
    waiter_.reset();
    std::move(waiter)();
  }
}

Coroutine<void> Session::serve(std::shared_ptr<Session> self) {
  auto& me = *self;
  while (co_await me.read_request()) {
    me.core_->metrics.request_started();
    me.answer_request();
    if (!me.answer_) {
      me.deadline_ = SteadyTime::max();
      co_await me.until_answered();
    }
    if (!me.is_dead_) {
      const auto written = me.write_at_once();
      if (written < me.head_.size() + me.answer_->body.size()) {
        co_await me.write_rest(written);
      }
    }
    me.count_answer();
    if (me.answer_ && me.answer_->stream && me.request_->method != Method::head) {
      co_await me.send_stream();
    }
    me.log_answer();
    if (!me.keeps_alive_ || me.is_dead_) {
      break;
    }
  }
  if (!me.is_dead_ && !me.keeps_alive_) {
    co_await me.linger();
  }
  me.is_dead_ = true;
  boost::system::error_code ignored;
  me.socket_.close(ignored);
  me.core_->metrics.connection_closed();
  me.core_->forget(self.get());
}

/// False when the connection ends before a whole request is here. A refused request counts as whole.
Coroutine<bool> Session::read_request() {
  phase_ = Phase::header;
  is_begun_ = false;
  scanned_ = begin_;
  empty_lines_ = 0;
  deadline_ = steady_clock::now() + core_->options.timeouts.idle;
  if (begin_ != end_) {
    begin_request(steady_clock::now());
  }
  while (true) {
    const auto progress = advance();
    if (progress == Progress::complete) {
      co_return true;
    }
    if (progress == Progress::need_continue && !co_await send_continue()) {
      co_return false;
    }
    if (core_->draining && !is_begun_) {
      co_return false;
    }
    boost::system::error_code error;
    reads_ = true;
    const auto received = co_await socket_.async_read_some(
        asio::buffer(buffer_.data() + end_, buffer_.size() - end_), asio::redirect_error(Resume{}, error));
    reads_ = false;
    if (error || is_dead_) {
      co_return false;
    }
    end_ += received;
    if (!is_begun_) {
      begin_request(steady_clock::now());
    }
  }
}

Coroutine<bool> Session::send_continue() {
  boost::system::error_code error;
  co_await asio::async_write(socket_, asio::buffer(kContinue.data(), kContinue.size()),
                             asio::redirect_error(Resume{}, error));
  co_return !error && !is_dead_;
}

/// Suspends until respond() or cut() resumes it, on the spot and without a post.
Coroutine<void> Session::until_answered() {
  const Resume resume{};
  return asio::async_initiate<const Resume&, void()>(
      [this](Waiter&& waiter) { waiter_.emplace(std::move(waiter)); }, resume);
}

Coroutine<void> Session::write_rest(std::size_t written) {
  allow(core_->options.timeouts.write);
  const auto in_head = std::min(written, head_.size());
  const std::array<asio::const_buffer, 2> rest{
      asio::const_buffer(head_.data() + in_head, head_.size() - in_head),
      asio::const_buffer(answer_->body.data() + (written - in_head),
                         answer_->body.size() - (written - in_head))};
  boost::system::error_code error;
  co_await asio::async_write(socket_, rest, asio::redirect_error(Resume{}, error));
  if (error) {
    is_dead_ = true;
  }
}

/// Tells the client that nothing more will come and reads what it still sends: closing at once could destroy
/// the answer before the client has read it.
Coroutine<void> Session::linger() {
  boost::system::error_code error;
  socket_.shutdown(asio::ip::tcp::socket::shutdown_send, error);
  allow(core_->options.timeouts.linger);
  std::size_t dropped = 0;
  while (!error && dropped < kLingerBytesMax) {
    dropped += co_await socket_.async_read_some(asio::buffer(buffer_), asio::redirect_error(Resume{}, error));
  }
}

void Session::respond(Response&& response) {
  if (is_dead_) {
    return;
  }
  ENSURE(core_->loop.get_executor().running_in_this_thread());
  answer_ = std::move(response);
  resume();
}

void Session::abandon() noexcept {
  if (is_dead_) {
    return;
  }
  if (core_->loop.get_executor().running_in_this_thread()) {
    core_->metrics.request_abandoned();
    respond(problem_response(Problem::outcome_unknown, "", request_->request_id));
  } else {
    asio::post(core_->loop, [self = shared_from_this()] { self->abandon(); });
  }
}

/// JSON, then the handler. The answer is there on return, or comes later.
void Session::answer_request() {
  answer_.reset();
  if (early_) {
    answer_ = std::move(early_);
    early_.reset();
    return;
  }
  if (route_->body == BodyKind::json) {
    auto parsed = parse_json_body(request_->body);
    if (const auto* refusal = std::get_if<JsonRefusal>(&parsed)) {
      answer_ = problem_response(refusal->problem, refusal->detail, request_->request_id);
      return;
    }
    request_->json = std::move(std::get<nlohmann::json>(parsed));
  }
  run_handler();
}

void Session::run_handler() {
  try {
    route_->handler(request_, Respond(shared_from_this()));
  } catch (const std::exception&) {
    // Its Respond was dropped on the way out, which has answered; the text of an exception may hold personal
    // values.
    core_->metrics.handler_failed();
  }
}

std::size_t Session::write_at_once() {
  const bool streams = answer_->stream && request_->method != Method::head;
  keeps_alive_ = keeps_alive_ && !core_->draining && !streams;
  HeadFacts facts;
  facts.date = core_->date;
  facts.request_id = request_->request_id;
  facts.is_1_0 = parser_ && parser_->is_1_0();
  facts.keeps_alive = keeps_alive_;
  head_.clear();
  append_head(head_, *answer_, facts);
  if (request_->method == Method::head) {
    answer_->body.clear();
  }
  const std::array<asio::const_buffer, 2> bytes{asio::buffer(head_), asio::buffer(answer_->body)};
  boost::system::error_code error;
  const auto written = socket_.write_some(bytes, error);
  if (error && error != asio::error::would_block && error != asio::error::try_again) {
    is_dead_ = true;
    return head_.size() + answer_->body.size();
  }
  return written;
}

void Session::count_answer() {
  core_->metrics.request_finished();
  if (!answer_) {
    return;
  }
  took_ = std::chrono::duration_cast<std::chrono::microseconds>(steady_clock::now() - request_->received_at);
  core_->metrics.count_request(route_label_, request_->method, answer_->status, took_);
}

void Session::log_answer() {
  if (!answer_) {
    return;
  }
  AccessLine line;
  line.request_id = request_->request_id;
  line.method = request_->method;
  line.route = route_label_;
  line.status = answer_->status;
  line.took = took_;
  line.bytes_in = body_bytes_;
  line.bytes_out = answer_->body.size() + sent_bytes_;
  core_->log.record(line);
}

}  // namespace motcua::api
