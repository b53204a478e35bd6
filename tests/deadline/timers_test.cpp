#include "engine/deadline/timers.hpp"

#include "engine/deadline/counting.hpp"
#include "tests/deadline/standing_samples.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace motcua::engine {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

std::string text(Instant at) { return to_rfc3339(at).substr(0, 19); }

TEST(ShiftByProcessingTime, MovesAnExtensionsDateByTheOfficeHoursPaused) {
  const auto calendar = civil_servants_2026();
  const auto shifted = [&](const char* due, const char* paused, const char* resumed) {
    return text(shift_by_processing_time(calendar, local(due), local(paused), local(resumed)));
  };
  EXPECT_EQ(shifted("2026-03-10T17:00:00", "2026-03-02T09:00:00", "2026-03-02T11:00:00"),
            "2026-03-11T09:00:00");
  EXPECT_EQ(shifted("2026-03-10T10:00:00", "2026-03-06T16:00:00", "2026-03-09T08:00:00"),
            "2026-03-10T14:00:00");
  EXPECT_EQ(shifted("2026-03-10T17:00:00", "2026-03-06T17:00:00", "2026-03-09T07:00:00"),
            "2026-03-10T17:00:00");
  EXPECT_EQ(shifted("2026-03-02T08:00:00", "2026-03-02T08:00:00", "2026-03-09T08:00:00"),
            "2026-03-02T08:00:00")
      << "it had passed before the pause";
}

RC_GTEST_PROP(ShiftByProcessingTimeProperty, LeavesAsMuchWorkingTimeAsThereWasAtThePause, ()) {
  const auto calendar = *any_calendar();
  const auto paused = *any_instant();
  const auto resumed = paused + seconds{*rc::gen::resize(100, rc::gen::inRange(0, 400'000))};
  const auto due = add_working_time(calendar, paused, {*rc::gen::resize(100, rc::gen::inRange(1, 200'000))});
  const auto shifted = shift_by_processing_time(calendar, due, paused, resumed);
  RC_ASSERT(shifted >= due);
  RC_ASSERT(working_time_between(calendar, resumed, shifted) == working_time_between(calendar, paused, due));
}

TEST(ReceptionLimit, IsCountedInReceptionWindows) {
  auto calendar = civil_servants_2026();
  for (std::size_t day = 1; day <= 6; ++day) calendar.reception[day] = {{hours{8}, hours{12}}};
  EXPECT_EQ(text(reception_limit_of(calendar, local("2026-03-05T09:00:00"), {8 * 3600})),
            "2026-03-07T09:00:00");
}

TEST(Nearing, IsOneWorkingDayBeforeTheDueInstantOrHalfOfAShorterLimit) {
  const auto calendar = civil_servants_2026();
  EXPECT_EQ(text(nearing_of(calendar, local("2026-03-02T08:00:00"), local("2026-03-09T10:00:00"))),
            "2026-03-06T10:00:00");
  EXPECT_EQ(text(nearing_of(calendar, local("2026-03-02T08:00:00"), local("2026-03-02T17:00:00"))),
            "2026-03-02T11:30:00")
      << "half of seven hours";
  EXPECT_EQ(text(nearing_of(calendar, local("2026-03-02T18:00:00"), local("2026-03-02T17:00:00"))),
            "2026-03-02T17:00:00");
}

RC_GTEST_PROP(NearingProperty, IsNeverAfterTheDueInstantNorBeforeTheStart, ()) {
  const auto calendar = *any_calendar();
  const auto since = *any_instant();
  const auto due = add_working_time(calendar, since, {*rc::gen::resize(100, rc::gen::inRange(0, 400'000))});
  const auto nearing = nearing_of(calendar, since, due);
  RC_ASSERT(since <= nearing);
  RC_ASSERT(nearing <= due);
  RC_ASSERT(working_time_between(calendar, nearing, due).count <= kNearing.count);
}

}  // namespace
}  // namespace motcua::engine
