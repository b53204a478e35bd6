/// What an agency owes beside the processing, and what follows from an applicant's silence.
#include "engine/cases/duties.hpp"

#include "engine/cases/timing.hpp"
#include "tests/cases/week.hpp"

#include <gtest/gtest.h>

namespace motcua::engine {
namespace {

using std::chrono::hours;

Scenario resolved_with(Definition definition, const FileCase& filing = complete_filing()) {
  Scenario scenario(rules_with(std::move(definition)));
  scenario.filed(filing).did(desk_officer(), ReceiveCase{}).did(case_officer(), take("submit"));
  return scenario.did(signatory(), take("sign")).did(signatory(), resolve({"certificate"}));
}

/// The birth notice is handed in electronically; its original is shown at collection.
Definition with_originals() {
  auto definition = office_definition();
  definition.papers[1].original_on_collection = true;
  return definition;
}

Definition with_reply_limit(bool stops) {
  auto definition = office_definition();
  definition.supplement_reply = {WorkingSeconds{8 * 3600}, stops, "law-1"};
  return definition;
}

Scenario waiting_for(Definition definition) {
  Scenario scenario(rules_with(std::move(definition)));
  scenario.filed().did(desk_officer(), ReceiveCase{});
  return scenario.did(desk_officer(), ask_for({"mandate", "/remark"}));
}

TEST(Delivery, IsOwedFromResolutionToReturn) {
  auto scenario = resolved_with(office_definition());
  EXPECT_TRUE(owes(scenario.state(), kDeliveryDuty));
  EXPECT_TRUE(scenario.state().timers.empty()) << "no limit is stated";
  scenario.at(kTuesday8h).did(desk_officer(), ReturnResult{"counter", ""});
  EXPECT_EQ(scenario.state().duties, (std::vector<Duty>{{kDeliveryDuty, kMonday8h, kTuesday8h}}));
}

TEST(Delivery, IsLateAfterTheLimitThatTheDefinitionStates) {
  auto definition = office_definition();
  definition.delivery_limit = WorkingSeconds{8 * 3600};
  auto scenario = resolved_with(definition);
  EXPECT_EQ(scenario.state().timers, (std::vector<CaseTimer>{{kDeliveryTimer, kTuesday8h}}));
  auto in_time = scenario;
  in_time.did(desk_officer(), ReturnResult{"counter", ""});
  EXPECT_TRUE(in_time.state().timers.empty());
  scenario.at(kTuesday8h).timers_fired();
  EXPECT_TRUE(has_flag(scenario.state(), "delivery_late"));
}

TEST(Originals, AreSeenBeforeTheResultIsHandedOver) {
  auto scenario = resolved_with(with_originals());
  scenario.when(desk_officer(), ReturnResult{"counter", ""}).then_rejected(RejectionCode::not_allowed);
  scenario.did(desk_officer(), ReturnResult{"counter", "", true});
  EXPECT_FALSE(owes(scenario.state(), kOriginalsDuty));
}

TEST(Originals, AreNotOwedForWhatWasHandedInOnPaper) {
  auto filing = complete_filing();
  filing.papers[1].document_id.clear();
  auto scenario = resolved_with(with_originals(), filing);
  EXPECT_FALSE(owes(scenario.state(), kOriginalsDuty));
  scenario.did(desk_officer(), ReturnResult{"counter", ""});
}

TEST(Originals, AreOwedForWhatIsSuppliedAfterReceptionToo) {
  auto definition = office_definition();
  definition.papers[2].original_on_collection = true;
  auto scenario = waiting_for(definition);
  EXPECT_FALSE(owes(scenario.state(), kOriginalsDuty));
  scenario.did(desk_officer(), Supply{{{PaperCode("mandate"), "doc-2"}}, {{"remark", "x"}}});
  EXPECT_TRUE(owes(scenario.state(), kOriginalsDuty));
}

TEST(Originals, AreNotAskedForOnceTheCaseIsWithdrawnOrStopped) {
  for (const CommandBody& end : {CommandBody{WithdrawCase{}}, CommandBody{StopCase{"law-1"}}}) {
    Scenario scenario(rules_with(with_originals()));
    scenario.filed().did(desk_officer(), ReceiveCase{});
    ASSERT_TRUE(owes(scenario.state(), kOriginalsDuty));
    scenario.did(signatory(), end);
    EXPECT_FALSE(owes(scenario.state(), kOriginalsDuty)) << name_of(end);
  }
}

TEST(Silence, IsMarkedAfterTheReplyLimit) {
  auto scenario = waiting_for(with_reply_limit(false));
  scenario.at(kTuesday8h - kSecond).timers_fired();
  EXPECT_FALSE(has_flag(scenario.state(), "silent"));
  scenario.at(kTuesday8h).timers_fired();
  EXPECT_TRUE(has_flag(scenario.state(), "silent"));
  EXPECT_EQ(scenario.state().stage, Stage::awaiting_supplement);
}

TEST(Silence, StopsTheCaseUnderTheLawThatTheDefinitionNames) {
  auto scenario = waiting_for(with_reply_limit(true));
  scenario.when_engine(FireTimer{kSilenceTimer, kTuesday8h}).then_rejected(RejectionCode::not_allowed);
  scenario.at(kTuesday8h).timers_fired();
  EXPECT_EQ(scenario.decided<CaseStopped>().law, "law-1");
  EXPECT_EQ(scenario.state().stage, Stage::stopped);
  EXPECT_EQ(scenario.state().clock.state, ClockState::ended);
  EXPECT_TRUE(scenario.state().timers.empty());
  EXPECT_TRUE(has_flag(scenario.state(), "silent"));
}

TEST(Silence, BeforeReceptionStopsTheCaseToo) {
  Scenario scenario(rules_with(with_reply_limit(true)));
  scenario.filed().did(desk_officer(), ask_for({"mandate"}));
  scenario.at(kTuesday8h).timers_fired();
  EXPECT_EQ(scenario.state().stage, Stage::stopped);
}

TEST(Silence, ASupplyThatWasRecordedBeforeWins) {
  for (const auto& supplied : {supply({"mandate"}), supply({"mandate"}, {{"remark", "x"}})}) {
    auto scenario = waiting_for(with_reply_limit(true));
    scenario.at(kTuesday8h - kSecond).did(desk_officer(), supplied);
    scenario.at(kTuesday10h).timers_fired();
    scenario.when_engine(FireTimer{kSilenceTimer, kTuesday8h}).then_rejected(RejectionCode::not_allowed);
    EXPECT_NE(scenario.state().stage, Stage::stopped);
    EXPECT_FALSE(has_flag(scenario.state(), "silent"));
  }
}

TEST(Silence, WithoutAReplyLimitIsWaitedFor) {
  auto scenario = waiting_for(office_definition());
  EXPECT_TRUE(scenario.state().timers.empty());
}

}  // namespace
}  // namespace motcua::engine
