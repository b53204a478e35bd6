#include "engine/cases/rights.hpp"

#include "engine/cases/decision_parts.hpp"

#include <algorithm>
#include <map>

namespace motcua::engine {
namespace {

/// H15 is an ancestor of H15.50.05.
bool is_descendant(const AgencyId& agency, const AgencyId& ancestor) {
  return agency.value.starts_with(ancestor.value + '.');
}

/// True if this one role of the asker reaches the case: a supervisor's view of a descendant agency does not
/// let the same person do an officer's work there.
bool reaches(const Identity& asker, const std::string& role, const Case& current) {
  if (role == "auditor" || role == "integrator") return false;
  if (role == "portal") return current.filed_by == asker.sub;
  if (asker.agency == current.received_by || asker.agency == current.competent) return true;
  const bool above = role == "supervisor" || role == "leader";
  return above &&
         (is_descendant(current.received_by, asker.agency) || is_descendant(current.competent, asker.agency));
}

bool acts_on(const Identity& asker, const Case& current) {
  return std::any_of(asker.roles.begin(), asker.roles.end(),
                     [&](const std::string& role) { return reaches(asker, role, current); });
}

/// The asker with only those roles that reach the case.
Identity acting(const Identity& asker, const Case& current) {
  Identity reduced = asker;
  std::erase_if(reduced.roles, [&](const std::string& role) { return !reaches(asker, role, current); });
  return reduced;
}

const std::map<std::string_view, std::vector<std::string_view>>& roles_of_commands() {
  static const std::map<std::string_view, std::vector<std::string_view>> kRoles{
      {"receive", {"desk_officer"}},
      {"refuse_reception", {"desk_officer"}},
      {"supply", {"desk_officer", "portal"}},
      {"withdraw", {"desk_officer", "portal"}},
      {"record_payment", {"desk_officer", "portal"}},
      {"return_result", {"desk_officer"}},
      {"request_supplement", {"desk_officer", "case_officer"}},
      {"correct", {"desk_officer", "case_officer"}},
      {"note", {"desk_officer", "case_officer"}},
      {"consult", {"case_officer"}},
      {"answer_consultation", {"case_officer"}},
      {"pause", {"case_officer"}},
      {"resume", {"case_officer"}},
      {"request_payment", {"case_officer"}},
      {"assign", {"supervisor"}},
      {"delegate", {"supervisor"}},
      {"migrate", {"supervisor"}},
      {"stop", {"signatory"}},
      {"extend", {"signatory"}},
      {"resolve", {"case_officer", "signatory"}},
  };
  return kRoles;
}

bool holds_any(const Identity& asker, const std::vector<std::string_view>& roles) {
  return std::any_of(roles.begin(), roles.end(), [&](std::string_view role) { return asker.has_role(role); });
}

/// Steps that claim, release or step may mean: the one named, else every active one.
std::vector<StepName> steps_meant(const Case& current, const CommandBody& body) {
  if (const auto* claim = std::get_if<ClaimStep>(&body); claim && claim->step) return {*claim->step};
  if (const auto* release = std::get_if<ReleaseStep>(&body); release && release->step)
    return {*release->step};
  return current.steps;
}

bool holds_step_role(const Identity& asker, const Case& current, const CommandBody& body,
                     const Definition& definition) {
  bool any_step = false;
  for (const auto& name : steps_meant(current, body)) {
    const auto* step = definition.machine.find(name);
    if (step == nullptr || step->role.empty()) continue;
    any_step = true;
    if (asker.has_role(step->role)) return true;
  }
  if (any_step) return false;
  // No step to hold a role of: whoever works on some step of this procedure is told what the law says
  // instead.
  const auto& states = definition.machine.states;
  return std::any_of(states.begin(), states.end(), [&](const MachineState& state) {
    return !state.role.empty() && asker.has_role(state.role);
  });
}

Rejection forbidden(const Identity& asker) {
  Rejection rejection{RejectionCode::role_forbidden, "the token's roles do not allow this"};
  rejection.members["roles"] = asker.roles;
  return rejection;
}

}  // namespace

bool may_see(const Identity& asker, const Case& current) {
  return asker.has_role("auditor") || acts_on(asker, current);
}

bool sees_masked(const Identity& asker, const Case& current) { return !acts_on(asker, current); }

Result<void> check_may_file(const Identity& asker) {
  if (asker.has_role("desk_officer") || asker.has_role("portal")) return {};
  return forbidden(asker);
}

Result<void> check_role(const Identity& asker, const Case& current, const CommandBody& body,
                        const Definition& definition) {
  const auto able = acting(asker, current);
  if (able.roles.empty()) return forbidden(asker);
  const auto name = name_of(body);
  if (name == "claim" || name == "release" || name == "step") {
    if (holds_step_role(able, current, body, definition)) return {};
    return forbidden(asker);
  }
  const auto roles = roles_of_commands().find(name);
  if (roles != roles_of_commands().end() && holds_any(able, roles->second)) return {};
  return forbidden(asker);
}

namespace {

struct Offer {
  std::string_view command;
  Label label;
  std::vector<std::string> requires_;
  std::vector<Trigger> triggers;
};

/// Commands that move the stage, with the trigger each fires; the stage decides whether they are offered.
const std::vector<Offer>& stage_offers() {
  static const std::vector<Offer> kOffers{
      {"receive", {"Tiếp nhận", "Receive"}, {}, {Trigger::receive}},
      {"refuse_reception",
       {"Từ chối tiếp nhận", "Refuse reception"},
       {"reason_code"},
       {Trigger::refuse_reception}},
      {"request_supplement",
       {"Yêu cầu bổ sung", "Request a supplement"},
       {"items"},
       {Trigger::request_supplement}},
      {"supply", {"Bổ sung hồ sơ", "Supply"}, {}, {Trigger::supply}},
      {"withdraw", {"Rút hồ sơ", "Withdraw"}, {}, {Trigger::withdraw}},
      {"stop", {"Dừng xử lý", "Stop"}, {"law"}, {Trigger::stop}},
      {"resolve", {"Kết thúc xử lý", "Resolve"}, {"results"}, {Trigger::resolve}},
      {"return_result", {"Trả kết quả", "Return the result"}, {"channel", "to"}, {Trigger::return_result}},
  };
  return kOffers;
}

nlohmann::json blocked_by_missing(const Case& current) {
  auto list = nlohmann::json::array();
  for (const auto& item : current.missing) {
    list.push_back(item.paper.empty() ? item.pointer : item.paper.value);
  }
  return {{"missing", std::move(list)}};
}

const Label kCorrectLabel{"Đính chính", "Correct"};
const Label kNoteLabel{"Ghi chú", "Note"};
const Label kAssignLabel{"Phân công", "Assign"};
const Label kClaimLabel{"Nhận việc", "Claim"};
const Label kReleaseLabel{"Trả việc", "Release"};

class Offering {
 public:
  Offering(const CaseView& current, const Rules& rules, const Identity& asker)
      : current_(current), rules_(rules), asker_(acting(asker, current.state)) {}

