/// The reserve of the disk that holds the data folder: room that commands may not use, so that the engine
/// stops while it can still end in order, and RocksDB never meets a full disk.
#pragma once

#include "engine/ports/disk_space.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace motcua::adapters {

/// The default reserve: this much, or a twentieth of the disk where that is less.
inline constexpr std::uint64_t kReserveBytesMost = std::uint64_t{256} << 20U;

class DiskReserve final : public engine::DiskSpace {
 public:
  /// Measures once. `reserve_bytes`: none for the default, 0 for no reserve at all.
  explicit DiskReserve(std::filesystem::path folder, std::optional<std::uint64_t> reserve_bytes = {});

  /// Asks the file system, at most ten times a second. One thread: the committer's, after each batch and
  /// while idle.
  void measure_if_due();
  /// Takes a measurement. Shortage begins below the reserve and ends at nine eighths of it, so that a disk at
  /// the limit does not change its mind with every file that is made or removed.
  void take(std::uint64_t free_bytes, std::uint64_t disk_bytes);

  [[nodiscard]] std::optional<std::string> shortage() const override;
  [[nodiscard]] std::uint64_t free_bytes() const { return free_.load(std::memory_order_relaxed); }
  [[nodiscard]] std::uint64_t reserve_bytes() const { return reserve_.load(std::memory_order_relaxed); }

 private:
  void measure();

  std::filesystem::path folder_;
  std::optional<std::uint64_t> wanted_;
  std::chrono::steady_clock::time_point measured_at_{};
  std::atomic<std::uint64_t> free_{0};
  std::atomic<std::uint64_t> reserve_{0};
  std::atomic<bool> short_{false};
};

}  // namespace motcua::adapters
