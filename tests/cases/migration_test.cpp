/// A running case moves to another version of its definition: where it stands there, what it keeps, what
/// stands in the way, and that it can go back.
#include "engine/cases/migration.hpp"

#include "engine/cases/derivation.hpp"
#include "engine/cases/rows.hpp"
#include "tests/cases/migration_cases.hpp"

#include <gtest/gtest.h>

namespace motcua::engine {
namespace {

using std::chrono::hours;

// --- what it keeps

TEST(Migrate, TheCaseStandsInTheStepThatItsOwnLeadsTo) {
  auto scenario = running();
  scenario.when(supervisor(), to_second());
  const auto event = scenario.decided<CaseMigrated>();
  EXPECT_EQ(event.from_version, 1);
  EXPECT_EQ(event.from_hash, office_definition().hash);
  EXPECT_EQ(event.pins.procedure_version, 2);
  EXPECT_EQ(event.pins.procedure_hash, second().hash);
  EXPECT_EQ(event.law, "law-2");
  EXPECT_EQ(event.map, kForth);
  EXPECT_EQ(event.outcome.steps_left, steps({"appraisal"}));
  EXPECT_EQ(event.outcome.steps_entered, steps({"review"}));
  scenario.did(supervisor(), to_second());
  const auto& state = scenario.state();
  EXPECT_EQ(state.steps, steps({"review"}));
  EXPECT_EQ(state.step_roles, std::vector<std::string>{"case_officer"});
  EXPECT_EQ(state.assignees, (std::map<StepName, ActorId>{{StepName("review"), ActorId("case-1")}}));
  EXPECT_EQ(state.stage, Stage::in_process);
  EXPECT_TRUE(has_flag(state, "migrated"));
  scenario.did(case_officer(), take("submit")).did(signatory(), take("sign"));
}

TEST(Migrate, AStepOfTheSameNameNeedsNoMap) {
  auto scenario = running();
  scenario.did(case_officer(), take("submit")).did(supervisor(), to_second());
  EXPECT_EQ(scenario.state().steps, steps({"signing"}));
  EXPECT_EQ(scenario.state().pins.procedure_version, 2);
}

TEST(Migrate, ThePromiseAndTheLimitStayWhatTheyWere) {
  auto target = second();
  target.time_limits.front().limit.amount = 9;
  auto scenario = running(target);
  const auto before = scenario.state();
  scenario.at(kTuesday8h).did(supervisor(), to_second());
  EXPECT_EQ(scenario.state().due, before.due);
  EXPECT_EQ(scenario.state().promises, before.promises);
  EXPECT_EQ(timers_of(scenario.state()), timers_of(before));
  EXPECT_EQ(scenario.state().pins.limit_hash, office_definition().hash);
  // Also when the limit is counted anew: what is left is left of the old one.
  scenario.did(case_officer(), PauseClock{"verification"}).at(kThursday8h).did(case_officer(), ResumeClock{});
  EXPECT_EQ(scenario.state().due.legal_due, kFriday8h);
  EXPECT_EQ(limit_of(scenario.state(), scenario.rules().limiting()).amount, kOfficeLimitDays);
}

TEST(Migrate, ACaseCannotBeExtendedMoreOftenThanItsOwnLimitSays) {
  auto target = second();
  target.max_extensions = 0;
  auto scenario = running(target);
  scenario.did(supervisor(), to_second()).did(signatory(), extend(kFriday10h));
  EXPECT_EQ(scenario.state().due.due_at, kFriday10h);
}

TEST(Migrate, GoingBackGivesTheSameCase) {
  auto scenario = running();
  scenario.did(case_officer(), delegate("case-2"));
  const auto before = scenario.state();
  scenario.at(kTuesday8h).did(supervisor(), to_second());
  EXPECT_EQ(scenario.state().delegations.size(), 1U);
  scenario.did(supervisor(), to_first());
  EXPECT_EQ(standing(scenario.state()), standing(before));
  EXPECT_EQ(timers_of(scenario.state()), timers_of(before));
  EXPECT_EQ(scenario.rules().limited_by, nullptr);
}

TEST(Migrate, RowsAreThoseOfTheStepsAfterwards) {
  auto scenario = running();
  scenario.did(supervisor(), to_second());
  bool found = false;
  for (const auto& row : rows(scenario.state())) {
    const auto item = read_worklist_row(row);
    if (!item) continue;
    found = true;
    EXPECT_EQ(item->step, "review");
    EXPECT_EQ(item->procedure_version, 2);
    EXPECT_EQ(item->assignee, "case-1");
  }
  EXPECT_TRUE(found);
}

TEST(Migrate, ReplayOfTheBytesGivesTheSameCase) {
  auto scenario = running();
  const auto before = scenario.state();
  scenario.when(supervisor(), to_second());
  const auto bytes = encode(Event{scenario.decided<CaseMigrated>()});
  const auto read = decode_event(CaseMigrated::kType, kEventTypeVersion, bytes);
  ASSERT_TRUE(read.has_value());
  scenario.did(supervisor(), to_second());
  EXPECT_EQ(
      evolve(before, *read, {scenario_case(), before.version + 1, scenario.now(), ActorId("chief-1"), ""}),
      scenario.state());
}

TEST(Migrate, WhatTheTargetAsksForBeyondIsNotAskedOfTheCitizen) {
  auto filing = complete_filing();
  filing.papers = {{PaperCode("declaration"), ""}};
  Scenario scenario;
  scenario.filed(filing).did(desk_officer(), ReceiveCase{true}, "sẽ bổ sung").did(case_officer(), claim());
  ASSERT_EQ(scenario.state().missing.size(), 1U);
  auto target = second();
  PaperRule more;
  more.code = PaperCode("photo");
  more.required = true;
  target.papers.push_back(more);
  scenario.version(target).did(supervisor(), to_second());
  const std::vector<MissingItem> birth_notice{{"", PaperCode("birth_notice")}};
  EXPECT_EQ(scenario.state().missing, birth_notice);
  scenario.did(case_officer(), correct("/remark", "x"));
  EXPECT_EQ(scenario.state().missing, birth_notice) << "nor by a later command";
}

TEST(Migrate, NobodyIsLeftWaitingForALinkedCaseThatWasNeverOpened) {
  auto target = second();
  LinkedProcedure branch;
  branch.code = "residence";
  const auto with = [&](bool waits) {
    branch.waits = waits;
    for (auto& state : target.machine.states) {
      if (state.kind == StateKind::atomic) state.linked = {branch};
    }
    return running(target);
  };
  expect_refused(with(true), to_second(), obstacle::linked_unknown);
  with(false).did(supervisor(), to_second());
}

TEST(Migrate, WhatTheTargetDoesNotKnowIsMissedNoMore) {
  auto filing = complete_filing();
  filing.papers = {{PaperCode("declaration"), ""}};
  Scenario scenario;
  scenario.filed(filing).did(desk_officer(), ReceiveCase{true}, "sẽ bổ sung");
  auto target = second();
  std::erase_if(target.papers, [](const PaperRule& rule) { return rule.code == PaperCode("birth_notice"); });
  scenario.version(target).did(supervisor(), to_second());
  EXPECT_TRUE(scenario.state().missing.empty());
}

// --- officers

TEST(MigratedOfficers, WhoCompletedTheOldStepMayNotDoWhatIsSeparatedFromTheNewOne) {
  auto scenario = running();
  scenario.did(case_officer(), release()).did(all_rounder(), take("submit"));
  scenario.did(supervisor(), to_second());
  EXPECT_EQ(scenario.state().completions.front().step, StepName("review"));
  scenario.when(all_rounder(), take("sign")).then_rejected(RejectionCode::same_person);
  scenario.did(supervisor(), to_first())
      .when(all_rounder(), take("sign"))
      .then_rejected(RejectionCode::same_person);
}

TEST(MigratedOfficers, ACompletedStepMayNotLoseItsNameUnsaid) {
  auto scenario = running();
  scenario.did(case_officer(), take("submit"));
  expect_refused(scenario, to_second({}), obstacle::completed_step_unknown, {"/data/map/appraisal"});
  scenario.did(supervisor(), to_second(map_of({{"appraisal", {}}})));
  EXPECT_TRUE(scenario.state().completions.empty());
}

TEST(MigratedOfficers, NobodyKeepsAStepWhoseNewRoleTheyDoNotHold) {
  auto target = second();
  target.machine.states[0].role = "signatory";
  auto scenario = running(target);
  scenario.did(supervisor(), to_second());
  EXPECT_TRUE(scenario.state().assignees.empty());
  auto other = running_case();
  other.did(supervisor(), assign("both-1")).version(target).did(supervisor(), to_second());
  EXPECT_EQ(other.state().assignees.at(StepName("review")), ActorId("both-1"));
}

TEST(MigratedOfficers, NobodyKeepsAStepThatIsSeparatedFromWhatTheyDid) {
  auto target = second();
  target.machine.states[1].role = "case_officer";
  auto scenario = running();
  scenario.did(case_officer(), release())
      .did(all_rounder(), take("submit"))
      .did(supervisor(), assign("sign-1"));
  target.machine.states[0].not_same_person_as = {StepName("signing")};
  scenario.version(target);
  scenario.did(signatory(), take("send_back")).did(supervisor(), assign("both-1"));
  auto third = second();
  third.version = 3;
  third.hash = Digest{1, 3};
  third.machine.states[0].not_same_person_as = {StepName("review")};
  scenario.version(third).did(supervisor(), MigrateCase{3, kForth, MigratedLimit::kept, "law-2"});
  EXPECT_TRUE(scenario.state().assignees.empty()) << "both-1 has appraised before";
}

// --- the target's limit

Definition with_days(std::int64_t days) {
  auto definition = second();
  definition.time_limits.front().limit.amount = days;
  return definition;
}

TEST(MigratedLimit, AnEarlierDateIsPromisedAndItsTimersAreSet) {
  auto scenario = running(with_days(1));
  scenario.at(kMonday10h).did(supervisor(), to_second(kForth, MigratedLimit::target));
  const auto& state = scenario.state();
  EXPECT_EQ(state.due, (Due{kTuesday8h, kTuesday8h, std::nullopt}));
  ASSERT_EQ(state.promises.size(), 2U);
  EXPECT_EQ(state.promises.back(), (Promise{kTuesday8h, kMonday10h, "migration", "", "notice"}));
  EXPECT_FALSE(state.pins.limit_hash.has_value());
  EXPECT_TRUE(timers_of(state).contains({"overdue", kTuesday8h + kSecond}));
  EXPECT_FALSE(timers_of(state).contains({"due", kThursday8h}));
}

TEST(MigratedLimit, TheSameDateIsNotPromisedAgain) {
  auto scenario = running();
  const auto before = scenario.state();
  scenario.did(supervisor(), to_second(kForth, MigratedLimit::target));
  EXPECT_EQ(scenario.state().promises, before.promises);
  EXPECT_EQ(scenario.state().due, before.due);
  EXPECT_EQ(timers_of(scenario.state()), timers_of(before));
}

TEST(MigratedLimit, ALaterDateIsAnExtensionAndRefused) {
  expect_refused(running(with_days(3)), to_second(kForth, MigratedLimit::target), obstacle::limit_later);
  auto none = second();
  none.time_limits.front().limit.unit = LimitUnit::none;
  expect_refused(running(none), to_second(kForth, MigratedLimit::target), obstacle::limit_later);
  auto paused = running(with_days(3));
  paused.did(case_officer(), PauseClock{"verification"});
  expect_refused(paused, to_second(kForth, MigratedLimit::target), obstacle::limit_later);
}

TEST(MigratedLimit, OneThatHasRunOutIsRefused) {
  auto scenario = running(with_days(1));
  expect_refused(scenario.at(kTuesday10h), to_second(kForth, MigratedLimit::target), obstacle::limit_passed);
}

TEST(MigratedLimit, TheDateOfAnExtensionStands) {
  auto scenario = running(with_days(1));
  scenario.did(signatory(), extend(kFriday10h));
  expect_refused(scenario, to_second(kForth, MigratedLimit::target), obstacle::limit_extended);
  scenario.did(supervisor(), to_second());
  EXPECT_EQ(scenario.state().due.due_at, kFriday10h);
}

TEST(MigratedLimit, WhileTheClockIsPausedTheRestIsThatOfTheTarget) {
  auto scenario = running(with_days(1));
  scenario.at(kMonday10h).did(case_officer(), PauseClock{"verification"});
  scenario.did(supervisor(), to_second(kForth, MigratedLimit::target));
  EXPECT_EQ(scenario.state().due.remaining, WorkingSeconds{6 * 3600});
  scenario.at(kTuesday8h).did(case_officer(), ResumeClock{});
  EXPECT_EQ(scenario.state().due.due_at, kTuesday8h + hours{8});
}

// --- what stands in the way

TEST(MigrateRefused, AVersionThatIsUnknownOrTheCasesOwn) {
  expect_refused(running(), MigrateCase{7, kForth, MigratedLimit::kept, "law-2"}, obstacle::version_unknown,
                 {"/data/version"});
  expect_refused(running(), to_first({}), obstacle::version_same, {"/data/version"});
}

TEST(MigrateRefused, AVersionThatTakesForceLater) {
  auto target = second();
  target.effective_from = local_day(kMonday8h) + std::chrono::days{1};
  expect_refused(running(target), to_second(kForth), obstacle::not_in_force);
  target.effective_from = local_day(kMonday8h);
  auto scenario = running(target);
  scenario.did(supervisor(), to_second(kForth));
  EXPECT_EQ(scenario.state().pins.procedure_version, 2);
}

TEST(MigrateRefused, ALawThatTheTargetDoesNotCite) {
  expect_refused(running(), MigrateCase{2, kForth, MigratedLimit::kept, "law-9"}, obstacle::law_unknown,
                 {"/data/law"});
}

TEST(MigrateRefused, AStepThatLeadsNowhere) {
  expect_refused(running(), to_second({}), obstacle::step_unknown, {"/data/map/appraisal"});
  expect_refused(running(), to_second(map_of({{"appraisal", {}}})), obstacle::step_unknown,
                 {"/data/map/appraisal"});
  expect_refused(running(), to_second(map_of({{"appraisal", {"no_such"}}})), obstacle::step_unknown,
                 {"/data/map/appraisal"});
  expect_refused(running(), to_second(map_of({{"appraisal", {"review"}}, {"a/b", {"review"}}})),
                 obstacle::step_unknown, {"/data/map/a~1b"});
}

TEST(MigrateRefused, AStepInWhichNobodyWorks) {
  expect_refused(running(), to_second(map_of({{"appraisal", {"done"}}})), obstacle::step_not_atomic,
                 {"/data/map/appraisal"});
  expect_refused(running(side_by_side()), to_second(map_of({{"appraisal", {"together"}}})),
                 obstacle::step_not_atomic, {"/data/map/appraisal"});
}

TEST(MigrateRefused, AFinishedMachineMayStayFinished) {
  auto scenario = running();
  scenario.did(case_officer(), take("submit")).did(signatory(), take("sign")).did(supervisor(), to_second());
  EXPECT_EQ(scenario.state().steps, steps({"done"}));
  EXPECT_TRUE(scenario.state().steps_final);
  scenario.did(signatory(), resolve({"certificate"}));
}

TEST(MigrateRefused, ValuesThatTheTargetHasNoLeafFor) {
  class WithoutTheMother final : public FormShape {
   public:
    [[nodiscard]] std::vector<ShapeViolation> check(const nlohmann::json& data) const override {
      if (data.contains("mother")) return {{"/mother", "is not a member of the form"}};
      return {};
    }
  };
  auto target = second();
  target.shape = std::make_shared<WithoutTheMother>();
  expect_refused(running(target), to_second(), obstacle::value_unknown, {"/mother"});
}

TEST(MigrateRefused, WhatTheApplicantIsAskedForAndTheTargetDoesNotKnow) {
  auto target = second();
  std::erase_if(target.papers, [](const PaperRule& rule) { return rule.code == PaperCode("mandate"); });
  auto scenario = running(target);
  scenario.did(case_officer(), ask_for({"mandate"}));
  expect_refused(scenario, to_second(), obstacle::supplement_unknown, {"mandate"});
  auto no_fee = second();
  no_fee.fees.clear();
  auto paying = running(no_fee);
  paying.did(case_officer(), RequestPayment{"fee"});
  expect_refused(paying, to_second(), obstacle::payment_unknown);
}

TEST(MigrateRefused, WhatIsAskedForAndKnownIsWaitedForThere) {
  auto scenario = running();
  scenario.did(case_officer(), ask_for({"mandate"})).did(supervisor(), to_second());
  EXPECT_EQ(scenario.state().stage, Stage::awaiting_supplement);
  scenario.did(desk_officer(), supply({"mandate"}));
  EXPECT_EQ(scenario.state().stage, Stage::in_process);
  EXPECT_EQ(scenario.state().steps, steps({"review"}));
}

TEST(MigrateRefused, AVersionThatStopsForASilenceThatNobodyWasWarnedOf) {
  auto marks = office_definition();
  marks.supplement_reply = ReplyLimit{{8 * 3600}, false, "law-1"};
  auto stops = second();
  stops.supplement_reply = ReplyLimit{{8 * 3600}, true, "law-2"};
  Scenario scenario(rules_with(marks));
  scenario.version(stops)
      .filed()
      .did(desk_officer(), ReceiveCase{})
      .did(case_officer(), ask_for({"mandate"}));
  expect_refused(scenario, to_second(), obstacle::silence_stops);
  scenario.did(desk_officer(), supply({"mandate"})).did(supervisor(), to_second());
}

TEST(MigrateRefused, APauseThatTheTargetDoesNotList) {
  auto target = second();
  target.pause_reasons.pop_back();
  auto scenario = running(target);
  scenario.did(case_officer(), PauseClock{"verification"});
  expect_refused(scenario, to_second(), obstacle::pause_unknown);
}

TEST(MigrateRefused, BeforeReceptionAndOnceThereIsAResult) {
  for (const auto& situation : situations()) {
    auto scenario = situation.scenario;
    scenario.version(second()).when(supervisor(), to_second());
    const auto stage = scenario.state().stage;
    const bool over = is_final(stage) || stage == Stage::resolved;
    const bool not_yet = !over && scenario.state().clock.state == ClockState::not_started;
    if (!over && !not_yet) {
      EXPECT_TRUE(scenario.result()->has_value()) << situation.name;
      continue;
    }
    EXPECT_EQ(obstacle_of(scenario), over ? obstacle::stage : obstacle::not_received) << situation.name;
  }
}

}  // namespace
}  // namespace motcua::engine
