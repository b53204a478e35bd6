/// Parts that several command families share. Pure.
#pragma once

#include "engine/cases/decision.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace motcua::engine {

/// Facts that conditions read: `{data, channel, papers: [code, ...], applicant_given}`. Public codes and form
/// data.
[[nodiscard]] nlohmann::json facts_of(const nlohmann::json& data, const std::string& channel,
                                      const std::vector<CasePaper>& papers);

/// The same for conditions of the step machine, and what became of linked cases: `{linked: {branch: {outcome,
/// results}}}`.
[[nodiscard]] nlohmann::json facts_of(const Case& current, const nlohmann::json& data);

/// Whether a condition of the definition holds. Rejection: guard_undecided with the sentence `undecided`;
/// member `blocked_by` has the pointers that it lacks, or why it is wrong.
[[nodiscard]] Result<bool> holds_for(const nlohmann::json& condition, const nlohmann::json& facts,
                                     const CaseView& current, const char* undecided);

/// What is absent for reception: required leaves in document order, then required papers, then procedures
/// that must come first and were not found. A paper whose condition is undecided or wrong is not demanded: a
/// citizen is not asked for what nobody can say is needed.
[[nodiscard]] std::vector<MissingItem> missing_items(const Definition& definition, const nlohmann::json& data,
                                                     const std::string& channel,
                                                     const std::vector<CasePaper>& papers,
                                                     const std::vector<EarlierCase>& earlier);

/// The same for a case that stands: of one that was moved to another version, only what was missing before.
/// What that version asks for beyond it is not asked of a citizen who has filed.
[[nodiscard]] std::vector<MissingItem> missing_after(const Case& current, const Definition& definition,
                                                     const nlohmann::json& data,
                                                     const std::vector<CasePaper>& papers);

/// Form data split by data subject, each part under its full path; ascending by subject.
[[nodiscard]] std::vector<PersonalEntry> split_by_subject(const Definition& definition,
                                                          const nlohmann::json& data);

/// Provenance of the leaves that `data` gives.
[[nodiscard]] std::map<std::string, Provenance> given_leaves(const Definition& definition,
                                                             const nlohmann::json& data,
                                                             std::string_view source, Instant now);

/// Adds `value` to the entry of `subject`, keeping the list ascending.
void add_personal(std::vector<PersonalEntry>& personal, const SubjectName& subject,
                  const nlohmann::json& value);

/// Form data after `given` is merged in.
[[nodiscard]] nlohmann::json merged(const nlohmann::json& data, const nlohmann::json& given);
/// Papers after `added`.
[[nodiscard]] std::vector<CasePaper> with_papers(std::vector<CasePaper> held,
                                                 const std::vector<CasePaper>& added);

/// Changes the clock in `outcome`. The machine must allow it (ENSURE): callers have asked the life cycle
/// first. `reason` and `whose` are a pause's.
void change_clock(Outcome& outcome, const Case& current, ClockChange change, Instant now,
                  const std::string& reason = {}, const std::string& whose = {});

/// States the active steps in `outcome`, with their roles and whether the machine is finished.
void set_steps(Outcome& outcome, const Machine& machine, std::vector<StepName> active);

/// Việc cần xử lý: what came due by itself and could not be decided.
inline constexpr const char* kIncidentTask = "incident";
/// Pointer of the incident of a case that a version of its procedure left behind.
inline constexpr const char* kSwitchIncident = "switch";
/// Closes the task at `pointer` if the case has it.
void close_task(Outcome& outcome, const Case& current, const std::string& pointer);

/// Ends steps, timers and the clock: the case is over for the office. `change` is end or none.
void close_case(Outcome& outcome, const Case& current, ClockChange change, Instant now);

/// The event of a stopped case, whoever stops it. `stage` is what the life cycle says.
[[nodiscard]] CaseStopped stopped(const Case& current, const std::string& law, Stage stage, Instant now);

/// Rejections in one place, so that a code has one wording.
[[nodiscard]] Rejection not_allowed(std::string detail);
[[nodiscard]] Rejection invalid_data(const std::string& pointer, const std::string& reason);
/// Stage after `trigger`, or not_allowed.
[[nodiscard]] Result<Stage> next_stage(const Case& current, Trigger trigger);

/// Working seconds of the reception limit: 8 working hours (NĐ 45/2020 practice; unverified in general).
/// @law one-stop/reception
inline constexpr WorkingSeconds kReceptionLimit{8 * 3600};
inline constexpr const char* kReceptionTimer = "reception_limit";

/// Papers named twice or unknown to the definition: invalid_data at `/papers/<i>/code`, under `prefix`.
[[nodiscard]] Result<void> check_papers(const Definition& definition, const std::vector<CasePaper>& papers,
                                        const std::string& prefix);
/// Violations of the form's shape as one rejection, pointers under `prefix`.
[[nodiscard]] Result<void> check_form(const Definition& definition, const nlohmann::json& data,
                                      const std::string& prefix);

/// The active step that the command means: the one named, or the only one.
[[nodiscard]] Result<StepName> step_meant(const Case& current, const std::optional<StepName>& named);
/// Separation of duties (không cùng người): nobody who completed one of the named steps, nor anyone acting
/// for them.
[[nodiscard]] Result<void> check_same_person(const Case& current, const MachineState& step,
                                             const ActorId& officer, const std::string& on_behalf_of);
/// Commands on steps and on the clock need the case with the office: received or in process.
[[nodiscard]] Result<void> check_in_office(const Case& current);
/// The unfinished step that a command on steps means. Rejection: not_allowed.
[[nodiscard]] Result<const MachineState*> step_in_office(const Case& current,
                                                         const std::optional<StepName>& named,
                                                         const CommandContext& context);
/// Who gets a step must be an officer of the competent agency and hold its role. Rejections: not_allowed (the
/// agency is in no file), invalid_data at `pointer`.
[[nodiscard]] Result<void> check_officer_for(const Case& current, const MachineState& step,
                                             const ActorId& officer, const std::string& pointer,
                                             const CommandContext& context);
/// Rejection: invalid_data at `pointer`; member `substitutes` names who stands in for the absent officer.
[[nodiscard]] Result<void> check_not_absent(const Case& current, const MachineState& step,
                                            const ActorId& officer, const std::string& pointer,
                                            const CommandContext& context);
/// Codes stand in the public part of an event: nothing that a person could be read from.
[[nodiscard]] bool is_plain_code(const std::string& code);
/// Reasons whose pauses have triggers of their own, and in which the applicant is waited for.
inline constexpr const char* kSupplementPause = "supplement";
inline constexpr const char* kPaymentPause = "payment";
/// True for a reason that `pause` may give.
[[nodiscard]] bool may_pause_by_command(const PauseReason& reason);
/// True if the definition lets the clock pause for `reason`.
[[nodiscard]] bool lists_pause(const Definition& definition, const std::string& reason);
/// First assign, claim or step takes a received case into process.
[[nodiscard]] Result<void> begin_if_received(Outcome& outcome, const Case& current);

}  // namespace motcua::engine
