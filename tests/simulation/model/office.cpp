/// What happens inside the office: who works on which step, and how a case ends.
#include "tests/simulation/model/condition.hpp"
#include "tests/simulation/model/law.hpp"

#include <algorithm>

namespace motcua::simulation::model {
namespace {

/// The step that a command means; null if the case has none such to work on.
const Step* step_to_work_on(const Matter& matter) {
  const auto& before = matter.before;
  if (!before.in_office()) return nullptr;
  if (matter.command.step && *matter.command.step != before.step) return nullptr;
  const auto found = matter.procedure.steps.find(before.step);
  return found == matter.procedure.steps.end() || found->second.is_end ? nullptr : &found->second;
}

/// True if the officer completed, or had completed, a step from which this one must be kept apart.
bool did_the_other_step(const OfficeCase& current, const Step& step, const std::string& officer) {
  return std::any_of(current.completions.begin(), current.completions.end(), [&](const Completion& done) {
    return (done.by == officer || done.on_behalf_of == officer) && step.not_same_person.contains(done.step);
  });
}

/// Whether the officer may do the step now for who holds it.
bool is_delegate(const OfficeCase& current, const std::string& officer, Micros now) {
  const auto found = current.delegations.find(current.step);
  return found != current.delegations.end() && found->second.to == officer &&
         (!found->second.until || now < *found->second.until);
}

void begin(OfficeCase& after) {
  if (after.stage == "received") after.stage = "in_process";
}

/// The ways of a step that an event may take: the first whose guard holds; those before it must be decided.
struct Choice {
  const Way* way = nullptr;
  bool open = false;  ///< the model cannot tell: a guard reads what a register has to say
};

Choice choose(const Step& step, const Matter& matter) {
  const auto facts = facts_of(matter.before.data, matter.before.channel, matter.before.papers);
  for (const auto& way : step.ways) {
    if (way.event != matter.command.code) continue;
    if (way.guard.is_null()) return {&way, false};
    const auto guard = way.guard.dump();
    const bool reads_register =
        guard.find("marital_status\"") != std::string::npos || guard.find("ethnicity\"") != std::string::npos;
    if (reads_register) return {&way, true};
    if (holds(way.guard, facts)) return {&way, false};
  }
  return {};
}

bool end_is_lawful(const std::string& stage, bool before_reception_too) {
  if (stage == "registered") return before_reception_too;
  return stage == "received" || stage == "in_process" || stage == "awaiting_supplement" ||
         stage == "awaiting_payment";
}

}  // namespace

Verdict assign(const Matter& matter) {
  const auto* step = step_to_work_on(matter);
  if (step == nullptr) return Verdict::refused(kNotAllowed);
  const auto& assignee = matter.command.assignee;
  if (!matter.agency.has(assignee, step->role)) return Verdict::refused(kInvalidData);
  if (did_the_other_step(matter.before, *step, assignee)) return Verdict::refused("same-person");
  auto after = matter.before;
  after.assignees[after.step] = assignee;
  after.delegations.erase(after.step);
  begin(after);
  return Verdict::accepted(std::move(after));
}

Verdict claim(const Matter& matter) {
  const auto* step = step_to_work_on(matter);
  if (step == nullptr || matter.before.assignees.contains(matter.before.step)) {
    return Verdict::refused(kNotAllowed);
  }
  const auto& officer = matter.command.actor.sub;
  if (did_the_other_step(matter.before, *step, officer)) return Verdict::refused("same-person");
  auto after = matter.before;
  after.assignees[after.step] = officer;
  begin(after);
  return Verdict::accepted(std::move(after));
}

Verdict release(const Matter& matter) {
  const auto held = matter.before.assignees.find(matter.before.step);
  if (step_to_work_on(matter) == nullptr || held == matter.before.assignees.end() ||
      held->second != matter.command.actor.sub) {
    return Verdict::refused(kNotAllowed);
  }
  auto after = matter.before;
  after.assignees.erase(after.step);
  after.delegations.erase(after.step);
  return Verdict::accepted(std::move(after));
}

Verdict delegate(const Matter& matter) {
  const auto& [before, command, procedure, agency, calendar, now, recorded_at, asked] = matter;
  const auto* step = step_to_work_on(matter);
  const auto held = before.assignees.find(before.step);
  if (step == nullptr || held == before.assignees.end()) return Verdict::refused(kNotAllowed);
  const auto& to = command.assignee;
  if (to == held->second || !agency.has(to, step->role)) return Verdict::refused(kInvalidData);
  if (did_the_other_step(before, *step, to) || did_the_other_step(before, *step, held->second)) {
    return Verdict::refused("same-person");
  }
  Delegated delegated{to, {}};
  if (command.due_at != 0) delegated.until = at_local(local_day(command.due_at) + 1, 0);
  if (delegated.until && *delegated.until <= now) return Verdict::refused(kInvalidData);
  auto after = before;
  after.delegations[after.step] = std::move(delegated);
  return Verdict::accepted(std::move(after));
}

Verdict take_step(const Matter& matter) {
  const auto& before = matter.before;
  const auto& officer = matter.command.actor.sub;
  const auto found = matter.procedure.steps.find(before.step);
  if (!before.in_office() || found == matter.procedure.steps.end()) return Verdict::refused(kNotAllowed);
  const auto& step = found->second;
  const bool offered = std::any_of(step.ways.begin(), step.ways.end(),
                                   [&](const Way& way) { return way.event == matter.command.code; });
  const auto held = before.assignees.find(before.step);
  const bool is_anothers = held != before.assignees.end() && held->second != officer;
  if (!offered || (is_anothers && !is_delegate(before, officer, matter.now))) {
    return Verdict::refused(kNotAllowed);
  }
  const auto in_whose_name = is_anothers ? held->second : "";
  const bool other = is_anothers && did_the_other_step(before, step, in_whose_name);
  if (other || did_the_other_step(before, step, officer)) return Verdict::refused("same-person");
  const auto choice = choose(step, matter);
  if (choice.way == nullptr) return Verdict::refused(kNotAllowed);
  for (const auto& pointer : choice.way->required) {
    if (!is_given(before.data, pointer)) return Verdict::refused(kInvalidData);
  }
  auto after = before;
  after.assignees.erase(before.step);
  after.delegations.erase(before.step);
  after.completions.push_back({before.step, officer, in_whose_name});
  after.step = choice.way->target;
  after.steps_ended = matter.procedure.steps.at(after.step).is_end;
  begin(after);
  auto verdict = Verdict::accepted(std::move(after));
  if (choice.open) verdict.refusals = {kNotAllowed, "guard-undecided"};
  return verdict;
}

Verdict withdraw(const Matter& matter) {
  if (!end_is_lawful(matter.before.stage, true)) return Verdict::refused(kNotAllowed);
  auto after = matter.before;
  after.stage = "withdrawn";
  close(after, matter, true);
  return Verdict::accepted(std::move(after));
}

Verdict stop(const Matter& matter) {
  if (!end_is_lawful(matter.before.stage, false)) return Verdict::refused(kNotAllowed);
  if (!matter.procedure.laws.contains(matter.command.code)) return Verdict::refused(kInvalidData);
  auto after = matter.before;
  after.stage = "stopped";
  close(after, matter, true);
  return Verdict::accepted(std::move(after));
}

Verdict resolve(const Matter& matter) {
  const auto& results = matter.command.items;
  if (matter.before.stage != "in_process" || !matter.before.steps_ended) return Verdict::refused(kNotAllowed);
  const std::set<std::string> distinct(results.begin(), results.end());
  const bool known = std::all_of(results.begin(), results.end(), [&](const auto& result) {
    return matter.procedure.results.contains(result);
  });
  if (results.empty() || distinct.size() != results.size() || !known) return Verdict::refused(kInvalidData);
  auto after = matter.before;
  after.stage = "resolved";
  after.resolved_at = matter.recorded_at;
  close(after, matter, true);
  after.duties.push_back({"delivery", matter.recorded_at, {}});
  return Verdict::accepted(std::move(after));
}

/// Nobody publishes another version here: a case that could be moved has nowhere to go.
Verdict migrate(const Matter& matter) {
  const auto& before = matter.before;
  const bool is_open =
      before.in_office() || before.stage == "awaiting_supplement" || before.stage == "awaiting_payment";
  return Verdict::refused(is_open && before.clock != "not_started" ? kInvalidData : kNotAllowed);
}

Verdict judge_law(const Matter& matter) {
  using Law = Verdict (*)(const Matter&);
  static const std::map<std::string, Law> kLaws{{"receive", receive},
                                                {"refuse_reception", refuse_reception},
                                                {"request_supplement", request_supplement},
                                                {"supply", supply},
                                                {"correct", correct},
                                                {"return_result", return_result},
                                                {"assign", assign},
                                                {"claim", claim},
                                                {"release", release},
                                                {"delegate", delegate},
                                                {"step", take_step},
                                                {"consult", consult},
                                                {"acknowledge_consultation", acknowledge},
                                                {"answer_consultation", answer_question},
                                                {"withdraw", withdraw},
                                                {"stop", stop},
                                                {"resolve", resolve},
                                                {"pause", pause},
                                                {"resume", resume},
                                                {"extend", extend},
                                                {"migrate", migrate},
                                                {"timer", fire_timer},
                                                {"answer", record_answer},
                                                {"failure", record_failure}};
  if (matter.command.name == "note") return Verdict::accepted(matter.before);
  const auto law = kLaws.find(matter.command.name);
  return law == kLaws.end() ? Verdict::refused(kNotAllowed) : law->second(matter);
}

}  // namespace motcua::simulation::model
