#include "engine/cases/rights.hpp"

#include "engine/cases/decision_parts.hpp"
#include "engine/cases/form_filling.hpp"

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

using Roles = std::vector<std::string_view>;

/// Those roles of the asker that reach the case.
Roles acting(const Identity& asker, const Case& current) {
  Roles reaching;
  for (const auto& role : asker.roles) {
    if (reaches(asker, role, current)) reaching.push_back(role);
  }
  return reaching;
}

bool holds(const Roles& held, std::string_view role) {
  return std::find(held.begin(), held.end(), role) != held.end();
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

bool holds_any(const Roles& held, const Roles& wanted) {
  return std::any_of(wanted.begin(), wanted.end(), [&](std::string_view role) { return holds(held, role); });
}

/// Steps that claim, release or step may mean: the one named, else every active one.
std::vector<StepName> steps_meant(const Case& current, const CommandBody& body) {
  if (const auto* claim = std::get_if<ClaimStep>(&body); claim && claim->step) return {*claim->step};
  if (const auto* release = std::get_if<ReleaseStep>(&body); release && release->step)
    return {*release->step};
  return current.steps;
}

bool holds_step_role(const Roles& held, const Case& current, const CommandBody& body,
                     const Definition& definition) {
  bool any_step = false;
  for (const auto& name : steps_meant(current, body)) {
    const auto* step = definition.machine.find(name);
    if (step == nullptr || step->role.empty()) continue;
    any_step = true;
    if (holds(held, step->role)) return true;
  }
  if (any_step) return false;
  // No step to hold a role of: whoever works on some step of this procedure is told what the law says
  // instead.
  const auto& states = definition.machine.states;
  return std::any_of(states.begin(), states.end(), [&](const MachineState& state) {
    return !state.role.empty() && holds(held, state.role);
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

Result<void> check_may_confirm_clock(const Identity& asker) {
  if (asker.has_role("admin")) return {};
  return forbidden(asker);
}

Result<void> check_may_publish(const Identity& asker) {
  if (asker.has_role("integrator") || asker.has_role("admin")) return {};
  return forbidden(asker);
}

Result<void> check_may_recalculate(const Identity& asker, const Case& current) {
  if (holds(acting(asker, current), "supervisor")) return {};
  return forbidden(asker);
}

Result<void> check_may_recalculate(const Identity& asker) {
  if (asker.has_role("supervisor")) return {};
  return forbidden(asker);
}

Result<void> check_may_file(const Identity& asker) {
  if (asker.has_role("desk_officer") || asker.has_role("portal")) return {};
  return forbidden(asker);
}

Result<void> check_role(const Identity& asker, const Case& current, const CommandBody& body,
                        const Definition& definition) {
  const auto able = acting(asker, current);
  if (able.empty()) return forbidden(asker);
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

using Members = std::vector<std::string>;

const Label kCorrectLabel{"Đính chính", "Correct"};
const Label kNoteLabel{"Ghi chú", "Note"};
const Label kAssignLabel{"Phân công", "Assign"};
const Label kClaimLabel{"Nhận việc", "Claim"};
const Label kReleaseLabel{"Trả việc", "Release"};
const Label kPauseLabel{"Tạm dừng tính thời hạn", "Pause the clock"};
const Label kResumeLabel{"Tiếp tục tính thời hạn", "Resume the clock"};
const Label kExtendLabel{"Gia hạn, hẹn lại", "Extend"};
const Members kNoMembers{};
const Members kReasonMembers{"reason_code"};
const Members kExtendMembers{"due_at", "reason_code", "signer"};
const Members kAssignMembers{"assignee"};
const Members kCorrectMembers{"pointer", "value"};
const Members kNoteMembers{"text"};

/// Place of a command in the contract's order.
std::size_t place_of(std::string_view command) {
  static const auto kPlaces = [] {
    std::map<std::string_view, std::size_t> places;
    for (const auto name : command_names()) places.emplace(name, places.size());
    return places;
  }();
  return kPlaces.at(command);
}

class Offering {
 public:
  Offering(const CaseView& current, const Rules& rules, const Identity& asker)
      : current_(current), rules_(rules), asker_(asker), roles_(acting(asker, current.state)) {}

  std::vector<AllowedCommand> all() {
    if (roles_.empty()) return {};
    for (const auto& offer : stage_offers()) add_stage_offer(offer);
    if (in_office()) {
      add_steps();
      add_clock_offers();
    }
    if (!is_final(current_.state.stage)) add_if_role("correct", kCorrectLabel, kCorrectMembers);
    add_if_role("note", kNoteLabel, kNoteMembers);
    std::stable_sort(list_.begin(), list_.end(),
                     [](const Placed& left, const Placed& right) { return left.place < right.place; });
    std::vector<AllowedCommand> allowed;
    allowed.reserve(list_.size());
    for (auto& placed : list_) allowed.push_back(std::move(placed.offer));
    return allowed;
  }

 private:
  struct Placed {
    std::size_t place = 0;
    AllowedCommand offer{};
  };

  void add(AllowedCommand offer) {
    const auto place = place_of(offer.command);
    list_.push_back({place, std::move(offer)});
  }

  bool in_office() const {
    return current_.state.stage == Stage::received || current_.state.stage == Stage::in_process;
  }

  bool holds_role_for(std::string_view command) const {
    const auto roles = roles_of_commands().find(command);
    return roles != roles_of_commands().end() && holds_any(roles_, roles->second);
  }

  void add_if_role(std::string_view command, const Label& label, const Members& members) {
    if (holds_role_for(command)) add({command, "", &label, &members, nullptr});
  }

  void add_stage_offer(const Offer& offer) {
    if (!advance(current_.state.stage, offer.triggers.front())) return;
    if (offer.command == "resolve" && !current_.state.steps_final) return;
    const bool paused = current_.state.clock.state == ClockState::paused;
    if (offer.command == "request_supplement" && paused) return;
    if (!holds_role_for(offer.command)) return;
    const bool blocked = offer.command == "receive" && !current_.state.missing.empty();
    add({offer.command, "", &offer.label, &offer.requires_,
         blocked ? blocked_by_missing(current_.state) : nlohmann::json(nullptr)});
  }

  /// Pause, resume, extend: they move the clock alone.
  void add_clock_offers() {
    const auto& definition = *rules_.definition;
    const auto clock = current_.state.clock.state;
    if (clock == ClockState::paused) add_if_role("resume", kResumeLabel, kNoMembers);
    if (clock != ClockState::running) return;
    const bool pausable = std::any_of(definition.pause_reasons.begin(), definition.pause_reasons.end(),
                                      [](const PauseReason& reason) { return may_pause_by_command(reason); });
    if (pausable) add_if_role("pause", kPauseLabel, kReasonMembers);
    if (current_.state.due.due_at && current_.state.extensions < definition.max_extensions) {
      add_if_role("extend", kExtendLabel, kExtendMembers);
    }
  }

  void add_steps() {
    for (const auto& name : current_.state.steps) {
      const auto* step = rules_.definition->machine.find(name);
      if (step == nullptr || step->kind != StateKind::atomic) continue;
      if (holds_role_for("assign")) add({"assign", "", &kAssignLabel, &kAssignMembers, nullptr});
      if (holds(roles_, step->role)) add_step_work(*step);
    }
  }

  void add_step_work(const MachineState& step) {
    const auto held = current_.state.assignees.find(step.name);
    const auto separated = check_same_person(current_.state, step, asker_.sub, "");
    nlohmann::json blocked = nullptr;
    if (!separated) blocked = {{"same_person", separated.error().members["completed_step"]}};
    if (held == current_.state.assignees.end()) {
      add({"claim", "", &kClaimLabel, &kNoMembers, blocked});
    } else if (held->second == asker_.sub) {
      add({"release", "", &kReleaseLabel, &kNoMembers, nullptr});
    } else {
      blocked = {{"held_by", held->second.value}};
    }
    add_events(step, blocked);
  }

  std::vector<OfferedEvent> offers_of(const MachineState& step) const {
    const auto& state = current_.state;
    const auto facts = facts_of(current_.content.data, state.channel, state.papers);
    return offered_events(rules_.definition->machine, {step.name}, facts, provisional_pointers(current_));
  }

  /// The memo is never changed, only replaced: others may read the old one.
  const std::vector<OfferedEvent>& remembered_offers(const MachineState& step) {
    if (current_.memo == nullptr) return offers_.emplace(step.name, offers_of(step)).first->second;
    auto& memo = *current_.memo;
    if (!memo || !memo->contains(step.name)) {
      auto more = memo ? *memo : std::map<StepName, std::vector<OfferedEvent>>{};
      more.emplace(step.name, offers_of(step));
      memo = std::make_shared<const std::map<StepName, std::vector<OfferedEvent>>>(std::move(more));
    }
    return memo->at(step.name);
  }

  void add_events(const MachineState& step, const nlohmann::json& blocked) {
    for (const auto& offered : remembered_offers(step)) {
      const auto& way = *offered.transition;
      add({"step", way.event, &way.label, &way.requires_, blocked.is_null() ? offered.blocked_by : blocked});
    }
  }

  const CaseView& current_;
  const Rules& rules_;
  const Identity& asker_;
  Roles roles_;
  std::map<StepName, std::vector<OfferedEvent>> offers_{};  ///< where the view has no memo
  std::vector<Placed> list_{};
};

}  // namespace

std::vector<AllowedCommand> allowed_commands(const CaseView& current, const Rules& rules,
                                             const Identity& asker) {
  return Offering(current, rules, asker).all();
}

}  // namespace motcua::engine
