#include "tests/http/running_server.hpp"

#include "api/json/problem.hpp"

#include <stdexcept>
#include <utility>

namespace motcua::tests {

using api::Request;
using api::Respond;
using api::Response;
using nlohmann::json;

api::Timeouts short_timeouts() {
  api::Timeouts timeouts;
  timeouts.idle = std::chrono::milliseconds(600);
  timeouts.header = std::chrono::milliseconds(300);
  timeouts.body = std::chrono::milliseconds(300);
  timeouts.write = std::chrono::milliseconds(500);
  timeouts.linger = std::chrono::milliseconds(300);
  timeouts.drain = std::chrono::milliseconds(800);
  return timeouts;
}

namespace {

api::ServerOptions options_of(api::Timeouts timeouts, std::size_t connections_max) {
  api::ServerOptions options;
  options.timeouts = timeouts;
  options.connections_max = connections_max;
  return options;
}

json pairs(const api::NameValueList& list) {
  auto all = json::array();
  for (const auto& [name, value] : list) {
    all.push_back({name, value});
  }
  return all;
}

}  // namespace

/// A body that a test speaks.
class RunningServer::Spoken final : public api::BodyStream {
 public:
  explicit Spoken(RunningServer& server) : server_(server) {}
  ~Spoken() override {
    if (wake_) --server_.streams_;
    std::erase(server_.speaking_, this);
  }
  Spoken(const Spoken&) = delete;
  Spoken& operator=(const Spoken&) = delete;

  void start(std::function<void()> wake) override {
    wake_ = std::move(wake);
    server_.speaking_.push_back(this);
    ++server_.streams_;
  }
  bool take(std::string& out) override {
    out += std::exchange(said_, {});
    return !ended_;
  }
  void say(const std::string& piece, bool ends) {
    said_ += piece;
    ended_ = ends;
    wake_();
  }

 private:
  RunningServer& server_;
  std::function<void()> wake_{};
  std::string said_{};
  bool ended_ = false;
};

RunningServer::RunningServer(api::Timeouts timeouts, std::size_t connections_max, std::string log_path)
    : log_(log_path), server_(options_of(timeouts, connections_max), metrics_, log_) {
  add_routes();
  const auto port = server_.listen();
  if (!port) {
    throw std::runtime_error(port.error().what);
  }
  port_ = *port;
  thread_ = std::thread([this] { server_.run(); });
}

RunningServer::~RunningServer() {
  if (thread_.joinable()) {
    server_.stop_now();
    thread_.join();
  }
}

void RunningServer::stop() {
  server_.stop();
  thread_.join();
}

void RunningServer::add_routes() {
  auto& routes = server_.routes();
  routes.post("/echo", [this](const std::shared_ptr<Request>& request, Respond respond) {
    ++handled_;
    respond(api::json_response(request->json));
  });
  routes.post("/shape", [this](const std::shared_ptr<Request>&, Respond respond) {
    ++handled_;
    respond(Response{200, "text/plain", "fine", {}});
  });
  routes.get("/items/{id}", [this](const std::shared_ptr<Request>& request, Respond respond) {
    ++handled_;
    respond(api::json_response(json{{"id", request->param("id")}, {"query", pairs(request->query)}}));
  });
  routes.get("/items/all", [](const std::shared_ptr<Request>&, Respond respond) {
    respond(Response{200, "text/plain", "all", {}});
  });
  routes.get("/wait", [this](const std::shared_ptr<Request>& request, Respond respond) {
    const std::scoped_lock lock(guard_);
    ++handled_;
    held_.push_back(Held{request, std::move(respond)});
    changed_.notify_all();
  });
  routes.get("/throw", [](const std::shared_ptr<Request>&, Respond) { throw std::runtime_error("secret"); });
  routes.get("/forget", [](const std::shared_ptr<Request>&, Respond) {});
  routes.get("/twice", [](const std::shared_ptr<Request>&, Respond respond) {
    respond(Response{200, "text/plain", "once", {}});
    respond(Response{200, "text/plain", "twice", {}});
  });
  routes.get("/large", [](const std::shared_ptr<Request>&, Respond respond) {
    respond(Response{200, "text/plain", std::string(64 * 1024 * 1024, 'x'), {}});
  });
  routes.get("/stream", [this](const std::shared_ptr<Request>&, Respond respond) {
    Response response;
    response.content_type = "text/plain";
    response.stream = std::make_unique<Spoken>(*this);
    respond(std::move(response));
  });
  routes.get("/metrics", [this](const std::shared_ptr<Request>&, Respond respond) {
    respond(Response{200, std::string(api::kMetricsContentType), metrics_.render(), {}});
  });
}

void RunningServer::say(std::string piece) {
  server_.post([this, piece = std::move(piece)] {
    for (auto* body : std::vector(speaking_)) body->say(piece, false);
  });
}

void RunningServer::end_stream() {
  server_.post([this] {
    for (auto* body : std::vector(speaking_)) body->say("", true);
  });
}

std::vector<RunningServer::Held> RunningServer::take_held() {
  const std::scoped_lock lock(guard_);
  return std::exchange(held_, {});
}

void RunningServer::await_held(std::size_t count) {
  std::unique_lock lock(guard_);
  changed_.wait_for(lock, std::chrono::seconds(10), [&] { return held_.size() >= count; });
}

std::size_t RunningServer::held() {
  const std::scoped_lock lock(guard_);
  return held_.size();
}

void RunningServer::release_held() {
  server_.post([batch = take_held()]() mutable {
    for (auto& one : batch) {
      one.respond(Response{200, "text/plain", one.request->request_id, {}});
    }
  });
}

void RunningServer::forget_held() { take_held().clear(); }

}  // namespace motcua::tests
