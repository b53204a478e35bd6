#include "tests/population/register_process.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <gtest/gtest.h>

#include <array>
#include <csignal>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace motcua::tests {
namespace {

namespace http = boost::beast::http;
using boost::asio::ip::tcp;

std::string read_line(int file) {
  std::string line;
  for (char c = 0; ::read(file, &c, 1) == 1 && c != '\n';) line += c;
  return line;
}

}  // namespace

RegisterProcess::RegisterProcess(const std::vector<std::string>& options) {
  std::array<int, 2> pipe{};
  if (::pipe(pipe.data()) != 0) throw std::runtime_error("no pipe");
  std::vector<std::string> words{POPULATION_SERVICE, "--listen", "127.0.0.1:0"};
  words.insert(words.end(), options.begin(), options.end());
  std::vector<char*> arguments;
  for (auto& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions{};
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, pipe[1], STDOUT_FILENO);
  posix_spawn_file_actions_addclose(&actions, pipe[0]);
  posix_spawn_file_actions_addclose(&actions, pipe[1]);
  const int failed =
      ::posix_spawn(&process_, POPULATION_SERVICE, &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  ::close(pipe[1]);
  greeting_ = failed == 0 ? read_line(pipe[0]) : std::string{};
  ::close(pipe[0]);
  const auto port = greeting_.find("127.0.0.1:");
  if (port == std::string::npos) throw std::runtime_error("the population service did not start");
  port_ = static_cast<std::uint16_t>(std::stoi(greeting_.substr(port + 10)));
}

RegisterProcess::~RegisterProcess() { end(); }

int RegisterProcess::end() {
  if (process_ <= 0) return -1;
  ::kill(process_, SIGTERM);
  int status = 0;
  ::waitpid(process_, &status, 0);
  process_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

HttpAnswer RegisterProcess::send(const std::string& method, const std::string& target,
                                 const std::string& body) const {
  boost::asio::io_context loop;
  tcp::socket socket(loop);
  boost::system::error_code error;
  socket.connect({boost::asio::ip::make_address("127.0.0.1"), port_}, error);
  if (error) return {};
  http::request<http::string_body> request{http::string_to_verb(method), target, 11};
  request.set(http::field::host, "127.0.0.1");
  request.body() = body;
  request.prepare_payload();
  http::write(socket, request, error);
  if (error) return {};
  boost::beast::flat_buffer buffer;
  http::response_parser<http::string_body> parser;
  parser.body_limit(64 * 1024 * 1024);
  http::read(socket, buffer, parser, error);
  if (error) return {};
  return {parser.get().result_int(), parser.get().body()};
}

void RegisterProcess::behave(const nlohmann::json& behaviour) const {
  const auto answer = send("POST", "/_control", behaviour.dump());
  ASSERT_EQ(answer.status, 200U) << behaviour;
}

nlohmann::json RegisterProcess::stats() const { return nlohmann::json::parse(send("GET", "/_stats").body); }

void RegisterProcess::reset_stats() const { ASSERT_EQ(send("DELETE", "/_stats").status, 200U); }

nlohmann::json RegisterProcess::people(std::size_t limit) const {
  return nlohmann::json::parse(send("GET", "/_people?limit=" + std::to_string(limit)).body).at("people");
}

engine::PersonQuery query_for(const nlohmann::json& person) {
  engine::PersonQuery query;
  query.request_id = "request-1";
  query.officer_number = "066080000001";
  query.agency = engine::AgencyId("H15.50.05");
  query.procedure = engine::ProcedureCode("1.001193");
  query.purpose = "birth_registration";
  query.personal_id = person.at("personal_id");
  query.full_name = person.at("full_name");
  query.birth_date = person.at("birth_date");
  return query;
}

adapters::RegistryOptions quick_options(const std::string& url) {
  adapters::RegistryOptions options;
  options.url = url;
  options.attempt_timeout = std::chrono::milliseconds{400};
  options.overall_timeout = std::chrono::milliseconds{2'000};
  options.retry_delay = std::chrono::milliseconds{10};
  options.retry_delay_most = std::chrono::milliseconds{20};
  options.breaker.failures_to_open = 1'000'000;
  return options;
}

std::unique_ptr<adapters::SoapPopulationRegistry> open_registry(adapters::RegistryOptions options) {
  auto opened = adapters::SoapPopulationRegistry::open(std::move(options));
  if (!opened) throw std::runtime_error(opened.error().what);
  return std::move(*opened);
}

std::future<engine::RegisterAnswer> look_up(engine::PopulationRegistry& registry, engine::PersonQuery query) {
  const auto promise = std::make_shared<std::promise<engine::RegisterAnswer>>();
  auto future = promise->get_future();
  registry.look_up(std::move(query),
                   [promise](engine::RegisterAnswer answer) { promise->set_value(std::move(answer)); });
  return future;
}

engine::RegisterAnswer wait_for(std::future<engine::RegisterAnswer>& future) {
  if (future.wait_for(std::chrono::seconds{10}) != std::future_status::ready) {
    ADD_FAILURE() << "no answer";
    return {};
  }
  return future.get();
}

engine::RegisterAnswer ask(engine::PopulationRegistry& registry, engine::PersonQuery query) {
  auto future = look_up(registry, std::move(query));
  return wait_for(future);
}

std::string verdict(const engine::RegisterAnswer& answer) {
  return std::string(engine::name_of(answer.answer_class)) +
         (answer.detail.empty() ? "" : ' ' + answer.detail);
}

}  // namespace motcua::tests
