#include "api/cli/load_generator.hpp"

#include "api/cli/load_parts.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <optional>
#include <random>
#include <stdexcept>
#include <string_view>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>

namespace motcua::api {
namespace {

using SteadyClock = std::chrono::steady_clock;
using Moment = SteadyClock::time_point;

constexpr std::size_t kReadBytes = 32 * 1024;
constexpr std::size_t kSetUpErrorBytes = 400;
constexpr std::chrono::seconds kLastAnswers{10};  ///< how long after the end an answer is waited for

/// A case as the generator knows it.
struct LoadCase {
  std::string id{};
  std::uint64_t version = 0;
  std::size_t step = 0;  ///< steps of the script done
  bool claimed = false;  ///< `advance` only
};

struct Connection {
  int fd = -1;
  std::string out{};
  std::size_t sent = 0;
  std::vector<char> in{};
  std::size_t received = 0;
  std::size_t version_position = 0;
  bool in_flight = false;
  bool watches_writes = false;
  Moment asked_at{};                ///< when the request was due
  std::vector<LoadCase> cases{};    ///< `advance`: in process
  std::size_t turn = 0;             ///< which of them is next
  std::optional<LoadCase> young{};  ///< on its way through the script
};

class Generator {
 public:
  explicit Generator(const LoadOptions& options);
  Generator(const Generator&) = delete;
  Generator& operator=(const Generator&) = delete;
  ~Generator();
  LoadReport run();

 private:
  enum class Phase { set_up, measured, ending };

  void connect(Connection& connection);
  void watch(Connection& connection, bool writes);
  void reconnect(Connection& connection);
  void set_up();
  void measure();
  void wait_once(Moment until);
  void dispatch_due(Moment now);
  void dispatch(Connection& connection, Moment due);
  bool compose(Connection& connection);
  void compose_filing(Connection& connection);
  void compose_command(Connection& connection, const LoadCase& subject, const LifeStep& step);
  void compose_request(Connection& connection, const std::string& role, std::string_view id);
  void flush(Connection& connection);
  void receive(Connection& connection);
  void handle(Connection& connection, const Answer& answer);
  void accepted(Connection& connection, const Answer& answer);
  void refused(Connection& connection, const std::string& kind);
  [[nodiscard]] bool builds(const Connection& connection) const;
  [[nodiscard]] std::size_t young_ends_at() const;
  [[nodiscard]] const std::string& token(const std::string& role) const;

