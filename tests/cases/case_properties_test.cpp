/// What holds after every event, whatever people command in whatever order.
#include "engine/cases/derivation.hpp"
#include "engine/cases/rows.hpp"
#include "tests/support/scenario.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>
#include <string>
#include <vector>

namespace motcua::engine {
namespace {

/// Marks what a person typed; must never be seen outside sealed entries.
constexpr const char* kSecret = "BIMAT";

std::string secret(int number) { return kSecret + std::to_string(number); }

/// One random command: who, what, with which variation, how long after the one before.
struct Move {
  int who = 0;
  int what = 0;
  int how = 0;
  int hours_later = 0;
};

rc::Gen<Move> any_move() {
  return rc::gen::exec([] {
    return Move{*rc::gen::inRange(0, 7), *rc::gen::inRange(0, 40), *rc::gen::inRange(0, 6),
                *rc::gen::weightedElement<int>({{6, 0}, {6, 1}, {3, 7}, {2, 30}, {1, 300}})};
  });
}

std::ostream& operator<<(std::ostream& out, const Move& move) {
  return out << '{' << move.who << ',' << move.what << ',' << move.how << ',' << move.hours_later << '}';
}

Identity actor(const Move& move) {
  const std::vector<Identity> people{desk_officer(),
                                     case_officer(),
                                     other_case_officer(),
                                     signatory(),
                                     all_rounder(),
                                     supervisor(),
                                     person("case-9", {"case_officer"}, "H15.60.01")};
  return people[static_cast<std::size_t>(move.who)];
}

nlohmann::json typed_data(int how) {
  switch (how) {
    case 0:
      return {{"child", {{"full_name", secret(1)}, {"birth_date", secret(2)}}}};
    case 1:
      return {{"mother", {{"full_name", secret(3)}, {"personal_id", secret(4)}}}};
    case 2:
      return {{"remark", secret(5)}};
    case 3:
      return {{"child", {{"foundling", true}, {"birth_date", "unknown"}}}};
    case 4:
      return {{"child", {{"full_name", ""}}}};
    default:
      return nlohmann::json::object();
  }
}

FileCase any_filing(int how) {
  FileCase filing;
  filing.procedure = ProcedureCode("9.000001");
  filing.channel = how % 2 == 0 ? "counter" : "online";
  filing.applicant = {{"full_name", secret(6)}};
  filing.data = typed_data(how);
  if (how < 4) filing.papers = complete_papers();
  return filing;
}

CommandBody supplement_body(int how) {
  RequestSupplement body;
  for (const auto* item : {"mandate", "/remark", "/mother"}) {
    if (static_cast<int>(body.items.size()) <= how % 3) body.items.push_back({item, secret(7)});
  }
  if (how == 5) body.items.push_back({"no_such", ""});
  return body;
}

CommandBody closing_body(int what, int how) {
  switch (what) {
    case 0:
      return how == 0 ? CommandBody{WithdrawCase{}} : CommandBody{AddNote{secret(8)}};
    case 1:
      return how == 0 ? CommandBody{StopCase{"law-1"}} : CommandBody{StopCase{"no law"}};
    case 2:
      return ResolveCase{{{how == 0 ? "no_such" : "certificate", "", {{"number", secret(9)}}}}};
    default:
      return ReturnResult{how == 0 ? "pigeon" : "counter", secret(10)};
  }
}

CommandBody any_body(const Move& move) {
  const int how = move.how;
  switch (move.what) {
    case 0:
    case 1:
    case 2:
      return ReceiveCase{how > 1};
    case 3:
      return RefuseReception{how == 0 ? "duplicate" : "no_such"};
    case 4:
    case 5:
    case 6:
      return supplement_body(how);
    case 7:
    case 8:
    case 9:
      return supply({"mandate"}, typed_data(how));
    case 10:
      return supply({"mandate"}, {{"remark", secret(11)}, {"mother", {{"full_name", secret(3)}}}});
    case 11:
    case 12:
      return assign(how < 3 ? "case-2" : how < 5 ? "both-1" : "case-9");
    case 13:
    case 14:
    case 15:
      return claim(how == 0 ? std::optional<std::string>("signing") : std::nullopt);
    case 16:
    case 17:
      return release();
    case 18:
    case 19:
    case 20:
    case 21:
    case 22:
      return take("submit", typed_data(how));
    case 23:
    case 24:
    case 25:
    case 26:
      return take("sign");
    case 27:
    case 28:
      return take("send_back");
    case 29:
      return correct("/child/full_name", secret(12));
    case 30:
      return correct(how < 3 ? "/mother/personal_id" : "/nobody", secret(13));
    case 31:
      return LaterCommand{"pause"};
    case 32:
    case 33:
      return closing_body(2, how);
    case 34:
    case 35:
      return closing_body(3, how);
    case 36:
      return closing_body(1, how);
    case 37:
      return closing_body(0, how);
    default:
      return AddNote{secret(14)};
  }
}

const std::vector<Trigger>& triggers_of(std::string_view type) {
  static const std::vector<Trigger> kNone;
  static const std::map<std::string_view, std::vector<Trigger>> kTriggers{
      {"case.received", {Trigger::receive}},
      {"case.reception_refused", {Trigger::refuse_reception}},
      {"case.supplement_requested", {Trigger::request_supplement}},
      {"case.supplied", {Trigger::supply, Trigger::supply_before_reception}},
      {"case.step_assigned", {Trigger::begin}},
      {"case.step_claimed", {Trigger::begin}},
      {"case.step_taken", {Trigger::begin}},
      {"case.withdrawn", {Trigger::withdraw}},
      {"case.stopped", {Trigger::stop}},
      {"case.resolved", {Trigger::resolve}},
      {"case.result_returned", {Trigger::return_result}}};
  const auto it = kTriggers.find(type);
  return it == kTriggers.end() ? kNone : it->second;
}

/// An observer that keeps what a store would keep and checks what must hold after each event.
class Witness {
 public:
  void see(const Case& before, const Event& event, const Identity& by, const Scenario& after) {
    const auto bytes = encode(event);
    RC_ASSERT(bytes.find(kSecret) == std::string::npos);
    check_replay(event, bytes, by, after);
    check_stage(before, event, after.state());
    check_time(before, after.state());
    check_rows(before, after.state());
  }

