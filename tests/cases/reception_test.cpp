/// Reception, its refusal, supplement requests and supply: what happens to stage, clock and promise.
#include "engine/deadline/counting.hpp"
#include "tests/support/scenario.hpp"

#include <gtest/gtest.h>

namespace motcua::engine {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

constexpr Instant kMonday10h = kMonday8h + hours{2};
constexpr Instant kTuesday9h = kMonday8h + hours{25};
/// Two working days after Monday 08:00; Wednesday is off.
constexpr Instant kThursday8h = kMonday8h + hours{72};
constexpr Instant kThursday17h = kMonday8h + hours{81};

/// Those of a due instant: nearing it, at it, and one second later.
std::vector<CaseTimer> timers_of(Instant nearing, Instant due) {
  return {{"nearing", nearing}, {"due", due}, {"overdue", due + std::chrono::seconds{1}}};
}

FileCase incomplete() {
  auto filing = complete_filing();
  filing.papers = {{PaperCode("birth_notice"), ""}};
  return filing;
}

CaseReceived received_on_monday() {
  CaseReceived event;
  event.pins = {ProcedureCode("9.000001"), 1, office_definition().hash, office_calendar().hash,
                office_organisation().hash};
  event.outcome.stage = Stage::received;
  event.outcome.missing = std::vector<MissingItem>{};
  event.outcome.steps = std::vector<StepName>{StepName("appraisal")};
  event.outcome.step_roles = {"case_officer"};
  event.outcome.steps_entered = {StepName("appraisal")};
  event.outcome.steps_final = false;
  event.outcome.timers_cancelled = {"reception_limit"};
  event.outcome.timers_set = timers_of(kMonday8h + hours{24}, kThursday8h);
  event.outcome.limit = 0;
  event.outcome.promise = Promise{kThursday8h, kMonday8h, "reception", "", "receipt"};
  event.outcome.due = Due{kThursday8h, kThursday8h, std::nullopt};
  event.outcome.clock = LedgerEntry{ClockChange::start, "", kMonday8h};
  event.outcome.clock_state = ClockState::running;
  return event;
}

TEST(Receive, StartsTheClockMakesThePromiseAndEntersTheMachine) {
  Scenario scenario;
  scenario.filed().when(desk_officer(), ReceiveCase{}).then(received_on_monday());

  EXPECT_EQ(scenario.state().clock.state, ClockState::running);
  EXPECT_EQ(scenario.state().timers, timers_of(kMonday8h + hours{24}, kThursday8h));
  EXPECT_EQ(scenario.state().promises.size(), 1U);
}

TEST(Receive, OutsideHoursIsRecordedAndTheClockCountsFromTheNextOpening) {
  Scenario scenario;
  const auto saturday = kMonday8h + hours{5 * 24};
  scenario.filed().at(saturday).when(desk_officer(), ReceiveCase{});
  const auto event = scenario.decided<CaseReceived>();

  EXPECT_EQ(event.outcome.clock->at, saturday);
  // Monday 07:30 and two days of eight hours: the close of Tuesday.
  EXPECT_EQ(event.outcome.due->due_at, kMonday8h + hours{8 * 24 + 9} + minutes{30});
}

TEST(Receive, WithSomethingMissingIsRefusedAndSaysWhat) {
  Scenario scenario;
  scenario.filed(incomplete()).when(desk_officer(), ReceiveCase{}).then_rejected(RejectionCode::invalid_data);
  EXPECT_EQ(scenario.rejection().members.at("missing"),
            nlohmann::json::parse(R"([{"paper":"declaration"}])"));
}

TEST(Receive, AcceptedIncompleteNeedsAReason) {
  Scenario scenario;
  scenario.filed(incomplete());
  Scenario(scenario).when(desk_officer(), ReceiveCase{true}).then_rejected(RejectionCode::invalid_data);
  Scenario(scenario).when(desk_officer(), ReceiveCase{true}, "").then_rejected(RejectionCode::invalid_data);

  auto expected = received_on_monday();
  expected.accepted_incomplete = true;
  expected.outcome.missing = std::vector<MissingItem>{{"", PaperCode("declaration")}};
  expected.outcome.flags_added = {"accepted_incomplete"};
  scenario.when(desk_officer(), ReceiveCase{true}, "nộp bản chính sau").then(expected);
  EXPECT_EQ(scenario.state().flags, std::vector<std::string>{"accepted_incomplete"});
  EXPECT_EQ(scenario.sealed("free-text"), (nlohmann::json{{"reason", "nộp bản chính sau"}}));
}

TEST(Receive, ACompleteCaseIsNotFlaggedEvenIfIncompleteWasAccepted) {
  Scenario().filed().when(desk_officer(), ReceiveCase{true}).then(received_on_monday());
}

TEST(Receive, PinsTheRulesInForceAtReception) {
  auto rules = office_rules();
  Scenario filed;
  filed.filed();
  auto newer = office_definition();
  newer.version = 2;
  newer.hash = Digest{9};
  rules.definition = std::make_shared<const Definition>(newer);
  const CommandContext context{rules, desk_officer(), kMonday8h};

  const auto decision = decide(filed.view(), CaseCommand{ReceiveCase{}, {}}, context);

  ASSERT_TRUE(decision.has_value());
  EXPECT_EQ(std::get<CaseReceived>(decision->event).pins.procedure_version, 2);
  EXPECT_EQ(std::get<CaseReceived>(decision->event).pins.procedure_hash, Digest{9});
}

TEST(RefuseReception, EndsTheCaseWithAClockThatNeverStarted) {
  ReceptionRefused expected;
  expected.reason_code = "not_competent";
  expected.outcome.stage = Stage::not_received;
  expected.outcome.steps = std::vector<StepName>{};
  expected.outcome.timers_cancelled = {"reception_limit"};
  Scenario scenario;
  scenario.filed().when(desk_officer(), RefuseReception{"not_competent"}).then(expected);

  EXPECT_EQ(scenario.state().clock.state, ClockState::not_started);
  EXPECT_TRUE(scenario.state().clock.ledger.empty());
  EXPECT_TRUE(scenario.state().promises.empty());
}

TEST(RefuseReception, AReasonOutsideTheListIsRefusedAndTheListIsSaid) {
  Scenario scenario;
  scenario.filed()
      .when(desk_officer(), RefuseReception{"dislike"})
      .then_rejected(RejectionCode::invalid_data);
  EXPECT_EQ(scenario.rejection().members.at("allowed_reasons"),
            (nlohmann::json{"not_competent", "duplicate"}));
}

SupplementRequested asked_on_monday_at_ten() {
  SupplementRequested event;
  event.items = {"mandate", "/remark"};
  event.outcome.stage = Stage::awaiting_supplement;
  event.outcome.clock = LedgerEntry{ClockChange::pause, "supplement", kMonday10h, "applicant"};
  event.outcome.clock_state = ClockState::paused;
  event.outcome.due = Due{std::nullopt, std::nullopt, WorkingSeconds{14 * 3600}};
  event.outcome.timers_cancelled = {"nearing", "due", "overdue"};
  return event;
}

Scenario asked_in_process() {
  Scenario scenario;
  scenario.filed().did(desk_officer(), ReceiveCase{}).did(case_officer(), claim()).at(kMonday10h);
  scenario.when(case_officer(), ask_for({"mandate", "/remark"})).then(asked_on_monday_at_ten());
  return scenario;
}

TEST(RequestSupplement, InProcessPausesTheClockAndKeepsWhatRemains) {
  const auto scenario = asked_in_process();

  EXPECT_EQ(scenario.state().clock.state, ClockState::paused);
  EXPECT_EQ(scenario.state().clock.reason, "supplement");
  EXPECT_EQ(scenario.state().supplement_open, (std::vector<std::string>{"mandate", "/remark"}));
  EXPECT_EQ(scenario.state().steps, std::vector<StepName>{StepName("appraisal")}) << "steps stand still";
  EXPECT_EQ(scenario.state().assignees.size(), 1U);
  EXPECT_EQ(scenario.sealed("free-text"),
            (nlohmann::json{{"why", {{"mandate", "cần bổ sung"}, {"/remark", "cần bổ sung"}}}}));
}

TEST(RequestSupplement, BeforeReceptionNeverStartsTheClock) {
  SupplementRequested expected;
  expected.items = {"mandate"};
  expected.outcome.stage = Stage::awaiting_supplement;
  expected.outcome.timers_cancelled = {"reception_limit"};
  Scenario scenario;
  scenario.filed().when(desk_officer(), ask_for({"mandate"})).then(expected);
  EXPECT_EQ(scenario.state().clock.state, ClockState::not_started);
  EXPECT_TRUE(scenario.state().timers.empty());

  CaseSupplied supplied;
  supplied.outcome.stage = Stage::registered;
  supplied.outcome.papers_added = {{PaperCode("mandate"), ""}};
  supplied.outcome.missing = std::vector<MissingItem>{};
  supplied.outcome.timers_set = {{"reception_limit", kTuesday9h + hours{48}}};
  scenario.at(kTuesday9h).when(desk_officer(), supply({"mandate"})).then(supplied);
  EXPECT_EQ(scenario.state().clock.state, ClockState::not_started);
  EXPECT_TRUE(scenario.state().clock.ledger.empty());
  EXPECT_TRUE(scenario.state().promises.empty());
}

TEST(RequestSupplement, RefusesItemsOutsideTheDefinitionRepeatedOnesNoneAndTooMany) {
  Scenario received = standing_in(Stage::in_process);
  for (const auto& items : std::vector<std::vector<std::string>>{{},
                                                                 {"no_such"},
                                                                 {"mandate", "mandate"},
                                                                 {"/remar"},
                                                                 {"/"},
                                                                 {""},
                                                                 std::vector<std::string>(65, "mandate")}) {
    Scenario(received).when(case_officer(), ask_for(items)).then_rejected(RejectionCode::invalid_data);
  }
  Scenario(received).did(case_officer(), ask_for({"/mother"}));
}

TEST(RequestSupplement, NoMoreThanTheDefinitionAllows) {
  auto scenario = standing_in(Stage::in_process);
  for (int i = 0; i < 2; ++i) {
    scenario.did(case_officer(), ask_for({"mandate"})).did(desk_officer(), supply({"mandate"}));
  }
  scenario.when(case_officer(), ask_for({"mandate"})).then_rejected(RejectionCode::not_allowed);
}

TEST(RequestSupplement, WithoutAPauseInTheDefinitionOnlyBeforeReception) {
  auto definition = office_definition();
  definition.pause_reasons.clear();
  auto rules = office_rules();
  rules.definition = std::make_shared<const Definition>(definition);
  Scenario scenario(rules);
  scenario.filed();
  Scenario(scenario).did(desk_officer(), ask_for({"mandate"}));
  scenario.did(desk_officer(), ReceiveCase{});
  scenario.when(case_officer(), ask_for({"mandate"})).then_rejected(RejectionCode::not_allowed);
}

TEST(Supply, InProcessResumesWithWhatWasLeftAndMakesANewPromise) {
  auto scenario = asked_in_process();
  CaseSupplied expected;
  expected.outcome.stage = Stage::in_process;
  expected.outcome.papers_added = {{PaperCode("mandate"), ""}};
  expected.outcome.provenance["/remark"] = {"citizen", "", kTuesday9h};
  expected.outcome.missing = std::vector<MissingItem>{};
  expected.outcome.clock = LedgerEntry{ClockChange::resume, "", kTuesday9h};
  expected.outcome.clock_state = ClockState::running;
  expected.outcome.due = Due{kThursday17h, kThursday17h, std::nullopt};
  expected.outcome.promise = Promise{kThursday17h, kTuesday9h, "resume", "supplement", "notice"};
  // 14 working hours after Tuesday 09:00; nearing when eight of them are left.
  expected.outcome.timers_set = timers_of(kThursday8h, kThursday17h);

  scenario.at(kTuesday9h).when(desk_officer(), supply({"mandate"}, {{"remark", "đây"}})).then(expected);

  EXPECT_EQ(scenario.state().promises.size(), 2U);
  EXPECT_EQ(scenario.state().promises.front().due_at, kThursday8h);
  EXPECT_EQ(scenario.state().clock.reason, "") << "a clock that runs has no pause reason";
  EXPECT_TRUE(scenario.state().supplement_open.empty());
}

TEST(Supply, InPartIsRecordedAndMovesNeitherStageNorClock) {
  auto scenario = asked_in_process();
  CaseSupplied expected;
  expected.still_open = {"/remark"};
  expected.outcome.papers_added = {{PaperCode("mandate"), ""}};
  expected.outcome.missing = std::vector<MissingItem>{};
  scenario.at(kTuesday9h).when(desk_officer(), supply({"mandate"})).then(expected);
  EXPECT_EQ(scenario.state().stage, Stage::awaiting_supplement);
  EXPECT_EQ(scenario.state().clock.state, ClockState::paused);
  EXPECT_EQ(scenario.state().due.remaining, WorkingSeconds{14 * 3600});

  // An empty text is no answer; the real one, later, moves the case.
  scenario.did(desk_officer(), supply({}, {{"remark", ""}}));
  EXPECT_EQ(scenario.state().stage, Stage::awaiting_supplement);
  scenario.did(desk_officer(), supply({}, {{"remark", "đây"}}));
  EXPECT_EQ(scenario.state().stage, Stage::in_process);
  EXPECT_EQ(scenario.state().due.due_at, kThursday17h);
}

TEST(Supply, APaperHandedInAgainReplacesTheOldOne) {
  auto scenario = asked_in_process();
  Supply again;
  again.papers = {{PaperCode("birth_notice"), "doc-2"}};
  scenario.did(desk_officer(), again);
  EXPECT_EQ(scenario.state().papers,
            (std::vector<CasePaper>{{PaperCode("declaration"), ""}, {PaperCode("birth_notice"), "doc-2"}}));
}

TEST(Supply, WhenNothingWasLeftTheCaseIsDueAtOnce) {
  Scenario scenario;
  scenario.filed()
      .did(desk_officer(), ReceiveCase{})
      .at(kThursday17h - hours{9})
      .did(case_officer(), ask_for({"mandate"}));
  EXPECT_EQ(scenario.state().due.remaining, WorkingSeconds{0});
  const auto friday = kThursday17h + hours{15};
  scenario.at(friday).did(desk_officer(), supply({"mandate"}));
  EXPECT_EQ(scenario.state().due.due_at, friday);
}

TEST(Supply, ACaseThatWasLateWhenItPausedStaysLate) {
  Scenario scenario;
  scenario.filed().did(desk_officer(), ReceiveCase{});
  const auto promised = scenario.state().due.due_at;
  scenario.at(kThursday17h + hours{16}).did(case_officer(), ask_for({"mandate"}));
  scenario.at(kThursday17h + hours{18}).did(desk_officer(), supply({"mandate"}));
  EXPECT_EQ(scenario.state().due.due_at, promised);
}

TEST(Supply, TwoPausesLoseAndWinNoWorkingTime) {
  Scenario scenario;
  scenario.filed().did(desk_officer(), ReceiveCase{});
  for (int i = 0; i < 2; ++i) {
    scenario.later(hours{1}).did(case_officer(), ask_for({"mandate"}));
    scenario.later(hours{24 * 7}).did(desk_officer(), supply({"mandate"}));
  }
  const auto left =
      working_time_between(*scenario.rules().calendar, scenario.now(), *scenario.state().due.due_at);
  EXPECT_EQ(left, WorkingSeconds{14 * 3600});
  EXPECT_EQ(scenario.state().promises.size(), 3U);
}

}  // namespace
}  // namespace motcua::engine