  std::vector<AllowedCommand> all() {
    if (asker_.roles.empty()) return {};
    for (const auto& offer : stage_offers()) add_stage_offer(offer);
    if (in_office()) add_steps();
    if (!is_final(current_.state.stage)) add_if_role("correct", kCorrectLabel, {"pointer", "value"});
    add_if_role("note", kNoteLabel, {"text"});
    const auto place = [](const AllowedCommand& offer) {
      return std::find(command_names().begin(), command_names().end(), offer.command);
    };
    std::stable_sort(
        list_.begin(), list_.end(),
        [&](const AllowedCommand& left, const AllowedCommand& right) { return place(left) < place(right); });
    return std::move(list_);
  }

 private:
  bool in_office() const {
    return current_.state.stage == Stage::received || current_.state.stage == Stage::in_process;
  }

  bool holds_role_for(std::string_view command) const {
    const auto roles = roles_of_commands().find(command);
    return roles != roles_of_commands().end() && holds_any(asker_, roles->second);
  }

  void add_if_role(std::string_view command, const Label& label, std::vector<std::string> required) {
    if (!holds_role_for(command)) return;
    list_.push_back({std::string(command), "", &label, std::move(required), nullptr});
  }

  void add_stage_offer(const Offer& offer) {
    if (!advance(current_.state.stage, offer.triggers.front())) return;
    if (offer.command == "resolve" && !current_.state.steps_final) return;
    if (!holds_role_for(offer.command)) return;
    AllowedCommand allowed{std::string(offer.command), "", &offer.label, offer.requires_, nullptr};
    if (offer.command == "receive" && !current_.state.missing.empty()) {
      allowed.blocked_by = blocked_by_missing(current_.state);
    }
    list_.push_back(std::move(allowed));
  }

  void add_steps() {
    for (const auto& name : current_.state.steps) {
      const auto* step = rules_.definition->machine.find(name);
      if (step == nullptr || step->kind != StateKind::atomic) continue;
      if (holds_role_for("assign")) {
        list_.push_back({"assign", "", &kAssignLabel, {"assignee"}, nullptr});
      }
      if (asker_.has_role(step->role)) add_step_work(*step);
    }
  }

  void add_step_work(const MachineState& step) {
    const auto held = current_.state.assignees.find(step.name);
    const auto separated = check_same_person(current_.state, step, asker_.sub, "");
    nlohmann::json blocked = nullptr;
    if (!separated) blocked = {{"same_person", separated.error().members["completed_step"]}};
    if (held == current_.state.assignees.end()) {
      list_.push_back({"claim", "", &kClaimLabel, {}, blocked});
    } else if (held->second == asker_.sub) {
      list_.push_back({"release", "", &kReleaseLabel, {}, nullptr});
    } else {
      blocked = {{"held_by", held->second.value}};
    }
    add_events(step, blocked);
  }

  /// Facts copy the form's data: they are made only for states that ask.
  bool has_guard(const MachineState& step) const {
    for (const auto* state = &step; state != nullptr;
         state = state->parent ? &rules_.definition->machine.states[*state->parent] : nullptr) {
      for (const auto& way : state->transitions) {
        if (!way.guard.is_null()) return true;
      }
    }
    return false;
  }

  void add_events(const MachineState& step, const nlohmann::json& blocked) {
    const auto facts = has_guard(step)
                           ? facts_of(current_.content.data, current_.state.channel, current_.state.papers)
                           : nlohmann::json::object();
    for (const auto& offered : offered_events(rules_.definition->machine, {step.name}, facts)) {
      const auto& way = *offered.transition;
      list_.push_back(
          {"step", way.event, &way.label, way.requires_, blocked.is_null() ? offered.blocked_by : blocked});
    }
  }

  const CaseView& current_;
  const Rules& rules_;
  Identity asker_;
  std::vector<AllowedCommand> list_{};
};

}  // namespace

std::vector<AllowedCommand> allowed_commands(const CaseView& current, const Rules& rules,
                                             const Identity& asker) {
  return Offering(current, rules, asker).all();
}

}  // namespace motcua::engine
