/// Fees: what is asked for, what is owed, and that waiting for the applicant's money is not the agency's
/// time.
#include "engine/cases/rights.hpp"
#include "tests/cases/week.hpp"

#include <gtest/gtest.h>

namespace motcua::engine {
namespace {

using std::chrono::hours;

CommandBody bill(const char* fee = "fee") { return RequestPayment{fee}; }
CommandBody paid(std::int64_t amount, const char* fee = "fee") {
  return RecordPayment{fee, amount, "BL-0001"};
}

/// `fee` of 20 000 đồng, 10 000 online; `open` is not published; `free` costs nothing; `spared` is for those
/// with a remark only.
Rules with_fees() {
  auto definition = office_definition();
  FeeRule spared{"spared", 5'000, std::nullopt, nlohmann::json::parse(R"({"!": [{"var": "data.remark"}]})")};
  definition.fees = {
      {"fee", 20'000, 10'000}, {"open", std::nullopt, std::nullopt}, {"free", 0, std::nullopt}, spared};
  return rules_with(definition);
}

Scenario in_process(FileCase filing = complete_filing()) {
  Scenario scenario(with_fees());
  scenario.filed(filing).did(desk_officer(), ReceiveCase{}).did(case_officer(), claim()).at(kMonday10h);
  return scenario;
}

TEST(RequestPayment, PausesTheClockAndSaysWhatIsOwed) {
  auto scenario = in_process();
  scenario.did(case_officer(), bill());
  const auto event = scenario.decided<PaymentRequested>();
  EXPECT_EQ(event.fee_code, "fee");
  EXPECT_EQ(event.amount_vnd, 20'000);
  const auto& state = scenario.state();
  EXPECT_EQ(state.stage, Stage::awaiting_payment);
  EXPECT_EQ(state.clock.state, ClockState::paused);
  EXPECT_EQ(state.clock.reason, "payment");
  EXPECT_EQ(state.clock.ledger.back().whose, "applicant");
  EXPECT_EQ(state.due.due_at, std::nullopt);
  ASSERT_EQ(state.payments.size(), 1U);
  EXPECT_EQ(state.payments[0], (Payment{"fee", 20'000, kMonday10h, 0, std::nullopt}));
}

TEST(RequestPayment, ACaseFiledOnlineOwesWhatIsAskedOnline) {
  auto filing = complete_filing();
  filing.channel = "online";
  auto scenario = in_process(filing);
  scenario.did(case_officer(), bill());
  EXPECT_EQ(scenario.state().payments[0].amount_vnd, 10'000);
}

TEST(RequestPayment, NobodyIsAskedForWhatIsNotOwed) {
  auto scenario = in_process();
  scenario.when(case_officer(), bill("no_such_fee")).then_rejected(RejectionCode::invalid_data);
  scenario.when(case_officer(), bill("free")).then_rejected(RejectionCode::not_allowed);
  scenario.when(case_officer(), bill("spared")).then_rejected(RejectionCode::guard_undecided);
  auto filing = complete_filing();
  filing.data["remark"] = "";
  in_process(filing).when(case_officer(), bill("spared")).then_rejected(RejectionCode::not_allowed);
  filing.data["remark"] = "có điều kiện";
  in_process(filing).did(case_officer(), bill("spared"));
}

/// A case whose only fee is 50 000 đồng, spared to those who remark "miễn", and of other amounts in
/// `instead`.
Scenario with_other_amounts(std::vector<FeeAlternative> instead, const std::string& remark = "") {
  auto definition = office_definition();
  const auto spared = nlohmann::json::parse(R"({"==": [{"var": ["data.remark", ""]}, "miễn"]})");
  definition.fees = {{"fee", 50'000, std::nullopt, spared, std::move(instead)}};
  Scenario scenario(rules_with(definition));
  auto filing = complete_filing();
  if (!remark.empty()) filing.data["remark"] = remark;
  scenario.filed(filing).did(desk_officer(), ReceiveCase{}).did(case_officer(), claim());
  return scenario;
}

std::optional<std::int64_t> owed(Scenario scenario, Instant at) {
  scenario.at(at).did(case_officer(), bill());
  return scenario.state().payments.at(0).amount_vnd;
}

const nlohmann::json kPoor = nlohmann::json::parse(R"({"==": [{"var": ["data.remark", ""]}, "nghèo"]})");

// 2026-03-02 is the Monday of the scenario: the day of the request counts, as the clock on the wall has it.
TEST(RequestPayment, AnotherAmountCountsUntilItsDay) {
  const auto tuesday = local_day(kMonday10h) + std::chrono::days{1};
  const std::vector<FeeAlternative> halved{{nullptr, tuesday, 25'000, std::nullopt}};
  const auto last_of_monday = instant_at(tuesday, std::chrono::microseconds{-1});
  EXPECT_EQ(owed(with_other_amounts(halved), kMonday10h), 25'000);
  EXPECT_EQ(owed(with_other_amounts(halved), last_of_monday), 25'000);
  EXPECT_EQ(owed(with_other_amounts(halved), instant_at(tuesday, std::chrono::microseconds{0})), 50'000);
}

TEST(RequestPayment, TheFirstAmountThatAppliesCounts) {
  const std::vector<FeeAlternative> instead{{kPoor, std::nullopt, 10'000, std::nullopt},
                                            {nullptr, local_day(kMonday10h) + std::chrono::days{1}, 25'000}};
  EXPECT_EQ(owed(with_other_amounts(instead, "nghèo"), kMonday10h), 10'000);
  EXPECT_EQ(owed(with_other_amounts(instead, "khác"), kMonday10h), 25'000);
  EXPECT_EQ(owed(with_other_amounts({{kPoor}}, "nghèo"), kMonday10h), std::nullopt) << "not published";
}

TEST(RequestPayment, WhoIsExemptOwesNoOtherAmountAndNothingIsNotAskedFor) {
  const std::vector<FeeAlternative> always{{nullptr, std::nullopt, 25'000}};
  auto spared = with_other_amounts(always, "miễn");
  spared.at(kMonday10h).when(case_officer(), bill()).then_rejected(RejectionCode::not_allowed);
  auto free = with_other_amounts({{kPoor, std::nullopt, 0}}, "nghèo");
  free.at(kMonday10h).when(case_officer(), bill()).then_rejected(RejectionCode::not_allowed);
}

// The amount before it decides the case: what comes later need not be known.
TEST(RequestPayment, AnAmountThatNobodyCanDecideIsNotAskedFor) {
  const FeeAlternative unknown{nlohmann::json::parse(R"({"==": [{"var": "data.remark"}, "nghèo"]})"),
                               std::nullopt, 10'000};
  auto scenario = with_other_amounts({unknown});
  scenario.at(kMonday10h).when(case_officer(), bill()).then_rejected(RejectionCode::guard_undecided);
  const FeeAlternative monday{nullptr, local_day(kMonday10h) + std::chrono::days{1}, 25'000};
  EXPECT_EQ(owed(with_other_amounts({monday, unknown}), kMonday10h), 25'000);
}

TEST(RequestPayment, OnlineTheOtherAmountHasAnOnlinePriceOfItsOwn) {
  auto definition = office_definition();
  definition.fees = {{"fee", 50'000, 40'000, nullptr, {{nullptr, std::nullopt, 25'000, std::nullopt}}}};
  auto filing = complete_filing();
  filing.channel = "online";
  const auto online = [&] {
    Scenario scenario(rules_with(definition));
    scenario.filed(filing).did(desk_officer(), ReceiveCase{}).did(case_officer(), claim());
    return owed(std::move(scenario), kMonday10h);
  };
  EXPECT_EQ(online(), 25'000);
  definition.fees[0].instead[0].online_amount_vnd = 20'000;
  EXPECT_EQ(online(), 20'000);
}

TEST(RequestPayment, NeedsARunningClockAndAReasonInTheDefinition) {
  auto scenario = in_process();
  scenario.did(case_officer(), PauseClock{"verification"});
  scenario.when(case_officer(), bill()).then_rejected(RejectionCode::not_allowed);
  auto definition = office_definition();
  definition.fees = {{"fee", 20'000}};
  std::erase_if(definition.pause_reasons, [](const PauseReason& reason) { return reason.code == "payment"; });
  Scenario other(rules_with(definition));
  other.filed().did(desk_officer(), ReceiveCase{}).did(case_officer(), claim());
  other.when(case_officer(), bill()).then_rejected(RejectionCode::not_allowed);
  for (const auto& offer : allowed_commands(other.view(), other.rules(), case_officer())) {
    EXPECT_NE(offer.command, "request_payment");
  }
}

TEST(RecordPayment, OfAllThatIsOwedResumesTheClock) {
  auto scenario = in_process();
  const auto before = scenario.state().due;
  scenario.did(case_officer(), bill()).at(kTuesday10h).did(desk_officer(), paid(20'000));
  const auto& state = scenario.state();
  EXPECT_TRUE(scenario.decided<PaymentRecorded>().settled);
  EXPECT_EQ(state.stage, Stage::in_process);
  EXPECT_EQ(state.clock.state, ClockState::running);
  EXPECT_EQ(state.payments[0].paid_vnd, 20'000);
  EXPECT_EQ(state.payments[0].paid_at, kTuesday10h);
  EXPECT_GT(state.due.due_at, before.due_at);
  EXPECT_EQ(state.promises.back().reason, "payment");
  scenario.when(case_officer(), bill()).then_rejected(RejectionCode::not_allowed);
}

TEST(RecordPayment, OfAPartIsRecordedAndMovesNothing) {
  auto scenario = in_process();
  scenario.did(case_officer(), bill()).did(desk_officer(), paid(15'000));
  EXPECT_FALSE(scenario.decided<PaymentRecorded>().settled);
  EXPECT_EQ(scenario.state().stage, Stage::awaiting_payment);
  EXPECT_EQ(scenario.state().clock.state, ClockState::paused);
  scenario.when(desk_officer(), paid(5'001)).then_rejected(RejectionCode::invalid_data);
  scenario.did(desk_officer(), paid(5'000));
  EXPECT_EQ(scenario.state().stage, Stage::in_process);
  EXPECT_EQ(scenario.state().payments[0].paid_vnd, 20'000);
}

TEST(RecordPayment, WhereNoAmountIsPublishedAnyPaymentSettles) {
  auto scenario = in_process();
  scenario.did(case_officer(), bill("open")).did(desk_officer(), paid(123, "open"));
  EXPECT_EQ(scenario.state().stage, Stage::in_process);
  scenario.did(case_officer(), bill("open"));
  EXPECT_EQ(scenario.state().payments.size(), 2U);
}

TEST(RecordPayment, IsOfWhatWasAskedForAndOfSomething) {
  auto scenario = in_process();
  scenario.when(desk_officer(), paid(20'000)).then_rejected(RejectionCode::not_allowed);
  scenario.did(case_officer(), bill());
  scenario.when(desk_officer(), paid(20'000, "open")).then_rejected(RejectionCode::invalid_data);
  scenario.when(desk_officer(), paid(0)).then_rejected(RejectionCode::invalid_data);
}

TEST(RecordPayment, SealsTheReference) {
  auto scenario = in_process();
  scenario.did(case_officer(), bill()).when(desk_officer(), paid(20'000));
  EXPECT_EQ(scenario.sealed("free-text"), (nlohmann::json{{"reference", "BL-0001"}}));
  EXPECT_EQ(encode(scenario.decided<PaymentRecorded>()).find("BL-0001"), std::string::npos);
}

TEST(RecordPayment, ACaseThatWaitsForMoneyMayBeWithdrawnOrStopped) {
  for (const auto& [by, body] : {std::pair{desk_officer(), CommandBody{WithdrawCase{}}},
                                 std::pair{signatory(), CommandBody{StopCase{"law-1"}}}}) {
    auto scenario = in_process();
    scenario.did(case_officer(), bill()).did(by, body);
    EXPECT_EQ(scenario.state().clock.state, ClockState::ended);
  }
}

TEST(RequestPayment, IsWhatAStepMayDo) {
  auto definition = *with_fees().definition;
  Transition way;
  way.event = "bill";
  way.target = StepName("signing");
  way.effect = CaseEffect{CaseEffect::Kind::request_payment, "fee", {}};
  definition.machine.states[0].transitions.push_back(way);
  Scenario scenario(rules_with(definition));
  scenario.filed().did(desk_officer(), ReceiveCase{}).did(case_officer(), take("bill"));
  EXPECT_EQ(scenario.state().stage, Stage::awaiting_payment);
  scenario.did(desk_officer(), paid(20'000)).did(signatory(), take("sign"));
}

}  // namespace
}  // namespace motcua::engine
