/// While the disk has no room beyond its reserve, nothing new is decided; what was decided before is
/// answered.
#include "adapters/system/disk_reserve.hpp"
#include "tests/support/harness.hpp"
#include "tests/support/scenario.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <thread>

namespace motcua::engine {
namespace {

constexpr std::uint64_t kMiB = std::uint64_t{1} << 20U;

RejectionCode code_of(const Answer& answer) {
  return answer.has_error() ? answer.error().code : RejectionCode::bad_request;
}

TEST(DiskShortage, RefusesNewCommandsAndLeavesNothingBehind) {
  Harness office;
  const auto filed = office.file();
  const auto events = office.log().size();
  office.disk().make_short(true);

  EXPECT_EQ(code_of(office.run(office.filing())), RejectionCode::not_durable);
  EXPECT_EQ(code_of(office.run(office.command(desk_officer(), filed->state.id, ReceiveCase{}, 1))),
            RejectionCode::not_durable);
  EXPECT_EQ(office.log().size(), events);

  office.disk().make_short(false);
  office.must(desk_officer(), filed, ReceiveCase{});
}

TEST(DiskShortage, AnswersTheRepetitionOfAnAcceptedCommand) {
  Harness office;
  const auto first = office.run(office.filing(desk_officer(), complete_filing(), "once"));
  ASSERT_TRUE(first.has_value());
  office.disk().make_short(true);

  const auto again = office.run(office.filing(desk_officer(), complete_filing(), "once"));

  ASSERT_TRUE(again.has_value());
  EXPECT_TRUE(again->repeated);
  EXPECT_EQ(again->after->state.id, first->after->state.id);
}

TEST(DiskShortage, IsMeasuredAlsoWhileEveryCommandIsRefused) {
  Harness office;
  office.disk().make_short(true);
  const auto before = office.commits();

  (void)office.run(office.filing());
  const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds{500};
  while (office.commits() == before && std::chrono::steady_clock::now() < until) std::this_thread::yield();

  EXPECT_GT(office.commits(), before);
}

TEST(DiskReserve, IsATwentiethOfASmallDiskAndNeverMoreThanItsMost) {
  adapters::DiskReserve reserve(".");

  reserve.take(kMiB, 1000 * kMiB);
  EXPECT_EQ(reserve.reserve_bytes(), 50 * kMiB);
  reserve.take(kMiB, std::uint64_t{1} << 50U);
  EXPECT_EQ(reserve.reserve_bytes(), adapters::kReserveBytesMost);
}

TEST(DiskReserve, BeginsBelowTheReserveAndEndsOnlyWithRoomToSpare) {
  adapters::DiskReserve reserve(".", 80 * kMiB);

  reserve.take(80 * kMiB, 1000 * kMiB);
  EXPECT_EQ(reserve.shortage(), std::nullopt);
  reserve.take(80 * kMiB - 1, 1000 * kMiB);
  EXPECT_EQ(reserve.shortage(),
            "the disk has 79 MiB free, the reserve is 80 MiB: nothing new is recorded until there is room");
  reserve.take(90 * kMiB - 1, 1000 * kMiB);
  EXPECT_NE(reserve.shortage(), std::nullopt);
  reserve.take(90 * kMiB, 1000 * kMiB);
  EXPECT_EQ(reserve.shortage(), std::nullopt);
}

TEST(DiskReserve, OfNothingIsNeverShort) {
  adapters::DiskReserve reserve(".", 0);

  reserve.take(0, 1000 * kMiB);
  EXPECT_EQ(reserve.shortage(), std::nullopt);
}

}  // namespace
}  // namespace motcua::engine
