#include "examples/population_service/service.hpp"

#include "examples/population_service/register_xml.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <sstream>
#include <utility>

namespace population_service {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;
using nlohmann::json;
using std::chrono::milliseconds;

constexpr std::uint64_t kRequestBytesMax = 64 * 1024;
constexpr std::size_t kHugeBytes = 10 * 1024 * 1024;
constexpr std::size_t kPeopleListed = 100;
constexpr std::size_t kPeopleListedMost = 100'000;

http::response<http::string_body> response_of(http::status status, const char* type, std::string body) {
  http::response<http::string_body> response{status, 11};
  response.set(http::field::content_type, type);
  response.body() = std::move(body);
  response.prepare_payload();
  return response;
}

http::response<http::string_body> xml_response(http::status status, std::string body) {
  return response_of(status, "text/xml; charset=utf-8", std::move(body));
}

http::response<http::string_body> json_response(http::status status, const json& body) {
  return response_of(status, "application/json", body.dump());
}

std::string_view path_of(std::string_view target) { return target.substr(0, target.find('?')); }

/// A whole number from the query string; `otherwise` if it is not there, nullopt if it is none.
std::optional<std::size_t> number_in(std::string_view query, std::string_view name, std::size_t otherwise) {
  while (!query.empty()) {
    const auto part = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(part.size() + 1, query.size()));
    if (part.substr(0, part.find('=')) != name || part.size() <= name.size()) continue;
    const auto text = part.substr(name.size() + 1);
    std::size_t number = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    if (read.ec != std::errc{} || read.ptr != text.data() + text.size()) return std::nullopt;
    return number;
  }
  return otherwise;
}

json number_or_null(const People& people, std::uint32_t index) {
  return index == kNobody ? json(nullptr) : json(people.at(index).number);
}

}  // namespace

class Service::Counted {
 public:
  Counted(Stats& stats, Mode mode) : stats_(stats) {
    ++stats_.calls;
    ++stats_.by_mode.at(static_cast<std::size_t>(mode));
    stats_.most_calls_at_once = std::max(stats_.most_calls_at_once, ++stats_.calls_now);
  }
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;
  ~Counted() { --stats_.calls_now; }

 private:
  Stats& stats_;
};

Service::Service(asio::io_context& loop, const People& people, std::uint64_t seed)
    : loop_(loop), people_(people), acceptor_(loop), chance_(seed) {}

std::uint16_t Service::listen(const std::string& host, std::uint16_t port) {
  tcp::resolver resolver(loop_);
  const tcp::endpoint endpoint = *resolver.resolve(host, std::to_string(port)).begin();
  acceptor_.open(endpoint.protocol());
  acceptor_.set_option(asio::socket_base::reuse_address(true));
  acceptor_.bind(endpoint);
  acceptor_.listen();
  asio::co_spawn(loop_, accept_all(), asio::detached);
  return acceptor_.local_endpoint().port();
}

void Service::stop() {
  error_code ignored;
  acceptor_.close(ignored);
  for (const auto& connection : connections_) connection->socket.close(ignored);
}

Service::Task<void> Service::accept_all() {
  while (acceptor_.is_open()) {
    error_code error;
    tcp::socket socket = co_await acceptor_.async_accept(asio::redirect_error(asio::use_awaitable, error));
    if (error) continue;
    socket.set_option(tcp::no_delay(true), error);
    const auto connection = std::make_shared<Connection>(std::move(socket));
    connections_.insert(connection);
    asio::co_spawn(loop_, serve(connection), asio::detached);
  }
}

Service::Task<void> Service::serve(ConnectionPtr connection) {
  error_code error;
  bool goes_on = true;
  while (goes_on && connection->socket.is_open()) {
    http::request_parser<http::string_body> parser;
    parser.body_limit(kRequestBytesMax);
    co_await http::async_read(connection->socket, connection->buffer, parser,
                              asio::redirect_error(asio::use_awaitable, error));
    if (error) break;
    const Request request = parser.release();
    connection->is_administrative = request.target().starts_with("/_");
    if (connection->is_administrative) {
      auto response = administer(request);
      response.keep_alive(request.keep_alive());
      goes_on = co_await send(connection, std::move(response));
    } else {
      goes_on = co_await answer_call(connection, request);
    }
    goes_on = goes_on && request.keep_alive();
  }
  connection->socket.shutdown(tcp::socket::shutdown_send, error);
  connection->socket.close(error);
  connections_.erase(connection);
}

