#include "engine/cases/linked.hpp"

#include "engine/cases/decision_parts.hpp"
#include "engine/cases/form_filling.hpp"
#include "engine/cases/step_moves.hpp"
#include "engine/prefill/form_values.hpp"
#include "engine/procedure/guard.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace motcua::engine {
namespace {

constexpr std::string_view kResolved = "resolved";
constexpr std::string_view kNotNeeded = "not_needed";

const LinkedCase* latest(const Case& current, const std::string& branch) {
  const auto found = std::find_if(current.linked.rbegin(), current.linked.rend(),
                                  [&](const LinkedCase& one) { return one.link == branch; });
  return found == current.linked.rend() ? nullptr : &*found;
}

bool is_asked_for(const Case& current, const std::string& branch) {
  return std::any_of(current.effects.begin(), current.effects.end(), [&](const OpenEffect& effect) {
    return effect.kind == kLinkedCaseEffect && effect.subject == branch;
  });
}

struct Branch {
  const MachineState* state = nullptr;
  const LinkedProcedure* procedure = nullptr;
};
/// The branch of that code, and the step that opens its case.
std::optional<Branch> branch_of(const Machine& machine, const std::string& code) {
  for (const auto& state : machine.states) {
    for (const auto& procedure : state.linked) {
      if (procedure.code == code) return Branch{&state, &procedure};
    }
  }
  return std::nullopt;
}

const OpenEffect* find_linked_effect(const Case& current, const EffectRef& ref, std::string_view kind) {
  const auto found =
      std::find_if(current.effects.begin(), current.effects.end(),
                   [&](const OpenEffect& effect) { return effect.ref == ref && effect.kind == kind; });
  return found == current.effects.end() ? nullptr : &*found;
}

/// What rules of branches read.
nlohmann::json facts_of_branch(const CaseView& current) {
  auto facts = facts_of(current.state, current.content.data);
  facts["applicant"] = current.content.applicant;
  facts["results"] = current.content.results;
  return facts;
}

FileCase filing_of(const LinkedProcedure& branch, const nlohmann::json& facts, const CaseView& current) {
  FileCase command;
  command.procedure = branch.procedure;
  command.applicant = current.content.applicant;
  for (const auto& value : branch.values) {
    const auto answer = evaluate(value.rule, facts, provisional_pointers(current));
    const auto* decided = std::get_if<Decided>(&answer);
    if (decided != nullptr && is_given(&decided->value)) put(command.data, value.field, decided->value);
  }
  for (const auto& paper : branch.papers) {
    const auto& held = current.state.papers;
    const auto found =
        std::find_if(held.begin(), held.end(), [&](const CasePaper& one) { return one.code == paper.from; });
    if (found != held.end()) command.papers.push_back({paper.code, found->document_id});
  }
  return command;
}

/// The channel that the linked procedure has: that of the case, else online, else its first.
std::string channel_for(const Definition& definition, const std::string& channel) {
  const auto& offered = definition.channels;
  for (const auto& wanted : {channel, std::string("online")}) {
    if (std::find(offered.begin(), offered.end(), wanted) != offered.end()) return wanted;
  }
  return offered.empty() ? channel : offered.front();
}

bool all_ended(const MachineState& state, const Case& after) {
  return std::all_of(state.linked.begin(), state.linked.end(), [&](const LinkedProcedure& branch) {
    if (!branch.waits) return true;
    const auto* linked = latest(after, branch.code);
    return linked != nullptr && linked->ended_at && !is_asked_for(after, branch.code);
  });
}

std::string done_pointer(const StepName& state) { return "done:" + state.value; }

/// Việc cần xử lý: every linked case has ended, and no way leads on.
void open_incident(Outcome& outcome, const StepName& state, Instant now) {
  outcome.tasks_opened.push_back({kIncidentTask, done_pointer(state), "", now});
}

/// Moves the case on if the event was the last that the step of `branch` waited for. Rejections: not_allowed
/// (the case stands still), guard_undecided: nothing is to be recorded now.
Result<void> go_on(Decision& decision, const CaseView& current, const std::string& branch,
                   const CommandContext& context) {
  const auto& machine = context.rules.definition->machine;
  const auto found = branch_of(machine, branch);
  const auto& steps = current.state.steps;
  if (!found || !found->procedure->waits) return {};
  const auto& state = found->state->name;
  if (std::find(steps.begin(), steps.end(), state) == steps.end()) return {};
  const auto after =
      evolve(current.state, decision.event,
             {current.state.id, current.state.version + 1, context.now, context.actor.sub, {}});
  if (!all_ended(*found->state, after)) return {};
  if (const auto office = check_in_office(current.state); !office) return office.error();
  const auto move =
      take_done(machine, steps, state, facts_of(after, current.content.data), provisional_pointers(current));
  if (!move && move.error().code == RejectionCode::guard_undecided) return move.error();
  auto moved = decision;
  auto& outcome = outcome_of(moved.event);
  if (move) {
    follow(outcome, current.state, *move, context);
    const bool begun = begin_if_received(outcome, current.state).has_value();
    if (begun && add_case_effects(moved, current, *move, context)) {
      decision = std::move(moved);
      return {};
    }
  }
  open_incident(outcome_of(decision.event), state, context.now);
  return {};
}

}  // namespace

