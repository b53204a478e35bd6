#include "engine/procedure/machine.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace motcua::engine {
namespace {

using nlohmann::json;

const json kNoFacts = json::object();
const json kTrue = json::parse(R"({"==": [1, 1]})");
const json kFalse = json::parse(R"({"==": [1, 2]})");
const json kReadsAbsent = json::parse(R"({"==": [{"var": "data.opinion"}, "agree"]})");
const json kUnknownOperator = json::parse(R"({"no_such_operator": [1]})");

std::vector<StepName> steps(const std::vector<std::string>& names) {
  std::vector<StepName> result;
  for (const auto& name : names) result.emplace_back(name);
  return result;
}

MachineState state(const char* name, StateKind kind, std::vector<Transition> transitions = {}) {
  MachineState made;
  made.name = StepName(name);
  made.kind = kind;
  made.transitions = std::move(transitions);
  return made;
}

Transition on(const char* event, const char* target, json guard = nullptr) {
  return Transition{.event = event, .target = StepName(target), .guard = std::move(guard)};
}

MachineState child_of(std::size_t parent, MachineState made) {
  made.parent = parent;
  return made;
}

/// assess -> (review: draft -> check -> agreed | sent_back) -> sign -> done; `cancel` leaves review from
/// anywhere.
Machine office() {
  Machine machine;
  machine.states.push_back(state("assess", StateKind::atomic, {on("forward", "review")}));
  machine.states.push_back(state("review", StateKind::compound,
                                 {on("cancel", "assess"), on("restart", "review"), on("done", "sign")}));
  machine.states[1].initial = 2;
  machine.states.push_back(child_of(1, state("draft", StateKind::atomic, {on("submit", "check")})));
  machine.states.push_back(
      child_of(1, state("check", StateKind::atomic,
                        {on("agree", "agreed"), on("disagree", "draft"), on("again", "check")})));
  machine.states.push_back(child_of(1, state("agreed", StateKind::final)));
  machine.states.push_back(state("sign", StateKind::atomic, {on("sign", "done_all"), on("reject", "check")}));
  machine.states.push_back(state("done_all", StateKind::final));
  return machine;
}

TEST(StepMachine, EntersTheInitialStateAtReception) {
  EXPECT_EQ(initial_steps(office()), steps({"assess"}));
  Machine inside = office();
  inside.initial = 1;
  EXPECT_EQ(initial_steps(inside), steps({"draft"}));
  EXPECT_TRUE(initial_steps(Machine{}).empty());
}

TEST(StepMachine, EnteringACompoundStateEntersItsInitialChild) {
  const auto move = take(office(), steps({"assess"}), "forward", kNoFacts);
  ASSERT_TRUE(move.has_value());
  EXPECT_EQ(move->left, steps({"assess"}));
  EXPECT_EQ(move->entered, steps({"draft"}));
  EXPECT_EQ(move->active, steps({"draft"}));
}

TEST(StepMachine, AFinalChildFiresOnDoneInTheSameMacrostep) {
  const auto move = take(office(), steps({"check"}), "agree", kNoFacts);
  ASSERT_TRUE(move.has_value());
  EXPECT_EQ(move->left, steps({"check"}));
  EXPECT_EQ(move->entered, steps({"sign"}));
  EXPECT_EQ(move->active, steps({"sign"}));
}

TEST(StepMachine, AnAncestorTakesWhatTheLeafDoesNotOffer) {
  const auto move = take(office(), steps({"check"}), "cancel", kNoFacts);
  ASSERT_TRUE(move.has_value());
  EXPECT_EQ(move->active, steps({"assess"}));
}

TEST(StepMachine, TheInnermostStateGoesFirst) {
  auto machine = office();
  machine.states[3].transitions.push_back(on("cancel", "draft"));
  EXPECT_EQ(take(machine, steps({"check"}), "cancel", kNoFacts)->active, steps({"draft"}));
  EXPECT_EQ(take(machine, steps({"draft"}), "cancel", kNoFacts)->active, steps({"assess"}));
}

TEST(StepMachine, DocumentOrderDecidesBetweenOpenWays) {
  auto machine = office();
  machine.states[0].transitions = {on("go", "review", kFalse), on("go", "sign", kTrue), on("go", "done_all")};
  EXPECT_EQ(take(machine, steps({"assess"}), "go", kNoFacts)->active, steps({"sign"}));
}

TEST(StepMachine, AFalseGuardInsideLetsTheParentTry) {
  auto machine = office();
  machine.states[3].transitions.push_back(on("cancel", "draft", kFalse));
  EXPECT_EQ(take(machine, steps({"check"}), "cancel", kNoFacts)->active, steps({"assess"}));
}

TEST(StepMachine, AnUndecidedGuardBlocksTheWaysBehindIt) {
  auto machine = office();
  machine.states[0].transitions = {on("go", "review", kReadsAbsent), on("go", "sign")};
  const auto blocked = take(machine, steps({"assess"}), "go", json::parse(R"({"data": {}})"));
  ASSERT_TRUE(blocked.has_error());
  EXPECT_EQ(blocked.error().code, RejectionCode::guard_undecided);
  EXPECT_EQ(blocked.error().members["blocked_by"], json::array({"/data/opinion"}));

  const auto facts = json::parse(R"({"data": {"opinion": "agree"}})");
  EXPECT_EQ(take(machine, steps({"assess"}), "go", facts)->active, steps({"draft"}));
  const auto provisional = take(machine, steps({"assess"}), "go", facts, {"/data/opinion"});
  ASSERT_TRUE(provisional.has_error());
  EXPECT_EQ(provisional.error().code, RejectionCode::guard_undecided);
}

TEST(StepMachine, AFaultyGuardBlocksAndSaysWhy) {
  auto machine = office();
  machine.states[0].transitions = {on("go", "review", kUnknownOperator), on("go", "sign")};
  const auto blocked = take(machine, steps({"assess"}), "go", kNoFacts);
  ASSERT_TRUE(blocked.has_error());
  EXPECT_EQ(blocked.error().code, RejectionCode::guard_undecided);
  EXPECT_TRUE(blocked.error().members["blocked_by"].is_string());
}

TEST(StepMachine, AnUndecidedOnDoneBlocksTheWholeEvent) {
  auto machine = office();
  machine.states[1].transitions = {on("done", "sign", kReadsAbsent)};
  const auto blocked = take(machine, steps({"check"}), "agree", json::parse(R"({"data": {}})"));
  ASSERT_TRUE(blocked.has_error());
  EXPECT_EQ(blocked.error().code, RejectionCode::guard_undecided);
}

TEST(StepMachine, RefusesWhatNoActiveStateOffers) {
  for (const char* event : {"sign", "nothing", ""}) {
    const auto refused = take(office(), steps({"assess"}), event, kNoFacts);
    ASSERT_TRUE(refused.has_error()) << event;
    EXPECT_EQ(refused.error().code, RejectionCode::not_allowed);
  }
  auto machine = office();
  machine.states[0].transitions = {on("go", "review", kFalse)};
  EXPECT_EQ(take(machine, steps({"assess"}), "go", kNoFacts).error().code, RejectionCode::not_allowed);
  EXPECT_EQ(take(office(), steps({"gone"}), "forward", kNoFacts).error().code, RejectionCode::not_allowed);
  EXPECT_EQ(take(office(), {}, "forward", kNoFacts).error().code, RejectionCode::not_allowed);
}

TEST(StepMachine, NobodyButTheMachineFiresOnDone) {
  const auto refused = take(office(), steps({"draft"}), "done", kNoFacts);
  ASSERT_TRUE(refused.has_error());
  EXPECT_EQ(refused.error().code, RejectionCode::not_allowed);

  auto machine = office();
  machine.states[2].transitions.push_back(on("done", "check"));
  EXPECT_EQ(take(machine, steps({"draft"}), "done", kNoFacts)->active, steps({"check"}));
}

TEST(StepMachine, ComingBackToTheSameStateLeavesAndEntersIt) {
  const auto self = take(office(), steps({"check"}), "again", kNoFacts);
  ASSERT_TRUE(self.has_value());
  EXPECT_EQ(self->left, steps({"check"}));
  EXPECT_EQ(self->entered, steps({"check"}));
  EXPECT_EQ(take(office(), steps({"check"}), "restart", kNoFacts)->active, steps({"draft"}));
}

TEST(StepMachine, OnlyATopLevelFinalStatePermitsResolve) {
  const auto move = take(office(), steps({"sign"}), "sign", kNoFacts);
  ASSERT_TRUE(move.has_value());
  EXPECT_EQ(move->entered, steps({"done_all"}));
  EXPECT_TRUE(in_final_state(office(), move->active));
  for (const char* name : {"assess", "draft", "check", "agreed", "sign", "gone"}) {
    EXPECT_FALSE(in_final_state(office(), steps({name}))) << name;
  }
  EXPECT_FALSE(in_final_state(office(), {}));
}

TEST(StepMachine, AFinalChildWithoutOnDoneStaysActiveAndLeavesByTheParent) {
  auto machine = office();
  machine.states[1].transitions = {on("cancel", "assess")};
  const auto move = take(machine, steps({"check"}), "agree", kNoFacts);
  ASSERT_TRUE(move.has_value());
  EXPECT_TRUE(move->entered.empty());
  EXPECT_EQ(move->active, steps({"agreed"}));
  const auto out = take(machine, move->active, "cancel", kNoFacts);
  ASSERT_TRUE(out.has_value());
  EXPECT_TRUE(out->left.empty());
  EXPECT_EQ(out->active, steps({"assess"}));
}

/// `depth` compound states, each finished by the one before it; the last one leads to `end`.
Machine chain_of_compounds(std::size_t depth) {
  Machine machine;
  machine.states.push_back(state("start", StateKind::atomic, {on("go", "c0")}));
  for (std::size_t i = 0; i < depth; ++i) {
    const std::string next = i + 1 == depth ? "end" : "c" + std::to_string(i + 1);
    machine.states.push_back(
        state(("c" + std::to_string(i)).c_str(), StateKind::compound, {on("done", next.c_str())}));
    const std::size_t parent = machine.states.size() - 1;
    machine.states[parent].initial = parent + 1;
    machine.states.push_back(child_of(parent, state(("f" + std::to_string(i)).c_str(), StateKind::final)));
  }
  machine.states.push_back(state("end", StateKind::final));
  return machine;
}

TEST(StepMachine, AMacrostepCostsAtMostAHundredMicrosteps) {
  // The event is the first microstep, each on_done one more.
  const auto most = static_cast<std::size_t>(kMicrostepsMax) - 1;
  EXPECT_EQ(take(chain_of_compounds(most), steps({"start"}), "go", kNoFacts)->active, steps({"end"}));
  EXPECT_TRUE(take(chain_of_compounds(most + 1), steps({"start"}), "go", kNoFacts).has_error());
}

TEST(StepMachine, ADefinitionThatMovesInACircleIsStopped) {
  auto machine = chain_of_compounds(1);
  machine.states[1].transitions = {on("done", "c0")};
  const auto stopped = take(machine, steps({"start"}), "go", kNoFacts);
  ASSERT_TRUE(stopped.has_error());
  EXPECT_EQ(stopped.error().code, RejectionCode::guard_undecided);
}

/// start -> work, side by side: police (ask_police -> police_over) and tax (assess_tax -> ask_tax ->
/// tax_over); both over -> sign -> done_all. `cancel` leaves work; `again` begins the region of the tax anew.
Machine side_by_side() {
  Machine machine;
  machine.states.push_back(state("start", StateKind::atomic, {on("go", "work"), on("skip", "ask_tax")}));
  machine.states.push_back(
      state("work", StateKind::parallel, {on("cancel", "start"), on("pass", "sign"), on("done", "sign")}));
  machine.states.push_back(child_of(1, state("police", StateKind::compound)));
  machine.states[2].initial = 3;
  machine.states.push_back(child_of(
      2, state("ask_police", StateKind::atomic, {on("seen", "police_over"), on("note", "ask_police")})));
  machine.states.push_back(child_of(2, state("police_over", StateKind::final)));
  machine.states.push_back(child_of(1, state("tax", StateKind::compound, {on("again", "tax")})));
  machine.states[5].initial = 6;
  machine.states.push_back(child_of(
      5, state("assess_tax", StateKind::atomic, {on("assessed", "ask_tax"), on("pass", "tax_over")})));
  machine.states.push_back(
      child_of(5, state("ask_tax", StateKind::atomic, {on("paid", "tax_over"), on("note", "assess_tax")})));
  machine.states.push_back(child_of(5, state("tax_over", StateKind::final)));
  machine.states.push_back(state("sign", StateKind::atomic, {on("sign", "done_all"), on("reject", "work")}));
  machine.states.push_back(state("done_all", StateKind::final));
  return machine;
}

MachineMove moved(const std::vector<std::string>& active, const char* event) {
  const auto move = take(side_by_side(), steps(active), event, kNoFacts);
  EXPECT_TRUE(move.has_value()) << event;
  return move.has_value() ? *move : MachineMove{};
}

TEST(ParallelState, BeginsWithEachOfItsRegions) {
  const auto move = moved({"start"}, "go");
  EXPECT_EQ(move.left, steps({"start"}));
  EXPECT_EQ(move.entered, steps({"ask_police", "assess_tax"}));
  EXPECT_EQ(move.active, steps({"ask_police", "assess_tax"}));
  auto machine = side_by_side();
  machine.initial = 1;
  EXPECT_EQ(initial_steps(machine), steps({"ask_police", "assess_tax"}));
}

TEST(ParallelState, ARegionGoesOnAlone) {
  const auto move = moved({"ask_police", "assess_tax"}, "assessed");
  EXPECT_EQ(move.left, steps({"assess_tax"}));
  EXPECT_EQ(move.entered, steps({"ask_tax"}));
  EXPECT_EQ(move.active, steps({"ask_police", "ask_tax"}));
  ASSERT_EQ(move.taken.size(), 1U);
  EXPECT_EQ(move.taken[0].steps, steps({"assess_tax"}));
}

TEST(ParallelState, ARegionThatIsOverHasNoStep) {
  const auto move = moved({"ask_police", "assess_tax"}, "seen");
  EXPECT_EQ(move.left, steps({"ask_police"}));
  EXPECT_TRUE(move.entered.empty());
  EXPECT_EQ(move.active, steps({"assess_tax"}));
}

TEST(ParallelState, IsDoneWhenTheLastRegionIsOverWhicheverThatIs) {
  for (const auto& [active, event] : {std::pair{"ask_police", "seen"}, std::pair{"ask_tax", "paid"}}) {
    const auto move = moved({active}, event);
    EXPECT_EQ(move.left, steps({active}));
    EXPECT_EQ(move.active, steps({"sign"}));
    EXPECT_EQ(move.entered, steps({"sign"}));
  }
}

TEST(ParallelState, OneEventMovesEachRegionThatOffersIt) {
  const auto move = moved({"ask_police", "ask_tax"}, "note");
  EXPECT_EQ(move.left, steps({"ask_police", "ask_tax"}));
  EXPECT_EQ(move.entered, steps({"ask_police", "assess_tax"}));
  ASSERT_EQ(move.taken.size(), 2U);
  EXPECT_EQ(move.taken[1].steps, steps({"ask_tax"}));
}

TEST(ParallelState, IsLeftWholeByAWayOfItsOwn) {
  const auto move = moved({"ask_police", "ask_tax"}, "cancel");
  EXPECT_EQ(move.left, steps({"ask_police", "ask_tax"}));
  EXPECT_EQ(move.active, steps({"start"}));
  ASSERT_EQ(move.taken.size(), 1U);
  EXPECT_EQ(move.taken[0].steps, steps({"ask_police", "ask_tax"}));
}

TEST(ParallelState, AWayWithinARegionComesBeforeOneAroundAll) {
  EXPECT_EQ(moved({"ask_police", "assess_tax"}, "pass").active, steps({"ask_police"}));
  EXPECT_EQ(moved({"ask_police", "ask_tax"}, "pass").active, steps({"sign"}));
}

TEST(ParallelState, ARegionBeginsAnewWithoutTheOthers) {
  const auto move = moved({"ask_police", "ask_tax"}, "again");
  EXPECT_EQ(move.left, steps({"ask_tax"}));
  EXPECT_EQ(move.entered, steps({"assess_tax"}));
  EXPECT_EQ(move.active, steps({"ask_police", "assess_tax"}));
}

TEST(ParallelState, AWayIntoOneRegionBeginsTheOthersToo) {
  EXPECT_EQ(moved({"start"}, "skip").active, steps({"ask_police", "ask_tax"}));
}

TEST(ParallelState, ComesBackWithEachOfItsRegions) {
  EXPECT_EQ(moved({"sign"}, "reject").active, steps({"ask_police", "assess_tax"}));
}

TEST(ParallelState, ABlockedRegionBlocksTheEventForAll) {
  auto machine = side_by_side();
  machine.states[7].transitions[1].guard = kReadsAbsent;
  const auto refused =
      take(machine, steps({"ask_police", "ask_tax"}), "note", json::parse(R"({"data": {}})"));
  ASSERT_TRUE(refused.has_error());
  EXPECT_EQ(refused.error().code, RejectionCode::guard_undecided);
}

TEST(ParallelState, NeverLosesItsLastStepIfNoWayOutIsOpen) {
  auto machine = side_by_side();
  machine.states[1].transitions.back().guard = kFalse;
  const auto refused = take(machine, steps({"ask_tax"}), "paid", kNoFacts);
  ASSERT_TRUE(refused.has_error());
  EXPECT_EQ(refused.error().code, RejectionCode::guard_undecided);
}

TEST(ParallelState, OffersWhatEachRegionOffers) {
  const auto machine = side_by_side();
  std::vector<std::string> offered;
  for (const auto& each : offered_events(machine, steps({"ask_police", "ask_tax"}), kNoFacts)) {
    offered.push_back(each.step.value + ':' + each.transition->event);
  }
  EXPECT_EQ(offered, (std::vector<std::string>{"ask_police:seen", "ask_police:note", "ask_police:cancel",
                                               "ask_police:pass", "ask_tax:paid", "ask_tax:note",
                                               "ask_tax:again", "ask_tax:cancel", "ask_tax:pass"}));
}

TEST(OfferedEvents, AreEachNamedOnceInnermostFirst) {
  const auto machine = office();
  const auto offered = offered_events(machine, steps({"check"}), kNoFacts);
  std::vector<std::string> events;
  for (const auto& offer : offered) {
    events.push_back(offer.transition->event);
    EXPECT_EQ(offer.step, StepName("check"));
    EXPECT_TRUE(offer.blocked_by.is_null());
  }
  EXPECT_EQ(events, (std::vector<std::string>{"agree", "disagree", "again", "cancel", "restart"}));
}

TEST(OfferedEvents, LeaveOutWhatIsFalseAndShowWhatIsBlocked) {
  auto machine = office();
  machine.states[0].transitions = {on("no", "sign", kFalse), on("maybe", "sign", kReadsAbsent),
                                   on("maybe", "review"), on("second", "review", kFalse),
                                   on("second", "sign")};
  const auto facts = json::parse(R"({"data": {}})");
  const auto offered = offered_events(machine, steps({"assess"}), facts);
  ASSERT_EQ(offered.size(), 2U);
  EXPECT_EQ(offered[0].transition, &machine.states[0].transitions[1]);
  EXPECT_EQ(offered[0].blocked_by, json::array({"/data/opinion"}));
  EXPECT_EQ(offered[1].transition, &machine.states[0].transitions[4]);
  EXPECT_TRUE(offered[1].blocked_by.is_null());
}

// What is offered is what can be taken, and nothing else can, wherever a walk through the machine leads.
RC_GTEST_PROP(StepMachineProperty, OffersExactlyWhatItTakes, (const std::vector<unsigned>& choices)) {
  const auto machine = office();
  const std::vector<std::string> names{"forward", "submit", "agree",  "disagree", "again",
                                       "sign",    "reject", "cancel", "restart",  "done"};
  auto active = initial_steps(machine);
  for (const unsigned choice : choices) {
    const auto& event = names[choice % names.size()];
    const auto offered = offered_events(machine, active, kNoFacts);
    const bool is_offered = std::any_of(offered.begin(), offered.end(), [&](const OfferedEvent& offer) {
      return offer.transition->event == event;
    });
    const auto move = take(machine, active, event, kNoFacts);
    RC_ASSERT(move.has_value() == is_offered);
    if (move.has_value()) active = move->active;
    RC_ASSERT(active.size() == 1U);
    RC_ASSERT(machine.find(active.front()) != nullptr);
    RC_ASSERT(machine.find(active.front())->kind != StateKind::compound);
  }
}

}  // namespace
}  // namespace motcua::engine
