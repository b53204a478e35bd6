/// The example population service as a process of its own, on a free port, for as long as the object lives.
#pragma once

#include "adapters/population/soap_registry.hpp"

#include <nlohmann/json.hpp>

#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <sys/types.h>
#include <vector>

namespace motcua::tests {

struct HttpAnswer {
  unsigned status = 0;  ///< 0: the connection was closed without an answer
  std::string body{};
};

class RegisterProcess {
 public:
  explicit RegisterProcess(const std::vector<std::string>& options = {"--people", "200", "--seed", "42"});
  RegisterProcess(const RegisterProcess&) = delete;
  RegisterProcess& operator=(const RegisterProcess&) = delete;
  ~RegisterProcess();

  [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/lgsp/037"; }
  [[nodiscard]] HttpAnswer send(const std::string& method, const std::string& target,
                                const std::string& body = {}) const;
  /// Sets the behaviour; it must be accepted.
  void behave(const nlohmann::json& behaviour) const;
  [[nodiscard]] nlohmann::json stats() const;
  void reset_stats() const;
  [[nodiscard]] nlohmann::json people(std::size_t limit = 200) const;
  /// Sends SIGTERM and answers the exit code.
  int end();
  /// The line it printed.
  [[nodiscard]] const std::string& greeting() const { return greeting_; }

 private:
  pid_t process_ = -1;
  std::uint16_t port_ = 0;
  std::string greeting_{};
};

/// Asks for exactly this person of the list.
[[nodiscard]] engine::PersonQuery query_for(const nlohmann::json& person);

/// Quick: 400 ms an attempt, 2 s in all, pauses of 10 ms; the breaker practically never opens.
[[nodiscard]] adapters::RegistryOptions quick_options(const std::string& url);
[[nodiscard]] std::unique_ptr<adapters::SoapPopulationRegistry> open_registry(
    adapters::RegistryOptions options);

[[nodiscard]] std::future<engine::RegisterAnswer> look_up(engine::PopulationRegistry& registry,
                                                          engine::PersonQuery query);
/// Waits ten seconds at most: a test that would hang fails instead.
[[nodiscard]] engine::RegisterAnswer wait_for(std::future<engine::RegisterAnswer>& future);
[[nodiscard]] engine::RegisterAnswer ask(engine::PopulationRegistry& registry, engine::PersonQuery query);

/// `CLASS detail` of an answer.
[[nodiscard]] std::string verdict(const engine::RegisterAnswer& answer);

}  // namespace motcua::tests
