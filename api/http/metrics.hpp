/// Figures of the process as Prometheus text. Labels are closed lists (route patterns, methods, statuses): no
/// path, no query, no name of a person or a case.
#pragma once

#include "api/http/message.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace motcua::api {

enum class MetricKind { counter, gauge };

/// One value of a metric with its labels.
struct Sample {
  std::vector<std::pair<std::string, std::string>> labels{};
  double value = 0;
};

/// A distribution: values at most each bound, and beyond the last.
struct Histogram {
  std::vector<double> bounds{};          ///< ascending
  std::vector<std::uint64_t> buckets{};  ///< one more than bounds; not cumulative
  double sum = 0;
};

/// The registry. One per process, made by the composition root and passed by reference.
class Metrics {
 public:
  Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;
  ~Metrics();

  /// Registers a figure of another component, e.g. ("motcua_sequencer_queue", "Commands waiting.", gauge,
  /// read). Any thread, until the server runs. `read` is called on the I/O thread for every rendering: it
  /// must be quick and safe against the component's own thread (read atomics).
  void add(std::string name, std::string help, MetricKind kind, std::function<double()> read);
  /// The same for a metric with labels.
  void add_labelled(std::string name, std::string help, MetricKind kind,
                    std::function<std::vector<Sample>()> read);

  /// The same for a distribution.
  void add_histogram(std::string name, std::string help, std::function<Histogram()> read);

  /// Text exposition format 0.0.4 of everything. I/O thread.
  [[nodiscard]] std::string render() const;

  /// One answered request. `route` is a pattern of the router, or `none` for what no route took. I/O thread.
  void count_request(std::string_view route, Method method, unsigned status, std::chrono::microseconds took);
  void request_started();
  void request_finished();
  /// A handler threw, or dropped a request unanswered.
  void handler_failed();
  void request_abandoned();
  void connection_opened();
  void connection_closed();
  void connection_refused();
  /// A connection was cut because a time limit passed.
  void connection_timed_out();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Content type of `render`.
inline constexpr std::string_view kMetricsContentType = "text/plain; version=0.0.4; charset=utf-8";

}  // namespace motcua::api
