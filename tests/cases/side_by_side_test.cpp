/// Work side by side (xử lý song song): each region of a parallel state has its own officer, and the case
/// goes on when the last of them is done.
#include "engine/cases/rows.hpp"
#include "engine/cases/worklist_rows.hpp"
#include "tests/cases/week.hpp"

#include <gtest/gtest.h>

namespace motcua::engine {
namespace {

MachineState named(const char* name, StateKind kind, std::optional<std::size_t> parent = {}) {
  MachineState state;
  state.name = StepName(name);
  state.kind = kind;
  state.parent = parent;
  return state;
}

Transition way(const char* event, const char* target) {
  Transition one;
  one.event = event;
  one.target = StepName(target);
  return one;
}

/// The appraisal by a case officer beside the survey by a supervisor; then the signature.
Rules side_by_side() {
  auto definition = office_definition();
  Machine machine;
  machine.states.push_back(named("together", StateKind::parallel));
  machine.states.back().transitions = {way("stop_both", "signing"), way("done", "signing")};
  for (const auto& [region, step, role, over] :
       {std::tuple{"paper", "appraisal", "case_officer", "appraised"},
        std::tuple{"land", "survey", "supervisor", "surveyed"}}) {
    machine.states.push_back(named(region, StateKind::compound, 0));
    const auto parent = machine.states.size() - 1;
    machine.states.back().initial = parent + 1;
    machine.states.push_back(named(step, StateKind::atomic, parent));
    machine.states.back().role = role;
    machine.states.back().transitions = {way(over, (std::string(over) + "_over").c_str()),
                                         way("again", step)};
    machine.states.push_back(named((std::string(over) + "_over").c_str(), StateKind::final, parent));
  }
  machine.states.push_back(named("signing", StateKind::atomic));
  machine.states.back().role = "signatory";
  machine.states.back().not_same_person_as = {StepName("appraisal"), StepName("survey")};
  machine.states.back().transitions = {way("sign", "done"), way("send_back", "together")};
  machine.states.push_back(named("done", StateKind::final));
  definition.machine = machine;
  return rules_with(definition);
}

std::vector<StepName> steps(const std::vector<std::string>& names) {
  std::vector<StepName> list;
  for (const auto& name : names) list.emplace_back(name);
  return list;
}

Scenario received() {
  Scenario scenario(side_by_side());
  scenario.filed().did(desk_officer(), ReceiveCase{});
  return scenario;
}

/// Steps in which the case waits, by the rows of its queues.
std::vector<std::string> waiting(const Case& current) {
  std::vector<Row> rows;
  add_worklist_rows(current, rows);
  std::vector<std::string> list;
  for (const auto& row : rows) {
    if (const auto item = read_worklist_row(row)) list.push_back(item->step);
  }
  return list;
}

TEST(SideBySide, ACaseWaitsWithEachOfItsOfficers) {
  auto scenario = received();
  EXPECT_EQ(scenario.state().steps, steps({"appraisal", "survey"}));
  EXPECT_EQ(waiting(scenario.state()), (std::vector<std::string>{"appraisal", "survey"}));
  scenario.did(case_officer(), claim("appraisal")).did(supervisor(), claim("survey"));
  EXPECT_EQ(scenario.state().assignees.size(), 2U);
}

TEST(SideBySide, OneRegionEndsAndTheOtherGoesOn) {
  auto scenario = received();
  scenario.did(case_officer(), claim("appraisal")).did(case_officer(), take("appraised"));
  EXPECT_EQ(scenario.state().steps, steps({"survey"}));
  EXPECT_EQ(waiting(scenario.state()), (std::vector<std::string>{"survey"}));
  EXPECT_TRUE(scenario.state().assignees.empty());
  scenario.did(supervisor(), take("surveyed"));
  EXPECT_EQ(scenario.state().steps, steps({"signing"}));
}

TEST(SideBySide, TheOrderInWhichRegionsEndDoesNotMatter) {
  auto scenario = received();
  scenario.did(supervisor(), take("surveyed")).did(case_officer(), take("appraised"));
  EXPECT_EQ(scenario.state().steps, steps({"signing"}));
  scenario.did(signatory(), take("send_back"));
  EXPECT_EQ(scenario.state().steps, steps({"appraisal", "survey"}));
}

TEST(SideBySide, NobodyMovesARegionThatIsNotTheirs) {
  auto scenario = received();
  scenario.when(case_officer(), take("surveyed")).then_rejected(RejectionCode::not_allowed);
  EXPECT_EQ(scenario.state().steps, steps({"appraisal", "survey"}));
  scenario.when(case_officer(), take("again")).then_rejected(RejectionCode::not_allowed);
  scenario.did(supervisor(), take("surveyed")).did(case_officer(), take("again"));
}

TEST(SideBySide, WhoHoldsTheRolesOfBothActsByThatOfTheStep) {
  const auto both = person("both-2", {"case_officer", "supervisor"});
  auto scenario = received();
  for (const auto& [event, role] :
       {std::pair{"surveyed", "supervisor"}, std::pair{"appraised", "case_officer"}}) {
    scenario.when(both, take(event));
    ASSERT_TRUE(scenario.result()->has_value()) << event;
    auto decision = **scenario.result();
    name_role(decision, "case_officer");
    EXPECT_EQ(outcome_of(decision.event).role, role);
  }
}

TEST(SideBySide, WhoMayWorkInOneRegionMayTakeTheWayOutOfAll) {
  for (const auto& officer : {case_officer(), supervisor()}) {
    auto scenario = received();
    scenario.did(officer, take("stop_both"));
    EXPECT_EQ(scenario.state().steps, steps({"signing"}));
  }
}

TEST(SideBySide, AnEventIsRecordedWithTheStepOfWhoTookIt) {
  auto scenario = received();
  scenario.when(supervisor(), take("stop_both"));
  EXPECT_EQ(scenario.decided<StepTaken>().step, StepName("survey"));
  scenario.when(supervisor(), take("surveyed"));
  const auto taken = scenario.decided<StepTaken>();
  EXPECT_EQ(taken.step, StepName("survey"));
  EXPECT_EQ(taken.outcome.steps_left, steps({"survey"}));
}

}  // namespace
}  // namespace motcua::engine
