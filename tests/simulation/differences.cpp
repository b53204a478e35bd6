#include "tests/simulation/differences.hpp"

#include <algorithm>
#include <set>
#include <vector>

namespace motcua::simulation {
namespace {

using nlohmann::json;

json micros(const std::optional<engine::Instant>& at) {
  return at ? json(engine::to_micros(*at)) : json(nullptr);
}

template <class Value>
json or_null(const std::optional<Value>& value) {
  return value ? json(*value) : json(nullptr);
}

json clock_of(const engine::LegalClock& clock) {
  auto ledger = json::array();
  for (const auto& entry : clock.ledger) {
    ledger.push_back({name_of(entry.change), entry.reason, engine::to_micros(entry.at)});
  }
  return {{"state", name_of(clock.state)},
          {"reason", clock.reason},
          {"since", micros(clock.since)},
          {"ledger", ledger}};
}

json clock_of(const model::OfficeCase& current) {
  auto ledger = json::array();
  for (const auto& entry : current.ledger) ledger.push_back({entry.change, entry.reason, entry.at});
  return {{"state", current.clock},
          {"reason", current.pause_reason},
          {"since", current.ledger.empty() ? json(nullptr) : json(current.since)},
          {"ledger", ledger}};
}

template <class Promises>
json promises_of(const Promises& promises) {
  auto list = json::array();
  for (const auto& one : promises) {
    if constexpr (std::is_same_v<std::decay_t<decltype(one)>, engine::Promise>) {
      list.push_back({engine::to_micros(one.due_at), engine::to_micros(one.made_at), one.basis, one.reason,
                      one.told_how});
    } else {
      list.push_back({one.due_at, one.made_at, one.basis, one.reason, one.told_how});
    }
  }
  return list;
}

json effects_of(const std::vector<engine::OpenEffect>& effects) {
  std::set<std::vector<std::uint64_t>> list;
  for (const auto& one : effects) list.insert({one.ref.version, one.ref.ordinal, one.failed_once ? 1U : 0U});
  return list;
}

json effects_of(const model::OfficeCase& current) {
  std::set<std::vector<std::uint64_t>> list;
  for (const auto& one : current.effects) {
    list.insert({one.first, one.second, current.failed.contains(one) ? 1U : 0U});
  }
  return list;
}

/// Both cases as the same JSON.
json summary(const engine::Case& actual) {
  json all;
  all["version"] = {actual.version, actual.foreground_version};
  all["code"] = actual.codes.empty() ? "" : actual.codes.front().code;
  all["filed"] = {actual.pins.procedure.value, actual.channel, actual.received_by.value,
                  actual.competent.value, actual.filed_by.value};
  all["stage"] = name_of(actual.stage);
  auto steps = json::array();
  for (const auto& step : actual.steps) steps.push_back(step.value);
  all["steps"] = steps;
  all["clock"] = clock_of(actual.clock);
  all["limit"] = actual.limit;
  all["promises"] = promises_of(actual.promises);
  all["due"] = {micros(actual.due.legal_due), micros(actual.due.due_at),
                actual.due.remaining ? json(actual.due.remaining->count) : json(nullptr)};
  all["extension"] = {micros(actual.extended_to), actual.extensions};
  std::set<std::pair<std::string, std::int64_t>> timers;
  for (const auto& timer : actual.timers) timers.emplace(timer.kind, engine::to_micros(timer.due_at));
  all["timers"] = timers;
  auto duties = json::array();
  for (const auto& duty : actual.duties) {
    duties.push_back({duty.kind, engine::to_micros(duty.opened_at), micros(duty.closed_at)});
  }
  all["duties"] = duties;
  all["flags"] = std::set<std::string>(actual.flags.begin(), actual.flags.end());
  all["items"] = {std::set<std::string>(actual.supplement_open.begin(), actual.supplement_open.end()),
                  actual.supplement_requests};
  std::set<std::string> papers;
  for (const auto& paper : actual.papers) papers.insert(paper.code.value);
  all["papers"] = papers;
  std::set<std::string> missing;
  for (const auto& item : actual.missing) missing.insert(item.pointer + item.paper.value);
  all["missing"] = missing;
  std::map<std::string, std::string> assignees;
  for (const auto& [step, officer] : actual.assignees) assignees[step.value] = officer.value;
  all["assignees"] = assignees;
  auto completions = json::array();
  for (const auto& done : actual.completions) {
    completions.push_back({done.step.value, done.by.value, done.on_behalf_of});
  }
  all["completions"] = completions;
  auto delegations = json::object();
  for (const auto& [step, one] : actual.delegations) {
    delegations[step.value] = {one.from.value, one.to.value, micros(one.until)};
  }
  all["delegations"] = delegations;
  auto questions = json::array();
  for (const auto& one : actual.consultations) {
    questions.push_back({one.asked_version, one.agency.value, micros(one.due_at),
                         one.acknowledged_at.has_value(), one.answered_at.has_value()});
  }
  all["questions"] = questions;
  all["effects"] = effects_of(actual.effects);
  all["moments"] = {engine::to_micros(actual.created_at), micros(actual.resolved_at),
                    micros(actual.returned_at)};
  return all;
}

json summary(const model::OfficeCase& expected) {
  json all;
  all["version"] = {expected.version, expected.foreground_version};
  all["code"] = expected.code;
  all["filed"] = {expected.procedure, expected.channel, expected.agency, expected.agency, expected.filed_by};
  all["stage"] = expected.stage;
  all["steps"] = expected.step.empty() ? json::array() : json::array({expected.step});
  all["clock"] = clock_of(expected);
  all["limit"] = expected.limit;
  all["promises"] = promises_of(expected.promises);
  all["due"] = {or_null(expected.legal_due), or_null(expected.due_at), or_null(expected.remaining)};
  all["extension"] = {or_null(expected.extended_to), expected.extensions};
  all["timers"] =
      std::set<std::pair<std::string, std::int64_t>>(expected.timers.begin(), expected.timers.end());
  auto duties = json::array();
  for (const auto& duty : expected.duties) {
    duties.push_back({duty.kind, duty.opened_at, or_null(duty.closed_at)});
  }
  all["duties"] = duties;
  all["flags"] = expected.flags;
  all["items"] = {expected.open_items, expected.supplement_requests};
  all["papers"] = expected.papers;
  all["missing"] = expected.missing;
  all["assignees"] = expected.assignees;
  auto completions = json::array();
  for (const auto& done : expected.completions)
    completions.push_back({done.step, done.by, done.on_behalf_of});
  all["completions"] = completions;
  auto delegations = json::object();
  for (const auto& [step, one] : expected.delegations) {
    delegations[step] = {expected.assignees.at(step), one.to, or_null(one.until)};
  }
  all["delegations"] = delegations;
  auto questions = json::array();
  for (const auto& one : expected.questions) {
    questions.push_back({one.version, one.agency, one.due_at, one.acknowledged, one.answered});
  }
  all["questions"] = questions;
  all["effects"] = effects_of(expected);
  all["moments"] = {expected.created_at, or_null(expected.resolved_at), or_null(expected.returned_at)};
  return all;
}

}  // namespace

std::string differences(const model::OfficeCase& expected, const engine::LoadedCase& actual) {
  const auto wanted = summary(expected);
  const auto found = summary(actual.state);
  std::string lines;
  if (wanted != found) {
    for (const auto& [name, value] : wanted.items()) {
      if (value != found.at(name)) {
        lines += "  " + name + ": the model says " + value.dump() + ",\n    the engine " +
                 found.at(name).dump() + '\n';
      }
    }
  }
  if (!holds_what_was_typed(actual.content->data, expected.typed)) {
    lines += "  form: a typed value is gone\n";
  }
  return lines;
}

model::Facts facts_of(const engine::LoadedCase& actual) {
  model::Facts facts;
  facts.case_id = engine::to_text(actual.state.id);
  facts.code = actual.state.codes.empty() ? "" : actual.state.codes.front().code;
  facts.data = actual.content->data;
  for (const auto& effect : actual.state.effects)
    facts.effects.emplace(effect.ref.version, effect.ref.ordinal);
  const auto& flags = actual.state.flags;
  facts.overridden = std::find(flags.begin(), flags.end(), "overridden") != flags.end();
  return facts;
}

bool holds_what_was_typed(const nlohmann::json& data, const nlohmann::json& typed) {
  if (!typed.is_object()) return data == typed;
  if (!data.is_object()) return false;
  return std::all_of(typed.items().begin(), typed.items().end(), [&](const auto& entry) {
    return data.contains(entry.key()) && holds_what_was_typed(data.at(entry.key()), entry.value());
  });
}

}  // namespace motcua::simulation