Service::Task<bool> Service::answer_call(ConnectionPtr connection, const Request& request) {
  const Behaviour behaviour = behaviour_of_next_call();
  const Counted counted(stats_, behaviour.mode);
  if (behaviour.mode == Mode::down) co_return false;
  if (behaviour.mode != Mode::trickle && !co_await wait(connection, behaviour.delay)) co_return false;
  if (behaviour.variant == Variant::huge) co_return co_await send_huge(connection);
  auto response = answer_to(request, behaviour);
  response.keep_alive(request.keep_alive());
  if (behaviour.mode == Mode::trickle) {
    co_return co_await send_in_trickles(connection, std::move(response), behaviour.delay);
  }
  co_return co_await send(connection, std::move(response));
}

Service::Task<bool> Service::send(ConnectionPtr connection, Response response) {
  error_code error;
  co_await http::async_write(connection->socket, response, asio::redirect_error(asio::use_awaitable, error));
  co_return !error;
}

Service::Task<bool> Service::send_in_trickles(ConnectionPtr connection, Response response,
                                              milliseconds pause) {
  std::ostringstream whole;
  whole << response;
  const std::string bytes = whole.str();
  for (const char byte : bytes) {
    error_code error;
    co_await asio::async_write(connection->socket, asio::buffer(&byte, 1),
                               asio::redirect_error(asio::use_awaitable, error));
    if (error || !co_await wait(connection, pause)) co_return false;
  }
  co_return true;
}

/// With a length every other time, so that callers meet both kinds.
Service::Task<bool> Service::send_huge(ConnectionPtr connection) {
  std::string head = "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nConnection: close\r\n";
  if (stats_.calls % 2 == 0) head += "Content-Length: " + std::to_string(kHugeBytes) + "\r\n";
  head += "\r\n";
  error_code error;
  co_await asio::async_write(connection->socket, asio::buffer(head),
                             asio::redirect_error(asio::use_awaitable, error));
  const std::string piece(64 * 1024, ' ');
  for (std::size_t sent = 0; sent < kHugeBytes && !error; sent += piece.size()) {
    co_await asio::async_write(connection->socket, asio::buffer(piece),
                               asio::redirect_error(asio::use_awaitable, error));
  }
  co_return false;
}

Service::Task<bool> Service::wait(ConnectionPtr connection, milliseconds pause) {
  using asio::experimental::awaitable_operators::operator||;
  if (pause.count() == 0) co_return true;
  asio::steady_timer timer(loop_);
  timer.expires_after(pause);
  error_code ended;
  error_code readable;
  const auto first =
      co_await (timer.async_wait(asio::redirect_error(asio::use_awaitable, ended)) ||
                connection->socket.async_wait(tcp::socket::wait_read,
                                              asio::redirect_error(asio::use_awaitable, readable)));
  if (first.index() == 0 && connection->socket.is_open()) co_return true;
  ++stats_.gone;
  co_return false;
}

Behaviour Service::behaviour_of_next_call() {
  const bool misbehaves =
      behaviour_.per_mille >= 1000 || static_cast<int>(chance_() % 1000) < behaviour_.per_mille;
  return misbehaves ? behaviour_ : Behaviour{};
}

