#include "adapters/system/disk_reserve.hpp"

#include <algorithm>
#include <system_error>
#include <utility>

namespace motcua::adapters {
namespace {

constexpr std::chrono::milliseconds kMeasureEvery{100};

std::string mib(std::uint64_t bytes) { return std::to_string(bytes >> 20U) + " MiB"; }

}  // namespace

DiskReserve::DiskReserve(std::filesystem::path folder, std::optional<std::uint64_t> reserve_bytes)
    : folder_(std::move(folder)), wanted_(reserve_bytes) {
  measure();
}

void DiskReserve::measure_if_due() {
  const auto now = std::chrono::steady_clock::now();
  if (now - measured_at_ < kMeasureEvery) return;
  measured_at_ = now;
  measure();
}

void DiskReserve::measure() {
  std::error_code error;
  const auto space = std::filesystem::space(folder_, error);
  if (!error) take(space.available, space.capacity);
}

void DiskReserve::take(std::uint64_t free_bytes, std::uint64_t disk_bytes) {
  const auto reserve = wanted_.value_or(std::min(kReserveBytesMost, disk_bytes / 20));
  const auto enough = short_.load(std::memory_order_relaxed) ? reserve + reserve / 8 : reserve;
  free_.store(free_bytes, std::memory_order_relaxed);
  reserve_.store(reserve, std::memory_order_relaxed);
  short_.store(free_bytes < enough, std::memory_order_relaxed);
}

std::optional<std::string> DiskReserve::shortage() const {
  if (!short_.load(std::memory_order_relaxed)) return std::nullopt;
  return "the disk has " + mib(free_bytes()) + " free, the reserve is " + mib(reserve_bytes()) +
         ": nothing new is recorded until there is room";
}

}  // namespace motcua::adapters
