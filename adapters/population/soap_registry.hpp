/// The population database behind an LGSP gateway: service 037 over SOAP and HTTP. Keeps the link within
/// bounds: time, bytes, attempts, calls at once, and a circuit breaker. It logs nothing.
#pragma once

#include "adapters/population/circuit_breaker.hpp"
#include "adapters/population/soap_request.hpp"
#include "engine/core/result.hpp"
#include "engine/ports/population_registry.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace motcua::adapters {

/// All times are of the steady clock.
struct RegistryOptions {
  std::string url{};  ///< http://HOST:PORT[/path]
  ServiceAccount account{};
  /// Fields that the gateway asks for (ApiKey, X-Road-Client, ...), sent with every call as they are.
  std::vector<std::pair<std::string, std::string>> headers{};
  std::chrono::milliseconds attempt_timeout{3'000};   ///< connect to last byte
  std::chrono::milliseconds overall_timeout{10'000};  ///< look_up to answer; at least one attempt_timeout
  std::size_t answer_bytes_max = 256 * 1024;          ///< of the body
  int attempts_max = 3;                               ///< first attempt and retries
  std::chrono::milliseconds retry_delay{200};  ///< before the first retry, doubles; half of it is chance
  std::chrono::milliseconds retry_delay_most{2'000};
  std::size_t calls_max = 8;         ///< calls at once
  std::size_t waiting_max = 10'000;  ///< look-ups that wait for a call; beyond it they are `overloaded`
  BreakerOptions breaker{};
  /// Source of chance for the delays; empty: a generator of its own. Called on the link's thread.
  std::function<std::uint64_t()> random{};
};

/// Only UNAVAILABLE answers of an attempt (timeout, connection, 5xx, busy, fault of the server) are retried
/// and count against the link, with the same request id. An attempt is started only if all of its time fits
/// before the look-up's end, so every answer is there within overall_timeout.
class SoapPopulationRegistry final : public engine::PopulationRegistry {
 public:
  /// Checks the options; sends nothing yet.
  [[nodiscard]] static engine::FaultOr<std::unique_ptr<SoapPopulationRegistry>> open(RegistryOptions options);
  /// Answers every look-up that is not answered yet and ends the thread. Must not run on that thread. May
  /// wait for a name that the system's resolver is still looking for.
  ~SoapPopulationRegistry() override;

  void look_up(engine::PersonQuery query, std::function<void(engine::RegisterAnswer)> done) override;
  void on_link_change(std::function<void(engine::LinkState)> told) override;
  [[nodiscard]] engine::LinkFigures figures() const override;

 private:
  class Core;  ///< everything of the link's thread
  explicit SoapPopulationRegistry(std::unique_ptr<Core> core);

  std::unique_ptr<Core> core_;
};

}  // namespace motcua::adapters
