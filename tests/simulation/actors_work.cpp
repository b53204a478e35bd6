/// What people do with a case that is theirs.
#include "tests/simulation/actors.hpp"
#include "tests/simulation/people.hpp"

#include <algorithm>

namespace motcua::simulation {

using model::Command;
using model::Micros;
using model::OfficeCase;

namespace {

template <class Set>
std::vector<std::string> listed(const Set& set) {
  return {set.begin(), set.end()};
}

}  // namespace

Command Actors::lawful(const OfficeCase& current, Micros now) {
  if (current.is_final()) return named("note", current, "desk_officer");
  if (draw_.chance(25)) return named("note", current, "case_officer");
  if (draw_.chance(weights_.correct)) return correction(current);
  if (const auto* question = open_question(current); question != nullptr && draw_.chance(200)) {
    return opinion(current, *question);
  }
  const bool ends = current.stage != "resolved";
  if (ends && draw_.chance(weights_.withdraw)) {
    auto command = named("withdraw", current, "desk_officer");
    if (current.filed_by.find("portal") != std::string::npos)
      command.actor = {current.filed_by, {"portal"}, "H15"};
    return command;
  }
  if (ends && current.stage != "registered" && draw_.chance(weights_.stop)) {
    auto command = named("stop", current, "signatory");
    command.code = *world_.procedures.at(current.procedure).laws.begin();
    return command;
  }
  if (current.stage == "registered" || current.stage == "resolved") return at_desk(current);
  if (current.stage == "awaiting_supplement") return waiting(current);
  return in_office(current, now);
}

std::vector<std::string> Actors::open_items_of(const OfficeCase& current) {
  auto items = listed(current.missing);
  const auto& procedure = world_.procedures.at(current.procedure);
  if (items.empty() || draw_.chance(300)) items.push_back(draw_.pick(procedure.papers).code);
  std::sort(items.begin(), items.end());
  items.erase(std::unique(items.begin(), items.end()), items.end());
  return items;
}

Command Actors::at_desk(const OfficeCase& current) {
  if (current.stage == "resolved") {
    auto command = named("return_result", current, "desk_officer");
    command.channel = draw_.chance(500) ? "counter" : "post";
    return command;
  }
  if (draw_.chance(60)) {
    auto command = named("refuse_reception", current, "desk_officer");
    command.code = *world_.procedures.at(current.procedure).refusal_reasons.begin();
    return command;
  }
  if (!current.missing.empty() && draw_.chance(600)) {
    auto command = named("request_supplement", current, "desk_officer");
    command.items = open_items_of(current);
    return command;
  }
  auto command = named("receive", current, "desk_officer");
  command.accept_incomplete = !current.missing.empty() && draw_.chance(800);
  command.has_reason = command.accept_incomplete && draw_.chance(900);
  return command;
}

Command Actors::waiting(const OfficeCase& current) {
  auto command = named("supply", current, "desk_officer");
  auto items = listed(current.open_items);
  if (items.size() > 1 && draw_.chance(250)) items.pop_back();
  for (const auto& item : items) {
    if (item.starts_with('/')) {
      command.data[nlohmann::json::json_pointer(item)] = value_for(item, draw_);
    } else {
      command.papers.push_back(item);
    }
  }
  command.has_reason = draw_.chance(500);
  return command;
}

Command Actors::in_office(const OfficeCase& current, Micros now) {
  const bool moves_clock = draw_.chance(weights_.pause + weights_.extend);
  if (moves_clock || (current.clock == "paused" && draw_.chance(300))) return on_clock(current, now);
  if (current.clock == "running" && draw_.chance(80)) {
    auto command = named("request_supplement", current, "case_officer");
    command.items = open_items_of(current);
    return command;
  }
  if (draw_.chance(80)) {
    auto command = named("assign", current, "supervisor");
    const auto& step = world_.procedures.at(current.procedure).steps.at(current.step);
    command.assignee = officer(current.agency, step.role.empty() ? "case_officer" : step.role).sub;
    if (draw_.chance(500)) command.step = current.step;
    return command;
  }
  if (draw_.chance(weights_.consult)) return question(current);
  if (current.assignees.contains(current.step) && draw_.chance(weights_.delegate))
    return delegation(current, now);
  return on_step(current);
}

const model::Question* Actors::open_question(const OfficeCase& current) {
  if (current.clock == "ended") return nullptr;
  const auto found = std::find_if(current.questions.begin(), current.questions.end(),
                                  [](const model::Question& each) { return !each.answered; });
  return found == current.questions.end() ? nullptr : &*found;
}

Command Actors::opinion(const OfficeCase& current, const model::Question& question) {
  const bool acknowledges = !question.acknowledged && draw_.chance(500);
  auto command =
      named(acknowledges ? "acknowledge_consultation" : "answer_consultation", current, "case_officer");
  command.actor = officer(question.agency, "case_officer");
  command.code = draw_.chance(950) ? "agreed" : "Đồng ý";
  return command;
}

Command Actors::question(const OfficeCase& current) {
  static const std::vector<std::string> kAsked{"H15", "H26", "H26.01", "H15.50.05", "H99"};
  auto command = named("consult", current, "case_officer");
  command.asked = draw_.pick(kAsked);
  return command;
}

Command Actors::delegation(const OfficeCase& current, Micros now) {
  auto command = named("delegate", current, "supervisor");
  const auto& step = world_.procedures.at(current.procedure).steps.at(current.step);
  const auto held = current.assignees.find(current.step);
  if (held != current.assignees.end() && draw_.chance(400)) {
    command.actor = {held->second, {step.role}, current.agency};
  }
  command.assignee = officer(current.agency, step.role.empty() ? "case_officer" : step.role).sub;
  if (draw_.chance(500))
    command.due_at = now + draw_.between(0, 3) * model::kDay - (draw_.chance(50) ? 2 * model::kDay : 0);
  return command;
}

Command Actors::on_step(const OfficeCase& current) {
  const auto& procedure = world_.procedures.at(current.procedure);
  const auto& step = procedure.steps.at(current.step);
  if (step.is_end) {
    auto command = named("resolve", current, draw_.chance(500) ? "case_officer" : "signatory");
    command.items = {draw_.pick(listed(procedure.results))};
    return command;
  }
  const auto held = current.assignees.find(current.step);
  const bool is_free = held == current.assignees.end();
  auto command = named(is_free && draw_.chance(350) ? "claim" : "step", current, step.role.c_str());
  if (!is_free) {
    const auto delegated = current.delegations.find(current.step);
    const bool by_delegate = delegated != current.delegations.end() && draw_.chance(500);
    command.actor = {by_delegate ? delegated->second.to : held->second, {step.role}, current.agency};
    if (draw_.chance(60)) command.name = "release";
  }
  if (command.name == "step") command.code = draw_.pick(step.ways).event;
  if (command.name != "step" && draw_.chance(300)) command.step = current.step;
  return command;
}

Command Actors::on_clock(const OfficeCase& current, Micros now) {
  if (current.clock == "paused") return named("resume", current, "case_officer");
  if (draw_.chance(500)) {
    auto command = named("pause", current, "case_officer");
    command.code = draw_.chance(900) ? "verification" : "supplement";
    return command;
  }
  auto command = named("extend", current, "signatory");
  const auto& calendar = world_.calendars.at(world_.agencies.at(current.agency).calendar);
  const Micros later = std::max(now, current.due_at.value_or(now)) + draw_.between(1, 15) * model::kDay;
  command.due_at = calendar.opening(later) + (draw_.chance(800) ? 0 : -20 * model::kDay);
  command.code = draw_.chance(950) ? "workload" : "Quá tải";
  command.assignee = draw_.chance(950) ? officer(current.agency, "signatory").sub : "nobody-1";
  return command;
}

Command Actors::correction(const OfficeCase& current) {
  auto command = named("correct", current, draw_.chance(500) ? "desk_officer" : "case_officer");
  const auto& procedure = world_.procedures.at(current.procedure);
  command.code = draw_.chance(400) && procedure.leaf("/marital_status_to_verify") != nullptr
                     ? "/marital_status_to_verify"
                     : draw_.pick(procedure.leaves).pointer;
  command.value = value_for(command.code, draw_);
  command.has_reason = draw_.chance(700);
  return command;
}

Command Actors::anything(const OfficeCase& current, Micros now) {
  static const std::vector<std::string> kNames{"receive",
                                               "refuse_reception",
                                               "request_supplement",
                                               "supply",
                                               "assign",
                                               "claim",
                                               "release",
                                               "step",
                                               "withdraw",
                                               "stop",
                                               "resolve",
                                               "return_result",
                                               "correct",
                                               "note",
                                               "pause",
                                               "resume",
                                               "extend",
                                               "consult",
                                               "acknowledge_consultation",
                                               "answer_consultation",
                                               "migrate",
                                               "delegate",
                                               "request_payment",
                                               "record_payment"};
  static const std::vector<std::string> kRoles{"desk_officer", "case_officer", "signatory", "supervisor"};
  auto command = on_clock(current, now);
  command.name = draw_.pick(kNames);
  command.actor = officer(current.agency, draw_.pick(kRoles));
  const auto& procedure = world_.procedures.at(current.procedure);
  if (command.name == "step") command.code = draw_.chance(500) ? "sign" : "finish_check";
  if (command.name == "correct") command.code = draw_.chance(500) ? "/no/such/leaf" : "/child/full_name";
  if (command.name == "stop" && draw_.chance(500)) command.code = *procedure.laws.begin();
  if (command.name == "refuse_reception" && draw_.chance(500))
    command.code = *procedure.refusal_reasons.begin();
  if (command.name == "correct") command.value = "một giá trị";
  if (draw_.chance(300)) command.items = {"no_such_item"};
  if (command.items.empty() && draw_.chance(500)) command.items = {draw_.pick(procedure.papers).code};
  if (command.name == "supply" && draw_.chance(200)) command.papers = {"no_such_paper"};
  if (draw_.chance(200)) command.step = "signing";
  if (draw_.chance(300)) command.assignee = "auditor-1";
  if (draw_.chance(300)) command.channel = "counter";
  return command;
}

}  // namespace motcua::simulation
