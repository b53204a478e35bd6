/// What holds after every event, whatever people command in whatever order.
#include "engine/cases/derivation.hpp"
#include "engine/cases/rows.hpp"
#include "engine/prefill/prefill.hpp"
#include "tests/cases/random_moves.hpp"
#include "tests/cases/week.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace motcua::engine {
namespace {

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
      {"case.state_timed_out", {Trigger::begin}},
      {"case.linked_opened", {Trigger::begin}},
      {"case.linked_ended", {Trigger::begin}},
      {"case.payment_requested", {Trigger::request_payment}},
      {"case.payment_recorded", {Trigger::record_payment}},
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
  void see(const Case& before, const Decision& decision, const Identity& by, const Scenario& after) {
    const auto& event = decision.event;
    const auto bytes = encode(event);
    RC_ASSERT(bytes.find(kSecret) == std::string::npos);
    check_replay(decision, bytes, by, after);
    check_stage(before, event, after.state());
    check_time(after.state());
    check_timers(before, after.state(), after.now());
    check_apology(before, event, after.state());
    check_people(after);
    check_rows(before, after.state());
  }

 private:
  /// From what the record holds: payload, and in whose name in the header.
  void check_replay(const Decision& decision, const std::string& bytes, const Identity& by,
                    const Scenario& after) {
    const auto& event = decision.event;
    const auto read = decode_event(type_of(event), kEventTypeVersion, bytes);
    RC_ASSERT(read.has_value());
    replayed_ = evolve(replayed_, *read,
                       {scenario_case(), replayed_.version + 1, after.now(), by.sub, decision.on_behalf_of});
    RC_ASSERT(replayed_ == after.state());
    if (!is_background(type_of(event))) foreground_ = after.state().version;
    RC_ASSERT(after.state().foreground_version == foreground_);
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
    if (after.clock.state == ClockState::paused) RC_ASSERT(waits == (after.clock.reason == "supplement"));
    if (after.clock.state == ClockState::running) RC_ASSERT(!waits);
  }

  static void check_time(const Case& after) {
    check_clock(after);
    if (after.extended_to) {
      if (after.due.due_at) RC_ASSERT(after.due.due_at == after.extended_to);
    } else {
      RC_ASSERT(after.due.due_at == after.due.legal_due);
    }
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
    const bool moved = has_flag(after, "limit_changed");
    if (after.clock.state == ClockState::running && !moved) {
      RC_ASSERT(after.promises.back().due_at == after.due.due_at);
    }
  }

  /// A timer of a question that is open: it was set when it was asked, at the instant that the case shows.
  static bool is_of_question(const Case& before, const Case& after, const CaseTimer& timer) {
    for (const auto& asked : after.consultations) {
      const auto version = std::to_string(asked.asked_version);
      const bool acknowledge = timer.kind == "consultation_acknowledge:" + version;
      if (!acknowledge && timer.kind != "consultation_due:" + version) continue;
      RC_ASSERT(timer.due_at == (acknowledge ? asked.acknowledge_by : asked.due_at));
      RC_ASSERT(!asked.answered_at && (!acknowledge || !asked.acknowledged_at));
      RC_ASSERT(after.clock.state != ClockState::ended);
      const bool stood = std::find(before.timers.begin(), before.timers.end(), timer) != before.timers.end();
      RC_ASSERT(stood || asked.asked_version == after.version);
      return true;
    }
    return false;
  }

  /// Kinds that are known, once each; set ahead, or overdue and not yet marked; none where nothing runs.
  static void check_timers(const Case& before, const Case& after, Instant now) {
    static const std::set<std::string> kKinds{"reception_limit", "nearing", "due", "overdue"};
    std::set<std::string> kinds;
    for (const auto& timer : after.timers) {
      if (is_of_question(before, after, timer)) continue;
      RC_ASSERT(kKinds.contains(timer.kind));
      RC_ASSERT(kinds.insert(timer.kind).second);
      const bool is_new = std::find(before.timers.begin(), before.timers.end(), timer) == before.timers.end();
      if (is_new) RC_ASSERT(timer.due_at > now || timer.kind == "overdue");
      const bool of_reception = timer.kind == "reception_limit";
      RC_ASSERT(of_reception == (after.clock.state == ClockState::not_started));
      if (!of_reception) RC_ASSERT(after.clock.state == ClockState::running);
      if (timer.kind == "due") RC_ASSERT(timer.due_at == *after.due.due_at);
    }
    if (after.clock.state != ClockState::running) return;
    const CaseTimer overdue{"overdue", *after.due.due_at + kSecond};
    const bool waits = std::find(after.timers.begin(), after.timers.end(), overdue) != after.timers.end();
    RC_ASSERT(waits != has_flag(after, "overdue"));
  }

  /// Owed from the mark, by timer or at a late end, until an extension; once.
  void check_apology(const Case& before, const Event& event, const Case& after) {
    const auto* fired = std::get_if<TimerFired>(&event);
    const bool timer = fired != nullptr && fired->kind == "overdue";
    const bool ended = before.clock.state == ClockState::running && after.clock.state == ClockState::ended;
    const bool late = ended && *after.clock.since > *before.due.due_at;
    if (late) RC_ASSERT(has_flag(after, "overdue"));
    if (timer || (late && !has_flag(before, "overdue"))) apology_owed_ = true;
    if (std::holds_alternative<DeadlineExtended>(event)) apology_owed_ = false;
    const auto open = std::count_if(after.duties.begin(), after.duties.end(), [](const Duty& duty) {
      return duty.kind == "apology" && !duty.closed_at;
    });
    RC_ASSERT(open == (apology_owed_ ? 1 : 0));
  }

