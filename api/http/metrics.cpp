#include "api/http/metrics.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>

namespace motcua::api {
namespace {

/// Upper bounds of the latency histogram, microseconds, with their text in seconds.
constexpr std::array<std::pair<std::int64_t, const char*>, 15> kBuckets{{
    {100, "0.0001"},
    {250, "0.00025"},
    {500, "0.0005"},
    {1'000, "0.001"},
    {2'500, "0.0025"},
    {5'000, "0.005"},
    {10'000, "0.01"},
    {25'000, "0.025"},
    {50'000, "0.05"},
    {100'000, "0.1"},
    {250'000, "0.25"},
    {500'000, "0.5"},
    {1'000'000, "1"},
    {2'500'000, "2.5"},
    {10'000'000, "10"},
}};

struct RouteFigures {
  std::array<std::uint64_t, kBuckets.size() + 1>
      buckets{};  ///< not cumulative; the last is beyond every bound
  std::int64_t took_us = 0;
  std::uint64_t count = 0;
  std::map<unsigned, std::uint64_t> by_status{};
};

struct Registered {
  std::string help{};
  MetricKind kind = MetricKind::gauge;
  std::function<std::vector<Sample>()> read{};
};

std::string number(double value) {
  if (std::isnan(value)) {
    return "NaN";
  }
  if (std::isinf(value)) {
    return value > 0 ? "+Inf" : "-Inf";
  }
  std::array<char, 40> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
  return {text.data(), end};
}

void append_label(std::string& out, std::string_view name, std::string_view value) {
  out += name;
  out += "=\"";
  for (const char unit : value) {
    if (unit == '\n') {
      out += "\\n";
      continue;
    }
    if (unit == '\\' || unit == '"') {
      out += '\\';
    }
    out += unit;
  }
  out += '"';
}

void append_head(std::string& out, std::string_view name, std::string_view help, std::string_view type) {
  out += "# HELP ";
  out += name;
  out += ' ';
  out += help;
  out += "\n# TYPE ";
  out += name;
  out += ' ';
  out += type;
  out += '\n';
}

void append_plain(std::string& out, std::string_view name, std::string_view help, std::string_view type,
                  std::uint64_t value) {
  append_head(out, name, help, type);
  out += name;
  out += ' ' + std::to_string(value) + '\n';
}

void append_registered(std::string& out, const std::string& name, const Registered& metric) {
  append_head(out, name, metric.help, metric.kind == MetricKind::counter ? "counter" : "gauge");
  for (const auto& sample : metric.read()) {
    out += name;
    for (std::size_t at = 0; at < sample.labels.size(); ++at) {
      out += at == 0 ? '{' : ',';
      append_label(out, sample.labels[at].first, sample.labels[at].second);
    }
    out += sample.labels.empty() ? " " : "} ";
    out += number(sample.value) + '\n';
  }
}

void append_histogram(std::string& out, const std::string& name, const std::string& help,
                      const Histogram& values) {
  append_head(out, name, help, "histogram");
  std::uint64_t below = 0;
  for (std::size_t at = 0; at < values.buckets.size(); ++at) {
    below += values.buckets[at];
    const auto bound = at < values.bounds.size() ? number(values.bounds[at]) : "+Inf";
    out += name + "_bucket{le=\"" + bound + "\"} " + std::to_string(below) + '\n';
  }
  out += name + "_sum " + number(values.sum) + '\n';
  out += name + "_count " + std::to_string(below) + '\n';
}

}  // namespace

struct Metrics::State {
  using RouteKey = std::pair<std::string_view, Method>;  ///< patterns outlive the registry's use
  std::map<RouteKey, RouteFigures> routes{};
  std::uint64_t in_flight = 0;
  std::uint64_t failed = 0;
  std::uint64_t abandoned = 0;
  std::uint64_t connections = 0;
  std::uint64_t refused = 0;
  std::uint64_t timed_out = 0;
  std::mutex guard{};  ///< of `registered` and `histograms` only: components may register while others
                       ///< already render
  std::map<std::string, Registered> registered{};
  std::map<std::string, std::pair<std::string, std::function<Histogram()>>> histograms{};

  void append_counts(std::string& out) const;
  void append_latencies(std::string& out) const;
};

void Metrics::State::append_counts(std::string& out) const {
  append_head(out, "motcua_http_requests_total", "Answered requests.", "counter");
  for (const auto& [key, figures] : routes) {
    for (const auto& [status, count] : figures.by_status) {
      out += "motcua_http_requests_total{";
      append_label(out, "route", key.first);
      out += ',';
      append_label(out, "method", name_of(key.second));
      out += ",status=\"" + std::to_string(status) + "\"} " + std::to_string(count) + '\n';
    }
  }
}

void Metrics::State::append_latencies(std::string& out) const {
  append_head(out, "motcua_http_request_seconds", "First byte of a request to its answer.", "histogram");
  for (const auto& [key, figures] : routes) {
    std::string labels;
    append_label(labels, "route", key.first);
    labels += ',';
    append_label(labels, "method", name_of(key.second));
    std::uint64_t below = 0;
    for (std::size_t at = 0; at < kBuckets.size(); ++at) {
      below += figures.buckets[at];
      out += "motcua_http_request_seconds_bucket{" + labels + ",le=\"" + kBuckets[at].second + "\"} " +
             std::to_string(below) + '\n';
    }
    out += "motcua_http_request_seconds_bucket{" + labels + ",le=\"+Inf\"} " + std::to_string(figures.count) +
           '\n';
    out += "motcua_http_request_seconds_sum{" + labels + "} " +
           number(static_cast<double>(figures.took_us) / 1e6) + '\n';
    out += "motcua_http_request_seconds_count{" + labels + "} " + std::to_string(figures.count) + '\n';
  }
}

Metrics::Metrics() : state_(std::make_unique<State>()) {}
Metrics::~Metrics() = default;

void Metrics::add(std::string name, std::string help, MetricKind kind, std::function<double()> read) {
  add_labelled(std::move(name), std::move(help), kind, [read = std::move(read)] {
    std::vector<Sample> one(1);
    one.front().value = read();
    return one;
  });
}

void Metrics::add_labelled(std::string name, std::string help, MetricKind kind,
                           std::function<std::vector<Sample>()> read) {
  const std::scoped_lock lock(state_->guard);
  state_->registered.insert_or_assign(std::move(name), Registered{std::move(help), kind, std::move(read)});
}

void Metrics::add_histogram(std::string name, std::string help, std::function<Histogram()> read) {
  const std::scoped_lock lock(state_->guard);
  state_->histograms.insert_or_assign(std::move(name), std::pair(std::move(help), std::move(read)));
}

std::string Metrics::render() const {
  std::string out;
  state_->append_counts(out);
  state_->append_latencies(out);
  append_plain(out, "motcua_http_requests_in_flight", "Requests read and not yet answered.", "gauge",
               state_->in_flight);
  append_plain(out, "motcua_http_handler_failures_total", "Handlers that threw.", "counter", state_->failed);
  append_plain(out, "motcua_http_requests_abandoned_total", "Requests dropped unanswered by a handler.",
               "counter", state_->abandoned);
  append_plain(out, "motcua_http_connections", "Open connections.", "gauge", state_->connections);
  append_plain(out, "motcua_http_connections_refused_total", "Connections beyond the cap.", "counter",
               state_->refused);
  append_plain(out, "motcua_http_connections_timed_out_total", "Connections cut by a time limit.", "counter",
               state_->timed_out);
  const std::scoped_lock lock(state_->guard);
  for (const auto& [name, metric] : state_->registered) {
    append_registered(out, name, metric);
  }
  for (const auto& [name, metric] : state_->histograms) {
    append_histogram(out, name, metric.first, metric.second());
  }
  return out;
}

void Metrics::count_request(std::string_view route, Method method, unsigned status,
                            std::chrono::microseconds took) {
  auto& figures = state_->routes[{route, method}];
  std::size_t bucket = 0;
  while (bucket < kBuckets.size() && took.count() > kBuckets[bucket].first) {
    ++bucket;
  }
  ++figures.buckets[bucket];
  ++figures.count;
  figures.took_us += took.count();
  ++figures.by_status[status];
}

void Metrics::request_started() { ++state_->in_flight; }
void Metrics::request_finished() { --state_->in_flight; }
void Metrics::handler_failed() { ++state_->failed; }
void Metrics::request_abandoned() { ++state_->abandoned; }
void Metrics::connection_opened() { ++state_->connections; }
void Metrics::connection_closed() { --state_->connections; }
void Metrics::connection_refused() { ++state_->refused; }
void Metrics::connection_timed_out() { ++state_->timed_out; }

}  // namespace motcua::api
