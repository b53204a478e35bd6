#include "engine/cases/duties.hpp"

#include <algorithm>

namespace motcua::engine {

bool owes(const Case& current, std::string_view duty) {
  return std::any_of(current.duties.begin(), current.duties.end(),
                     [&](const Duty& one) { return one.kind == duty && !one.closed_at; });
}

void close_duty(Outcome& outcome, const Case& current, std::string_view duty) {
  if (owes(current, duty)) outcome.duties_closed.emplace_back(duty);
}

void open_originals(Outcome& outcome, const Case& current, const std::vector<CasePaper>& papers,
                    const Definition& definition) {
  const bool known = std::any_of(current.duties.begin(), current.duties.end(),
                                 [](const Duty& duty) { return duty.kind == kOriginalsDuty; });
  const bool owed = std::any_of(papers.begin(), papers.end(), [&](const CasePaper& paper) {
    const auto* rule = definition.find_paper(paper.code);
    return rule != nullptr && rule->original_on_collection && !paper.document_id.empty();
  });
  if (owed && !known) outcome.duties_opened.emplace_back(kOriginalsDuty);
}

}  // namespace motcua::engine
