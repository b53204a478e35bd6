/// Long work off the I/O thread: reports that fold the whole log, checks of definitions, back-tests. A few at
/// a time, with what the processor has left over.
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <list>
#include <thread>

namespace motcua::api {

/// The calling thread, and those that it starts, work only where no request waits for the processor: also one
/// that has just begun its share is put aside for a request, as no other niceness does.
void give_way_to_requests();

class Background {
 public:
  /// `at_once`: how many may run.
  explicit Background(std::size_t at_once) : at_once_(at_once) {}
  Background(const Background&) = delete;
  Background& operator=(const Background&) = delete;
  ~Background() { wait(); }
  /// Waits for what runs.
  void wait();

  /// Runs `work` on a thread of its own, then `tell`, when the next may begin already; false, without running
  /// either, if enough of them run. One thread calls.
  [[nodiscard]] bool run(std::function<void()> work, std::function<void()> tell);

 private:
  struct Worker {
    std::thread thread{};
    std::atomic<bool> over{false};
  };
  std::size_t at_once_;
  std::atomic<std::size_t> running_{0};
  std::list<Worker> workers_{};
};

}  // namespace motcua::api
