#include "api/json/proposal_json.hpp"

#include "api/json/view_json.hpp"
#include "engine/cases/derivation.hpp"
#include "engine/deadline/calendar_changes.hpp"

#include <algorithm>
#include <optional>
#include <vector>

namespace motcua::api {
namespace {

using nlohmann::json;
using Intervals = std::vector<engine::DerivationInterval>;

json time_or_null(const std::optional<engine::Instant>& at) {
  return at ? json(engine::to_rfc3339(*at)) : json(nullptr);
}

Intervals without(const Intervals& list, const Intervals& other) {
  Intervals rest;
  for (const auto& interval : list) {
    if (std::find(other.begin(), other.end(), interval) == other.end()) rest.push_back(interval);
  }
  return rest;
}

void explain(json& object, const engine::Recalculation& recalculation, const engine::LoadedCase& current,
             const std::shared_ptr<const engine::WorkingCalendar>& newer) {
  const auto& rules = current.rules;
  if (!rules.definition || !rules.calendar) return;
  const auto before = engine::derivation_of(current.state, rules.limiting(), *rules.calendar);
  const auto after = engine::derivation_of(current.state, rules.limiting(), *newer);
  object["difference"] = {{"before", intervals_json(without(before, after))},
                          {"after", intervals_json(without(after, before))}};
  const auto change = engine::change_between(rules.calendar, newer);
  const auto text = engine::sentence_of_change(change, recalculation.due_before, recalculation.due_after);
  object["sentence"] = {{"vi", text.vi}, {"en", text.en}};
}

}  // namespace

json proposal_json(const engine::ProposalEntry& entry, engine::ProposalState state,
                   const engine::LoadedCase& current,
                   const std::shared_ptr<const engine::WorkingCalendar>& newer) {
  const auto& recalculation = entry.proposal.recalculation;
  const auto& codes = current.state.codes;
  json object{{"case", engine::to_text(entry.proposal.id)},
              {"code", codes.empty() ? json(nullptr) : json(codes.front().code)},
              {"procedure", current.state.pins.procedure.value},
              {"version", current.state.version},
              {"agency", entry.proposal.competent.value},
              {"move", engine::name_of(recalculation.move)},
              {"due_before", time_or_null(recalculation.due_before)},
              {"due_after", time_or_null(recalculation.due_after)},
              {"state", engine::name_of(state)},
              {"difference", nullptr},
              {"sentence", nullptr}};
  if (state == engine::ProposalState::open) explain(object, recalculation, current, newer);
  return object;
}

}  // namespace motcua::api
