/// Deciding: (case, command, rules) -> event or rejection. Pure: no clock, no I/O, no randomness; time and
/// identifiers come in with the context.
#pragma once

#include "engine/cases/command.hpp"
#include "engine/cases/event.hpp"
#include "engine/cases/substitution.hpp"
#include "engine/core/result.hpp"
#include "engine/deadline/working_calendar.hpp"
#include "engine/ports/token_verifier.hpp"
#include "engine/procedure/definition.hpp"
#include "engine/procedure/machine.hpp"
#include "engine/procedure/organisation.hpp"

#include <map>
#include <memory>
#include <vector>

namespace motcua::engine {

/// The rules a case follows. Before reception: those in force; afterwards: the pinned ones.
struct Rules {
  std::shared_ptr<const Definition> definition{};
  std::shared_ptr<const WorkingCalendar> calendar{};
  std::shared_ptr<const Organisation> organisation{};
  /// Whose time limit the case follows, where a migration kept that of an earlier version; null:
  /// `definition`.
  std::shared_ptr<const Definition> limited_by{};

  [[nodiscard]] const Definition& limiting() const { return limited_by ? *limited_by : *definition; }
};

/// Who commands, when, under which rules.
struct CommandContext {
  const Rules& rules;
  const Identity& actor;
  Instant now{};                                 ///< UTC; domain time of the command
  const Substitutions* substitutions = nullptr;  ///< null: nobody is absent
  /// Of `consult`: the calendar of the agency that is asked; null if no organisation file knows the agency.
  std::shared_ptr<const WorkingCalendar> consulted_calendar{};
  /// Of `migrate`: the published version that is asked for; null if there is none.
  std::shared_ptr<const Definition> target{};