 private:
  void check_replay(const Event& event, const std::string& bytes, const Identity& by, const Scenario& after) {
    const auto read = decode_event(type_of(event), kEventTypeVersion, bytes);
    RC_ASSERT(read.has_value());
    replayed_ = evolve(replayed_, *read, {scenario_case(), replayed_.version + 1, after.now(), by.sub, ""});
    RC_ASSERT(replayed_ == after.state());
    RC_ASSERT(after.state().foreground_version == after.state().version);
  }

  static void check_stage(const Case& before, const Event& event, const Case& after) {
    if (before.version == 0) {
      RC_ASSERT(after.stage == Stage::registered);
      return;
    }
    bool lawful = before.stage == after.stage;
    for (const auto trigger : triggers_of(type_of(event))) {
      lawful = lawful || advance(before.stage, trigger) == after.stage;
    }
    RC_ASSERT(lawful);
    if (is_final(before.stage)) RC_ASSERT(before.stage == after.stage);
  }

  static void check_clock(const Case& after) {
    auto folded = ClockState::not_started;
    for (const auto& entry : after.clock.ledger) {
      const auto next = engine::after(folded, entry.change);
      RC_ASSERT(next.has_value());
      folded = *next;
    }
    RC_ASSERT(folded == after.clock.state);
    RC_ASSERT(after.clock.since.has_value() == !after.clock.ledger.empty());
    RC_ASSERT(after.clock.reason.empty() == (after.clock.state != ClockState::paused));
    const bool waits = after.stage == Stage::awaiting_supplement;
    if (after.clock.state == ClockState::paused) RC_ASSERT(waits);
    if (after.clock.state == ClockState::running) RC_ASSERT(!waits);
  }

  static void check_time(const Case& before, const Case& after) {
    check_clock(after);
    RC_ASSERT(after.due.due_at == after.due.legal_due);
    switch (after.clock.state) {
      case ClockState::not_started:
        RC_ASSERT(!after.due.due_at && !after.due.remaining && after.promises.empty());
        break;
      case ClockState::running:
        RC_ASSERT(after.due.due_at && !after.due.remaining);
        break;
      case ClockState::paused:
        RC_ASSERT(!after.due.due_at && after.due.remaining);
        break;
      case ClockState::ended:
        break;
    }
    if (after.clock.state == ClockState::running) RC_ASSERT(after.promises.back().due_at == after.due.due_at);
    RC_ASSERT(after.promises.size() >= before.promises.size());
    for (std::size_t i = 0; i < before.promises.size(); ++i)
      RC_ASSERT(after.promises[i] == before.promises[i]);
  }

