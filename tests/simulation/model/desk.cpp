/// What happens at the desk: filing, reception, supplements, corrections, the return of the result.
#include "tests/simulation/model/condition.hpp"
#include "tests/simulation/model/law.hpp"

#include <algorithm>

namespace motcua::simulation::model {
namespace {

bool are_papers(const std::vector<std::string>& codes, const Procedure& procedure) {
  const std::set<std::string> distinct(codes.begin(), codes.end());
  return distinct.size() == codes.size() &&
         std::all_of(codes.begin(), codes.end(), [&](const auto& code) { return procedure.has_paper(code); });
}

bool is_item(const std::string& code, const Procedure& procedure) {
  if (procedure.has_paper(code)) return true;
  return !code.empty() &&
         std::any_of(procedure.leaves.begin(), procedure.leaves.end(), [&](const Leaf& leaf) {
           return leaf.pointer == code || leaf.pointer.starts_with(code + '/');
         });
}

EffectName effect_of(const Command& command) {
  return {command.value.at("version").get<std::uint64_t>(), command.value.at("ordinal").get<std::uint32_t>()};
}

}  // namespace

bool has_shape(const Command& command, const Procedure& procedure) {
  if (command.name == "supply") return are_papers(command.papers, procedure) && !command.bad_shape;
  return command.name != "step" || !command.bad_shape;
}

bool type_in(OfficeCase& after, const Matter& matter, const nlohmann::json& given) {
  bool replaces = false;
  for (const auto& leaf : matter.procedure.leaves) {
    const auto* typed = at_pointer(given, leaf.pointer);
    const auto* standing = at_pointer(matter.before.data, leaf.pointer);
    if (typed == nullptr || standing == nullptr || *typed == *standing) continue;
    replaces = replaces || matter.procedure.register_leaves.contains(leaf.pointer);
  }
  if (!given.empty()) {
    merge(after.data, given);
    merge(after.typed, given);
  }
  reconsider_limit(after, matter);
  return replaces && !matter.command.has_reason;
}

Verdict judge_filing(const Command& command, const Procedure* procedure, const Agency& agency,
                     const OfficeCalendar& calendar, Micros now, Micros recorded_at) {
  if (procedure == nullptr || !procedure->channels.contains(command.channel) ||
      !are_papers(command.papers, *procedure) || command.bad_shape) {
    return Verdict::refused(kInvalidData);
  }
  OfficeCase filed;
  filed.procedure = command.procedure;
  filed.channel = command.channel;
  filed.agency = agency.id;
  filed.filed_by = command.actor.sub;
  filed.stage = "registered";
  filed.papers = {command.papers.begin(), command.papers.end()};
  filed.data = filed.typed = command.data;
  filed.timers["reception_limit"] = reception_limit(calendar, now);
  filed.created_at = recorded_at;
  return Verdict::accepted(std::move(filed));
}

Verdict receive(const Matter& matter) {
  const auto& before = matter.before;
  if (before.stage != "registered") return Verdict::refused(kNotAllowed);
  const bool incomplete = !before.missing.empty();
  if (incomplete && !(matter.command.accept_incomplete && matter.command.has_reason)) {
    return Verdict::refused(kInvalidData);
  }
  auto after = before;
  after.stage = "received";
  after.step = matter.procedure.initial;
  after.timers.erase("reception_limit");
  if (incomplete) after.flags.insert("accepted_incomplete");
  after.limit = matter.procedure.limit_for(facts_of(before.data, before.channel, before.papers));
  start_clock(after, matter);
  return Verdict::accepted(std::move(after));
}

Verdict refuse_reception(const Matter& matter) {
  if (matter.before.stage != "registered") return Verdict::refused(kNotAllowed);
  if (!matter.procedure.refusal_reasons.contains(matter.command.code)) return Verdict::refused(kInvalidData);
  auto after = matter.before;
  after.stage = "not_received";
  close(after, matter, false);
  return Verdict::accepted(std::move(after));
}

Verdict request_supplement(const Matter& matter) {
  const auto& [before, command, procedure, agency, calendar, now, recorded_at, asked] = matter;
  const bool before_reception = before.stage == "registered";
  if ((!before_reception && !before.in_office()) || before.clock == "paused") {
    return Verdict::refused(kNotAllowed);
  }
  const std::set<std::string> distinct(command.items.begin(), command.items.end());
  const bool known = std::all_of(command.items.begin(), command.items.end(),
                                 [&](const auto& item) { return is_item(item, matter.procedure); });
  if (distinct.empty() || distinct.size() != command.items.size() || !known) {
    return Verdict::refused(kInvalidData);
  }
  if (!before_reception && !procedure.pause_reasons.contains("supplement")) {
    return Verdict::refused(kNotAllowed);
  }
  auto after = before;
  after.stage = "awaiting_supplement";
  after.open_items = distinct;
  after.supplement_requests += 1;
  if (before_reception) {
    after.timers.clear();
  } else {
    pause_clock(after, matter, "supplement");
  }
  return Verdict::accepted(std::move(after));
}

Verdict supply(const Matter& matter) {
  const auto& [before, command, procedure, agency, calendar, now, recorded_at, asked] = matter;
  if (before.stage != "awaiting_supplement") return Verdict::refused(kNotAllowed);
  auto after = before;
  after.papers.insert(command.papers.begin(), command.papers.end());
  const bool may_need_reason = type_in(after, matter, command.data);
  std::erase_if(after.open_items, [&](const std::string& item) {
    return std::find(command.papers.begin(), command.papers.end(), item) != command.papers.end() ||
           (item.starts_with('/') && is_given(command.data, item));
  });
  if (after.open_items.empty()) {
    const bool received = before.clock != "not_started";
    after.stage = received ? "in_process" : "registered";
    if (received) {
      resume_clock(after, matter);
    } else {
      after.timers["reception_limit"] = reception_limit(calendar, now);
    }
  }
  auto verdict = Verdict::accepted(std::move(after));
  if (may_need_reason) verdict.refusals = {kInvalidData};
  return verdict;
}

Verdict correct(const Matter& matter) {
  const auto& command = matter.command;
  if (matter.before.is_final()) return Verdict::refused(kNotAllowed);
  if (matter.procedure.leaf(command.code) == nullptr || command.bad_shape)
    return Verdict::refused(kInvalidData);
  auto given = nlohmann::json::object();
  given[nlohmann::json::json_pointer(command.code)] = command.value;
  auto after = matter.before;
  const bool may_need_reason = type_in(after, matter, given);
  auto verdict = Verdict::accepted(std::move(after));
  if (may_need_reason) verdict.refusals = {kInvalidData};
  return verdict;
}

Verdict return_result(const Matter& matter) {
  if (matter.before.stage != "resolved") return Verdict::refused(kNotAllowed);
  const auto& channel = matter.command.channel;
  if (channel != "counter" && channel != "post" && channel != "online") return Verdict::refused(kInvalidData);
  auto after = matter.before;
  after.stage = "returned";
  after.returned_at = matter.recorded_at;
  for (auto& duty : after.duties) {
    if (duty.kind == "delivery") duty.closed_at = matter.recorded_at;
  }
  return Verdict::accepted(std::move(after));
}

Verdict record_answer(const Matter& matter) {
  auto after = matter.before;
  const auto effect = effect_of(matter.command);
  if (after.effects.erase(effect) > 0) {
    after.failed.erase(effect);
    after.answered.insert(effect);
  }
  auto verdict = Verdict::accepted(std::move(after));
  verdict.background = true;
  return verdict;
}

Verdict record_failure(const Matter& matter) {
  const auto effect = effect_of(matter.command);
  if (!matter.before.effects.contains(effect) || matter.before.failed.contains(effect)) {
    return Verdict::refused(kNotAllowed);
  }
  auto after = matter.before;
  after.failed.insert(effect);
  auto verdict = Verdict::accepted(std::move(after));
  verdict.background = true;
  return verdict;
}

}  // namespace motcua::simulation::model
