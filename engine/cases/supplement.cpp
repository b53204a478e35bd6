/// Supplement request (yêu cầu bổ sung) and supply (bổ sung): waiting for the applicant is not the agency's
/// time.
#include "engine/cases/decision_parts.hpp"
#include "engine/cases/duties.hpp"
#include "engine/cases/form_filling.hpp"
#include "engine/cases/timing.hpp"
#include "engine/deadline/counting.hpp"
#include "engine/deadline/timers.hpp"

#include <algorithm>
#include <set>

namespace motcua::engine {
namespace {

bool is_known_item(const Definition& definition, const std::string& code) {
  if (definition.find_paper(PaperCode(code)) != nullptr) return true;
  if (code.empty()) return false;  // the pointer of the whole form: nobody could supply it
  return std::any_of(definition.leaves.begin(), definition.leaves.end(), [&](const FormLeaf& leaf) {
    return leaf.pointer == code || leaf.pointer.starts_with(code + '/');
  });
}

Result<void> check_items(const Definition& definition, const RequestSupplement& command) {
  if (command.items.empty() || command.items.size() > kSupplementItemsMax) {
    return invalid_data("/data/items", "must have 1 to " + std::to_string(kSupplementItemsMax) + " items");
  }
  std::set<std::string> seen;
  for (std::size_t i = 0; i < command.items.size(); ++i) {
    const auto pointer = "/data/items/" + std::to_string(i) + "/code";
    if (!is_known_item(definition, command.items[i].code)) {
      return invalid_data(pointer, "is neither a paper nor a form pointer of this procedure");
    }
    if (!seen.insert(command.items[i].code).second) return invalid_data(pointer, "is listed twice");
  }
  return {};
}

/// Requested items that neither a paper nor a value of `command` answers.
std::vector<std::string> still_open(const Case& current, const Supply& command) {
  std::vector<std::string> open;
  for (const auto& item : current.supplement_open) {
    const bool paper = std::any_of(command.papers.begin(), command.papers.end(),
                                   [&](const CasePaper& given) { return given.code.value == item; });
    const bool value = item.starts_with('/') && is_given(value_at(command.data, item));
    if (!paper && !value) open.push_back(item);
  }
  return open;
}

}  // namespace

/// Rejections: not_allowed (stage; the clock is paused by command: each pause keeps its own reason),
/// invalid_data (items), not_allowed (the definition's number of notices is used up; the definition lists no
/// pause for a supplement while the clock runs). @law one-stop/supplement-request
Result<Decision> decide(const CaseView& current, const RequestSupplement& command,
                        const CommandContext& context) {
  const auto stage = next_stage(current.state, Trigger::request_supplement);
  if (!stage) return stage.error();
  if (current.state.clock.state == ClockState::paused) {
    return not_allowed("the clock is paused for another reason: resume it first");
  }
  const auto& definition = *context.rules.definition;
  if (const auto items = check_items(definition, command); !items) return items.error();
  if (definition.supplement_requests_max &&
      current.state.supplement_requests >= *definition.supplement_requests_max) {
    return not_allowed("the procedure allows no further supplement request");
  }
  const bool running = current.state.clock.state == ClockState::running;
  if (running && !lists_pause(definition, kSupplementPause))
    return not_allowed("the procedure lists no pause for a supplement");

  SupplementRequested event;
  auto why = nlohmann::json::object();
  for (const auto& item : command.items) {
    event.items.push_back(item.code);
    why[item.code] = item.why;
  }
  event.outcome.stage = *stage;
  if (running) {
    pause_clock(event.outcome, current.state, context, kSupplementPause);
  } else {
    for (const auto& timer : current.state.timers) event.outcome.timers_cancelled.push_back(timer.kind);
  }
  if (const auto& reply = definition.supplement_reply) {
    event.outcome.timers_set.push_back(
        {kSilenceTimer, add_working_time(*context.rules.calendar, context.now, reply->within)});
  }
  Decision decision{std::move(event), {}};
  add_personal(decision.personal, SubjectName("free-text"), {{"why", why}});
  return decision;
}

/// Rejections: not_allowed (stage), invalid_data (papers). What is still open is recorded and moves nothing.
Result<Decision> decide(const CaseView& current, const Supply& command, const CommandContext& context) {
  const bool started = current.state.clock.state != ClockState::not_started;
  const auto stage = next_stage(current.state, started ? Trigger::supply : Trigger::supply_before_reception);
  if (!stage) return stage.error();
  CaseSupplied event;
  event.still_open = still_open(current.state, command);
  auto& outcome = event.outcome;
  outcome.papers_added = command.papers;
  // Whoever answers is not silent, also if something is still open.
  const auto& timers = current.state.timers;
  const bool waited = std::any_of(timers.begin(), timers.end(),
                                  [](const CaseTimer& timer) { return timer.kind == kSilenceTimer; });
  if (waited) outcome.timers_cancelled = {kSilenceTimer};
  if (started) open_originals(outcome, current.state, command.papers, *context.rules.definition);
  // Before the clock: other values may put the case under another limit.
  Decision decision{};
  take_values(outcome, decision.personal, current, command.data, "citizen", context,
              with_papers(current.state.papers, command.papers));
  if (event.still_open.empty()) {
    outcome.stage = *stage;
    if (started) {
      resume_clock(outcome, current.state, context);
    } else {
      outcome.timers_set = {
          {kReceptionTimer, reception_limit_of(*context.rules.calendar, context.now, kReceptionLimit)}};
    }
  }
  decision.event = std::move(event);
  return decision;
}

}  // namespace motcua::engine
