/// The ways in which systems of our field have made a late case look punctual, and that there is none here:
/// no command, no event of the engine and no sequence of them takes back what was told, done or late.
#include "engine/cases/rights.hpp"
#include "tests/cases/family.hpp"
#include "tests/cases/random_moves.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <vector>

namespace motcua::engine {
namespace {

using std::chrono::hours;

/// Every command in every variation that this release decides, and what the engine may record.
std::vector<CommandBody> every_command(Instant now) {
  return {ReceiveCase{true},
          RefuseReception{"duplicate"},
          ask_for({"mandate"}),
          supply({"mandate"}, {{"remark", "slow"}}),
          assign("case-2"),
          claim(),
          release(),
          take("submit"),
          take("sign"),
          take("send_back"),
          WithdrawCase{},
          StopCase{"law-1"},
          resolve({"certificate"}),
          ReturnResult{"counter", ""},
          correct("/remark", "slow"),
          AddNote{"x"},
          PauseClock{"verification"},
          ResumeClock{},
          extend(now + hours{24}),
          delegate("case-2"),
          consult("H15.60.01"),
          AcknowledgeConsultation{},
          answer("agreed"),
          MigrateCase{2, {}, MigratedLimit::kept, "law-1"},
          MigrateCase{2, {}, MigratedLimit::target, "law-1"}};
}

/// Resolved on Thursday 10:00, two hours after its promise, with the mark that the engine set.
Scenario resolved_late() {
  auto scenario = Scenario(rules_with(register_definition()));
  scenario.filed().did(desk_officer(), ReceiveCase{}).did(case_officer(), take("submit"));
  scenario.did(signatory(), take("sign")).at(kThursday10h).timers_fired();
  return scenario.did(signatory(), resolve({"certificate"}));
}

/// The last date that was told before any extension: what a case is judged by.
Promise as_promised(const Case& current) {
  const auto found = std::find_if(current.promises.rbegin(), current.promises.rend(),
                                  [](const Promise& promise) { return promise.basis != "extension"; });
  return found == current.promises.rend() ? Promise{} : *found;
}

bool is_late(const Case& current) { return *current.resolved_at > as_promised(current).due_at; }

// "Đặt lại hồ sơ quá hạn": the finish date was set to the promised date.
TEST(NoWay, ToResetTheFinishDateOfAnOverdueCase) {
  const auto late = resolved_late();
  ASSERT_TRUE(is_late(late.state()));
  for (const auto& first : every_command(kFriday8h)) {
    auto scenario = late;
    scenario.at(kFriday8h).when(all_rounder(), first);
    if (!scenario.result()->has_value()) continue;
    scenario.did(all_rounder(), first);
    EXPECT_EQ(scenario.state().resolved_at, kThursday10h) << name_of(first);
    EXPECT_EQ(scenario.state().promises, late.state().promises) << name_of(first);
    EXPECT_TRUE(is_late(scenario.state())) << name_of(first);
    EXPECT_TRUE(has_flag(scenario.state(), "overdue")) << name_of(first);
  }
}

TEST(NoWay, ToReopenAFinishedCase) {
  const auto late = resolved_late();
  for (const auto& body : every_command(kFriday8h)) {
    auto scenario = late;
    scenario.at(kFriday8h).when(all_rounder(), body);
    if (!scenario.result()->has_value()) continue;
    scenario.did(all_rounder(), body);
    EXPECT_EQ(scenario.state().clock.state, ClockState::ended) << name_of(body);
    EXPECT_EQ(scenario.state().clock.ledger, late.state().clock.ledger) << name_of(body);
    EXPECT_TRUE(scenario.state().steps.empty()) << name_of(body);
  }
}

// The finish date is when the agency resolved, not a date that somebody gives: the command has none.
TEST(NoWay, ToResolveAtAnotherInstantThanNow) {
  EXPECT_EQ(resolved_late().state().resolved_at, kThursday10h);
  EXPECT_EQ(resolved_late().state().clock.ledger.back(), (LedgerEntry{ClockChange::end, "", kThursday10h}));
}

// The statuses 5, 6 and 8 were rewritten to 9 "done" on the way to the national portal.
TEST(NoWay, ToBeResolvedButByResolving) {
  for (std::size_t i = 0; i < kStages; ++i) {
    const auto stage = static_cast<Stage>(i);
    for (const auto& situation : situations()) {
      if (situation.scenario.state().stage != stage || stage == Stage::resolved) continue;
      for (const auto& body : every_command(kMonday8h)) {
        auto scenario = situation.scenario;
        scenario.when(all_rounder(), body);
        if (!scenario.result()->has_value()) continue;
        scenario.did(all_rounder(), body);
        if (scenario.state().stage != Stage::resolved) continue;
        EXPECT_EQ(name_of(body), "resolve");
        EXPECT_EQ(situation.name, "in_process, steps finished");
      }
    }
  }
}

// A missing end date became the reception date, and a case without a due date was "done" at reception.
TEST(NoWay, ToBeDoneAtReception) {
  auto scenario = standing_in(Stage::received);
  EXPECT_FALSE(scenario.state().resolved_at);
  scenario.when(signatory(), resolve({"certificate"})).then_rejected(RejectionCode::not_allowed);
}

// "Reset due from now", and a second reception.
TEST(NoWay, ToRestartTheClock) {
  auto scenario = overdue_case();
  for (const bool incomplete : {false, true}) {
    Scenario(scenario)
        .when(desk_officer(), ReceiveCase{incomplete}, "x")
        .then_rejected(RejectionCode::not_allowed);
  }
  scenario.did(case_officer(), PauseClock{"verification"}).did(case_officer(), ResumeClock{});
  EXPECT_EQ(scenario.state().due.due_at, kThursday8h);
  EXPECT_EQ(scenario.state().clock.ledger.front(), (LedgerEntry{ClockChange::start, "", kMonday8h}));
}

// "DatLaiQuyTrinh": the work begins anew, the time does not.
TEST(NoWay, ToWinTimeBySendingAStepBack) {
  auto scenario = running_case();
  scenario.did(case_officer(), take("submit")).at(kThursday10h).timers_fired();
  const auto before = scenario.state();
  scenario.did(signatory(), take("send_back"));
  EXPECT_EQ(scenario.state().due, before.due);
  EXPECT_EQ(scenario.state().clock, before.clock);
  EXPECT_EQ(scenario.state().promises, before.promises);
  EXPECT_EQ(scenario.state().flags, before.flags);
  EXPECT_EQ(scenario.state().completions.size(), before.completions.size() + 1);
}

// "DatLaiNgayHenTra", "AdminUpdateHoSo": an administrator who edits the row.
TEST(NoWay, ForAnAdministratorToCommandAnything) {
  const auto scenario = overdue_case();
  const auto admin = person("admin-1", {"admin"});
  for (const auto& body : every_command(kThursday10h)) {
    const auto may = check_role(admin, scenario.state(), body, *scenario.rules().definition);
    EXPECT_TRUE(may.has_error()) << name_of(body);
  }
  EXPECT_TRUE(allowed_commands(scenario.view(), scenario.rules(), admin).empty());
}

TEST(NoWay, ToCommandWhatOnlyTheEngineRecords) {
  const std::vector<std::string_view>& names = command_names();
  for (const auto* forbidden : {"reset", "set_due", "fire_timer", "record_answer", "update", "reopen"}) {
    EXPECT_EQ(std::find(names.begin(), names.end(), forbidden), names.end()) << forbidden;
  }
  EXPECT_EQ(names.size(), 24U) << "a new command of the contract is a new way: think of it here";
}

// An apology was a note without a new date.
TEST(NoWay, ToCloseAnApologyWithoutANewDate) {
  auto scenario = overdue_case();
  for (const auto& body : every_command(kFriday8h)) {
    auto other = scenario;
    other.at(kFriday8h).when(all_rounder(), body);
    if (!other.result()->has_value()) continue;
    other.did(all_rounder(), body);
    EXPECT_EQ(owes_apology(other.state()), name_of(body) != "extend") << name_of(body);
  }
  scenario.did(signatory(), extend(kFriday10h));
  EXPECT_EQ(scenario.state().promises.back().due_at, kFriday10h);
}

TEST(NoWay, ToHideThatTheFirstPromiseWasBrokenByAnExtension) {
  auto scenario = overdue_case();
  scenario.did(case_officer(), take("submit")).did(signatory(), take("sign"));
  scenario.did(signatory(), extend(kNextMonday8h)).did(signatory(), resolve({"certificate"}));
  EXPECT_LT(*scenario.state().resolved_at, scenario.state().promises.back().due_at) << "in time as extended";
  EXPECT_TRUE(is_late(scenario.state())) << "late as promised";
}

TEST(NoWay, ToTurnAnExtensionIntoAnOrdinaryPromiseByAShortPause) {
  auto scenario = overdue_case();
  scenario.did(case_officer(), take("submit")).did(signatory(), take("sign"));
  scenario.did(signatory(), extend(kNextMonday8h)).later(kSecond);
  scenario.did(case_officer(), PauseClock{"verification"}).later(kSecond).did(case_officer(), ResumeClock{});
  scenario.did(signatory(), resolve({"certificate"}));
  EXPECT_TRUE(is_late(scenario.state()));
}

TEST(NoWay, ToResolveInAPauseAndBeInTime) {
  auto scenario = running_case();
  scenario.did(case_officer(), take("submit")).did(signatory(), take("sign"));
  scenario.did(case_officer(), PauseClock{"verification"}).at(kFriday8h);
  scenario.did(signatory(), resolve({"certificate"}));
  EXPECT_TRUE(is_late(scenario.state())) << "nobody was told another date";
}

TEST(NoWay, ToSlipThroughBeforeTheSweepHasMarkedTheCase) {
  auto scenario = running_case();
  scenario.did(case_officer(), take("submit")).did(signatory(), take("sign")).at(kThursday10h);
  for (const auto& body :
       {resolve({"certificate"}), CommandBody{WithdrawCase{}}, CommandBody{StopCase{"law-1"}}}) {
    auto other = scenario;
    other.did(signatory(), body);
    EXPECT_TRUE(has_flag(other.state(), "overdue")) << name_of(body);
    EXPECT_TRUE(owes_apology(other.state())) << name_of(body);
  }
  scenario.at(kThursday8h).did(signatory(), resolve({"certificate"}));
  EXPECT_FALSE(has_flag(scenario.state(), "overdue")) << "at its due instant it is in time";
  EXPECT_FALSE(owes_apology(scenario.state()));
}

TEST(NoWay, ToCoverAnUnlistedReasonByAskingForAPaper) {
  auto definition = office_definition();
  definition.pause_reasons = {{"verification", "law-1"}};
  Scenario scenario(rules_with(definition));
  scenario.filed().did(desk_officer(), ReceiveCase{});
  Scenario(scenario).when(case_officer(), ask_for({"mandate"})).then_rejected(RejectionCode::not_allowed);
  scenario.did(case_officer(), PauseClock{"verification"});
  scenario.when(case_officer(), ask_for({"mandate"})).then_rejected(RejectionCode::not_allowed);
}

// A changed limit is a change of the legal date, shown by a flag; what was told stays told.
TEST(NoWay, ToChangeAPromiseByChangingTheFacts) {
  auto scenario = Scenario(rules_with(register_definition()));
  scenario.filed().did(desk_officer(), ReceiveCase{}).at(kThursday10h).timers_fired();
  const auto told = scenario.state().promises;
  scenario.did(case_officer(), correct("/remark", "slow"));
  EXPECT_EQ(scenario.state().promises, told);
  EXPECT_TRUE(has_flag(scenario.state(), "limit_changed"));
  EXPECT_TRUE(owes_apology(scenario.state()));
}

template <class List>
bool is_prefix(const List& before, const List& after) {
  return before.size() <= after.size() && std::equal(before.begin(), before.end(), after.begin());
}

void check_nothing_taken_back(const Case& before, const Case& after, const Event& event, Instant now) {
  RC_ASSERT(is_prefix(before.promises, after.promises));
  RC_ASSERT(is_prefix(before.clock.ledger, after.clock.ledger));
  RC_ASSERT(is_prefix(before.completions, after.completions));
  RC_ASSERT(after.codes == before.codes);
  RC_ASSERT(after.created_at == before.created_at);
  const bool resolves = std::holds_alternative<CaseResolved>(event);
  RC_ASSERT((after.resolved_at == before.resolved_at) != resolves);
  if (resolves) RC_ASSERT(!before.resolved_at && after.resolved_at == now);
  RC_ASSERT((after.stage == Stage::resolved && before.stage != Stage::resolved) == resolves);
  if (before.returned_at) RC_ASSERT(after.returned_at == before.returned_at);
  if (before.extensions > 0) RC_ASSERT(as_promised(after) == as_promised(before));
  if (after.promises.size() > before.promises.size()) {
    RC_ASSERT(after.promises.size() == before.promises.size() + 1);
    RC_ASSERT(after.promises.back().made_at == now);
    RC_ASSERT(!is_background(type_of(event)));
  }
  const auto starts =
      std::count_if(after.clock.ledger.begin(), after.clock.ledger.end(),
                    [](const LedgerEntry& entry) { return entry.change == ClockChange::start; });
  RC_ASSERT(starts <= 1);
  RC_ASSERT(after.duties.size() >= before.duties.size());
  for (std::size_t i = 0; i < before.duties.size(); ++i) {
    RC_ASSERT(after.duties[i].opened_at == before.duties[i].opened_at);
    if (before.duties[i].closed_at) RC_ASSERT(after.duties[i] == before.duties[i]);
    if (after.duties[i] == before.duties[i]) continue;
    const bool is_apology = before.duties[i].kind == kApologyDuty;
    const bool closes = is_apology ? std::holds_alternative<DeadlineExtended>(event)
                                   : std::holds_alternative<ResultReturned>(event);
    RC_ASSERT(closes);
  }
}

/// What a person typed stands until a person types anew.
void check_typed_values(const nlohmann::json& before, const nlohmann::json& after) {
  const auto leaves = before.flatten();
  for (const auto& [pointer, value] : leaves.items()) {
    if (!is_given(&value)) continue;
    const auto* kept = value_at(after, pointer);
    RC_ASSERT(kept != nullptr);
    RC_ASSERT(*kept == value);
  }
}

RC_GTEST_PROP(NoWayProperty, NoSequenceOfCommandsTakesBackWhatWasToldDoneOrLate, ()) {
  const auto moves = *any_moves();
  Scenario scenario(rules_with(register_definition()));
  scenario.filed(any_filing(static_cast<int>(moves.size() % 6)));
  std::string first_promise;
  for (const auto& move : moves) {
    if (!decide_move(scenario, move)) continue;
    const auto before = scenario.state();
    const auto typed = scenario.content().data;
    const auto event = (*scenario.result())->event;
    scenario.given(**scenario.result(), who_moved(move));
    const auto& after = scenario.state();
    check_nothing_taken_back(before, after, event, scenario.now());
    if (is_background(type_of(event))) check_typed_values(typed, scenario.content().data);
    RC_ASSERT(after.moves.back().actor == who_moved(move).sub);
    RC_ASSERT(after.moves.back().at == scenario.now());
    if (after.promises.empty()) continue;
    CaseReceived bytes;
    bytes.outcome.promise = after.promises.front();
    if (first_promise.empty()) first_promise = encode(bytes);
    RC_ASSERT(encode(bytes) == first_promise);
  }
}

// Not even an event that nobody would decide: evolve appends, and never edits a promise or the ledger.
RC_GTEST_PROP(NoWayProperty, NoOutcomeOfAnyEventEditsAPromiseOrTheLedger, ()) {
  const auto moves = *any_moves();
  auto scenario = resolved_late();
  const auto before = scenario.state();
  for (const auto& move : moves) {
    NoteAdded event;
    event.outcome.promise = Promise{kFriday8h + hours{move.who}, kMonday8h, "reception", "", "receipt"};
    event.outcome.due = Due{kFriday8h, kFriday8h, std::nullopt};
    event.outcome.stage = static_cast<Stage>(move.what % static_cast<int>(kStages));
    event.outcome.clock = LedgerEntry{ClockChange::start, "", kFriday8h};
    event.outcome.clock_state = ClockState::running;
    event.outcome.flags_removed = {"overdue"};
    scenario.given(event);
    RC_ASSERT(is_prefix(before.promises, scenario.state().promises));
    RC_ASSERT(is_prefix(before.clock.ledger, scenario.state().clock.ledger));
    RC_ASSERT(scenario.state().resolved_at == before.resolved_at);
    RC_ASSERT(scenario.state().duties == before.duties);
  }
}

}  // namespace
}  // namespace motcua::engine
