/// Linked procedures (thủ tục liên thông): a case opens others, each with a stream, a clock and an agency of
/// its own, and goes on when those that it waits for have ended. Pure: opening and telling are effects of the
/// engine. @law one-stop/linked
#pragma once

#include "engine/cases/decision.hpp"

#include <nlohmann/json.hpp>

#include <optional>
#include <string>
#include <vector>

namespace motcua::engine {

/// Kind of the effect that opens a case; its subject is the code of the branch.
inline constexpr const char* kLinkedCaseEffect = "linked_case";
/// Kind of the effect that tells the case for which this one was opened how it ended; its subject is the
/// branch.
inline constexpr const char* kLinkedReportEffect = "linked_report";

/// Asks for the linked cases of the steps that `outcome` enters.
void ask_for_linked(Outcome& outcome, const Case& current, const Machine& machine);
/// True if a case of the branch was asked for, opened or found not to be needed.
[[nodiscard]] bool knows_branch(const Case& current, const std::string& branch);
/// The steps that `outcome` leaves wait for nothing any more: their incident is done.
void close_waiting(Outcome& outcome, const Case& current);
/// A linked case that ends tells the one that waits for it.
void ask_to_report(Decision& decision, const Case& before);
/// Closes every open effect but reports, which outlive the case.
void close_effects(Outcome& outcome, const Case& current);

/// What conditions read of linked cases: `{branch: {outcome, results: [code, ...]}}` of those that have
/// ended.
[[nodiscard]] nlohmann::json linked_facts(const Case& current);

/// What becomes of an open effect that asks for a linked case.
struct LinkedPlan {
  const LinkedProcedure* branch = nullptr;  ///< null: the definition has it no more
  std::optional<LinkedCase> kept{};         ///< the branch has its case already: open, or with a result
  AgencyId agency{};                        ///< that receives the new one
  std::optional<FileCase> filing{};         ///< without a channel; none: no new case is needed
};
/// A new case is not needed where the branch's condition is false, or the case has left the step meanwhile.
/// Rejections: not_allowed (there is no such effect), guard_undecided (member `blocked_by`).
[[nodiscard]] Result<LinkedPlan> plan_linked(const CaseView& current, const EffectRef& effect,
                                             const CommandContext& context);
/// The entry of a branch for which no case was needed.
[[nodiscard]] LinkedCase not_needed(const std::string& branch, const ProcedureCode& procedure, Instant now);
/// Files the linked case in the name of the context's agency, and receives it if nothing is missing: that
/// agency's clock runs from the arrival. `channel`: of the case that opens it. Rejections: those of filing.
[[nodiscard]] Result<Decision> file_linked(FileCase filing, const std::string& channel,
                                           const LinkedFrom& from, const CommandContext& context,
                                           const CaseId& id, const std::string& code);

/// Pointer of the incident of a branch whose case could not be opened.
[[nodiscard]] std::string linked_pointer(const std::string& branch);

/// The case was opened, or none was needed.
struct RecordLinked {
  EffectRef effect{};
  LinkedCase linked{};
};
/// The case could not be opened; the effect stays open.
struct RecordLinkFailure {
  EffectRef effect{};
  std::string detail{};  ///< not_in_force, agency_unknown, refused
};
/// A linked case has ended.
struct RecordLinkedEnd {
  std::string case_id{};
  std::string ended_as{};
  std::vector<CaseResult> results{};
  nlohmann::json values = nlohmann::json::object();  ///< what was typed with the results
};
/// The case for which this one was opened knows how it ended.
struct RecordReported {
  EffectRef effect{};
};

// Rejections of each: not_allowed (no such effect or open case, or recorded before; the case stands still and
// would have to go on), guard_undecided (which way it goes on). Nothing is to be recorded then, and the same
// is tried later.
[[nodiscard]] Result<Decision> decide_one(const CaseView& current, const RecordLinked& command,
                                          const CommandContext& context);
[[nodiscard]] Result<Decision> decide_one(const CaseView& current, const RecordLinkFailure& command,
                                          const CommandContext& context);
[[nodiscard]] Result<Decision> decide_one(const CaseView& current, const RecordLinkedEnd& command,
                                          const CommandContext& context);
[[nodiscard]] Result<Decision> decide_one(const CaseView& current, const RecordReported& command,
                                          const CommandContext& context);

}  // namespace motcua::engine