  const LoadOptions& options_;
  int epoll_ = -1;
  Phase phase_ = Phase::set_up;
  std::vector<Connection> connections_{};
  std::vector<Connection*> idle_{};
  std::size_t in_flight_ = 0;
  Moment counted_from_{};
  Moment ends_at_{};
  Moment next_due_{};  ///< open loop
  std::size_t claim_step_ = 0;
  LifeStep claim_{};
  LifeStep release_{};
  std::string key_prefix_{};
  std::uint64_t keys_ = 0;
  std::string body_{};
  Histogram latencies_{};
  LoadReport report_{};
};

Generator::Generator(const LoadOptions& options) : options_(options), epoll_(epoll_create1(EPOLL_CLOEXEC)) {
  const auto& steps = options.script.steps;
  const auto claim =
      std::find_if(steps.begin(), steps.end(), [](const LifeStep& step) { return step.command == "claim"; });
  if (claim == steps.end()) {
    throw std::runtime_error("the script has no claim");
  }
  claim_step_ = static_cast<std::size_t>(claim - steps.begin());
  claim_ = *claim;
  release_ = {claim->role, "release", claim->data, {}};
  char nonce[20] = {};
  std::random_device random;
  std::snprintf(nonce, sizeof nonce, "%08x%08x-", random(), random());
  key_prefix_ = nonce;
  connections_.resize(static_cast<std::size_t>(options.connections));
  for (Connection& connection : connections_) {
    connection.in.resize(kReadBytes);
    connect(connection);
  }
}

Generator::~Generator() {
  for (const Connection& connection : connections_) {
    if (connection.fd >= 0) {
      close(connection.fd);
    }
  }
  close(epoll_);
}

void Generator::connect(Connection& connection) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(options_.port);
  if (inet_pton(AF_INET, options_.host.c_str(), &address.sin_addr) != 1) {
    throw std::runtime_error("not a numeric address: " + options_.host);
  }
  connection.fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int on = 1;
  setsockopt(connection.fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (::connect(connection.fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    throw std::runtime_error("cannot connect to " + options_.host + ':' + std::to_string(options_.port) +
                             ": " + std::system_category().message(errno));
  }
  fcntl(connection.fd, F_SETFL, O_NONBLOCK);
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.ptr = &connection;
  epoll_ctl(epoll_, EPOLL_CTL_ADD, connection.fd, &event);
  connection.watches_writes = false;
}

void Generator::watch(Connection& connection, bool writes) {
  if (connection.watches_writes == writes) {
    return;
  }
  connection.watches_writes = writes;
  epoll_event event{};
  event.events = writes ? EPOLLIN | EPOLLOUT : EPOLLIN;
  event.data.ptr = &connection;
  epoll_ctl(epoll_, EPOLL_CTL_MOD, connection.fd, &event);
}

void Generator::reconnect(Connection& connection) {
  close(connection.fd);
  connection.received = 0;
  connect(connection);
}

const std::string& Generator::token(const std::string& role) const {
  const auto found = options_.tokens.find(role);
  const auto any = options_.tokens.find("");
  if (found == options_.tokens.end() && any == options_.tokens.end()) {
    throw std::runtime_error("no token for role " + role);
  }
  return found == options_.tokens.end() ? any->second : found->second;
}

/// Steps after which a young case is ready: through the first claim, or all of them.
std::size_t Generator::young_ends_at() const {
  return options_.mode == LoadMode::advance ? claim_step_ + 1 : options_.script.steps.size();
}

bool Generator::builds(const Connection& connection) const {
  if (options_.mode == LoadMode::life) {
    return phase_ == Phase::measured;
  }
  const auto wanted = static_cast<std::size_t>(options_.cases_per_connection);
  return connection.young.has_value() || connection.cases.empty() ||
         (phase_ == Phase::set_up && connection.cases.size() < wanted);
}

/// Writes the next request into `out`; false if there is nothing left to do in this phase.
bool Generator::compose(Connection& connection) {
  if (phase_ == Phase::ending || (phase_ == Phase::set_up && !builds(connection))) {
    return false;
  }
  if (builds(connection)) {
    if (connection.young) {
      compose_command(connection, *connection.young, options_.script.steps[connection.young->step]);
    } else {
      compose_filing(connection);
    }
    return true;
  }
  connection.turn = (connection.turn + 1) % connection.cases.size();
  const LoadCase& subject = connection.cases[connection.turn];
  compose_command(connection, subject, subject.claimed ? release_ : claim_);
  return true;
}

void Generator::compose_filing(Connection& connection) {
  body_ = options_.script.filing;
  compose_request(connection, options_.script.filing_role, {});
}

void Generator::compose_command(Connection& connection, const LoadCase& subject, const LifeStep& step) {
  body_.assign(R"({"command":")").append(step.command).append(R"(","expected_version":)");
  body_.append(std::to_string(subject.version)).append(R"(,"data":)").append(step.data);
  if (!step.reason.empty()) {
    body_.append(R"(,"reason":")").append(step.reason).append("\"");
  }
  body_.push_back('}');
  compose_request(connection, step.role, subject.id);
}

/// Frames `body_`; an empty `id` files a case.
void Generator::compose_request(Connection& connection, const std::string& role, std::string_view id) {
  std::string& out = connection.out;
  out.assign("POST /api/v1/cases");
  if (!id.empty()) {
    out.append("/").append(id).append("/commands");
  }
  out.append(" HTTP/1.1\r\nHost: ")
      .append(options_.host)
      .append("\r\nAuthorization: Bearer ")
      .append(token(role));
  out.append("\r\nContent-Type: application/json\r\nIdempotency-Key: ").append(key_prefix_);
  out.append(std::to_string(++keys_)).append("\r\nContent-Length: ").append(std::to_string(body_.size()));
  out.append("\r\n\r\n").append(body_);
}

void Generator::dispatch(Connection& connection, Moment due) {
  if (!compose(connection)) {
    idle_.push_back(&connection);
    return;
  }
  connection.sent = 0;
  connection.in_flight = true;
  connection.asked_at = due;
  ++in_flight_;
  flush(connection);
}

void Generator::flush(Connection& connection) {
  while (connection.sent < connection.out.size()) {
    const ssize_t count = send(connection.fd, connection.out.data() + connection.sent,
                               connection.out.size() - connection.sent, MSG_NOSIGNAL);
    if (count < 0) {
      // Any other failure shows up as a closed connection when it is read.
      watch(connection, errno == EAGAIN);
      return;
    }
    connection.sent += static_cast<std::size_t>(count);
  }
  watch(connection, false);
}

void Generator::receive(Connection& connection) {
  if (connection.received == connection.in.size()) {
    connection.in.resize(connection.in.size() * 2);
  }
  const ssize_t count = recv(connection.fd, connection.in.data() + connection.received,
                             connection.in.size() - connection.received, 0);
  if (count < 0 && errno == EAGAIN) {
    return;
  }
  if (count <= 0) {
    reconnect(connection);
    if (connection.in_flight) {
      refused(connection, "connection closed");
    }
    return;
  }
  connection.received += static_cast<std::size_t>(count);
  const auto answer = complete_answer({connection.in.data(), connection.received});
  if (answer) {
    handle(connection, *answer);
  }
}

void Generator::handle(Connection& connection, const Answer& answer) {
  connection.received = 0;  // one request in flight: nothing can follow the answer
  if (answer.status >= 200 && answer.status < 300) {
    accepted(connection, answer);
    return;
  }
  std::string type = string_member(answer.body, "type");
  type.erase(0, type.rfind('/') + 1);
  if (phase_ == Phase::set_up) {
    throw std::runtime_error("set-up was refused: " + std::to_string(answer.status) + ' ' +
                             std::string(answer.body.substr(0, kSetUpErrorBytes)) +
                             "\nrequest body: " + connection.out.substr(connection.out.find("\r\n\r\n") + 4));
  }
  refused(connection, std::to_string(answer.status) + ' ' + type);
}

void Generator::refused(Connection& connection, const std::string& kind) {
  if (phase_ == Phase::set_up) {
    throw std::runtime_error("set-up failed: " + kind);
  }
  connection.in_flight = false;
  --in_flight_;
  ++report_.errors;
  ++report_.error_kinds[kind];
  // The case's version is unknown now: go on with another one.
  if (connection.young) {
    connection.young.reset();
  } else if (!connection.cases.empty()) {
    connection.cases.erase(connection.cases.begin() + static_cast<std::ptrdiff_t>(connection.turn));
  }
  idle_.push_back(&connection);
}

void Generator::accepted(Connection& connection, const Answer& answer) {
  const Moment now = SteadyClock::now();
  connection.in_flight = false;
  --in_flight_;
  const std::uint64_t version = version_member(answer.body, connection.version_position);
  const bool counted = phase_ == Phase::measured && now >= counted_from_ && now <= ends_at_;
  if (counted) {
    ++report_.requests;
    report_.bytes_received += answer.bytes;
    const auto taken = std::chrono::duration_cast<std::chrono::microseconds>(now - connection.asked_at);
    latencies_.add(static_cast<std::uint64_t>(std::max<std::int64_t>(0, taken.count())));
  }
  if (!builds(connection) && !connection.cases.empty()) {
    LoadCase& subject = connection.cases[connection.turn];
    subject.version = version;
    subject.claimed = !subject.claimed;
    if (options_.keep_answer) {
      report_.sample_answer.assign(answer.body);
    }
  } else if (!connection.young) {
    connection.young = LoadCase{string_member(answer.body, "id"), version, 0, false};
    ++report_.cases_filed;
  } else {
    connection.young->version = version;
    if (++connection.young->step == young_ends_at()) {
      if (options_.mode == LoadMode::advance) {
        connection.young->claimed = true;
        connection.cases.push_back(std::move(*connection.young));
      } else if (counted) {
        ++report_.lives;
      }
      connection.young.reset();
    }
  }
  if (phase_ != Phase::ending && options_.rate > 0 && phase_ == Phase::measured) {
    idle_.push_back(&connection);
  } else {
    dispatch(connection, now);
  }
}

/// Waits for events until `until` at the latest and handles them.
void Generator::wait_once(Moment until) {
  epoll_event events[64];
  const auto left = std::max<std::int64_t>(
      0, std::chrono::duration_cast<std::chrono::nanoseconds>(until - SteadyClock::now()).count());
  timespec timeout{};
  timeout.tv_sec = left / 1'000'000'000;
  timeout.tv_nsec = left % 1'000'000'000;
  const int count = epoll_pwait2(epoll_, events, 64, &timeout, nullptr);
  for (int i = 0; i < count; ++i) {
    auto& connection = *static_cast<Connection*>(events[i].data.ptr);
    if ((events[i].events & EPOLLOUT) != 0) {
      flush(connection);
    }
    if ((events[i].events & ~static_cast<std::uint32_t>(EPOLLOUT)) != 0) {
      receive(connection);
    }
  }
}

/// Closed loop: every idle connection asks again. Open loop: as many as are due.
void Generator::dispatch_due(Moment now) {
  const auto step = std::chrono::duration_cast<SteadyClock::duration>(
      std::chrono::duration<double>(options_.rate > 0 ? 1.0 / options_.rate : 0.0));
  while (!idle_.empty() && (options_.rate <= 0 || next_due_ <= now)) {
    Connection& connection = *idle_.back();
    idle_.pop_back();
    dispatch(connection, options_.rate > 0 ? next_due_ : now);
    next_due_ += step;
  }
}

void Generator::set_up() {
  if (options_.mode == LoadMode::advance) {
    for (Connection& connection : connections_) {
      dispatch(connection, SteadyClock::now());
    }
    Moment heard_at = SteadyClock::now();
    std::size_t waiting = in_flight_;
    std::uint64_t keys = keys_;
    while (in_flight_ > 0) {
      wait_once(SteadyClock::now() + std::chrono::seconds(1));
      if (keys != keys_ || waiting != in_flight_) {
        keys = keys_;
        waiting = in_flight_;
        heard_at = SteadyClock::now();
      } else if (SteadyClock::now() - heard_at > kLastAnswers) {
        throw std::runtime_error("set-up: no answer");
      }
    }
  }
  idle_.clear();
  for (Connection& connection : connections_) {
    idle_.push_back(&connection);
  }
}

void Generator::measure() {
  phase_ = Phase::measured;
  next_due_ = SteadyClock::now();
  counted_from_ = next_due_ + options_.warm_up;
  ends_at_ = counted_from_ + options_.duration;
  double client_from = 0;
  double server_from = 0;
  bool counting = false;
  for (Moment now = next_due_; now < ends_at_; now = SteadyClock::now()) {
    if (!counting && now >= counted_from_) {
      counting = true;
      client_from = processor_time_us();
      server_from = processor_time_us(options_.server_pid);
    }
    if (options_.requests_max != 0 && report_.requests >= options_.requests_max) {
      ends_at_ = now;
      break;
    }
    dispatch_due(now);
    const bool waits_for_due = options_.rate > 0 && !idle_.empty();
    wait_once(waits_for_due ? std::min(next_due_, ends_at_)
                            : std::min(ends_at_, now + std::chrono::seconds(1)));
  }
  const double requests = static_cast<double>(std::max<std::uint64_t>(1, report_.requests));
  report_.client_cpu_us = (processor_time_us() - client_from) / requests;
  report_.server_cpu_us = (processor_time_us(options_.server_pid) - server_from) / requests;
  report_.seconds = std::chrono::duration<double>(ends_at_ - counted_from_).count();
  phase_ = Phase::ending;
  const Moment last = SteadyClock::now() + kLastAnswers;
  while (in_flight_ > 0 && SteadyClock::now() < last) {
    wait_once(last);
  }
  if (in_flight_ > 0) {
    report_.errors += in_flight_;
    report_.error_kinds["no answer"] += in_flight_;
  }
}

LoadReport Generator::run() {
  set_up();
  measure();
  report_.per_second = report_.seconds > 0 ? static_cast<double>(report_.requests) / report_.seconds : 0;
  report_.p50 = latencies_.quantile(0.50);
  report_.p90 = latencies_.quantile(0.90);
  report_.p99 = latencies_.quantile(0.99);
  report_.max = latencies_.max();
  report_.histogram = latencies_.buckets();
  return std::move(report_);
}

}  // namespace

LoadReport run_load(const LoadOptions& options) {
  Generator generator(options);
  return generator.run();
}

}  // namespace motcua::api
