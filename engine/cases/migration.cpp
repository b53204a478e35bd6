#include "engine/cases/migration.hpp"

#include "engine/cases/decision_parts.hpp"
#include "engine/cases/derivation.hpp"
#include "engine/cases/linked.hpp"
#include "engine/cases/migrated_steps.hpp"
#include "engine/cases/timing.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

namespace motcua::engine {
namespace {

Rejection refused(const char* obstacle, const std::string& detail) {
  return with_obstacle(not_allowed(detail), obstacle);
}

Rejection refused_at(const char* obstacle, const std::string& detail, nlohmann::json pointers) {
  auto rejection = refused(obstacle, detail);
  rejection.members["pointers"] = std::move(pointers);
  return rejection;
}

/// Until reception a case follows the version in force; once there are results, nothing is left to follow.
Result<void> check_open(const Case& current) {
  if (current.stage == Stage::resolved || is_final(current.stage) || !current.results.empty()) {
    return refused(obstacle::stage,
                   "stage " + std::string(name_of(current.stage)) + " has no work left to be done");
  }
  if (current.clock.state == ClockState::not_started) {
    return refused(obstacle::not_received, "until it is received, the case follows the version in force");
  }
  return {};
}

Result<void> check_target(const Case& current, const MigrateCase& command, const Definition* target,
                          Instant now) {
  if (command.version == current.pins.procedure_version) {
    return with_obstacle(invalid_data("/data/version", "is the version that the case has"),
                         obstacle::version_same);
  }
  if (target == nullptr) {
    return with_obstacle(invalid_data("/data/version", "is no published version of the procedure"),
                         obstacle::version_unknown);
  }
  if (target->effective_from > local_day(now)) {
    return refused(obstacle::not_in_force,
                   "the version takes force on " + to_iso(target->effective_from) + ", not before");
  }
  const bool cited = std::any_of(target->law.begin(), target->law.end(),
                                 [&](const LawReference& law) { return law.id == command.law; });
  if (cited) return {};
  return with_obstacle(invalid_data("/data/law", "is not a law that this version cites"),
                       obstacle::law_unknown);
}

/// A value that no leaf can hold could be neither shown nor corrected.
Result<void> check_values(const CaseView& current, const Definition& pinned, const Definition& target) {
  const auto& data = current.content.data;
  if (data.empty()) return {};
  std::set<std::string> before;
  for (const auto& violation : pinned.shape->check(data)) before.insert(violation.pointer);
  auto pointers = nlohmann::json::array();
  for (const auto& violation : target.shape->check(data)) {
    if (before.contains(violation.pointer)) continue;
    pointers.push_back({{"pointer", violation.pointer}, {"reason", violation.reason}});
  }
  for (const auto& [pointer, origin] : *current.state.provenance) {
    // Its value may be sealed for ever: then its origin is all that tells of it.
    const bool is_open = current.content.complete || value_at(data, pointer) != nullptr;
    if (is_open || target.find_leaf(pointer) != nullptr) continue;
    pointers.push_back({{"pointer", pointer}, {"reason", "is not a member of the form"}});
  }
  if (pointers.empty()) return {};
  return refused_at(obstacle::value_unknown, "the version's form has no place for values of the case",
                    std::move(pointers));
}

bool knows_item(const Definition& definition, const std::string& code) {
  if (!code.starts_with('/')) return definition.find_paper(PaperCode(code)) != nullptr;
  return std::any_of(definition.leaves.begin(), definition.leaves.end(), [&](const FormLeaf& leaf) {
    return leaf.pointer == code || leaf.pointer.starts_with(code + '/');
  });
}

bool stops_for_silence(const Definition& definition) {
  return definition.supplement_reply && definition.supplement_reply->stops;
}

bool waits_for_an_answer(const Case& current) {
  return std::any_of(current.timers.begin(), current.timers.end(),
                     [](const CaseTimer& timer) { return timer.kind == kSilenceTimer; });
}

/// What the applicant has been asked for must still be something that can be given.
Result<void> check_asked(const Case& current, const Definition& pinned, const Definition& target) {
  auto pointers = nlohmann::json::array();
  for (const auto& item : current.supplement_open) {
    if (!knows_item(target, item)) {
      pointers.push_back({{"pointer", item}, {"reason", "is asked for, and unknown to the version"}});
    }
  }
  if (!pointers.empty()) {
    return refused_at(obstacle::supplement_unknown,
                      "the version does not know what the applicant is asked for", std::move(pointers));
  }
  if (waits_for_an_answer(current) && stops_for_silence(target) && !stops_for_silence(pinned)) {
    return refused(obstacle::silence_stops,
                   "the applicant was asked without being told that the version stops the case for silence");
  }
  for (const auto& payment : current.payments) {
    if (payment.paid_at || target.find_fee(payment.fee_code) != nullptr) continue;
    return refused(obstacle::payment_unknown,
                   "the version has no fee " + payment.fee_code + ", which the applicant is asked for");
  }
  const bool paused = current.clock.state == ClockState::paused;
  if (paused && !lists_pause(target, current.clock.reason)) {
    return refused(obstacle::pause_unknown,
                   "the version lists no reason " + current.clock.reason + ", for which the clock is paused");
  }
  return {};
}

/// A step that waits for a linked case which nobody has asked for would never be done.
Result<void> check_linked(const Case& current, const std::vector<StepName>& steps, const Machine& machine) {
  for (const auto& step : steps) {
    for (const auto& branch : machine.find(step)->linked) {
      if (!branch.waits || knows_branch(current, branch.code)) continue;
      return refused(obstacle::linked_unknown, "the case would wait in " + step.value +
                                                   " for a linked case " + branch.code +
                                                   ", which was never opened");
    }
  }
  return {};
}

/// What was missing and is still asked for; nothing that the version asks for beyond it.
std::vector<MissingItem> still_missing(const Case& current, const Definition& target) {
  auto missing = current.missing;
  std::erase_if(missing, [&](const MissingItem& item) {
    if (!item.procedure.empty()) {
      const auto& first = target.prerequisites;
      return std::none_of(first.begin(), first.end(),
                          [&](const Prerequisite& one) { return one.procedure == item.procedure; });
    }
    return item.paper.empty() ? target.find_leaf(item.pointer) == nullptr
                              : target.find_paper(item.paper) == nullptr;
  });
  return missing;
}

/// Rules of the case once it has moved.
Rules moved_rules(const MigrateCase& command, const CommandContext& context) {
  auto rules = context.rules;
  auto limiting = rules.limited_by ? rules.limited_by : rules.definition;
  rules.definition = context.target;
  const bool own = command.limit == MigratedLimit::target || limiting->hash == context.target->hash;
  rules.limited_by = own ? nullptr : std::move(limiting);
  return rules;
}

RulePins moved_pins(const Case& current, const Rules& rules) {
  auto pins = current.pins;
  pins.procedure_version = rules.definition->version;
  pins.procedure_hash = rules.definition->hash;
  pins.limit_hash = rules.limited_by ? std::optional(rules.limited_by->hash) : std::nullopt;
  return pins;
}

StepMap changed_names(const StepMap& map) {
  StepMap changed;
  for (const auto& [step, names] : map) {
    if (names != std::vector<StepName>{step}) changed.emplace(step, names);
  }
  return changed;
}

Rejection later() {
  return refused(
      obstacle::limit_later,
      "the version's limit ends later than was promised: that is an extension, and needs to be signed");
}

/// The limit of the target from the same receipt with the same pauses.
/// Rejection: not_allowed (it gives more time than was promised, or has run out; an extension's date holds).
Result<void> follow_limit(Outcome& outcome, const CaseView& view, const CommandContext& context) {
  const auto& current = view.state;
  if (current.extended_to) {
    return refused(obstacle::limit_extended,
                   "the date rests on an extension, which another limit cannot move");
  }
  const auto facts = facts_of(view.content.data, current.channel, current.papers);
  choose_limit(outcome, *context.rules.definition, facts);
  if (!outcome.limit_supplements) outcome.limit_supplements.emplace();
  Case limited;
  limited.limit = *outcome.limit;
  limited.limit_supplements = *outcome.limit_supplements;
  const auto standing = standing_after(limited, current.clock.ledger, *context.rules.definition,
                                       *context.rules.calendar, Detail::instants);
  if (current.clock.state == ClockState::paused) {
    const auto& left = current.due.remaining;
    if (left && (!standing.remaining || standing.remaining->count > left->count)) return later();
    outcome.due = Due{std::nullopt, std::nullopt, standing.remaining};
    return {};
  }
  const auto& due = standing.legal_due;
  const auto* promised = current.promises.empty() ? nullptr : &current.promises.back();
  if (promised != nullptr && (!due || *due > promised->due_at)) return later();
  if (!due) return {};
  if (*due <= context.now && due != current.due.due_at) {
    return refused(obstacle::limit_passed, "the version's limit has run out already");
  }
  if (due != current.due.due_at) move_due(outcome, current, context, Due{due, due, std::nullopt});
  if (promised == nullptr || *due < promised->due_at) {
    outcome.promise = Promise{*due, context.now, "migration", "", "notice"};
  }
  return {};
}

/// Steps, their officers and their times.
void carry_work(CaseMigrated& event, const Case& current, const MovedSteps& moved,
                const MachinePair& machines, const CommandContext& context) {
  auto& outcome = event.outcome;
  set_steps(outcome, machines.to, moved.after);
  for (const auto& step : current.steps) {
    if (!moved.stays(step)) outcome.steps_left.push_back(step);
  }
  for (const auto& step : moved.after) {
    if (!moved.stays(step)) outcome.steps_entered.push_back(step);
  }
  carry_officers(event, current, moved, machines, context);
  carry_step_limits(outcome, current, moved, context);
  carry_timers(outcome, current, moved, machines, event.map, context);
}

}  // namespace

Rejection with_obstacle(Rejection rejection, const char* obstacle) {
  rejection.members["obstacle"] = obstacle;
  return rejection;
}

/// Rejections, each with the member `obstacle`: not_allowed (stage; not received; the target is not in force
/// yet; values, open items, payments or the pause are unknown to the target; its limit gives more time, or
/// has run out), invalid_data (version, law, map).
Result<Decision> decide(const CaseView& current, const MigrateCase& command, const CommandContext& context) {
  const auto& state = current.state;
  if (const auto open = check_open(state); !open) return open.error();
  if (const auto known = check_target(state, command, context.target.get(), context.now); !known)
    return known.error();
  const auto& pinned = *context.rules.definition;
  const auto& target = *context.target;
  const MachinePair machines{pinned.machine, target.machine};
  const auto moved = move_steps(state, machines, command.map);
  if (!moved) return moved.error();
  if (const auto values = check_values(current, pinned, target); !values) return values.error();
  if (const auto asked = check_asked(state, pinned, target); !asked) return asked.error();
  if (const auto linked = check_linked(state, moved->after, target.machine); !linked) return linked.error();

  const auto rules = moved_rules(command, context);
  const CommandContext then{rules, context.actor, context.now, context.substitutions, nullptr, nullptr};
  CaseMigrated event;
  event.from_version = state.pins.procedure_version;
  event.from_hash = state.pins.procedure_hash;
  event.pins = moved_pins(state, rules);
  event.law = command.law;
  event.map = changed_names(command.map);
  carry_work(event, state, *moved, machines, then);
  auto& outcome = event.outcome;
  if (command.limit == MigratedLimit::target) {
    if (const auto followed = follow_limit(outcome, current, then); !followed) return followed.error();
  }
  if (auto missing = still_missing(state, target); missing != state.missing)
    outcome.missing = std::move(missing);
  close_task(outcome, state, kSwitchIncident);
  outcome.flags_added.emplace_back(kMigratedFlag);
  return Decision{std::move(event), {}};
}

}  // namespace motcua::engine
