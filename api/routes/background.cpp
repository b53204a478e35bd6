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
  for (auto& slot : slots_) {
    if (slot.thread.joinable()) slot.thread.join();
  }
}

bool Background::run(std::function<void()> work) {
  for (auto& slot : slots_) {
    if (slot.runs) continue;
    if (slot.thread.joinable()) slot.thread.join();
    slot.runs = true;
    slot.thread = std::thread([&slot, work = std::move(work)] {
      give_way_to_requests();
      work();
      slot.runs = false;
    });
    return true;
  }
  return false;
}

}  // namespace motcua::api
