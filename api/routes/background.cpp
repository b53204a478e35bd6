#include "api/routes/background.hpp"

#include <sched.h>
#include <utility>

namespace motcua::api {

void give_way_to_requests() {
  const sched_param unused{};
  constexpr pid_t kThisThread = 0;
  // Where a sandbox forbids it, the work is done all the same.
  static_cast<void>(::sched_setscheduler(kThisThread, SCHED_IDLE, &unused));
}

void Background::wait() {
  for (auto& worker : workers_) worker.thread.join();
  workers_.clear();
}

bool Background::run(std::function<void()> work, std::function<void()> tell) {
  workers_.remove_if([](Worker& worker) {
    if (!worker.over) return false;
    worker.thread.join();
    return true;
  });
  if (running_ >= at_once_) return false;
  ++running_;
  auto& worker = workers_.emplace_back();
  worker.thread = std::thread([this, &worker, work = std::move(work), tell = std::move(tell)] {
    give_way_to_requests();
    work();
    // Whoever is told may ask for more at once, and this thread may be put aside before it ends.
    --running_;
    tell();
    worker.over = true;
  });
  return true;
}

}  // namespace motcua::api
