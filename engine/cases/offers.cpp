/// What an asker may do now (việc có thể làm): the offers of `allowed_commands`, in the contract's order.
#include "engine/cases/acting_roles.hpp"
#include "engine/cases/consultation.hpp"
#include "engine/cases/decision_parts.hpp"
#include "engine/cases/duties.hpp"
#include "engine/cases/form_filling.hpp"
#include "engine/cases/rights.hpp"
#include "engine/cases/step_standing.hpp"

#include <algorithm>
#include <map>

namespace motcua::engine {
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
      {"request_payment",
       {"Yêu cầu thực hiện nghĩa vụ tài chính", "Request a payment"},
       {"fee_code"},
       {Trigger::request_payment}},
      {"record_payment",
       {"Ghi nhận đã nộp phí, lệ phí", "Record a payment"},
       {"fee_code", "amount_vnd", "reference"},
       {Trigger::record_payment}},
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
const Label kDelegateLabel{"Ủy quyền xử lý", "Delegate"};
const Label kConsultLabel{"Lấy ý kiến", "Consult"};
const Label kAcknowledgeLabel{"Xác nhận đã nhận", "Acknowledge"};
const Label kAnswerLabel{"Trả lời ý kiến", "Answer"};
const Label kClaimLabel{"Nhận việc", "Claim"};
const Label kReleaseLabel{"Trả việc", "Release"};
const Label kPauseLabel{"Tạm dừng tính thời hạn", "Pause the clock"};
const Label kResumeLabel{"Tiếp tục tính thời hạn", "Resume the clock"};
const Label kExtendLabel{"Gia hạn, hẹn lại", "Extend"};
const Members kNoMembers{};
const Members kReasonMembers{"reason_code"};
const Members kExtendMembers{"due_at", "reason_code", "signer"};
const Members kAssignMembers{"assignee"};
const Members kDelegateMembers{"to"};
const Members kConsultMembers{"agency", "question"};
const Members kAnswerMembers{"opinion_code"};
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
  Offering(const CaseView& current, const Rules& rules, const Identity& asker, const Attendance& attendance)
      : current_(current),
        rules_(rules),
        asker_(asker),
        attendance_(attendance),
        roles_(acting_roles(asker, current.state)) {}

  std::vector<AllowedCommand> all() {
    if (!roles_.empty()) add_office_offers();
    add_opinion_offers();
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

  void add_office_offers() {
    for (const auto& offer : stage_offers()) add_stage_offer(offer);
    if (in_office()) {
      add_steps();
      add_clock_offers();
      add_if_role("consult", kConsultLabel, kConsultMembers);
    }
    if (!is_final(current_.state.stage)) add_if_role("correct", kCorrectLabel, kCorrectMembers);
    add_if_role("note", kNoteLabel, kNoteMembers);
  }

  /// What the agency that is asked for its opinion may do.
  void add_opinion_offers() {
    const auto* asked = open_consultation(current_.state, asker_.agency);
    if (asked == nullptr || !asker_.has_role(kConsultedRole)) return;
    if (!asked->acknowledged_at)
      add({"acknowledge_consultation", "", &kAcknowledgeLabel, &kNoMembers, nullptr});
    add({"answer_consultation", "", &kAnswerLabel, &kAnswerMembers, nullptr});
  }

  bool in_office() const {
    return current_.state.stage == Stage::received || current_.state.stage == Stage::in_process;
  }

  bool holds_role_for(std::string_view command) const { return !role_for(command, roles_).empty(); }

  void add_if_role(std::string_view command, const Label& label, const Members& members) {
    if (holds_role_for(command)) add({command, "", &label, &members, nullptr});
  }

  void add_stage_offer(const Offer& offer) {
    if (!advance(current_.state.stage, offer.triggers.front())) return;
    if (offer.command == "resolve" && !current_.state.steps_final) return;
    const bool paused = current_.state.clock.state == ClockState::paused;
    if (offer.command == "request_supplement" && paused) return;
    if (offer.command == "request_payment" && (paused || !may_ask_for_money())) return;
    if (!holds_role_for(offer.command)) return;
    add({offer.command, "", &offer.label, &offer.requires_, blocked_by(offer.command)});
  }

  bool may_ask_for_money() const {
    const auto& definition = *rules_.definition;
    return !definition.fees.empty() && lists_pause(definition, kPaymentPause);
  }

  nlohmann::json blocked_by(std::string_view command) const {
    const auto& state = current_.state;
    if (command == "receive" && !state.missing.empty()) return blocked_by_missing(state);
    if (command == "return_result" && owes(state, kOriginalsDuty)) return {{"duty", kOriginalsDuty}};
    return nullptr;
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
    if (current_.state.due.due_at && current_.state.extensions < rules_.limiting().max_extensions) {
      add_if_role("extend", kExtendLabel, kExtendMembers);
    }
  }

  void add_steps() {
    for (const auto& name : current_.state.steps) {
      const auto* step = rules_.definition->machine.find(name);
      if (step == nullptr || step->kind != StateKind::atomic) continue;
      if (holds_role_for("assign")) add({"assign", "", &kAssignLabel, &kAssignMembers, nullptr});
      const auto* holder = holder_of(current_.state, name);
      const bool is_own = holder != nullptr && *holder == asker_.sub && holds(roles_, step->role);
      if (holder != nullptr && (is_own || holds_role_for("delegate"))) {
        add({"delegate", "", &kDelegateLabel, &kDelegateMembers, nullptr});
      }
      if (holds(roles_, step->role)) add_step_work(*step);
    }
  }

  void add_step_work(const MachineState& step) {
    const auto standing = standing_of(current_.state, step, asker_.sub, attendance_);
    const auto* holder = holder_of(current_.state, step.name);
    const auto separated = check_same_person(current_.state, step, asker_.sub,
                                             standing ? standing->on_behalf_of : std::string());
    nlohmann::json blocked = nullptr;
    if (!separated) blocked = {{"same_person", separated.error().members["completed_step"]}};
    if (holder == nullptr) {
      add({"claim", "", &kClaimLabel, &kNoMembers, blocked});
    } else if (may_release(current_.state, step, asker_.sub, attendance_)) {
      add({"release", "", &kReleaseLabel, &kNoMembers, nullptr});
    }
    if (!standing) blocked = {{"held_by", holder->value}};
    add_events(step, blocked);
  }

  std::vector<OfferedEvent> offers_of(const MachineState& step) const {
    const auto& state = current_.state;
    const auto facts = facts_of(state, current_.content.data);
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
  const Attendance& attendance_;
  Roles roles_;
  std::map<StepName, std::vector<OfferedEvent>> offers_{};  ///< where the view has no memo
  std::vector<Placed> list_{};
};

}  // namespace

std::vector<AllowedCommand> allowed_commands(const CaseView& current, const Rules& rules,
                                             const Identity& asker, const Attendance& attendance) {
  return Offering(current, rules, asker, attendance).all();
}

}  // namespace motcua::engine
