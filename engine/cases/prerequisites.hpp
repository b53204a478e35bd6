/// Procedures that must come first (thủ tục phải làm trước): what the engine looks for in the applicant's
/// name, so that nobody is asked to bring it. Pure. @law population/once-only
#pragma once

#include "engine/cases/decision.hpp"

#include <nlohmann/json.hpp>

#include <vector>

namespace motcua::engine {

/// Kind of the effect that looks for a result of the applicant's; its subject is the code of the procedure.
inline constexpr const char* kEarlierCaseEffect = "earlier_case";

/// Prerequisites that are neither met nor proven by a paper. One whose condition is undecided is not
/// demanded.
[[nodiscard]] std::vector<const Prerequisite*> unmet(const Definition& definition,
                                                     const nlohmann::json& facts,
                                                     const std::vector<CasePaper>& papers,
                                                     const std::vector<EarlierCase>& earlier);
/// Asks for each that is unmet and not asked for yet.
void ask_for_earlier(Outcome& outcome, const Case& current, const std::vector<const Prerequisite*>& wanted);

/// What the search found.
struct RecordEarlier {
  EffectRef effect{};
  EarlierCase earlier{};
};
/// Rejection: not_allowed (the case asks for nothing of the kind).
[[nodiscard]] Result<Decision> decide_one(const CaseView& current, const RecordEarlier& command,
                                          const CommandContext& context);

}  // namespace motcua::engine
