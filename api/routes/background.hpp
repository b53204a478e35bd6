/// Long reads off the I/O thread: reports that fold the whole log. A few at a time, with what the processor
/// has left over.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <functional>
#include <thread>

namespace motcua::api {

/// The calling thread, and those that it starts, work only where no request waits for the processor: also one
/// that has just begun its share is put aside for a request, as no other niceness does.
void give_way_to_requests();

class Background {
 public:
  static constexpr std::size_t kAtOnce = 2;

  Background() = default;
  Background(const Background&) = delete;
  Background& operator=(const Background&) = delete;
  ~Background() { wait(); }
  /// Waits for what runs.
  void wait();

  /// Runs `work` on a thread of its own; false, without running it, if enough of them run. One thread calls.
  [[nodiscard]] bool run(std::function<void()> work);

 private:
  struct Slot {
    std::thread thread{};
    std::atomic<bool> runs{false};
  };
  std::array<Slot, kAtOnce> slots_{};
};

}  // namespace motcua::api
