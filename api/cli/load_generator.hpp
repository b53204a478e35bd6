/// Load on a running engine over HTTP/1.1: many keep-alive connections, one thread, one durable command per
/// request. It drives real cases (hồ sơ) and counts what the server acknowledged. It shares the machine with
/// the server, so it builds requests by hand and reads of an answer only its status, length, id and version.
/// It must not be pointed at anything but the server under test.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace motcua::api {

/// What the measured part consists of.
enum class LoadMode {
  advance,  ///< claim and release in turn on cases in process: steady state, one durable command each
  life,     ///< whole lives, from filing to the return of the result
};

/// One command of a case's life.
struct LifeStep {
  std::string role{};     ///< whose token sends it
  std::string command{};  ///< `claim`
  std::string data{};     ///< JSON object, `{}`
  std::string reason{};   ///< free text beside `data`; empty: none
};

/// A case from filing to the return of its result.
struct LifeScript {
  std::string filing_role{};
  std::string filing{};  ///< body of POST /cases
  std::vector<LifeStep>
      steps{};  ///< in order; `advance` plays up to the first claim, then claims and releases
};

struct LoadOptions {
  std::string host = "127.0.0.1";  ///< numeric address
  std::uint16_t port = 8080;
  std::map<std::string, std::string> tokens{};  ///< role to JWT; the empty role stands for any other
  LifeScript script{};
  LoadMode mode = LoadMode::advance;
  int connections = 64;
  int cases_per_connection = 16;  ///< open cases each connection advances in turn
  std::chrono::milliseconds duration{10'000};
  std::chrono::milliseconds warm_up{500};  ///< driven, not counted
  std::uint64_t requests_max = 0;          ///< ends the measured part earlier; 0: the duration alone does
  double rate = 0;                         ///< requests a second on a fixed schedule; 0: closed loop
  int server_pid = 0;                      ///< whose processor time is reported; 0: nobody's
  bool keep_answer = false;                ///< keep the last 2xx answer to a command
};

struct LoadReport {
  std::uint64_t requests = 0;  ///< acknowledged with 2xx inside the measured time
  std::uint64_t errors = 0;
  std::map<std::string, std::uint64_t> error_kinds{};  ///< `409 version-conflict`, `connection closed`, ...
  std::uint64_t cases_filed = 0;                       ///< all phases
  std::uint64_t lives = 0;                             ///< completed in the measured time
  std::uint64_t bytes_received = 0;
  double seconds = 0;
  double per_second = 0;
  double client_cpu_us = 0;  ///< processor time of the generator per request, microseconds
  double server_cpu_us = 0;  ///< the same of the server, all its threads
  /// Microseconds; in the open loop counted from the scheduled instant.
  double p50 = 0;
  double p90 = 0;
  double p99 = 0;
  double max = 0;
  std::vector<std::pair<double, std::uint64_t>>
      histogram{};              ///< upper bound in microseconds, count; no empty ones
  std::string sample_answer{};  ///< if `keep_answer`

  /// At most one request in a thousand failed, and some succeeded.
  [[nodiscard]] bool acceptable() const { return requests > 0 && errors * 1000 <= requests + errors; }
};

/// Runs set-up and measured part. Throws std::runtime_error if the server cannot be reached or set-up fails.
[[nodiscard]] LoadReport run_load(const LoadOptions& options);

/// A script from JSON: `{filing_role, filing{}, steps[{role, command, data{}, reason}]}`. Throws on other
/// shapes.
[[nodiscard]] LifeScript read_script(const std::string& json);
/// A birth registration (1.001193) from filing to return.
[[nodiscard]] LifeScript birth_script();

/// One JSON object, histogram included.
[[nodiscard]] std::string to_json(const LoadReport& report);
/// A few lines for people.
[[nodiscard]] std::string to_text(const LoadReport& report);

}  // namespace motcua::api
