/// Pause, resume and extension of the time limit: they move the clock and the date, never the stage, and no
/// promise that was made.
#include "tests/cases/week.hpp"

#include <gtest/gtest.h>

namespace motcua::engine {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

TEST(Pause, StatesWhatIsLeftAndCancelsTheTimers) {
  ClockPaused expected;
  expected.reason_code = "verification";
  expected.outcome.clock = LedgerEntry{ClockChange::pause, "verification", kMonday10h};
  expected.outcome.clock_state = ClockState::paused;
  expected.outcome.due = Due{std::nullopt, std::nullopt, WorkingSeconds{14 * 3600}};
  expected.outcome.timers_cancelled = all_of_the_limit();
  auto scenario = running_case();
  scenario.at(kMonday10h).when(case_officer(), PauseClock{"verification"}).then(expected);
  EXPECT_EQ(scenario.state().stage, Stage::in_process);
  EXPECT_EQ(scenario.state().clock.reason, "verification");
  EXPECT_EQ(scenario.state().promises.size(), 1U);
}

/// The office's procedure with a pause that is another agency's time.
Rules rules_with_tax() {
  auto definition = office_definition();
  definition.pause_reasons.push_back({"tax", "law-1", "other_agency", {}});
  definition.pause_reasons.push_back({"inheritance", "law-1", "applicant", {}});
  return rules_with(definition);
}

Scenario received_with_tax() {
  Scenario scenario(rules_with_tax());
  scenario.filed().did(desk_officer(), ReceiveCase{});
  return scenario;
}

TEST(Pause, SaysWhoseTimeItIs) {
  const auto whose = [](const CommandBody& body) {
    auto scenario = received_with_tax();
    scenario.did(case_officer(), body);
    return scenario.state().clock.ledger.back().whose;
  };
  EXPECT_EQ(whose(PauseClock{"tax", AgencyId("G12.15")}), "G12.15");
  EXPECT_EQ(whose(PauseClock{"tax"}), "other_agency");
  EXPECT_EQ(whose(PauseClock{"inheritance"}), "applicant");
  EXPECT_EQ(whose(PauseClock{"verification"}), "") << "a file of an earlier release does not say";
  EXPECT_EQ(whose(ask_for({"mandate"})), "applicant");
}

TEST(Pause, NamesAnAgencyOnlyForAReasonThatIsAnotherAgencys) {
  for (const auto& body :
       {PauseClock{"inheritance", AgencyId("G12.15")}, PauseClock{"verification", AgencyId("G12.15")},
        PauseClock{"tax", AgencyId("chi cục thuế")}, PauseClock{"tax", AgencyId("g12")}}) {
    received_with_tax().when(case_officer(), body).then_rejected(RejectionCode::invalid_data);
  }
}

TEST(Pause, OnlyForAReasonThatTheProcedureLists) {
  for (const auto* reason : {"", "lunch", "Verification", "verification "}) {
    running_case().when(case_officer(), PauseClock{reason}).then_rejected(RejectionCode::not_allowed);
  }
  auto definition = office_definition();
  definition.pause_reasons = {{"supplement", "law-1"}};
  Scenario scenario(rules_with(definition));
  scenario.filed().did(desk_officer(), ReceiveCase{});
  scenario.when(case_officer(), PauseClock{"verification"}).then_rejected(RejectionCode::not_allowed);
}

TEST(Pause, NotForSupplementOrPaymentWhichHaveCommandsOfTheirOwn) {
  for (const auto* reason : {"supplement", "payment"}) {
    running_case().when(case_officer(), PauseClock{reason}).then_rejected(RejectionCode::not_allowed);
  }
}

TEST(Pause, OnlyWhileTheClockRunsWithTheOffice) {
  for (const auto& situation : situations()) {
    const auto& state = situation.scenario.state();
    const bool office = state.stage == Stage::received || state.stage == Stage::in_process;
    auto scenario = situation.scenario;
    scenario.when(case_officer(), PauseClock{"verification"});
    EXPECT_EQ(scenario.result()->has_value(), office && state.clock.state == ClockState::running)
        << situation.name;
  }
}

TEST(Pause, AReceivedCaseKeepsItsStageThroughPauseAndResume) {
  auto scenario = standing_in(Stage::received);
  scenario.did(case_officer(), PauseClock{"verification"});
  EXPECT_EQ(scenario.state().stage, Stage::received);
  scenario.later(hours{1}).did(case_officer(), ResumeClock{});
  EXPECT_EQ(scenario.state().stage, Stage::received);
}

TEST(Pause, ASupplementRequestDoesNotSitOnIt) {
  auto scenario = running_case();
  scenario.did(case_officer(), PauseClock{"verification"});
  Scenario(scenario).when(case_officer(), ask_for({"mandate"})).then_rejected(RejectionCode::not_allowed);
  scenario.did(case_officer(), ResumeClock{}).did(case_officer(), ask_for({"mandate"}));
  EXPECT_EQ(scenario.state().clock.reason, "supplement");
}

TEST(Pause, AUsedUpLimitLeavesNothingAndKeepsItsInstant) {
  auto scenario = running_case();
  scenario.at(kThursday10h).did(case_officer(), PauseClock{"verification"});
  EXPECT_EQ(scenario.state().due.remaining, WorkingSeconds{0});
  scenario.at(kNextMonday8h).did(case_officer(), ResumeClock{});
  EXPECT_EQ(scenario.state().due, (Due{kThursday8h, kThursday8h, std::nullopt}));
  EXPECT_EQ(scenario.state().promises.back().due_at, kThursday8h) << "late stays late";
}

TEST(Resume, MakesAPromiseWithBasisAndReasonOfThePause) {
  ClockResumed expected;
  expected.outcome.clock = LedgerEntry{ClockChange::resume, "", kTuesday10h};
  expected.outcome.clock_state = ClockState::running;
  expected.outcome.due = Due{kFriday8h, kFriday8h, std::nullopt};
  expected.outcome.promise = Promise{kFriday8h, kTuesday10h, "resume", "verification", "notice"};
  expected.outcome.timers_set = timers_of(kThursday8h + hours{1}, kFriday8h);
  auto scenario = running_case();
  scenario.at(kMonday10h).did(case_officer(), PauseClock{"verification"});
  scenario.at(kTuesday10h).when(case_officer(), ResumeClock{}).then(expected);
  EXPECT_EQ(scenario.state().stage, Stage::in_process);
  EXPECT_EQ(scenario.state().promises.size(), 2U);
  EXPECT_EQ(scenario.state().promises.front(), (Promise{kThursday8h, kMonday8h, "reception", "", "receipt"}));
}

TEST(Resume, OnlyAClockThatPauseHasPaused) {
  for (const auto& situation : situations()) {
    auto scenario = situation.scenario;
    scenario.when(case_officer(), ResumeClock{});
    EXPECT_EQ(scenario.result()->has_value(), situation.name == "in_process, paused") << situation.name;
  }
}

TEST(Resume, APauseOutsideWorkingHoursTakesNothing) {
  auto scenario = running_case();
  scenario.at(kMonday8h + hours{10}).did(case_officer(), PauseClock{"verification"});
  scenario.at(kMonday8h + hours{20}).did(case_officer(), ResumeClock{});
  EXPECT_EQ(scenario.state().due.due_at, kThursday8h);
  EXPECT_EQ(scenario.state().promises.size(), 2U);
}

TEST(Extend, GivesADateAndAPromiseWithItsReasonAndLeavesTheLegalOne) {
  DeadlineExtended expected;
  expected.reason_code = "workload";
  expected.signer = ActorId("sign-1");
  expected.due_at = kFriday10h;
  expected.outcome.extended_to = kFriday10h;
  expected.outcome.promise = Promise{kFriday10h, kMonday10h, "extension", "workload", "notice"};
  expected.outcome.due = Due{kThursday8h, kFriday10h, std::nullopt};
  expected.outcome.timers_cancelled = all_of_the_limit();
  // A working day before Friday 10:00.
  expected.outcome.timers_set = timers_of(kThursday10h, kFriday10h);
  expected.outcome.flags_added = {"extended"};
  auto scenario = running_case();
  const auto first = scenario.state().promises.front();
  scenario.at(kMonday10h).when(signatory(), extend(kFriday10h)).then(expected);
  EXPECT_EQ(scenario.state().stage, Stage::in_process);
  EXPECT_EQ(scenario.state().promises.front(), first);
  EXPECT_EQ(scenario.state().clock.ledger.size(), 1U) << "the clock is not touched";
  EXPECT_EQ(scenario.state().extensions, 1);
}

TEST(Extend, MustBeLaterThanTheDateThatStandsAndThanNow) {
  for (const auto date : {kThursday8h - hours{1}, kThursday8h}) {
    running_case().when(signatory(), extend(date)).then_rejected(RejectionCode::invalid_data);
  }
  auto late = overdue_case();
  for (const auto date : {kThursday8h + hours{1}, kThursday10h}) {
    Scenario(late).when(signatory(), extend(date)).then_rejected(RejectionCode::invalid_data);
  }
  late.did(signatory(), extend(kThursday10h + kSecond));
}

TEST(Extend, MustLieInAWindowAndItsCloseBelongsToIt) {
  const auto day = kFriday8h - minutes{30};  // opens
  const std::vector<std::pair<Instant, bool>> cases{{day, true},
                                                    {day - kSecond, false},
                                                    {day + hours{4}, true},
                                                    {day + hours{4} + kSecond, false},
                                                    {day + hours{6} - kSecond, false},
                                                    {day + hours{6}, true},
                                                    {day + hours{10}, true},
                                                    {day + hours{10} + kSecond, false},
                                                    {day + hours{24 + 2}, false}};
  for (const auto& [date, lies] : cases) {
    auto scenario = running_case();
    scenario.when(signatory(), extend(date));
    EXPECT_EQ(scenario.result()->has_value(), lies) << to_rfc3339(date);
    if (!lies) {
      EXPECT_EQ(scenario.rejection().members.at("pointers").at(0).at("pointer"), "/data/due_at");
    }
  }
}

TEST(Extend, NotIntoADayOff) {
  auto scenario = running_case();
  const auto wednesday = kTuesday10h + hours{24};
  EXPECT_LT(wednesday, *scenario.state().due.due_at);
  auto definition = register_definition();
  Scenario urgent(rules_with(definition));
  auto filing = complete_filing();
  filing.data["remark"] = "urgent";
  urgent.filed(filing).did(desk_officer(), ReceiveCase{});
  urgent.when(signatory(), extend(wednesday)).then_rejected(RejectionCode::invalid_data);
}

TEST(Extend, NoOftenerThanTheProcedureAllows) {
  auto scenario = running_case();
  scenario.did(signatory(), extend(kFriday8h)).did(signatory(), extend(kFriday10h));
  scenario.when(signatory(), extend(kNextMonday8h)).then_rejected(RejectionCode::not_allowed);
  auto definition = office_definition();
  definition.max_extensions = 0;
  Scenario none(rules_with(definition));
  none.filed().did(desk_officer(), ReceiveCase{});
  none.when(signatory(), extend(kFriday8h)).then_rejected(RejectionCode::not_allowed);
}

TEST(Extend, TheSignerIsASignatoryOfTheCompetentAgency) {
  for (const auto* signer : {"", "case-1", "chief-1", "chief-0", "case-9", "nobody"}) {
    auto scenario = running_case();
    scenario.when(signatory(), extend(kFriday10h, signer)).then_rejected(RejectionCode::invalid_data);
    EXPECT_EQ(scenario.rejection().members.at("pointers").at(0).at("pointer"), "/data/signer") << signer;
  }
  running_case().did(signatory(), extend(kFriday10h, "both-1"));
}

TEST(Extend, OnlyWhileTheClockRunsWithTheOffice) {
  for (const auto& situation : situations()) {
    const auto& state = situation.scenario.state();
    const bool office = state.stage == Stage::received || state.stage == Stage::in_process;
    auto scenario = situation.scenario;
    scenario.when(signatory(), extend(kFriday10h));
    EXPECT_EQ(scenario.result()->has_value(), office && state.clock.state == ClockState::running)
        << situation.name;
  }
}

TEST(Extend, ClosesTheApologyThatIsOwedAndKeepsItInTheBook) {
  auto scenario = overdue_case();
  scenario.when(signatory(), extend(kFriday10h));
  EXPECT_EQ(scenario.decided<DeadlineExtended>().outcome.duties_closed, std::vector<std::string>{"apology"});
  scenario.did(signatory(), extend(kFriday10h));
  EXPECT_EQ(scenario.state().duties, (std::vector<Duty>{{"apology", kThursday10h, kThursday10h}}));
}

TEST(Extend, OfACaseInTimeClosesNothing) {
  auto scenario = running_case();
  scenario.when(signatory(), extend(kFriday10h));
  EXPECT_TRUE(scenario.decided<DeadlineExtended>().outcome.duties_closed.empty());
}

TEST(ExtendedCase, ItsDateShiftsByTheProcessingTimeThatAPauseTook) {
  auto scenario = running_case();
  scenario.did(signatory(), extend(kFriday8h));
  scenario.at(kTuesday8h).did(case_officer(), PauseClock{"verification"});
  // Until Friday 08:00 from Tuesday 08:00: 7.5 hours on Tuesday, 8 on Thursday, half an hour on Friday.
  EXPECT_EQ(scenario.state().due.remaining, WorkingSeconds{16 * 3600});
  scenario.at(kTuesday10h).did(case_officer(), ResumeClock{});
  EXPECT_EQ(scenario.state().due, (Due{kThursday10h, kFriday10h, std::nullopt}));
  EXPECT_EQ(scenario.state().extended_to, kFriday10h);
  EXPECT_EQ(scenario.state().promises.back(),
            (Promise{kFriday10h, kTuesday10h, "extension", "verification", "notice"}))
      << "the date still rests on the extension";
}

TEST(ExtendedCase, TwoPausesAddUp) {
  auto scenario = running_case();
  scenario.did(signatory(), extend(kFriday8h)).at(kTuesday8h);
  for (int i = 0; i < 2; ++i) {
    scenario.did(case_officer(), PauseClock{"verification"}).later(hours{1});
    scenario.did(case_officer(), ResumeClock{});
  }
  EXPECT_EQ(scenario.state().due.due_at, kFriday10h);
}

TEST(ExtendedCase, ADateThatHadPassedBeforeThePauseKeepsItsInstant) {
  auto scenario = running_case();
  scenario.did(signatory(), extend(kFriday8h)).at(kFriday10h).did(case_officer(), PauseClock{"verification"});
  EXPECT_EQ(scenario.state().due.remaining, WorkingSeconds{0});
  scenario.at(kNextMonday8h).did(case_officer(), ResumeClock{});
  EXPECT_EQ(scenario.state().due.due_at, kFriday8h);
}

TEST(ExtendedCase, ASecondExtensionStandsAgainstTheShiftedDate) {
  auto scenario = running_case();
  scenario.did(signatory(), extend(kFriday8h)).at(kTuesday8h);
  scenario.did(case_officer(), PauseClock{"verification"}).at(kTuesday10h).did(case_officer(), ResumeClock{});
  Scenario(scenario).when(signatory(), extend(kFriday10h)).then_rejected(RejectionCode::invalid_data);
  scenario.did(signatory(), extend(kFriday10h + kSecond));
}

}  // namespace
}  // namespace motcua::engine
