/// Very many timers due at once: each fires once, in order of due, and who asks meanwhile waits behind a few.
#include "engine/runtime/timers.hpp"
#include "tests/support/harness.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <thread>

namespace motcua::engine {
namespace {

constexpr std::size_t kMany = 100;
/// More of them than this in front of a request are felt: each reads a case from the disk.
constexpr std::ptrdiff_t kFew = 16;

/// Open cases whose reception timers are all due, one second after the other.
struct BusyMorning {
  Harness office{};

  BusyMorning() {
    for (std::size_t i = 0; i < kMany; ++i) {
      (void)office.file();
      office.clock().advance(std::chrono::seconds{1});
    }
    office.clock().advance(std::chrono::hours{24 * 30});
  }

  [[nodiscard]] std::vector<Record> written(const char* type) const {
    auto log = office.log();
    std::erase_if(log, [&](const Record& record) { return record.type != type; });
    return log;
  }
};

TEST(TimerSweeper, LetsARequestWaitBehindAFewTimersOnly) {
  BusyMorning morning;
  auto& office = morning.office;
  office.store().block_next_append();
  TimerSweeper sweeper(office.store(), office.keys(), office.clock(), office.sequencer(), nullptr, {});
  office.store().wait_until_append_is_blocked();
  std::this_thread::sleep_for(std::chrono::milliseconds{100});  // whatever is commanded at once has been
  auto asked = office.submit(office.filing());
  office.store().release_append();
  ASSERT_TRUE(wait_for(asked).has_value());

  const auto filing = morning.written("case.filed").back().position;
  const auto fired = morning.written("case.timer_fired");
  EXPECT_LE(std::count_if(fired.begin(), fired.end(),
                          [&](const Record& record) { return record.position < filing; }),
            kFew);
}

TEST(TimerSweeper, FiresEachOfManyOnceInOrderOfDue) {
  BusyMorning morning;
  TimerSweeper sweeper(morning.office.store(), morning.office.keys(), morning.office.clock(),
                       morning.office.sequencer(), nullptr, {});
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds{10};
  while (sweeper.fired() < kMany && std::chrono::steady_clock::now() < until) std::this_thread::yield();

  const auto filed = morning.written("case.filed");
  const auto fired = morning.written("case.timer_fired");
  ASSERT_EQ(fired.size(), kMany);
  for (std::size_t i = 0; i < kMany; ++i) EXPECT_EQ(fired[i].stream, filed[i].stream) << i;
}

}  // namespace
}  // namespace motcua::engine
