/// Time limits that depend on what the form says: chosen at reception, changed by later values.
#include "engine/cases/derivation.hpp"
#include "engine/cases/rows.hpp"
#include "engine/cases/timing.hpp"
#include "tests/cases/week.hpp"

#include <gtest/gtest.h>

namespace motcua::engine {
namespace {

using std::chrono::hours;

constexpr std::size_t kUrgent = 0;
constexpr std::size_t kSlow = 1;
constexpr std::size_t kOrdinary = 2;

/// Received on Monday 08:00 with this remark; none: absent.
Scenario received_with(const std::string& remark) {
  auto filing = complete_filing();
  if (!remark.empty()) filing.data["remark"] = remark;
  Scenario scenario(rules_with(register_definition()));
  scenario.filed(filing).did(desk_officer(), ReceiveCase{});
  return scenario;
}

TEST(Limits, TheFirstWhoseConditionHoldsAppliesAtReception) {
  EXPECT_EQ(received_with("urgent").state().limit, kUrgent);
  EXPECT_EQ(received_with("urgent").state().due.legal_due, kTuesday8h);
  EXPECT_EQ(received_with("slow").state().limit, kSlow);
  EXPECT_EQ(received_with("slow").state().due.legal_due, kNextMonday8h);
  EXPECT_EQ(received_with("whatever").state().limit, kOrdinary);
  EXPECT_EQ(received_with("whatever").state().due.legal_due, kThursday8h);
}

TEST(Limits, AConditionNobodyCanDecideDoesNotHold) {
  EXPECT_EQ(received_with("").state().limit, kOrdinary);
  EXPECT_EQ(received_with("").state().due.legal_due, kThursday8h);
}

TEST(Limits, AConditionThatIsWrongDoesNotHold) {
  auto definition = register_definition();
  definition.time_limits.front().when = {{"no_such_operator", {1}}};
  EXPECT_EQ(applicable_limit(definition, {{"data", {{"remark", "urgent"}}}}), kOrdinary);
}

TEST(Limits, TheEventOfReceptionSaysWhichApplied) {
  auto filing = complete_filing();
  filing.data["remark"] = "urgent";
  Scenario scenario(rules_with(register_definition()));
  scenario.filed(filing).when(desk_officer(), ReceiveCase{});
  EXPECT_EQ(scenario.decided<CaseReceived>().outcome.limit, kUrgent);
}

TEST(Limits, ALaterValueMovesTheRunningClockAndNoPromise) {
  auto scenario = received_with("");
  const auto promised = scenario.state().promises;
  scenario.at(kMonday10h).did(case_officer(), correct("/remark", "urgent"));
  const auto& state = scenario.state();
  EXPECT_EQ(state.limit, kUrgent);
  EXPECT_EQ(state.due, (Due{kTuesday8h, kTuesday8h, std::nullopt}));
  EXPECT_EQ(state.promises, promised);
  EXPECT_TRUE(has_flag(state, "limit_changed"));
  EXPECT_EQ(state.timers[1], (CaseTimer{"due", kTuesday8h}));
  EXPECT_EQ(state.timers.size(), 3U) << "the timers of the former date are gone";
}

TEST(Limits, DataOfAStepMovesTheClockToo) {
  auto scenario = received_with("");
  scenario.did(case_officer(), take("submit", {{"remark", "slow"}}));
  EXPECT_EQ(scenario.state().due.legal_due, kNextMonday8h);
  EXPECT_TRUE(has_flag(scenario.state(), "limit_changed"));
}

TEST(Limits, AShorterOneThatHasPassedMakesTheCaseOverdueAtOnce) {
  auto scenario = received_with("");
  scenario.at(kTuesday10h).timers_fired().did(case_officer(), correct("/remark", "urgent"));
  EXPECT_EQ(scenario.state().timers, (std::vector<CaseTimer>{{"overdue", kTuesday8h + kSecond}}));
  scenario.timers_fired();
  EXPECT_TRUE(has_flag(scenario.state(), "overdue"));
}

TEST(Limits, ALongerOneTakesTheMarksAwayAndLeavesTheApologyOwed) {
  auto scenario = received_with("urgent");
  scenario.at(kTuesday10h).timers_fired().did(case_officer(), correct("/remark", "slow"));
  EXPECT_FALSE(has_flag(scenario.state(), "overdue"));
  EXPECT_TRUE(owes_apology(scenario.state())) << "the promise was broken, whatever the limit is now";
  EXPECT_EQ(scenario.state().promises.back().due_at, kTuesday8h);
}

TEST(Limits, ADateThatPassesAgainWhileAnApologyIsOwedOpensNoSecond) {
  auto scenario = received_with("urgent");
  scenario.at(kTuesday10h).timers_fired().did(case_officer(), correct("/remark", "slow"));
  scenario.at(kNextMonday8h + hours{1}).timers_fired();
  EXPECT_TRUE(has_flag(scenario.state(), "overdue"));
  EXPECT_EQ(scenario.state().duties.size(), 1U);
}

TEST(Limits, AValueThatChangesNoConditionChangesNothing) {
  auto scenario = received_with("");
  scenario.when(case_officer(), correct("/remark", "whatever"));
  const auto outcome = scenario.decided<DataCorrected>().outcome;
  EXPECT_FALSE(outcome.limit || outcome.due || outcome.promise);
  EXPECT_TRUE(outcome.timers_set.empty() && outcome.timers_cancelled.empty() && outcome.flags_added.empty());
}

TEST(Limits, WhilePausedAValueAppliesOnResume) {
  auto scenario = received_with("");
  scenario.did(case_officer(), claim()).at(kMonday10h).did(case_officer(), PauseClock{"verification"});
  const auto remaining = scenario.state().due.remaining;
  scenario.did(case_officer(), correct("/remark", "urgent"));
  EXPECT_EQ(scenario.state().limit, kUrgent);
  EXPECT_TRUE(has_flag(scenario.state(), "limit_changed"));
  EXPECT_EQ(scenario.state().due.remaining, remaining);
  EXPECT_TRUE(scenario.state().timers.empty());
  scenario.at(kTuesday8h).did(case_officer(), ResumeClock{});
  // Two of eight hours were used on Monday: six from Tuesday 08:00, with the midday break.
  EXPECT_EQ(scenario.state().due.legal_due, kTuesday8h + hours{8});
  EXPECT_EQ(scenario.state().promises.front().due_at, kThursday8h);
  EXPECT_EQ(scenario.state().promises.back().due_at, kTuesday8h + hours{8});
}

TEST(Limits, ASupplyThatChangesItCountsUnderTheNewOne) {
  auto scenario = received_with("");
  scenario.at(kMonday10h).did(case_officer(), ask_for({"/remark"}));
  scenario.at(kTuesday8h).did(desk_officer(), supply({}, {{"remark", "urgent"}}));
  EXPECT_EQ(scenario.state().due.legal_due, kTuesday8h + hours{8});
  EXPECT_EQ(scenario.state().promises.back().basis, "resume");
  EXPECT_TRUE(has_flag(scenario.state(), "limit_changed"));
}

TEST(Limits, AfterAnExtensionTheDateStaysAndTheLegalOneMoves) {
  auto scenario = received_with("");
  scenario.did(signatory(), extend(kFriday10h)).did(case_officer(), correct("/remark", "urgent"));
  EXPECT_EQ(scenario.state().due, (Due{kTuesday8h, kFriday10h, std::nullopt}));
}

TEST(Limits, BeforeReceptionNothingIsChosen) {
  Scenario scenario(rules_with(register_definition()));
  scenario.filed().when(desk_officer(), correct("/remark", "urgent"));
  EXPECT_FALSE(scenario.decided<DataCorrected>().outcome.limit);
}

TEST(Limits, AfterTheEndNothingMoves) {
  auto scenario = received_with("");
  scenario.did(case_officer(), take("submit")).did(signatory(), take("sign"));
  scenario.did(signatory(), resolve({"certificate"})).when(case_officer(), correct("/remark", "urgent"));
  const auto outcome = scenario.decided<DataCorrected>().outcome;
  EXPECT_FALSE(outcome.limit || outcome.due);
}

/// Two working days, and three more for a remark `remote`; one more for post.
Rules rules_with_supplements() {
  auto definition = register_definition();
  LimitSupplement remote;
  remote.time = {3, "law-2", "Act 2"};
  remote.when = {{"==", {{{"var", {"data.remark", ""}}}, "remote"}}};
  LimitSupplement online;
  online.time = {1, "law-1", ""};
  online.when = {{"==", {{{"var", "channel"}}, "online"}}};
  definition.time_limits.back().supplements = {remote, online};
  return rules_with(definition);
}

Scenario received_from(const std::string& channel, const std::string& remark) {
  auto filing = complete_filing();
  filing.channel = channel;
  filing.data["remark"] = remark;
  Scenario scenario(rules_with_supplements());
  scenario.filed(filing).did(desk_officer(), ReceiveCase{});
  return scenario;
}

TEST(LimitSupplements, AreAddedWhereTheirConditionHoldsAtReception) {
  EXPECT_EQ(received_from("counter", "").state().due.legal_due, kThursday8h);
  EXPECT_TRUE(received_from("counter", "").state().limit_supplements.empty());
  // Five working days with Wednesday off: the Tuesday after.
  EXPECT_EQ(received_from("counter", "remote").state().due.legal_due, kNextMonday8h + hours{24});
  EXPECT_EQ(received_from("online", "remote").state().due.legal_due, kNextMonday8h + hours{48});
  EXPECT_EQ(received_from("online", "remote").state().limit_supplements, (std::vector<std::size_t>{0, 1}));
  EXPECT_EQ(received_from("online", "urgent").state().due.legal_due, kTuesday8h) << "of the last limit only";
}

TEST(LimitSupplements, FollowLaterValuesAsTheLimitDoes) {
  auto scenario = received_from("counter", "");
  scenario.at(kMonday10h).did(case_officer(), correct("/remark", "remote"));
  EXPECT_EQ(scenario.state().due.legal_due, kNextMonday8h + hours{24});
  EXPECT_TRUE(has_flag(scenario.state(), "limit_changed"));
  EXPECT_EQ(scenario.state().promises.back().due_at, kThursday8h) << "what was told stays told";
  scenario.did(case_officer(), correct("/remark", "x"));
  EXPECT_EQ(scenario.state().due.legal_due, kThursday8h);
  EXPECT_TRUE(scenario.state().limit_supplements.empty());
}

TEST(LimitSupplements, StayThroughAPause) {
  auto scenario = received_from("counter", "remote");
  scenario.at(kMonday10h).did(case_officer(), PauseClock{"verification"});
  EXPECT_EQ(scenario.state().due.remaining, WorkingSeconds{38 * 3600});
  scenario.at(kTuesday10h).did(case_officer(), ResumeClock{});
  EXPECT_EQ(scenario.state().due.legal_due, kNextMonday8h + hours{48});
}

TEST(LimitSupplements, StandInTheDerivationWithTheirLaw) {
  const auto scenario = received_from("counter", "remote");
  const auto& rules = scenario.rules();
  EXPECT_EQ(limit_of(scenario.state(), *rules.definition).added,
            (std::vector<AddedTime>{{3, "law-2", "Act 2"}}));
  EXPECT_EQ(derivation_of(scenario.state(), *rules.definition, *rules.calendar).back().law, "law-2");
}

/// A limit that becomes longer where something must be verified, at most to a cap, is an alternative of its
/// own: the cap is the whole limit, counted from the reception.
TEST(Limits, AVerificationLengthensTheLimitToItsCapFromTheReception) {
  auto definition = register_definition();
  Limit same_day;
  same_day.amount = 1;
  same_day.unit = LimitUnit::same_day;
  same_day.cutoff = hours{15};
  definition.time_limits.back().limit = same_day;
  definition.time_limits.erase(definition.time_limits.begin());
  definition.time_limits.front().limit.amount = 3;
  auto filing = complete_filing();
  Scenario scenario(rules_with(definition));
  scenario.filed(filing).did(desk_officer(), ReceiveCase{});
  EXPECT_EQ(scenario.state().due.legal_due, kMonday8h + hours{9} + std::chrono::minutes{30});
  scenario.at(kMonday10h).did(case_officer(), correct("/remark", "slow"));
  EXPECT_EQ(scenario.state().due.legal_due, kFriday8h) << "three working days from Monday 08:00";
}

TEST(NoLimit, PromisesNothingSetsNoTimerAndKeepsTheClock) {
  auto definition = office_definition();
  definition.time_limits.front().limit.unit = LimitUnit::none;
  Scenario scenario(rules_with(definition));
  scenario.filed().did(desk_officer(), ReceiveCase{}).did(case_officer(), claim());
  EXPECT_EQ(scenario.state().clock.state, ClockState::running);
  EXPECT_EQ(scenario.state().due, Due{});
  EXPECT_TRUE(scenario.state().promises.empty());
  EXPECT_TRUE(scenario.state().timers.empty());
  scenario.at(kMonday10h).did(case_officer(), PauseClock{"verification"});
  scenario.at(kTuesday10h).did(case_officer(), ResumeClock{});
  EXPECT_EQ(scenario.state().due, Due{});
  EXPECT_TRUE(scenario.state().promises.empty());
  scenario.when(signatory(), extend(kFriday10h)).then_rejected(RejectionCode::not_allowed);
  for (const auto& row : rows(scenario.state())) {
    const auto item = read_worklist_row(row);
    if (!item) continue;
    EXPECT_EQ(item->bucket, Bucket::no_limit);
  }
  const auto standing =
      standing_of(scenario.state(), *scenario.rules().definition, *scenario.rules().calendar);
  EXPECT_TRUE(standing.unlimited);
}

TEST(Limits, ReplayNeedsNoDefinitionToKnowTheDate) {
  const auto scenario = received_with("urgent");
  DataCorrected event;
  event.outcome.limit = kSlow;
  event.outcome.due = Due{kNextMonday8h, kNextMonday8h, std::nullopt};
  const auto after = evolve(scenario.state(), event, {scenario_case(), 9, kMonday10h, ActorId("x"), ""});
  EXPECT_EQ(after.limit, kSlow);
  EXPECT_EQ(after.due.due_at, kNextMonday8h);
}

}  // namespace
}  // namespace motcua::engine