bool knows_branch(const Case& current, const std::string& branch) {
  return latest(current, branch) != nullptr || is_asked_for(current, branch);
}

void ask_for_linked(Outcome& outcome, const Case& current, const Machine& machine) {
  for (const auto& name : outcome.steps_entered) {
    const auto* state = machine.find(name);
    if (state == nullptr) continue;
    for (const auto& branch : state->linked) {
      if (!is_asked_for(current, branch.code))
        outcome.effects_requested.push_back({kLinkedCaseEffect, branch.code});
    }
  }
}

void close_waiting(Outcome& outcome, const Case& current) {
  for (const auto& left : outcome.steps_left) close_task(outcome, current, done_pointer(left));
}

void ask_to_report(Decision& decision, const Case& before) {
  if (!before.linked_from) return;
  const auto ends = [&](Decision& one) {
    auto& outcome = outcome_of(one.event);
    if (!outcome.stage || (!is_final(*outcome.stage) && *outcome.stage != Stage::resolved)) return;
    if (*outcome.stage == Stage::returned) return;  // the agency finished before
    outcome.effects_requested.push_back({kLinkedReportEffect, before.linked_from->link});
  };
  ends(decision);
  for (auto& next : decision.then) ends(next);
}

void close_effects(Outcome& outcome, const Case& current) {
  for (const auto& effect : current.effects) {
    if (effect.kind != kLinkedReportEffect) outcome.effects_closed.push_back(effect.ref);
  }
}

nlohmann::json linked_facts(const Case& current) {
  auto facts = nlohmann::json::object();
  for (const auto& linked : current.linked) {
    if (!linked.ended_at) {
      facts.erase(linked.link);
      continue;
    }
    auto codes = nlohmann::json::array();
    for (const auto& result : linked.results) codes.push_back(result.code);
    facts[linked.link] = {{"outcome", linked.outcome}, {"results", std::move(codes)}};
  }
  return facts;
}

Result<LinkedPlan> plan_linked(const CaseView& current, const EffectRef& effect,
                               const CommandContext& context) {
  const auto* open = find_linked_effect(current.state, effect, kLinkedCaseEffect);
  if (open == nullptr) return not_allowed("the case asks for no such linked case");
  const auto branch = branch_of(context.rules.definition->machine, open->subject);
  const auto& steps = current.state.steps;
  LinkedPlan plan;
  plan.branch = branch ? branch->procedure : nullptr;
  const auto* known = latest(current.state, open->subject);
  if (known != nullptr && (!known->ended_at || known->outcome == kResolved)) {
    plan.kept = *known;
    return plan;
  }
  if (!branch || std::find(steps.begin(), steps.end(), branch->state->name) == steps.end()) return plan;
  const auto facts = facts_of_branch(current);
  const auto needed = branch->procedure->when.is_null()
                          ? Result<bool>(true)
                          : holds_for(branch->procedure->when, facts, current,
                                      "whether a linked case is needed cannot be decided yet");
  if (!needed) return needed.error();
  if (!*needed) return plan;
  const auto& agency = branch->procedure->agency;
  plan.agency = agency.empty() ? current.state.competent : agency;
  plan.filing = filing_of(*branch->procedure, facts, current);
  return plan;
}

