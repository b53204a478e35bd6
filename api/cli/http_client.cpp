#include "api/cli/http_client.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>

#include <chrono>
#include <string_view>

namespace motcua::api {
namespace {

namespace http = boost::beast::http;

struct Address {
  std::string host{};
  std::string port = "80";
};

engine::FaultOr<Address> parse_base(const std::string& base) {
  constexpr std::string_view kScheme = "http://";
  if (!base.starts_with(kScheme)) return engine::Fault{"the address must start with http://"};
  auto rest = base.substr(kScheme.size());
  rest = rest.substr(0, rest.find('/'));
  Address address;
  const auto colon = rest.rfind(':');
  address.host = rest.substr(0, colon);
  if (colon != std::string::npos) address.port = rest.substr(colon + 1);
  return address;
}

}  // namespace

engine::FaultOr<ClientResponse> send(const ClientRequest& request) {
  const auto address = parse_base(request.base);
  if (!address) return address.error();
  try {
    boost::asio::io_context loop;
    boost::asio::ip::tcp::resolver resolver(loop);
    boost::beast::tcp_stream stream(loop);
    stream.connect(resolver.resolve(address->host, address->port));
    http::request<http::string_body> message{http::string_to_verb(request.method), request.target, 11};
    message.set(http::field::host, address->host + ':' + address->port);
    message.set(http::field::connection, "close");
    if (!request.token.empty()) message.set(http::field::authorization, "Bearer " + request.token);
    if (!request.idempotency_key.empty()) message.set("Idempotency-Key", request.idempotency_key);
    if (!request.body.empty()) {
      message.set(http::field::content_type, "application/json");
      message.body() = request.body;
    }
    message.prepare_payload();
    http::write(stream, message);
    boost::beast::flat_buffer buffer;
    http::response_parser<http::string_body> parser;
    parser.body_limit(std::uint64_t{64} * 1024 * 1024);
    http::read(stream, buffer, parser);
    return ClientResponse{parser.get().result_int(), std::move(parser.get().body())};
  } catch (const boost::system::system_error& error) {
    return engine::Fault{"the engine at " + request.base + " does not answer: " + error.code().message()};
  }
}

}  // namespace motcua::api
