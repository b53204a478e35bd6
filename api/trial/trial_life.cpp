#include "api/trial/trial_life.hpp"

#include "engine/cases/decision_parts.hpp"
#include "engine/cases/form_filling.hpp"
#include "engine/deadline/counting.hpp"

#include <algorithm>

namespace motcua::api {
namespace {

using namespace engine;  // NOLINT: this file speaks of little else

constexpr int kTriesMax = 12;
constexpr int kStepsMax = 200;
constexpr int kBackPercent = 10;  ///< of choices that may lead back
constexpr std::size_t kOfficersOfARole = 5;
/// Paid where the definition publishes no amount, in đồng.
constexpr std::int64_t kSomeFee = 1'000;
/// Keeps the chance of neighbouring cases apart.
constexpr std::uint64_t kStride = 0x9E3779B97F4A7C15U;

std::vector<std::string> pointers_of(const nlohmann::json& blocked_by) {
  std::vector<std::string> pointers;
  if (!blocked_by.is_array()) return pointers;
  for (const auto& each : blocked_by) {
    if (!each.is_string()) continue;
    auto pointer = each.get<std::string>();
    if (pointer.starts_with("/data/")) pointer.erase(0, 5);
    pointers.push_back(std::move(pointer));
  }
  return pointers;
}

std::string role_of(const Machine& machine, const StepName& step) {
  const auto* state = machine.find(step);
  return state == nullptr || state->role.empty() ? "case_officer" : state->role;
}

/// True if some active step waits for no linked case: people work there meanwhile.
bool works_elsewhere(const LoadedCase& current) {
  const auto& steps = current.state.steps;
  return std::any_of(steps.begin(), steps.end(), [&](const StepName& step) {
    const auto* state = current.rules.definition->machine.find(step);
    return state != nullptr && state->linked.empty();
  });
}

}  // namespace

WorkingSeconds Pace::draw(const std::string& what, Draw& draw) const {
  const auto found = minutes_.find(what);
  const auto [from, to] = found == minutes_.end() ? minutes_.at("step") : found->second;
  return WorkingSeconds{60 * draw.between(from, to)};
}

TrialLife::TrialLife(std::uint64_t seed, std::size_t number, const InventedForm& form, const Pace& pace)
    : draw_(seed * kStride + number), form_(form), pace_(pace) {}

void TrialLife::after(TrialOffice& office, const std::string& what) {
  next_at_ = add_working_time(office.calendar(), office.now(), pace_.draw(what, draw_));
}

void TrialLife::file(TrialOffice& office, const Definition& definition) {
  FileCase filing;
  filing.procedure = definition.code;
  filing.channel = definition.channels.empty() ? "counter" : draw_.pick(definition.channels);
  filing.applicant = InventedForm::applicant(draw_);
  filing.data = form_.data(draw_);
  for (const auto& missing : missing_items(definition, filing.data, filing.channel, {}, {})) {
    if (!missing.paper.empty()) filing.papers.push_back({missing.paper, ""});
  }
  const auto filed = office.file(office.officer("desk_officer", 1), filing);
  if (!filed) {
    refusals_[std::string(name_of(filed.error().code)) + ": " + filed.error().detail] += 1;
    stick("the filing is refused: " + filed.error().detail + ' ' + filed.error().members.dump());
    return;
  }
  id_ = (*filed)->state.id;
  static_cast<void>(office.answer_questions(*filed));
  after(office, "receive");
}

void TrialLife::go_on(TrialOffice& office) {
  const auto current = office.answer_questions(office.load(*id_));
  const auto stage = current->state.stage;
  if (is_final(stage)) {
    end_ = TrialEnd{};
  } else if (stage == Stage::registered) {
    at_desk(office, *current);
  } else if (stage == Stage::awaiting_supplement) {
    supply(office, *current);
  } else if (stage == Stage::awaiting_payment) {
    pay(office, *current);
  } else if (stage == Stage::resolved) {
    give_back(office, *current);
  } else if (current->state.steps_final && current->state.clock.state == ClockState::paused) {
    after(office, run(office, "case_officer", *current, ResumeClock{}) ? "resolve" : "step");
  } else if (current->state.steps_final) {
    resolve(office, *current);
  } else {
    if (!await_linked(office, current)) take_step(office, *current);
  }
  if (!end_ && tries_ > kTriesMax) {
    std::string why = "stage " + std::string(name_of(stage));
    for (const auto& blocked : blocked_) why += "; " + blocked;
    stick(why);
  }
}

bool TrialLife::run(TrialOffice& office, const std::string& role, const LoadedCase& current,
                    const CommandBody& body, const std::string& reason) {
  const auto first = draw_.below(kOfficersOfARole);
  const CaseCommand command{body, reason.empty() ? std::nullopt : std::optional(reason)};
  for (std::size_t other = 0; other < kOfficersOfARole; ++other) {
    const auto done =
        office.command(office.officer(role, 1 + (first + other) % kOfficersOfARole), current, command);
    if (done) {
      tries_ = 0;
      blocked_.clear();
      return true;
    }
    if (done.error().code == RejectionCode::same_person) continue;
    const auto why = std::string(name_of(done.error().code)) + ": " + done.error().detail;
    refusals_[why] += 1;
    blocked_.insert(why);
    break;
  }
  tries_ += 1;
  return false;
}

nlohmann::json TrialLife::values_for(const std::vector<std::string>& pointers) {
  auto values = nlohmann::json::object();
  for (const auto& pointer : pointers) {
    auto value = form_.value(pointer, draw_);
    if (!value.is_null()) values[nlohmann::json::json_pointer(pointer)] = std::move(value);
  }
  return values;
}

void TrialLife::at_desk(TrialOffice& office, const LoadedCase& current) {
  if (current.state.missing.empty()) {
    after(office, run(office, "desk_officer", current, ReceiveCase{}) ? "step" : "receive");
    return;
  }
  RequestSupplement request;
  for (const auto& missing : current.state.missing) {
    request.items.push_back({missing.paper.empty() ? missing.pointer : missing.paper.value, "trial"});
  }
  if (run(office, "desk_officer", current, request)) return after(office, "supply");
  const ReceiveCase incomplete{true};
  after(office, run(office, "desk_officer", current, incomplete, "trial") ? "step" : "receive");
}

void TrialLife::supply(TrialOffice& office, const LoadedCase& current) {
  Supply given;
  std::vector<std::string> pointers;
  for (const auto& item : current.state.supplement_open) {
    if (item.starts_with('/')) {
      pointers.push_back(item);
    } else {
      given.papers.push_back({PaperCode(item), ""});
    }
  }
  given.data = values_for(pointers);
  after(office, run(office, "desk_officer", current, given, "trial") ? "receive" : "supply");
}

void TrialLife::pay(TrialOffice& office, const LoadedCase& current) {
  for (const auto& payment : current.state.payments) {
    if (payment.paid_at) continue;
    const auto owed = payment.amount_vnd ? *payment.amount_vnd - payment.paid_vnd : kSomeFee;
    const RecordPayment paid{payment.fee_code, owed, "trial"};
    return after(office, run(office, "desk_officer", current, paid) ? "step" : "pay");
  }
  blocked_.insert("a payment is awaited, and none is owed");
  tries_ += 1;
  after(office, "pay");
}

/// Chance is asked only where there is a timer: other definitions' cases live on as they did.
bool TrialLife::dwell(const LoadedCase& current) {
  const auto& due = current.state.after_due;
  if (due.empty() || !draw_.chance(kBackPercent)) return false;
  const auto next = std::min_element(due.begin(), due.end(),
                                     [](const auto& a, const auto& b) { return a.second < b.second; });
  next_at_ = next->second + std::chrono::seconds{1};
  return true;
}

bool TrialLife::await_linked(TrialOffice& office, const CaseHandle& current) {
  const LinkedCase* next = nullptr;
  for (const auto& linked : current->state.linked) {
    if (linked.ended_at) continue;
    if (!linked_ends_.contains(linked.case_id)) {
      linked_ends_[linked.case_id] =
          add_working_time(office.calendar(), office.now(), pace_.draw("linked", draw_));
    }
    if (next == nullptr || linked_ends_[linked.case_id] < linked_ends_[next->case_id]) next = &linked;
  }
  if (next == nullptr) return false;
  const auto ends = linked_ends_[next->case_id];
  if (ends > office.now()) {
    next_at_ = ends;
    return !works_elsewhere(*current);
  }
  const auto* end = draw_.chance(kBackPercent) ? "stopped" : "resolved";
  if (office.end_linked(current, *next, end)) {
    tries_ = 0;
    linked_ends_.erase(next->case_id);
    after(office, "step");
  } else {
    tries_ += 1;
    blocked_.insert("a linked case has ended, and the case cannot go on");
    after(office, "linked");
  }
  return true;
}

const OfferedEvent& TrialLife::choose(const std::vector<OfferedEvent>& offers) {
  std::vector<const OfferedEvent*> onwards;
  for (const auto& offer : offers) {
    if (!seen_.contains(offer.transition->target)) onwards.push_back(&offer);
  }
  if (!onwards.empty() && !draw_.chance(kBackPercent)) return *draw_.pick(onwards);
  return draw_.pick(offers);
}

void TrialLife::take_step(TrialOffice& office, const LoadedCase& current) {
  const auto& machine = current.rules.definition->machine;
  const auto& state = current.state;
  if (++steps_ > kStepsMax) return stick("no end after " + std::to_string(kStepsMax) + " steps");
  if (dwell(current)) return;
  const auto facts = facts_of(state, current.content->data);
  const auto offers = offered_events(machine, state.steps, facts, provisional_pointers(current.view()));
  if (offers.empty()) return wait_for_timer(office, current, "no event is offered");
  const auto& chosen = choose(offers);
  for (const auto* at = machine.find(chosen.step); at != nullptr;
       at = at->parent ? &machine.states[*at->parent] : nullptr) {
    seen_.insert(at->name);
  }
  TakeStep step{chosen.transition->event, nlohmann::json::object()};
  auto wanted = pointers_of(chosen.blocked_by);
  for (const auto& pointer : chosen.transition->requires_) {
    if (!is_given(value_at(current.content->data, pointer))) wanted.push_back(pointer);
  }
  step.data = values_for(wanted);
  if (!chosen.blocked_by.is_null() && step.data.empty()) {
    blocked_.insert("event " + step.event + " is blocked by " + chosen.blocked_by.dump());
    tries_ += 1;
  } else if (run(office, role_of(machine, chosen.step), current, step, step.data.empty() ? "" : "trial")) {
    const auto after_it = office.load(state.id);
    const auto& steps = after_it->state.steps;
    const bool known = !steps.empty() && pace_.knows(steps.front().value);
    return after(office, after_it->state.steps_final ? "resolve" : known ? steps.front().value : "step");
  }
  after(office, "step");
}

void TrialLife::resolve(TrialOffice& office, const LoadedCase& current) {
  ResolveCase resolved;
  const auto& results = current.rules.definition->results;
  if (!results.empty()) resolved.results.push_back({draw_.pick(results).code, "", nullptr});
  after(office, run(office, "case_officer", current, resolved) ? "return" : "resolve");
}

void TrialLife::give_back(TrialOffice& office, const LoadedCase& current) {
  if (run(office, "desk_officer", current, ReturnResult{"counter", "trial", true})) {
    end_ = TrialEnd{};
  } else {
    after(office, "return");
  }
}

void TrialLife::wait_for_timer(TrialOffice& office, const LoadedCase& current, const std::string& why) {
  const auto& timers = current.state.timers;
  const auto next =
      std::min_element(timers.begin(), timers.end(),
                       [](const CaseTimer& a, const CaseTimer& b) { return a.due_at < b.due_at; });
  std::string where = why + " in";
  for (const auto& step : current.state.steps) where += " " + step.value;
  tries_ += 1;
  blocked_.insert(where);
  if (next == timers.end()) return stick(where);
  next_at_ = std::max(next->due_at, office.now()) + std::chrono::seconds{1};
}

}  // namespace motcua::api