  void check_rows(const Case& before, const Case& after) {
    std::map<std::string, std::int64_t> changes;
    for (const auto& change : difference(rows(before), rows(after), changes)) {
      if (change.value) {
        RC_ASSERT(change.value->find(kSecret) == std::string::npos);
        kept_[change.key] = *change.value;
      } else {
        kept_.erase(change.key);
      }
    }
    for (const auto& [key, change] : changes) counters_[key] += change;
    std::map<std::string, std::string> rebuilt;
    std::map<std::string, std::int64_t> recount;
    for (const auto& row : rows(replayed_)) {
      rebuilt[row.row.key] = row.row.value;
      if (!row.counter_key.empty()) recount[row.counter_key] += 1;
    }
    std::erase_if(counters_, [](const auto& counter) { return counter.second == 0; });
    RC_ASSERT(kept_ == rebuilt);
    RC_ASSERT(counters_ == recount);
  }

  Case replayed_{};
  std::map<std::string, std::string> kept_{};
  std::map<std::string, std::int64_t> counters_{};
};

/// Separation of duties, judged from the history alone: nobody signs who appraised.
void check_duties(const Case& current) {
  for (const auto& signing : current.completions) {
    if (signing.step.value != "signing") continue;
    for (const auto& appraisal : current.completions) {
      if (&appraisal > &signing) break;
      if (appraisal.step.value == "appraisal") RC_ASSERT(appraisal.by != signing.by);
    }
  }
}

void check_derivation(const Scenario& scenario) {
  const auto& state = scenario.state();
  std::int64_t counted = 0;
  const DerivationInterval* last = nullptr;
  const auto list = derivation_of(state, *scenario.rules().definition, *scenario.rules().calendar);
  for (const auto& interval : list) {
    if (last != nullptr) RC_ASSERT(interval.from == last->to);
    counted += interval.counted_seconds;
    last = &interval;
  }
  if (state.clock.state == ClockState::not_started) RC_ASSERT(list.empty());
  const std::int64_t limit = kOfficeLimitDays * kWorkingDaySeconds;
  if (state.clock.state == ClockState::paused && state.due.remaining->count > 0) {
    RC_ASSERT(counted == limit - state.due.remaining->count);
  }
  // A case that was late when it paused has used more than its limit.
  if (state.clock.state == ClockState::running) RC_ASSERT(counted >= limit);
}

RC_GTEST_PROP(AnyHistory, KeepsEveryPromiseOfTheDesign, ()) {
  const auto moves = *rc::gen::scale(2.0, rc::gen::container<std::vector<Move>>(any_move()));
  Scenario scenario;
  Witness witness;
  scenario.filed(any_filing(static_cast<int>(moves.size() % 6)));
  witness.see(Case{}, (*scenario.result())->event, desk_officer(), scenario);
  std::size_t accepted = 0;
  for (const auto& move : moves) {
    scenario.later(std::chrono::hours{move.hours_later});
    const auto by = actor(move);
    const auto before = scenario.state();
    scenario.when(by, any_body(move), move.how == 3 ? std::optional<std::string>(secret(15)) : std::nullopt);
    if (!scenario.result()->has_value()) {
      RC_ASSERT(scenario.result()->error().members.dump().find(kSecret) == std::string::npos);
      RC_ASSERT(scenario.result()->error().detail.find(kSecret) == std::string::npos);
      continue;
    }
    accepted += 1;
    const auto event = (*scenario.result())->event;
    scenario.given(event, by, (*scenario.result())->personal);
    witness.see(before, event, by, scenario);
    check_duties(scenario.state());
    check_derivation(scenario);
  }
  RC_TAG(std::string(name_of(scenario.state().stage)));
  RC_CLASSIFY(accepted >= 10, "ten events or more");
}

RC_GTEST_PROP(AnyHistory, DecidesTheSameTwice, ()) {
  const auto moves = *rc::gen::container<std::vector<Move>>(any_move());
  Scenario scenario;
  scenario.filed(any_filing(0));
  for (const auto& move : moves) {
    scenario.later(std::chrono::hours{move.hours_later});
    auto other = scenario;
    scenario.when(actor(move), any_body(move));
    other.when(actor(move), any_body(move));
    RC_ASSERT(scenario.result()->has_value() == other.result()->has_value());
    if (!scenario.result()->has_value()) continue;
    RC_ASSERT((*scenario.result())->event == (*other.result())->event);
    RC_ASSERT((*scenario.result())->personal == (*other.result())->personal);
    scenario.given((*scenario.result())->event, actor(move), (*scenario.result())->personal);
  }
}

}  // namespace
}  // namespace motcua::engine
