#include "engine/runtime/calendar_judge.hpp"

#include "engine/runtime/case_loader.hpp"
#include "engine/runtime/waiting_cases.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace motcua::engine {
namespace {

bool has_a_clock(const WorklistItem& item) {
  return item.bucket != Bucket::no_limit && item.queue != Queue::reception && item.queue != Queue::return_;
}

}  // namespace

const CalendarChange* CalendarJudge::change_from(const Digest& pinned) {
  const auto before = catalogue_.calendar_by_hash(pinned);
  if (!before) return nullptr;
  auto newest = catalogue_.calendar(before->code);
  auto& change = changes_[pinned];
  if (change.after != newest) change = change_between(before, std::move(newest));
  return &change;
}

Judgement CalendarJudge::judge(const Case& current) {
  Judgement judgement;
  const auto* change = change_from(current.pins.calendar_hash);
  if (change == nullptr) return judgement;
  judgement.newest = change->after;
  if (change->before->hash == change->after->hash) {
    judgement.settled = ProposalState::accepted;
    return judgement;
  }
  const auto& declined = current.calendars_declined;
  if (std::find(declined.begin(), declined.end(), change->after->hash) != declined.end()) {
    judgement.settled = ProposalState::declined;
    return judgement;
  }
  const auto definition =
      catalogue_.definition_by_hash(current.pins.limit_hash.value_or(current.pins.procedure_hash));
  if (definition) judgement.moved = recalculate(current, *definition, *change);
  return judgement;
}

FaultOr<std::vector<CaseId>> cases_with_a_clock(const EventStore& store) {
  return waiting_cases(store, &has_a_clock);
}

FaultOr<MoveCounts> count_moves(const EventStore& store, const Catalogue& catalogue) {
  const auto ids = cases_with_a_clock(store);
  if (!ids) return ids.error();
  const CaseLoader loader(store, nullptr, catalogue);
  CalendarJudge judge(catalogue);
  MoveCounts counts;
  for (const auto& id : *ids) {
    counts.cases += 1;
    const auto current = loader.replay(id);
    if (!current) {
      counts.unreadable += 1;
      continue;
    }
    if (const auto judgement = judge.judge(*current); judgement.moved) {
      counts.moved[judgement.moved->move] += 1;
    }
  }
  return counts;
}

}  // namespace motcua::engine
