/// Timers of a case: when they are set and cancelled, what each marks, and the duty that lateness opens.
#include "engine/cases/rows.hpp"
#include "tests/cases/week.hpp"

#include <gtest/gtest.h>

namespace motcua::engine {
namespace {

using std::chrono::hours;

TimerFired fired(const std::string& kind, Instant due_at, const std::string& flag) {
  TimerFired event;
  event.kind = kind;
  event.due_at = due_at;
  event.outcome.timers_cancelled = {kind};
  event.outcome.flags_added = {flag};
  return event;
}

TEST(Timers, ReceptionReplacesItsOwnLimitByThoseOfTheTimeLimit) {
  auto scenario = standing_in(Stage::registered);
  EXPECT_EQ(scenario.state().timers, (std::vector<CaseTimer>{{"reception_limit", kTuesday8h}}));
  scenario.did(desk_officer(), ReceiveCase{});
  EXPECT_EQ(scenario.state().timers, timers_of(kTuesday8h, kThursday8h));
}

TEST(Timers, EveryWayToCloseACaseCancelsThemAll) {
  for (const auto stage : {Stage::not_received, Stage::withdrawn, Stage::stopped, Stage::resolved}) {
    EXPECT_TRUE(standing_in(stage).state().timers.empty()) << name_of(stage);
  }
}

TEST(Timers, APausedClockHasNone) {
  for (const auto& body : {CommandBody{PauseClock{"verification"}}, ask_for({"mandate"})}) {
    auto scenario = running_case();
    scenario.did(case_officer(), body);
    EXPECT_TRUE(scenario.state().timers.empty()) << name_of(body);
  }
}

TEST(Timers, AResumeSetsThemForTheNewDate) {
  auto scenario = running_case();
  scenario.at(kMonday10h).did(case_officer(), PauseClock{"verification"});
  scenario.at(kTuesday10h).did(case_officer(), ResumeClock{});
  // 14 hours are left: 5.5 on Tuesday, 8 on Thursday, half an hour on Friday. Half of them come before
  // nearing.
  EXPECT_EQ(scenario.state().timers, timers_of(kThursday8h + hours{1}, kFriday8h));
}

TEST(Timers, AnExtensionMovesThem) {
  auto scenario = running_case();
  scenario.did(signatory(), extend(kFriday10h));
  ASSERT_EQ(scenario.state().timers.size(), 3U);
  EXPECT_EQ(scenario.state().timers[1], (CaseTimer{"due", kFriday10h}));
  EXPECT_EQ(scenario.state().timers[2], (CaseTimer{"overdue", kFriday10h + kSecond}));
}

TEST(Timers, AWaitForTheApplicantBeforeReceptionStopsTheReceptionLimitAndSupplyStartsItAnew) {
  auto scenario = standing_in(Stage::registered);
  scenario.did(desk_officer(), ask_for({"mandate"}));
  EXPECT_TRUE(scenario.state().timers.empty());
  scenario.at(kTuesday8h).did(desk_officer(), supply({"mandate"}));
  EXPECT_EQ(scenario.state().timers, (std::vector<CaseTimer>{{"reception_limit", kThursday8h}}));
}

TEST(FireTimer, NearingMarksAndNothingElse) {
  auto scenario = running_case();
  scenario.at(kTuesday8h).when_engine(FireTimer{"nearing", kTuesday8h});
  scenario.then(fired("nearing", kTuesday8h, "nearing"));
  EXPECT_TRUE(has_flag(scenario.state(), "nearing"));
  EXPECT_EQ(scenario.state().timers.size(), 2U);
}

TEST(FireTimer, DueMarksAndNothingElse) {
  auto scenario = running_case();
  scenario.at(kThursday8h).when_engine(FireTimer{"due", kThursday8h}).then(fired("due", kThursday8h, "due"));
  EXPECT_TRUE(has_flag(scenario.state(), "due"));
  EXPECT_TRUE(scenario.state().duties.empty());
}

TEST(FireTimer, OverdueMarksAndOpensTheApologyDuty) {
  auto scenario = running_case();
  const auto at = kThursday8h + kSecond;
  auto expected = fired("overdue", at, "overdue");
  expected.outcome.duties_opened = {"apology"};
  scenario.at(at).when_engine(FireTimer{"overdue", at}).then(expected);
  EXPECT_EQ(scenario.state().duties, (std::vector<Duty>{{"apology", at, std::nullopt}}));
}

TEST(FireTimer, TheReceptionLimitMarksALateReception) {
  auto scenario = standing_in(Stage::registered);
  scenario.at(kTuesday8h).when_engine(FireTimer{"reception_limit", kTuesday8h});
  scenario.then(fired("reception_limit", kTuesday8h, "reception_late"));
  EXPECT_TRUE(scenario.state().timers.empty());
  EXPECT_TRUE(scenario.state().duties.empty());
  // The mark outlives the reception that came too late.
  scenario.did(desk_officer(), ReceiveCase{});
  EXPECT_TRUE(has_flag(scenario.state(), "reception_late"));
}

TEST(FireTimer, AnObsoleteOrUnknownTimerIsRefusedAndRecordsNothing) {
  auto scenario = running_case();
  scenario.at(kTuesday10h).did(signatory(), extend(kFriday10h)).at(kFriday10h);
  for (const auto& timer : {FireTimer{"due", kThursday8h}, FireTimer{"nearing", kTuesday8h},
                            FireTimer{"reception_limit", kTuesday8h}, FireTimer{"no_such", kFriday10h}}) {
    Scenario(scenario).when_engine(timer).then_rejected(RejectionCode::not_allowed);
  }
  scenario.happened(FireTimer{"due", kFriday10h});
  scenario.when_engine(FireTimer{"due", kFriday10h}).then_rejected(RejectionCode::not_allowed);
}

TEST(FireTimer, NoneFiresBeforeItIsDue) {
  auto scenario = running_case();
  scenario.at(kThursday8h);
  scenario.when_engine(FireTimer{"overdue", kThursday8h + kSecond}).then_rejected(RejectionCode::not_allowed);
  scenario.at(kThursday8h - kSecond).when_engine(FireTimer{"due", kThursday8h});
  scenario.then_rejected(RejectionCode::not_allowed);
}

TEST(FireTimer, ACaseThatIsOverHasNothingToFire) {
  auto scenario = standing_in(Stage::resolved);
  scenario.at(kThursday10h).when_engine(FireTimer{"overdue", kThursday8h + kSecond});
  scenario.then_rejected(RejectionCode::not_allowed);
}

TEST(Overdue, ACaseResolvedExactlyAtItsDueInstantIsNot) {
  auto scenario = running_case();
  scenario.did(case_officer(), take("submit")).did(signatory(), take("sign"));
  scenario.at(kThursday8h).timers_fired().did(signatory(), resolve({"certificate"}));
  EXPECT_TRUE(has_flag(scenario.state(), "due"));
  EXPECT_FALSE(has_flag(scenario.state(), "overdue"));
  EXPECT_EQ(scenario.state().resolved_at, scenario.state().promises.back().due_at);
  scenario.at(kThursday10h).timers_fired();
  EXPECT_FALSE(has_flag(scenario.state(), "overdue"));
  EXPECT_FALSE(owes_apology(scenario.state()));
}

TEST(Overdue, TheDutyIsOpenedOnceHoweverOftenTheDatePasses) {
  auto scenario = overdue_case();
  EXPECT_TRUE(owes_apology(scenario.state()));
  // Late, paused and resumed: the date stays passed, and no second apology is owed.
  scenario.did(case_officer(), PauseClock{"verification"}).later(hours{3});
  scenario.did(case_officer(), ResumeClock{}).timers_fired().later(hours{50}).timers_fired();
  EXPECT_EQ(scenario.state().duties.size(), 1U);
}

TEST(Overdue, AfterAnExtensionThatPassedTooASecondApologyIsOwed) {
  auto scenario = overdue_case();
  scenario.did(signatory(), extend(kFriday10h));
  EXPECT_FALSE(owes_apology(scenario.state()));
  scenario.at(kNextMonday8h).timers_fired();
  EXPECT_TRUE(owes_apology(scenario.state()));
  EXPECT_EQ(scenario.state().duties.size(), 2U);
  EXPECT_EQ(scenario.state().duties.front().closed_at, kThursday10h);
}

TEST(Overdue, MarksVanishWhenAnExtensionMovesTheDateAhead) {
  auto scenario = overdue_case();
  for (const auto& flag : all_of_the_limit()) EXPECT_TRUE(has_flag(scenario.state(), flag)) << flag;
  scenario.did(signatory(), extend(kNextMonday8h));
  for (const auto& flag : all_of_the_limit()) EXPECT_FALSE(has_flag(scenario.state(), flag)) << flag;
  EXPECT_TRUE(has_flag(scenario.state(), "extended"));
}

TEST(Overdue, TheNearingMarkVanishesWhenAResumeMovesTheDateAhead) {
  auto scenario = running_case();
  scenario.at(kTuesday10h).timers_fired();
  EXPECT_TRUE(has_flag(scenario.state(), "nearing"));
  scenario.did(case_officer(), PauseClock{"verification"}).at(kNextMonday8h);
  scenario.did(case_officer(), ResumeClock{});
  // Six hours are left and nearing is half of them ahead.
  EXPECT_FALSE(has_flag(scenario.state(), "nearing"));
  EXPECT_EQ(scenario.state().timers.front(), (CaseTimer{"nearing", kNextMonday8h + hours{3}}));
}

TEST(Overdue, APauseHidesNothing) {
  auto scenario = overdue_case();
  scenario.did(case_officer(), PauseClock{"verification"});
  EXPECT_TRUE(has_flag(scenario.state(), "overdue"));
  EXPECT_TRUE(owes_apology(scenario.state()));
  scenario.at(kFriday10h).did(case_officer(), ResumeClock{});
  EXPECT_TRUE(has_flag(scenario.state(), "overdue"));
  EXPECT_EQ(scenario.state().due.due_at, kThursday8h);
}

TEST(Overdue, WhoPausedBeforeTheMarkWasSetGetsItOnResume) {
  auto scenario = running_case();
  scenario.at(kThursday10h).did(case_officer(), PauseClock{"verification"});
  scenario.at(kFriday8h).did(case_officer(), ResumeClock{});
  EXPECT_EQ(scenario.state().timers, (std::vector<CaseTimer>{{"overdue", kThursday8h + kSecond}}));
  scenario.timers_fired();
  EXPECT_TRUE(has_flag(scenario.state(), "overdue"));
  EXPECT_TRUE(owes_apology(scenario.state()));
}

TEST(Overdue, AWithdrawnCaseKeepsTheMarkAndTheDuty) {
  auto scenario = overdue_case();
  scenario.did(desk_officer(), WithdrawCase{});
  EXPECT_TRUE(has_flag(scenario.state(), "overdue"));
  EXPECT_TRUE(owes_apology(scenario.state()));
}

TEST(Background, TimersAreSeenAndMakeNoExpectedVersionStale) {
  auto scenario = running_case();
  const auto before = scenario.state();
  scenario.at(kThursday10h).timers_fired();
  EXPECT_EQ(scenario.state().version, before.version + 3);
  EXPECT_EQ(scenario.state().foreground_version, before.version);
  EXPECT_EQ(scenario.state().moves.back().type, "case.timer_fired");
  scenario.did(case_officer(), AddNote{"x"});
  EXPECT_EQ(scenario.state().foreground_version, scenario.state().version);
}

TEST(Rows, EachTimerHasOneRowThatGoesWhenItFires) {
  auto scenario = running_case();
  const auto before = rows(scenario.state());
  scenario.at(kTuesday8h).timers_fired();
  std::map<std::string, std::int64_t> counters;
  std::size_t removed = 0;
  for (const auto& change : difference(before, rows(scenario.state()), counters)) {
    if (!change.value) removed += 1;
  }
  EXPECT_EQ(removed, 1U);
}

}  // namespace
}  // namespace motcua::engine
