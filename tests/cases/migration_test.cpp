/// A running case moves to another version of its definition: where it stands there, what it keeps, what
/// stands in the way, and that it can go back.
#include "engine/cases/migration.hpp"

#include "engine/cases/derivation.hpp"
#include "engine/cases/rows.hpp"
#include "tests/cases/week.hpp"

#include <gtest/gtest.h>

#include <set>
#include <tuple>

namespace motcua::engine {
namespace {

using std::chrono::hours;

std::vector<StepName> steps(const std::vector<std::string>& names) { return {names.begin(), names.end()}; }

StepMap map_of(const std::vector<std::pair<std::string, std::vector<std::string>>>& names) {
  StepMap map;
  for (const auto& [from, to] : names) map[StepName(from)] = steps(to);
  return map;
}

void rename(Machine& machine, const char* from, const char* to) {
  const StepName old(from);
  for (auto& state : machine.states) {
    if (state.name == old) state.name = StepName(to);
    for (auto& step : state.not_same_person_as) {
      if (step == old) step = StepName(to);
    }
    for (auto& way : state.transitions) {
      if (way.target == old) way.target = StepName(to);
    }
  }
}

/// Version 2: the appraisal is called `review`, under a law of its own.
Definition second() {
  auto definition = office_definition();
  definition.version = 2;
  definition.hash = Digest{1, 2};
  definition.law.push_back({"law-2", "Decree", "Article 2", ""});
  rename(definition.machine, "appraisal", "review");
  return definition;
}

const StepMap kForth = map_of({{"appraisal", {"review"}}});
const StepMap kBack = map_of({{"review", {"appraisal"}}});

CommandBody to_second(const StepMap& map = kForth, MigratedLimit limit = MigratedLimit::kept) {
  return MigrateCase{2, map, limit, "law-2"};
}
CommandBody to_first(const StepMap& map = kBack, MigratedLimit limit = MigratedLimit::kept) {
  return MigrateCase{1, map, limit, "law-1"};
}

/// In appraisal by case-1 since Monday 08:00, with a second version published.
Scenario running(Definition target = second()) {
  auto scenario = running_case();
  return scenario.version(std::move(target));
}

std::string obstacle_of(const Scenario& scenario) {
  return scenario.rejection().members.value("obstacle", std::string());
}

std::vector<std::string> pointers_of(const Scenario& scenario) {
  std::vector<std::string> list;
  const auto rejection = scenario.rejection();
  for (const auto& entry : rejection.members.value("pointers", nlohmann::json::array())) {
    list.push_back(entry["pointer"]);
  }
  return list;
}

void expect_refused(Scenario scenario, const CommandBody& body, const char* obstacle,
                    const std::vector<std::string>& pointers = {}) {
  const auto before = scenario.state();
  scenario.when(supervisor(), body);
  ASSERT_TRUE(scenario.result()->has_error()) << obstacle;
  EXPECT_EQ(obstacle_of(scenario), obstacle);
  EXPECT_EQ(pointers_of(scenario), pointers) << obstacle;
  EXPECT_EQ(scenario.state(), before);
}

/// Case fields that a migration and its way back must give again.
auto standing(const Case& current) {
  return std::tuple{current.pins,        current.steps,       current.step_roles, current.steps_final,
                    current.assignees,   current.delegations, current.step_due,   current.after_due,
                    current.completions, current.due,         current.promises,   current.limit,
                    current.clock,       current.missing,     current.stage};
}
std::set<std::pair<std::string, Instant>> timers_of(const Case& current) {
  std::set<std::pair<std::string, Instant>> timers;
  for (const auto& timer : current.timers) {
    EXPECT_TRUE(timers.emplace(timer.kind, timer.due_at).second) << timer.kind << " twice";
  }
  return timers;
}

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

// --- side by side

MachineState state(const char* name, StateKind kind, std::optional<std::size_t> parent,
                   const char* role = "") {
  MachineState made;
  made.name = StepName(name);
  made.kind = kind;
  made.parent = parent;
  made.role = role;
  return made;
}
Transition way(const char* event, const char* target) {
  Transition one;
  one.event = event;
  one.target = StepName(target);
  return one;
}

/// Version 2: papers and land are looked at side by side, then signed.
Definition side_by_side() {
  auto definition = second();
  Machine machine;
  machine.states = {state("together", StateKind::parallel, {}),
                    state("paper", StateKind::compound, 0),
                    state("read", StateKind::atomic, 1, "case_officer"),
                    state("paper_over", StateKind::final, 1),
                    state("land", StateKind::compound, 0),
                    state("survey", StateKind::atomic, 4, "case_officer"),
                    state("land_over", StateKind::final, 4),
                    state("signing", StateKind::atomic, {}, "signatory"),
                    state("done", StateKind::final, {})};
  machine.states[0].transitions = {way("done", "signing")};
  machine.states[1].initial = 2;
  machine.states[2].transitions = {way("read", "paper_over")};
  machine.states[4].initial = 5;
  machine.states[5].transitions = {way("surveyed", "land_over")};
  machine.states[7].transitions = {way("sign", "done")};
  definition.machine = machine;
  return definition;
}

const StepMap kApart = map_of({{"appraisal", {"read", "survey"}}});
const StepMap kTogether = map_of({{"read", {"appraisal"}}, {"survey", {"appraisal"}}});

TEST(MigratedSideBySide, OneStepMayBecomeAllThatGoOnBesideEachOther) {
  auto scenario = running(side_by_side());
  const auto before = scenario.state();
  scenario.did(supervisor(), to_second(kApart));
  EXPECT_EQ(scenario.state().steps, steps({"read", "survey"}));
  EXPECT_EQ(scenario.state().assignees.size(), 2U);
  scenario.did(supervisor(), to_first(kTogether));
  EXPECT_EQ(standing(scenario.state()), standing(before));
}

TEST(MigratedSideBySide, AllRegionsAreEnteredOrNone) {
  expect_refused(running(side_by_side()), to_second(map_of({{"appraisal", {"read"}}})),
                 obstacle::steps_not_together, {"/data/map"});
  expect_refused(running(side_by_side()), to_second(map_of({{"appraisal", {"read", "survey", "signing"}}})),
                 obstacle::steps_not_together, {"/data/map"});
}

TEST(MigratedSideBySide, ARegionThatIsOverStaysOver) {
  auto third = side_by_side();
  third.version = 3;
  third.hash = Digest{1, 3};
  rename(third.machine, "survey", "measure");
  auto scenario = running(side_by_side());
  scenario.version(third).did(supervisor(), to_second(kApart)).did(case_officer(), take("read"));
  EXPECT_EQ(scenario.state().steps, steps({"survey"}));
  const MigrateCase move{3, map_of({{"survey", {"measure"}}}), MigratedLimit::kept, "law-2"};
  scenario.did(supervisor(), move);
  EXPECT_EQ(scenario.state().steps, steps({"measure"}));
  scenario.did(case_officer(), take("surveyed"));
  EXPECT_EQ(scenario.state().steps, steps({"signing"}));
}

TEST(MigratedSideBySide, StepsOfTwoOfficersThatBecomeOneAreNobodys) {
  auto scenario = running(side_by_side());
  scenario.did(supervisor(), to_second(kApart));
  scenario.did(supervisor(), assign("case-2", "survey")).did(supervisor(), to_first(kTogether));
  EXPECT_EQ(scenario.state().steps, steps({"appraisal"}));
  EXPECT_TRUE(scenario.state().assignees.empty());
}

// --- times of steps and states

TEST(MigratedTimers, TheTimeOfAStepGoesOnUnderItsNewName) {
  const Limit four{4, LimitUnit::working_hour, LimitCounting::working_time, {}, "", {}};
  auto first = office_definition();
  first.machine.states[0].time_limit = four;
  auto target = second();
  target.machine.states[0].time_limit =
      Limit{8, LimitUnit::working_hour, LimitCounting::working_time, {}, "", {}};
  Scenario scenario(rules_with(first));
  scenario.version(target).filed().did(desk_officer(), ReceiveCase{}).did(case_officer(), claim());
  const auto due = scenario.state().step_due.at(StepName("appraisal"));
  const auto before = scenario.state();
  scenario.at(kMonday10h).did(supervisor(), to_second());
  EXPECT_EQ(scenario.state().step_due, (std::map<StepName, Instant>{{StepName("review"), due}}));
  EXPECT_TRUE(timers_of(scenario.state()).contains({"step_due:review", due + kSecond}));
  EXPECT_FALSE(timers_of(scenario.state()).contains({"step_due:appraisal", due + kSecond}));
  auto back = scenario;
  back.did(supervisor(), to_first());
  EXPECT_EQ(standing(back.state()), standing(before));
  EXPECT_EQ(timers_of(back.state()), timers_of(before));
  scenario.at(due + hours{1}).timers_fired();
  EXPECT_TRUE(has_flag(scenario.state(), "step_late:review"));
  scenario.did(supervisor(), to_first());
  EXPECT_TRUE(has_flag(scenario.state(), "step_late:appraisal"));
  EXPECT_FALSE(has_flag(scenario.state(), "step_late:review"));
}

TEST(MigratedTimers, AStepThatHadNoTimeGetsThatOfTheTarget) {
  auto target = second();
  target.machine.states[0].time_limit =
      Limit{4, LimitUnit::working_hour, LimitCounting::working_time, {}, "", {}};
  auto scenario = running(target);
  scenario.at(kTuesday8h).did(supervisor(), to_second());
  EXPECT_EQ(scenario.state().step_due.at(StepName("review")), kTuesday8h + hours{6});
}

Definition with_timer(Definition definition, std::int64_t amount) {
  StateTimer timer;
  timer.after.amount = amount;
  timer.after.unit = LimitUnit::working_hour;
  timer.ways = {way("after", "signing")};
  definition.machine.states[0].timer = timer;
  return definition;
}

TEST(MigratedTimers, TheTimerOfAStateGoesOnUnderItsNewName) {
  Scenario scenario(rules_with(with_timer(office_definition(), 4)));
  scenario.version(with_timer(second(), 40)).filed().did(desk_officer(), ReceiveCase{});
  const auto due = kMonday8h + hours{6};
  const auto before = scenario.state();
  scenario.at(kMonday10h).did(supervisor(), to_second());
  EXPECT_EQ(scenario.state().after_due, (std::map<StepName, Instant>{{StepName("review"), due}}));
  EXPECT_EQ(timers_of(scenario.state()).count({"after:review", due}), 1U);
  auto back = scenario;
  back.did(supervisor(), to_first());
  EXPECT_EQ(standing(back.state()), standing(before));
  EXPECT_EQ(timers_of(back.state()), timers_of(before));
  scenario.at(due).timers_fired();
  EXPECT_EQ(scenario.state().steps, steps({"signing"}));
}

TEST(MigratedTimers, OneThatTheTargetDoesNotHaveIsCancelledAndOneThatItHasBegins) {
  Scenario scenario(rules_with(with_timer(office_definition(), 4)));
  scenario.version(second()).filed().did(desk_officer(), ReceiveCase{}).did(supervisor(), to_second());
  EXPECT_TRUE(scenario.state().after_due.empty());
  for (const auto& [kind, due] : timers_of(scenario.state()))
    EXPECT_FALSE(kind.starts_with("after:")) << kind;
  scenario.at(kTuesday8h).did(supervisor(), to_first());
  EXPECT_EQ(scenario.state().after_due.at(StepName("appraisal")), kTuesday8h + hours{6});
}

TEST(MigratedTimers, WhileTheClockIsPausedNothingRuns) {
  Scenario scenario(rules_with(with_timer(office_definition(), 4)));
  scenario.version(with_timer(second(), 4)).filed().did(desk_officer(), ReceiveCase{});
  scenario.at(kMonday10h).did(case_officer(), PauseClock{"verification"}).did(supervisor(), to_second());
  EXPECT_TRUE(timers_of(scenario.state()).empty());
  scenario.at(kTuesday8h).did(case_officer(), ResumeClock{});
  EXPECT_EQ(scenario.state().after_due.at(StepName("review")), kTuesday8h + hours{2});
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
