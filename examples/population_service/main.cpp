/// `population-service`: a stand-in for the national population database, with synthetic people. For tests,
/// demonstrations and training; never a source of truth.
#include "examples/population_service/service.hpp"

#include <CLI/CLI.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/system/system_error.hpp>

#include <csignal>
#include <cstdint>
#include <iostream>
#include <string>

namespace {

constexpr int kUsage = 2;
constexpr int kFailure = 3;

/// Splits HOST:PORT; the port 0 asks the system for a free one.
bool parse_listen(const std::string& text, std::string& host, std::uint16_t& port) {
  const auto colon = text.rfind(':');
  if (colon == std::string::npos || colon == 0) return false;
  host = text.substr(0, colon);
  if (host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  return CLI::detail::lexical_cast(text.substr(colon + 1), port);
}

int serve(const std::string& host, std::uint16_t port, std::size_t count, std::uint64_t seed) {
  const population_service::People people(count, seed);
  boost::asio::io_context loop{1};
  population_service::Service service(loop, people, seed);
  port = service.listen(host, port);
  boost::asio::signal_set signals(loop, SIGTERM, SIGINT);
  signals.async_wait([&](const boost::system::error_code&, int) { service.stop(); });
  std::cout << "population-service: listening on " << host << ':' << port << ", " << people.size()
            << " synthetic people, seed " << seed << std::endl;
  loop.run();
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"A stand-in for the national population database (service 037) with synthetic people"};
  std::string listen = "127.0.0.1:8090";
  std::size_t count = 1000;
  std::uint64_t seed = 1;
  app.add_option("--listen", listen, "HOST:PORT; port 0 takes a free one")->capture_default_str();
  app.add_option("--people", count, "how many people")
      ->check(CLI::Range(1, 2'000'000))
      ->capture_default_str();
  app.add_option("--seed", seed, "same seed, same people")->capture_default_str();
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kUsage;
  }
  std::string host;
  std::uint16_t port = 0;
  if (!parse_listen(listen, host, port)) {
    std::cerr << "population-service: --listen takes HOST:PORT\n";
    return kUsage;
  }
  try {
    return serve(host, port, count, seed);
  } catch (const boost::system::system_error& error) {
    std::cerr << "population-service: cannot listen on " << listen << ": " << error.code().message() << '\n';
    return kFailure;
  }
}