  [[nodiscard]] Attendance attendance() const { return {now, substitutions}; }
};

/// The events that steps of a case offer, made when first asked for: their conditions read the whole form.
using OffersMemo = std::shared_ptr<const std::map<StepName, std::vector<OfferedEvent>>>;

/// A case with what its sealed entries say.
struct CaseView {
  const Case& state;
  const CaseContent& content;
  OffersMemo* memo = nullptr;  ///< where to keep them, if the view is of a case that lives on
};

/// What was decided: an event, and the personal values to seal with it (ascending by subject).
struct Decision {
  Event event{};
  std::vector<PersonalEntry> personal{};
  std::string on_behalf_of{};    ///< the officer in whose name it was done; empty: the actor's own
  std::vector<Decision> then{};  ///< recorded behind it, all or nothing; these have none of their own
};

/// What a step and what followed from it do to the case itself: each is decided like the command of its name
/// on the case after `decision`, and added to it. Rejections: those of the commands; not_allowed (two ways of
/// one event would both do something).
[[nodiscard]] Result<void> add_case_effects(Decision& decision, const CaseView& current,
                                            const MachineMove& move, const CommandContext& context);

/// Writes down by which role the actor was allowed to command, where the decision does not know it better.
void name_role(Decision& decision, std::string_view role);

/// What a look-up said about one person of the form.
struct PersonAnswer {
  std::string subject{};                             ///< `/applicant`, or a pointer into data
  std::string answer_class{};                        ///< MATCH, NO_MATCH, UNAVAILABLE, REFUSED, MALFORMED
  std::string detail{};                              ///< of the adapter's closed list
  std::string lookup{};                              ///< id of the look-up
  Instant data_time{};                               ///< of what time the register's data is
  nlohmann::json person = nlohmann::json::object();  ///< attributes; empty unless MATCH
};

/// Files a case. `answers` are what the look-ups of the command said, in their order; `code` is the next free
/// case code of the agency and day.
/// Rejections: role_forbidden (agency not in the organisation file), invalid_data (pointers: channel, papers,
/// data).
/// @law one-stop/case-code
[[nodiscard]] Result<Decision> decide_filing(const FileCase& command, const CommandContext& context,
                                             const std::vector<PersonAnswer>& answers,
                                             const std::string& code);

/// Checks the shape of what the command gives against the form; nothing of the law. Rejection: invalid_data
/// (pointers).
[[nodiscard]] Result<void> check_shape(const CaseCommand& command, const Rules& rules);

/// Decides any command on an existing case. A not_allowed rejection says in `allowed` what is.
[[nodiscard]] Result<Decision> decide(const CaseView& current, const CaseCommand& command,
                                      const CommandContext& context);

// One function per command, by family. The rejections of each, in the order they are checked, stand at its
// definition. filing.cpp reception.cpp
[[nodiscard]] Result<Decision> decide(const CaseView& current, const ReceiveCase& command,
                                      const CommandContext& context, bool has_reason);
[[nodiscard]] Result<Decision> decide(const CaseView& current, const RefuseReception& command,
                                      const CommandContext& context);
// supplement.cpp
[[nodiscard]] Result<Decision> decide(const CaseView& current, const RequestSupplement& command,
                                      const CommandContext& context);
[[nodiscard]] Result<Decision> decide(const CaseView& current, const Supply& command,
                                      const CommandContext& context);
// payment.cpp
[[nodiscard]] Result<Decision> decide(const CaseView& current, const RequestPayment& command,
                                      const CommandContext& context);
[[nodiscard]] Result<Decision> decide(const CaseView& current, const RecordPayment& command,
                                      const CommandContext& context);
// routing.cpp
[[nodiscard]] Result<Decision> decide(const CaseView& current, const AssignStep& command,
                                      const CommandContext& context);
[[nodiscard]] Result<Decision> decide(const CaseView& current, const ClaimStep& command,
                                      const CommandContext& context);
[[nodiscard]] Result<Decision> decide(const CaseView& current, const ReleaseStep& command,
                                      const CommandContext& context);
// delegation.cpp
[[nodiscard]] Result<Decision> decide(const CaseView& current, const DelegateStep& command,
                                      const CommandContext& context);
// consultation.cpp
[[nodiscard]] Result<Decision> decide(const CaseView& current, const ConsultAgency& command,
                                      const CommandContext& context);
[[nodiscard]] Result<Decision> decide(const CaseView& current, const AcknowledgeConsultation& command,
                                      const CommandContext& context);
[[nodiscard]] Result<Decision> decide(const CaseView& current, const AnswerConsultation& command,
                                      const CommandContext& context);
// step.cpp
[[nodiscard]] Result<Decision> decide(const CaseView& current, const TakeStep& command,
                                      const CommandContext& context);
// closing.cpp
[[nodiscard]] Result<Decision> decide(const CaseView& current, const WithdrawCase& command,
                                      const CommandContext& context);
[[nodiscard]] Result<Decision> decide(const CaseView& current, const StopCase& command,
                                      const CommandContext& context);
[[nodiscard]] Result<Decision> decide(const CaseView& current, const ResolveCase& command,
                                      const CommandContext& context);
[[nodiscard]] Result<Decision> decide(const CaseView& current, const ReturnResult& command,
                                      const CommandContext& context);
// pausing.cpp
[[nodiscard]] Result<Decision> decide(const CaseView& current, const PauseClock& command,
                                      const CommandContext& context);
[[nodiscard]] Result<Decision> decide(const CaseView& current, const ResumeClock& command,
                                      const CommandContext& context);
[[nodiscard]] Result<Decision> decide(const CaseView& current, const ExtendDeadline& command,
                                      const CommandContext& context);
// migration.cpp
[[nodiscard]] Result<Decision> decide(const CaseView& current, const MigrateCase& command,
                                      const CommandContext& context);
// correction.cpp
[[nodiscard]] Result<Decision> decide(const CaseView& current, const CorrectData& command,
                                      const CommandContext& context);
[[nodiscard]] Result<Decision> decide(const CaseView& current, const AddNote& command,
                                      const CommandContext& context);

}  // namespace motcua::engine
