#include "engine/cases/prerequisites.hpp"

#include "engine/cases/decision_parts.hpp"
#include "engine/cases/timing.hpp"

#include <algorithm>
#include <utility>

namespace motcua::engine {
namespace {

bool is_met(const Prerequisite& one, const std::vector<CasePaper>& papers,
            const std::vector<EarlierCase>& earlier) {
  const bool proven = !one.proven_by.empty() &&
                      std::any_of(papers.begin(), papers.end(),
                                  [&](const CasePaper& paper) { return paper.code == one.proven_by; });
  return proven || std::any_of(earlier.begin(), earlier.end(), [&](const EarlierCase& known) {
           return known.procedure == one.procedure && known.found;
         });
}

}  // namespace

std::vector<const Prerequisite*> unmet(const Definition& definition, const nlohmann::json& facts,
                                       const std::vector<CasePaper>& papers,
                                       const std::vector<EarlierCase>& earlier) {
  std::vector<const Prerequisite*> open;
  for (const auto& one : definition.prerequisites) {
    if (holds(one.when, facts) && !is_met(one, papers, earlier)) open.push_back(&one);
  }
  return open;
}

void ask_for_earlier(Outcome& outcome, const Case& current, const std::vector<const Prerequisite*>& wanted) {
  for (const auto* one : wanted) {
    const auto& subject = one->procedure.value;
    const bool asked =
        std::any_of(current.effects.begin(), current.effects.end(), [&](const OpenEffect& effect) {
          return effect.kind == kEarlierCaseEffect && effect.subject == subject;
        });
    if (!asked) outcome.effects_requested.push_back({kEarlierCaseEffect, subject});
  }
}

Result<Decision> decide_one(const CaseView& current, const RecordEarlier& command,
                            const CommandContext& context) {
  const auto& effects = current.state.effects;
  const bool open = std::any_of(effects.begin(), effects.end(), [&](const OpenEffect& effect) {
    return effect.kind == kEarlierCaseEffect && effect.ref == command.effect;
  });
  if (!open) return not_allowed("the case asks for nothing of the kind");
  EarlierCaseSought event;
  event.effect = command.effect;
  event.earlier = command.earlier;
  event.outcome.effects_closed = {command.effect};
  auto after = current.state;
  std::erase_if(after.earlier,
                [&](const EarlierCase& known) { return known.procedure == command.earlier.procedure; });
  after.earlier.push_back(command.earlier);
  event.outcome.missing =
      missing_after(after, *context.rules.definition, current.content.data, current.state.papers);
  return Decision{std::move(event), {}};
}

}  // namespace motcua::engine
