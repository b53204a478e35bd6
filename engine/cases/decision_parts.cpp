#include "engine/cases/decision_parts.hpp"

#include "engine/cases/form_filling.hpp"
#include "engine/cases/linked.hpp"
#include "engine/cases/migration.hpp"
#include "engine/cases/prerequisites.hpp"
#include "engine/cases/state_timers.hpp"
#include "engine/cases/step_limits.hpp"
#include "engine/cases/timing.hpp"
#include "engine/core/ensure.hpp"
#include "engine/procedure/guard.hpp"

#include <algorithm>
#include <set>
#include <utility>
#include <variant>

namespace motcua::engine {
namespace {

using nlohmann::json;

bool holds(const std::vector<CasePaper>& papers, const PaperCode& code) {
  return std::any_of(papers.begin(), papers.end(),
                     [&](const CasePaper& paper) { return paper.code == code; });
}

bool demanded(const PaperRule& rule, const json& facts) {
  if (rule.required_when.is_null()) return rule.required;
  const auto answer = evaluate(rule.required_when, facts);
  const auto* decided = std::get_if<Decided>(&answer);
  return decided != nullptr && truthy(decided->value);
}

/// Walks the leaves of `value` (everything that is no object) and hands each to `visit` with its pointer.
template <class Visit>
void for_each_leaf(const json& value, const std::string& pointer, const Visit& visit) {
  if (!value.is_object()) {
    visit(pointer, value);
    return;
  }
  for (const auto& [key, member] : value.items()) {
    for_each_leaf(member, pointer + '/' + key, visit);
  }
}

}  // namespace

json facts_of(const json& data, const std::string& channel, const std::vector<CasePaper>& papers) {
  json codes = json::array();
  for (const auto& paper : papers) codes.push_back(paper.code.value);
  return {{"channel", channel}, {"data", data}, {"papers", std::move(codes)}};
}

json facts_of(const Case& current, const json& data) {
  auto facts = facts_of(data, current.channel, current.papers);
  facts["linked"] = linked_facts(current);
  return facts;
}

Result<bool> holds_for(const json& condition, const json& facts, const CaseView& current,
                       const char* undecided) {
  const auto answer = evaluate(condition, facts, provisional_pointers(current));
  if (const auto* decided = std::get_if<Decided>(&answer)) return truthy(decided->value);
  Rejection rejection{RejectionCode::guard_undecided, undecided};
  const auto* open = std::get_if<Undecided>(&answer);
  rejection.members["blocked_by"] =
      open != nullptr ? json(open->pointers) : json(std::get<GuardError>(answer).reason);
  return rejection;
}

std::vector<MissingItem> missing_items(const Definition& definition, const json& data,
                                       const std::string& channel, const std::vector<CasePaper>& papers,
                                       const std::vector<EarlierCase>& earlier) {
  std::vector<MissingItem> missing;
  for (const auto& leaf : definition.leaves) {
    if (!leaf.required || is_given(value_at(data, leaf.pointer))) continue;
    const auto* within = leaf.required_within.empty() ? &data : value_at(data, leaf.required_within);
    if (within == nullptr || (within != &data && within->empty())) continue;
    missing.push_back({leaf.pointer, {}, {}});
  }
  const auto facts = facts_of(data, channel, papers);
  for (const auto& rule : definition.papers) {
    if (!holds(papers, rule.code) && demanded(rule, facts)) missing.push_back({{}, rule.code, {}});
  }
  for (const auto* open : unmet(definition, facts, papers, earlier)) {
    missing.push_back({{}, {}, open->procedure});
  }
  return missing;
}

std::vector<MissingItem> missing_after(const Case& current, const Definition& definition, const json& data,
                                       const std::vector<CasePaper>& papers) {
  auto missing = missing_items(definition, data, current.channel, papers, current.earlier);
  if (std::find(current.flags.begin(), current.flags.end(), kMigratedFlag) == current.flags.end()) {
    return missing;
  }
  const auto& before = current.missing;
  std::erase_if(missing, [&](const MissingItem& item) {
    return std::find(before.begin(), before.end(), item) == before.end();
  });
  return missing;
}

std::vector<PersonalEntry> split_by_subject(const Definition& definition, const json& data) {
  std::vector<PersonalEntry> parts;
  for_each_leaf(data, "", [&](const std::string& pointer, const json& value) {
    if (pointer.empty()) return;
    json part;
    part["data"][json::json_pointer(pointer)] = value;
    add_personal(parts, definition.subject_of(pointer), part);
  });
  return parts;
}

std::map<std::string, Provenance> given_leaves(const Definition& definition, const json& data,
                                               std::string_view source, Instant now) {
  std::map<std::string, Provenance> given;
  for (const auto& leaf : definition.leaves) {
    if (value_at(data, leaf.pointer) != nullptr) given[leaf.pointer] = {std::string(source), "", now};
  }
  return given;
}

void add_personal(std::vector<PersonalEntry>& personal, const SubjectName& subject, const json& value) {
  const auto at = std::lower_bound(
      personal.begin(), personal.end(), subject,
      [](const PersonalEntry& entry, const SubjectName& name) { return entry.subject < name; });
  if (at == personal.end() || at->subject != subject) {
    personal.insert(at, {subject, value});
    return;
  }
  merge_into(at->value, value);
}

json merged(const json& data, const json& given) {
  json result = data;
  if (!given.empty()) merge_into(result, given);
  return result;
}

std::vector<CasePaper> with_papers(std::vector<CasePaper> held, const std::vector<CasePaper>& added) {
  for (const auto& paper : added) {
    std::erase_if(held, [&](const CasePaper& old) { return old.code == paper.code; });
    held.push_back(paper);
  }
  return held;
}

void change_clock(Outcome& outcome, const Case& current, ClockChange change, Instant now,
                  const std::string& reason, const std::string& whose) {
  if (change == ClockChange::none) return;
  const auto state = after(current.clock.state, change);
  ENSURE(state.has_value());
  outcome.clock = LedgerEntry{change, reason, now, whose};
  outcome.clock_state = *state;
}

void set_steps(Outcome& outcome, const Machine& machine, std::vector<StepName> active) {
  outcome.step_roles.clear();
  for (const auto& step : active) {
    const auto* state = machine.find(step);
    outcome.step_roles.push_back(state == nullptr ? std::string() : state->role);
  }
  outcome.steps_final = in_final_state(machine, active);
  outcome.steps = std::move(active);
}

void close_task(Outcome& outcome, const Case& current, const std::string& pointer) {
  const bool is_open = std::any_of(current.tasks.begin(), current.tasks.end(),
                                   [&](const CaseTask& task) { return task.pointer == pointer; });
  if (is_open) outcome.tasks_closed.push_back(pointer);
}

void close_case(Outcome& outcome, const Case& current, ClockChange change, Instant now) {
  outcome.steps_left = current.steps;
  outcome.steps = std::vector<StepName>{};
  for (const auto& [step, officer] : current.assignees) outcome.unassigned.push_back(step);
  for (const auto& timer : current.timers) outcome.timers_cancelled.push_back(timer.kind);
  close_effects(outcome, current);
  mark_lateness(outcome, current, now);
  mark_late_steps(outcome, current, current.steps, now);
  end_all_timers(outcome, current);
  close_task(outcome, current, kSwitchIncident);
  change_clock(outcome, current, change, now);
}

Rejection not_allowed(std::string detail) { return {RejectionCode::not_allowed, std::move(detail)}; }

Rejection invalid_data(const std::string& pointer, const std::string& reason) {
  Rejection rejection{RejectionCode::invalid_data, "the request's data is not valid"};
  rejection.members["pointers"] = json::array({{{"pointer", pointer}, {"reason", reason}}});
  return rejection;
}

Result<Stage> next_stage(const Case& current, Trigger trigger) {
  const auto next = advance(current.stage, trigger);
  if (!next) {
    return not_allowed("stage " + std::string(name_of(current.stage)) + " does not allow " +
                       std::string(name_of(trigger)));
  }
  return *next;
}

Result<void> check_papers(const Definition& definition, const std::vector<CasePaper>& papers,
                          const std::string& prefix) {
  std::set<PaperCode> seen;
  for (std::size_t i = 0; i < papers.size(); ++i) {
    const auto pointer = prefix + "/papers/" + std::to_string(i) + "/code";
    if (definition.find_paper(papers[i].code) == nullptr) {
      return invalid_data(pointer, "is not a paper of this procedure");
    }
    if (!seen.insert(papers[i].code).second) return invalid_data(pointer, "is listed twice");
  }
  return {};
}

Result<void> check_form(const Definition& definition, const json& data, const std::string& prefix) {
  if (data.empty()) return {};
  const auto violations = definition.shape->check(data);
  if (violations.empty()) return {};
  Rejection rejection{RejectionCode::invalid_data, "the form's data does not have the form's shape"};
  auto& pointers = rejection.members["pointers"] = json::array();
  for (const auto& violation : violations) {
    pointers.push_back({{"pointer", prefix + violation.pointer}, {"reason", violation.reason}});
  }
  return rejection;
}

Result<StepName> step_meant(const Case& current, const std::optional<StepName>& named) {
  if (named) {
    if (std::find(current.steps.begin(), current.steps.end(), *named) == current.steps.end()) {
      return not_allowed("the case does not stand in that step");
    }
    return *named;
  }
  if (current.steps.size() != 1)
    return not_allowed("the case stands in no single step: name it in data.step");
  return current.steps.front();
}

Result<void> check_same_person(const Case& current, const MachineState& step, const ActorId& officer,
                               const std::string& on_behalf_of) {
  for (const auto& completion : current.completions) {
    const bool separated = std::find(step.not_same_person_as.begin(), step.not_same_person_as.end(),
                                     completion.step) != step.not_same_person_as.end();
    if (!separated) continue;
    const bool same = completion.by == officer || completion.on_behalf_of == officer.value ||
                      (!on_behalf_of.empty() &&
                       (completion.by.value == on_behalf_of || completion.on_behalf_of == on_behalf_of));
    if (!same) continue;
    Rejection rejection{RejectionCode::same_person, "who completed step " + completion.step.value +
                                                        " may not do step " + step.name.value};
    rejection.members["step"] = step.name.value;
    rejection.members["completed_step"] = completion.step.value;
    return rejection;
  }
  return {};
}

Result<void> check_in_office(const Case& current) {
  if (current.stage == Stage::received || current.stage == Stage::in_process) return {};
  return not_allowed("stage " + std::string(name_of(current.stage)) + " does not allow it");
}

Result<const MachineState*> step_in_office(const Case& current, const std::optional<StepName>& named,
                                           const CommandContext& context) {
  if (const auto stage = check_in_office(current); !stage) return stage.error();
  const auto step = step_meant(current, named);
  if (!step) return step.error();
  const auto* state = context.rules.definition->machine.find(*step);
  if (state == nullptr || state->kind != StateKind::atomic) return not_allowed("that step is finished");
  return state;
}

Result<void> check_officer_for(const Case& current, const MachineState& step, const ActorId& officer,
                               const std::string& pointer, const CommandContext& context) {
  const auto* agency = context.rules.organisation->find(current.competent);
  if (agency == nullptr) return not_allowed("the competent agency is not in the organisation file");
  const auto* known = agency->find_officer(officer);
  if (known == nullptr) return invalid_data(pointer, "is not an officer of the competent agency");
  if (!known->has_role(step.role)) return invalid_data(pointer, "does not hold the role " + step.role);
  return {};
}

Result<void> check_not_absent(const Case& current, const MachineState& step, const ActorId& officer,
                              const std::string& pointer, const CommandContext& context) {
  if (context.substitutions == nullptr) return {};
  const auto absences = context.substitutions->of(current.competent, officer, step.role, context.now);
  if (absences.empty()) return {};
  std::set<std::string> substitutes;
  for (const auto* absence : absences) substitutes.insert(absence->substitute.value);
  auto rejection = invalid_data(pointer, "is absent; " + *substitutes.begin() + " stands in");
  rejection.members["substitutes"] = substitutes;
  return rejection;
}

bool is_plain_code(const std::string& code) {
  const auto plain = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; };
  return !code.empty() && code.size() <= 64 && std::all_of(code.begin(), code.end(), plain);
}

bool may_pause_by_command(const PauseReason& reason) {
  return reason.code != kSupplementPause && reason.code != kPaymentPause;
}

bool lists_pause(const Definition& definition, const std::string& reason) {
  const auto& reasons = definition.pause_reasons;
  return std::any_of(reasons.begin(), reasons.end(),
                     [&](const PauseReason& each) { return each.code == reason; });
}

Result<void> begin_if_received(Outcome& outcome, const Case& current) {
  if (current.stage == Stage::in_process) return {};
  const auto stage = next_stage(current, Trigger::begin);
  if (!stage) return stage.error();
  outcome.stage = *stage;
  return {};
}

}  // namespace motcua::engine