Service::Response Service::answer_to(const Request& request, const Behaviour& behaviour) {
  if (request.method() != http::verb::post) {
    return response_of(http::status::method_not_allowed, "text/plain", "POST a SOAP envelope\n");
  }
  if (behaviour.mode == Mode::errors) {
    return response_of(http::status::service_unavailable, "text/plain", "out of service\n");
  }
  if (behaviour.mode == Mode::refused) {
    return xml_response(http::status::forbidden, write_fault("Server.ServerProxy.AccessDenied", "denied"));
  }
  if (behaviour.variant == Variant::html) {
    return response_of(http::status::ok, "text/html",
                       "<!DOCTYPE html><html><head><title>Trang chủ</title></head><body><br></body></html>");
  }
  const auto question = read_question(request.body());
  if (!question || question->integration_code != "037") {
    return xml_response(http::status::internal_server_error, write_fault("soapenv:Client", "bad request"));
  }
  if (question->officer_number.empty()) {
    return xml_response(http::status::internal_server_error,
                        write_fault("Server.ServerProxy.AccessDenied", "unknown officer"));
  }
  auto found = people_.find(question->number, question->full_name, question->birth);
  if (found) ++stats_.matched;
  if (behaviour.mode == Mode::wrong_person) found = found ? (*found + 1) % people_.size() : 0;
  auto body = write_collection(people_, found, *question, behaviour.variant);
  if (behaviour.variant == Variant::truncated) body.resize(body.size() * 2 / 3);
  return xml_response(http::status::ok, std::move(body));
}

Service::Response Service::administer(const Request& request) {
  const auto target = std::string_view(request.target().data(), request.target().size());
  const auto path = path_of(target);
  if (path == "/_people" && request.method() == http::verb::get) {
    return list_people(path.size() == target.size() ? std::string_view{} : target.substr(path.size() + 1));
  }
  if (path == "/_stats" && request.method() == http::verb::get) return show_stats();
  if (path == "/_stats" && request.method() == http::verb::delete_) {
    const auto calls_now = stats_.calls_now;
    stats_ = Stats{};
    stats_.calls_now = stats_.most_calls_at_once = calls_now;
    return show_stats();
  }
  if (path == "/_control" && request.method() == http::verb::get) {
    return json_response(http::status::ok, to_json(behaviour_));
  }
  if (path == "/_control" && request.method() == http::verb::post) {
    const auto wanted = parse_behaviour(request.body());
    if (!wanted) return json_response(http::status::bad_request, {{"error", "no such behaviour"}});
    behave(*wanted);
    return json_response(http::status::ok, to_json(behaviour_));
  }
  const bool is_known = path == "/_people" || path == "/_stats" || path == "/_control";
  return json_response(is_known ? http::status::method_not_allowed : http::status::not_found,
                       {{"error", is_known ? "no such method here" : "no such page"}});
}

Service::Response Service::list_people(std::string_view query) const {
  const auto limit = number_in(query, "limit", kPeopleListed);
  const auto offset = number_in(query, "offset", 0);
  if (!limit || !offset || *limit > kPeopleListedMost) {
    return json_response(http::status::bad_request, {{"error", "limit is 0 to 100000, offset from 0"}});
  }
  json listed = json::array();
  const auto end = std::min(people_.size(), *offset + std::min(*limit, people_.size()));
  for (auto i = *offset; i < end; ++i) {
    const auto& person = people_.at(i);
    listed.push_back({{"personal_id", person.number},
                      {"old_id_number", person.old_number.empty() ? json(nullptr) : json(person.old_number)},
                      {"full_name", person.full_name},
                      {"birth_date", birth_date(person)},
                      {"sex", person.is_female ? "female" : "male"},
                      {"mother", number_or_null(people_, person.mother)},
                      {"father", number_or_null(people_, person.father)},
                      {"spouse", number_or_null(people_, person.spouse)}});
  }
  return json_response(http::status::ok, {{"people", std::move(listed)}, {"total", people_.size()}});
}

Service::Response Service::show_stats() const {
  json by_mode = json::object();
  for (std::size_t i = 0; i < kModes; ++i) {
    by_mode[std::string(name_of(static_cast<Mode>(i)))] = stats_.by_mode.at(i);
  }
  return json_response(http::status::ok, {{"calls", stats_.calls},
                                          {"calls_now", stats_.calls_now},
                                          {"most_calls_at_once", stats_.most_calls_at_once},
                                          {"matched", stats_.matched},
                                          {"gone", stats_.gone},
                                          {"by_mode", std::move(by_mode)}});
}

/// `down` also cuts whoever is being answered.
void Service::behave(const Behaviour& behaviour) {
  behaviour_ = behaviour;
  if (behaviour.mode != Mode::down || behaviour.per_mille < 1000) return;
  for (const auto& connection : connections_) {
    error_code ignored;
    if (!connection->is_administrative) connection->socket.close(ignored);
  }
}

}  // namespace population_service
