#include "api/routes/background.hpp"

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <utility>

namespace motcua::api {
namespace {

/// Of this thread and those that it starts: requests come first.
void yield_to_requests() {
  constexpr int kNice = 15;
  static_cast<void>(::setpriority(PRIO_PROCESS, static_cast<id_t>(::syscall(SYS_gettid)), kNice));
}

}  // namespace

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
      yield_to_requests();
      work();
      slot.runs = false;
    });
    return true;
  }
  return false;
}

}  // namespace motcua::api
