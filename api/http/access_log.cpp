#include "api/http/access_log.hpp"

#include <spdlog/async_logger.h>
#include <spdlog/details/thread_pool.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <array>
#include <cstdio>
#include <ctime>

namespace motcua::api {
namespace {

/// Blocks waiting for the writer. With kBlockBytes this bounds the memory of a stalled log to 8 MiB.
constexpr std::size_t kBlocksWaitingMax = 256;
constexpr std::size_t kBlockBytes = 32 * 1024;

}  // namespace

struct AccessLog::State {
  std::shared_ptr<spdlog::details::thread_pool> writer{};
  std::shared_ptr<spdlog::async_logger> logger{};
  std::string gathered{};
  std::time_t second = -1;
  std::array<char, 24> second_text{};  ///< `2026-03-02T01:02:03`
};

AccessLog::AccessLog(const std::string& path) : state_(std::make_unique<State>()) {
  if (path.empty()) {
    return;
  }
  spdlog::sink_ptr sink;
  if (path == "-") {
    sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
  } else {
    sink = std::make_shared<spdlog::sinks::basic_file_sink_mt>(path);
  }
  sink->set_pattern("%v");
  state_->writer = std::make_shared<spdlog::details::thread_pool>(kBlocksWaitingMax, 1);
  state_->logger = std::make_shared<spdlog::async_logger>("access", std::move(sink), state_->writer,
                                                          spdlog::async_overflow_policy::overrun_oldest);
  state_->logger->flush_on(spdlog::level::info);
  state_->gathered.reserve(kBlockBytes + 512);
}

AccessLog::~AccessLog() { flush(); }

void AccessLog::record(const AccessLine& line) {
  if (!state_->logger) {
    return;
  }
  std::timespec now{};
  std::timespec_get(&now, TIME_UTC);
  if (now.tv_sec != state_->second) {
    state_->second = now.tv_sec;
    std::tm parts{};
    gmtime_r(&now.tv_sec, &parts);
    std::strftime(state_->second_text.data(), state_->second_text.size(), "%FT%T", &parts);
  }
  std::array<char, 512> text{};
  const auto route = line.route.substr(0, 200);
  const auto method = name_of(line.method);
  const int length = std::snprintf(
      text.data(), text.size(),
      R"({"at":"%s.%06ldZ","request_id":"%.*s","method":"%.*s","route":"%.*s","status":%u,"us":%lld,"bytes_in":%llu,"bytes_out":%llu})",
      state_->second_text.data(), now.tv_nsec / 1000, static_cast<int>(line.request_id.size()),
      line.request_id.data(), static_cast<int>(method.size()), method.data(), static_cast<int>(route.size()),
      route.data(), line.status, static_cast<long long>(line.took.count()),
      static_cast<unsigned long long>(line.bytes_in), static_cast<unsigned long long>(line.bytes_out));
  if (length <= 0 || static_cast<std::size_t>(length) >= text.size()) {
    return;
  }
  if (!state_->gathered.empty()) {
    state_->gathered += '\n';
  }
  state_->gathered.append(text.data(), static_cast<std::size_t>(length));
  if (state_->gathered.size() >= kBlockBytes) {
    flush();
  }
}

void AccessLog::flush() {
  if (state_->logger && !state_->gathered.empty()) {
    state_->logger->info(state_->gathered);
    state_->gathered.clear();
  }
}

std::uint64_t AccessLog::lost() const { return state_->writer ? state_->writer->overrun_counter() : 0; }

}  // namespace motcua::api