LinkedCase not_needed(const std::string& branch, const ProcedureCode& procedure, Instant now) {
  LinkedCase linked;
  linked.link = branch;
  linked.procedure = procedure;
  linked.opened_at = now;
  linked.ended_at = now;
  linked.outcome = kNotNeeded;
  return linked;
}

Result<Decision> file_linked(FileCase filing, const std::string& channel, const LinkedFrom& from,
                             const CommandContext& context, const CaseId& id, const std::string& code) {
  filing.channel = channel_for(*context.rules.definition, channel);
  auto decision = decide_filing(filing, context, {}, code);
  if (!decision) return decision;
  auto& filed = std::get<CaseFiled>(decision->event);
  filed.linked_from = from;
  for (auto& [pointer, origin] : filed.outcome.provenance) {
    if (origin.source == "citizen") origin.source = "earlier_case";
  }
  const auto state = evolve({}, decision->event, {id, 1, context.now, context.actor.sub, {}});
  CaseContent content;
  for (const auto& entry : decision->personal) fold(content, entry.value);
  auto received = decide(CaseView{state, content}, ReceiveCase{}, context, false);
  if (received) decision->then.push_back(*std::move(received));
  return decision;
}

Result<Decision> decide_one(const CaseView& current, const RecordLinked& command,
                            const CommandContext& context) {
  const auto* effect = find_linked_effect(current.state, command.effect, kLinkedCaseEffect);
  if (effect == nullptr) return not_allowed("the case asks for no such linked case");
  LinkedCaseOpened event;
  event.effect = command.effect;
  event.linked = command.linked;
  event.outcome.effects_closed = {command.effect};
  close_task(event.outcome, current.state, linked_pointer(effect->subject));
  Decision decision{std::move(event), {}};
  // A case that was opened is recorded whatever else: it exists, and nothing is done by it.
  if (!command.linked.ended_at) return decision;
  if (const auto on = go_on(decision, current, effect->subject, context); !on) return on.error();
  return decision;
}

Result<Decision> decide_one(const CaseView& current, const RecordLinkFailure& command,
                            const CommandContext& context) {
  const auto* effect = find_linked_effect(current.state, command.effect, kLinkedCaseEffect);
  if (effect == nullptr || effect->failed_once) return not_allowed("nothing is to be recorded");
  LinkedCaseFailed event;
  event.effect = command.effect;
  event.link = effect->subject;
  event.detail = command.detail;
  event.outcome.effects_failed = {command.effect};
  event.outcome.tasks_opened = {{kIncidentTask, linked_pointer(effect->subject), "", context.now}};
  return Decision{std::move(event), {}};
}

Result<Decision> decide_one(const CaseView& current, const RecordLinkedEnd& command,
                            const CommandContext& context) {
  const auto& known = current.state.linked;
  const auto linked = std::find_if(known.begin(), known.end(), [&](const LinkedCase& one) {
    return one.case_id == command.case_id && !one.ended_at;
  });
  if (linked == known.end()) return not_allowed("no such linked case is open");
  LinkedCaseEnded event;
  event.case_id = command.case_id;
  event.ended_as = command.ended_as;
  event.results = command.results;
  Decision decision{std::move(event), {}};
  if (!command.values.empty()) {
    add_personal(decision.personal, SubjectName("data"), {{"results", {{linked->link, command.values}}}});
  }
  if (const auto on = go_on(decision, current, linked->link, context); !on) return on.error();
  return decision;
}

Result<Decision> decide_one(const CaseView& current, const RecordReported& command, const CommandContext&) {
  if (find_linked_effect(current.state, command.effect, kLinkedReportEffect) == nullptr) {
    return not_allowed("the case has nothing to report");
  }
  LinkedCaseReported event;
  event.effect = command.effect;
  event.outcome.effects_closed = {command.effect};
  return Decision{std::move(event), {}};
}

std::string linked_pointer(const std::string& branch) { return "linked:" + branch; }

}  // namespace motcua::engine