  /// Who waits is asked for, nobody is asked for twice at once, and nobody once the case is over.
  static void check_people(const Scenario& scenario) {
    const auto& state = scenario.state();
    std::set<std::string> asked;
    for (const auto& effect : state.effects) RC_ASSERT(asked.insert(effect.subject).second);
    if (is_final(state.stage)) RC_ASSERT(asked.empty());
    std::set<std::string> tasks;
    for (const auto& task : state.tasks) {
      RC_ASSERT(tasks.insert(task.pointer).second);
      if (task.pointer == "switch") {
        RC_ASSERT(state.pins.procedure_version == 1);
        RC_ASSERT(!is_final(state.stage) && state.stage != Stage::resolved);
      } else {
        RC_ASSERT(!scenario.content().registered.at(task.pointer).is_null());
      }
    }
    if (state.clock.state == ClockState::ended || state.stage == Stage::not_received) return;
    const auto& definition = *scenario.rules().definition;
    for (const auto& person :
         subjects_to_look_up(definition, scenario.content().applicant, scenario.content().data)) {
      const bool known = asked.contains(person.subject) || asked.contains(person.same_as);
      for (const auto& rule : definition.prefill) {
        const auto origin = state.provenance->find(rule.field);
        if (rule.subject != person.subject || origin == state.provenance->end()) continue;
        const auto& answer_class = origin->second.answer_class;
        if (answer_class == "PENDING" || answer_class == "UNAVAILABLE") RC_ASSERT(known);
      }
    }
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
      rebuilt[row.key] = row.value;
      for (const auto& counter : counters_of(row)) recount[counter] += 1;
    }
    std::erase_if(counters_, [](const auto& counter) { return counter.second == 0; });
    RC_ASSERT(kept_ == rebuilt);
    RC_ASSERT(counters_ == recount);
  }

  Case replayed_{};
  std::uint64_t foreground_ = 0;
  bool apology_owed_ = false;
  std::map<std::string, std::string> kept_{};
  std::map<std::string, std::int64_t> counters_{};
};

/// Separation of duties, judged from the history alone: nobody signs who appraised or for whom it was done.
void check_duties(const Case& current) {
  for (const auto& signing : current.completions) {
    if (signing.step.value != "signing") continue;
    for (const auto& appraisal : current.completions) {
      if (&appraisal > &signing) break;
      if (appraisal.step.value != "appraisal" && appraisal.step.value != "review") continue;
      for (const auto& appraiser : {appraisal.by.value, appraisal.on_behalf_of}) {
        RC_ASSERT(appraiser != signing.by.value);
        RC_ASSERT(appraiser.empty() || appraiser != signing.on_behalf_of);
      }
    }
  }
}

void check_derivation(const Scenario& scenario) {
  const auto& state = scenario.state();
  std::int64_t counted = 0;
  const DerivationInterval* last = nullptr;
  const auto list = derivation_of(state, scenario.rules().limiting(), *scenario.rules().calendar);
  for (const auto& interval : list) {
    if (last != nullptr) RC_ASSERT(interval.from == last->to);
    counted += interval.counted_seconds;
    last = &interval;
  }
  if (state.clock.state == ClockState::not_started) RC_ASSERT(list.empty());
  const std::int64_t limit = limit_of(state, scenario.rules().limiting()).amount * kWorkingDaySeconds;
  const bool moved = state.extended_to || has_flag(state, "limit_changed");
  if (state.clock.state == ClockState::paused && state.due.remaining->count > 0 && !moved) {
    RC_ASSERT(counted == limit - state.due.remaining->count);
  }
  // A case that was late when it paused has used more than its limit.
  if (state.clock.state == ClockState::running) RC_ASSERT(counted >= limit);
}

RC_GTEST_PROP(AnyHistory, KeepsEveryPromiseOfTheDesign, ()) {
  const auto moves = *any_moves();
  Scenario scenario(rules_with(register_definition()));
  scenario.version(renewed_definition());
  Witness witness;
  scenario.filed(any_filing(static_cast<int>(moves.size() % 6)));
  witness.see(Case{}, **scenario.result(), desk_officer(), scenario);
  std::size_t accepted = 0;
  for (const auto& move : moves) {
    const auto before = scenario.state();
    if (!decide_move(scenario, move)) {
      RC_ASSERT(scenario.result()->error().members.dump().find(kSecret) == std::string::npos);
      RC_ASSERT(scenario.result()->error().detail.find(kSecret) == std::string::npos);
      continue;
    }
    accepted += 1;
    const auto decision = **scenario.result();
    scenario.given(decision, who_moved(move));
    witness.see(before, decision, who_moved(move), scenario);
    check_duties(scenario.state());
    check_derivation(scenario);
  }
  RC_TAG(std::string(name_of(scenario.state().stage)));
  RC_CLASSIFY(accepted >= 10, "ten events or more");
  RC_CLASSIFY(scenario.state().extensions > 0, "extended");
  RC_CLASSIFY(has_flag(scenario.state(), "migrated"), "migrated");
  RC_CLASSIFY(!scenario.state().duties.empty(), "was overdue");
}

RC_GTEST_PROP(AnyHistory, DecidesTheSameTwice, ()) {
  const auto moves = *any_moves();
  Scenario scenario(rules_with(register_definition()));
  scenario.version(renewed_definition());
  scenario.filed(any_filing(0));
  for (const auto& move : moves) {
    auto other = scenario;
    const bool accepted = decide_move(scenario, move);
    RC_ASSERT(decide_move(other, move) == accepted);
    if (!accepted) continue;
    RC_ASSERT((*scenario.result())->event == (*other.result())->event);
    RC_ASSERT((*scenario.result())->personal == (*other.result())->personal);
    scenario.given(**scenario.result(), who_moved(move));
  }
}

}  // namespace
}  // namespace motcua::engine
