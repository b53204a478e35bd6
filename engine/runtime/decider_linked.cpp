/// Linked cases: what one case asks for becomes another, and how that one ended goes back. Both streams are
/// written in one batch, so that neither says what the other does not know.
#include "engine/cases/linked.hpp"
#include "engine/cases/rows.hpp"
#include "engine/runtime/decider.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace motcua::engine {
namespace {

constexpr const char* kNotInForce = "not_in_force";
constexpr const char* kAgencyUnknown = "agency_unknown";
constexpr const char* kRefused = "refused";

/// Why a branch has no case yet, from a closed list.
std::string detail_of(const Rejection& why) {
  if (why.code == RejectionCode::role_forbidden || why.code == RejectionCode::not_allowed)
    return kAgencyUnknown;
  const auto pointers = why.members.find("pointers");
  const bool procedure = pointers != why.members.end() && pointers->is_array() && !pointers->empty() &&
                         pointers->front().value("pointer", "") == "/procedure";
  return procedure ? kNotInForce : kRefused;
}

/// Its own code: the first.
std::string one_stop_code(const Case& current) {
  return current.codes.empty() ? std::string() : current.codes.front().code;
}

RecordLinkedEnd end_of(const LoadedCase& child) {
  RecordLinkedEnd end;
  end.case_id = to_text(child.state.id);
  const bool resolved = child.state.resolved_at.has_value();
  end.ended_as = name_of(resolved ? Stage::resolved : child.state.stage);
  end.results = child.state.results;
  for (const auto& [code, values] : child.content->results.items()) {
    if (values.is_object()) merge_into(end.values, values);
  }
  return end;
}

}  // namespace

Result<CommandAnswer> Decider::handle_linked(Group& group, const CommandRequest& request,
                                             const LinkedRequest& command, Instant now) {
  const auto loaded = load(command.id);
  if (!loaded) return loaded.error();
  const auto& effects = (*loaded)->state.effects;
  const auto effect = std::find_if(effects.begin(), effects.end(),
                                   [&](const OpenEffect& one) { return one.ref == command.effect; });
  if (effect == effects.end()) {
    return Rejection{RejectionCode::not_allowed, "the case asks for nothing of the kind"};
  }
  if (effect->kind == kLinkedReportEffect) return report_linked(group, request, *loaded, *effect, now);
  return open_linked(group, request, *loaded, *effect, now);
}

Result<CommandAnswer> Decider::open_linked(Group& group, const CommandRequest& request,
                                           const CaseHandle& parent, const OpenEffect& effect, Instant now) {
  const auto rules = rules_of(*parent, now);
  if (!rules) return rules.error();
  auto plan = plan_linked(parent->view(), effect.ref, {*rules, request.asker, now});
  if (!plan) return plan.error();
  RecordLinked record{effect.ref, {}};
  if (plan->kept) {
    record.linked = *plan->kept;
  } else if (!plan->filing) {
    const auto procedure = plan->branch == nullptr ? ProcedureCode() : plan->branch->procedure;
    record.linked = not_needed(effect.subject, procedure, now);
  } else {
    auto opened = file_linked_case(group, request, *parent, *std::move(plan), now);
    if (!opened) {
      if (effect.failed_once || opened.error().code == RejectionCode::not_durable) return opened.error();
      const RecordLinkFailure failure{effect.ref, detail_of(opened.error())};
      return record_engine(group, request, parent, {parent->state.id, failure, {}}, now);
    }
    record.linked = *std::move(opened);
  }
  return record_engine(group, request, parent, {parent->state.id, record, {}}, now);
}

Result<LinkedCase> Decider::file_linked_case(Group& group, const CommandRequest& request,
                                             const LoadedCase& parent, LinkedPlan plan, Instant now) {
  const auto rules = rules_for_new(plan.branch->procedure, plan.agency, now);
  if (!rules) return rules.error();
  const auto& prefix = rules->organisation->find(plan.agency)->code_prefix;
  const auto code = next_case_code(prefix, local_day(now));
  if (!code) return code.error();
  Identity engine = request.asker;
  engine.agency = plan.agency;
  const CommandContext context{*rules, engine, now};
  const auto id = ports_.ids.next_case_id(now);
  const LinkedFrom from{to_text(parent.state.id), one_stop_code(parent.state), plan.branch->code};
  auto decision = file_linked(*std::move(plan.filing), parent.state.channel, from, context, id, *code);
  if (!decision) return decision.error();
  const auto filed = accept(group, request, nullptr, *std::move(decision), context, id, 201);
  if (!filed) return filed.error();
  code_numbers_[case_code_prefix(prefix, local_day(now))] += 1;
  LinkedCase linked;
  linked.link = plan.branch->code;
  linked.procedure = plan.branch->procedure;
  linked.case_id = to_text(id);
  linked.code = *code;
  linked.agency = plan.agency;
  linked.opened_at = now;
  return linked;
}

Result<CommandAnswer> Decider::report_linked(Group& group, const CommandRequest& request,
                                             const CaseHandle& child, const OpenEffect& effect, Instant now) {
  const auto from =
      child->state.linked_from ? parse_case_id(child->state.linked_from->case_id) : std::nullopt;
  if (!from) return Rejection{RejectionCode::not_allowed, "the case was opened for no other"};
  const auto parent = load(*from);
  if (!parent) return parent.error();
  const auto end = end_of(*child);
  const auto& waiting = (*parent)->state.linked;
  const bool waits = std::any_of(waiting.begin(), waiting.end(), [&](const LinkedCase& one) {
    return one.case_id == end.case_id && !one.ended_at;
  });
  if (waits) {
    if (const auto told = record_engine(group, request, *parent, {*from, end, {}}, now); !told)
      return told.error();
  }
  return record_engine(group, request, child, {child->state.id, RecordReported{effect.ref}, {}}, now);
}

}  // namespace motcua::engine
