/// The state of a case (hồ sơ): what its events have stated so far. Holds codes, instants and verdicts only;
/// what a person typed or a register answered is in CaseContent, opened from sealed entries.
#pragma once

#include "engine/core/ids.hpp"
#include "engine/core/shared.hpp"
#include "engine/core/time.hpp"
#include "engine/deadline/ledger.hpp"
#include "engine/lifecycle/case_lifecycle.hpp"
#include "engine/lifecycle/legal_clock.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace motcua::engine {

/// A code under which a system knows the case (mã hồ sơ).
struct CaseCode {
  std::string system{};  ///< `one-stop` for our own
  std::string code{};    ///< e.g. `H15.50.05-260302-0001`
  friend bool operator==(const CaseCode&, const CaseCode&) = default;
};

/// States of one version of a definition to states of another: `old` to one or, into states side by side,
/// several.
using StepMap = std::map<StepName, std::vector<StepName>>;

/// The rules that a case follows, by content hash (design: pinned rules).
struct RulePins {
  ProcedureCode procedure{};
  std::int64_t procedure_version = 0;
  Digest procedure_hash{};
  Digest calendar_hash{};
  Digest organisation_hash{};
  /// Of the version whose time limit counts, where a migration kept it; none: that of the procedure.
  std::optional<Digest> limit_hash{};
  friend bool operator==(const RulePins&, const RulePins&) = default;
};

/// The legal clock with its ledger.
struct LegalClock {
  ClockState state = ClockState::not_started;
  std::string reason{};  ///< while paused
  std::optional<Instant> since{};
  std::vector<LedgerEntry> ledger{};
  friend bool operator==(const LegalClock&, const LegalClock&) = default;
};

/// What the citizen was told (ngày hẹn trả). Append-only.
struct Promise {
  Instant due_at{};
  Instant made_at{};
  std::string basis{};     ///< reception | resume | extension (also when resumed) | calendar | migration
  std::string reason{};    ///< after a pause: its reason; extension: its own
  std::string told_how{};  ///< receipt | notice
  friend bool operator==(const Promise&, const Promise&) = default;
};

/// Where the time limit stands. Everything empty before reception and for procedures without a limit.
struct Due {
  std::optional<Instant> legal_due{};
  std::optional<Instant> due_at{};            ///< timers and worklists use it; empty while paused
  std::optional<WorkingSeconds> remaining{};  ///< while paused
  friend bool operator==(const Due&, const Due&) = default;
};

/// What is absent: a leaf of the form (`pointer`), a paper (`paper`) or a procedure that must come first
/// (`procedure`); exactly one is set.
struct MissingItem {
  std::string pointer{};
  PaperCode paper{};
  ProcedureCode procedure{};
  friend bool operator==(const MissingItem&, const MissingItem&) = default;
};

/// A paper in the case file.
struct CasePaper {
  PaperCode code{};
  std::string document_id{};  ///< empty: handed in on paper
  friend bool operator==(const CasePaper&, const CasePaper&) = default;
};

/// Where a value of the form came from.
struct Provenance {
  std::string source{};        ///< citizen | population | papers | earlier_case | derived | officer
  std::string answer_class{};  ///< of a look-up: MATCH, NO_MATCH, ..., PENDING; empty otherwise
  Instant data_time{};         ///< of a register's answer: of what time its data is; else when it was given
  std::string lookup{};        ///< id of the look-up that said so; empty otherwise
  bool overridden = false;     ///< a person's value stands against the register's, with a reason
  friend bool operator==(const Provenance&, const Provenance&) = default;
};

/// Who completed a step; for separation of duties.
struct StepCompletion {
  StepName step{};
  ActorId by{};
  std::string on_behalf_of{};
  friend bool operator==(const StepCompletion&, const StepCompletion&) = default;
};

struct CaseTimer {
  std::string kind{};  ///< `reception_limit`, `nearing`, `due`, `overdue`, `step_due:<step>`,
                       ///< `after:<state>`
  Instant due_at{};
  friend bool operator==(const CaseTimer&, const CaseTimer&) = default;
};

/// A duty of the agency beside the processing (nghĩa vụ), with a small state of its own.
struct Duty {
  std::string kind{};  ///< `apology`: the case is overdue, reason and new date are owed to the citizen;
                       ///< `delivery`, `originals`
  Instant opened_at{};
  std::optional<Instant> closed_at{};
  friend bool operator==(const Duty&, const Duty&) = default;
};

/// Names an effect: the event that requested it, and which of that event's.
struct EffectRef {
  std::uint64_t version = 0;
  std::uint32_t ordinal = 0;
  friend auto operator<=>(const EffectRef&, const EffectRef&) = default;
};

/// Something to be done outside that no event has answered yet.
struct OpenEffect {
  EffectRef ref{};
  std::string kind{};     ///< `population_lookup`, `linked_case`, `linked_report`, `earlier_case`
  std::string subject{};  ///< pointer of the person: `/applicant`, `/mother`; code of the branch; procedure
  Instant requested_at{};
  bool failed_once = false;  ///< an attempt got no answer
  friend bool operator==(const OpenEffect&, const OpenEffect&) = default;
};

/// Something a clerk must look at (việc cần xử lý).
struct CaseTask {
  std::string kind{};     ///< `difference`: the register says otherwise; both values are in the content;
                          ///< `incident`: something came due whose way cannot be decided
  std::string pointer{};  ///< of the leaf; of an incident, what came due: the timer's kind,
                          ///< `linked:<branch>`, `done:<state>`, `switch`
  std::string lookup{};   ///< id of the look-up that differs
  Instant opened_at{};
  friend bool operator==(const CaseTask&, const CaseTask&) = default;
};

/// Ủy quyền xử lý: a step that its holder has another officer do, in the holder's name.
struct Delegation {
  ActorId from{};  ///< the holder
  ActorId to{};
  std::optional<Instant> until{};  ///< it ends here; none: with the step
  friend bool operator==(const Delegation&, const Delegation&) = default;
};

/// Rút việc để giao người khác: a supervisor took a step from its holder, who is told.
struct TakeOver {
  StepName step{};
  ActorId from{};
  ActorId by{};
  Instant at{};
  friend bool operator==(const TakeOver&, const TakeOver&) = default;
};

/// Lấy ý kiến cơ quan phối hợp: a question to another agency, with a time limit of its own.
struct Consultation {
  std::uint64_t asked_version = 0;  ///< of the case; names the consultation
  AgencyId agency{};                ///< that is asked
  Instant asked_at{};
  std::optional<Instant> acknowledge_by{};  ///< when the other agency must have confirmed that it was asked
  std::optional<Instant> due_at{};          ///< when its answer is due
  std::optional<Instant> acknowledged_at{};
  std::optional<Instant> answered_at{};
  std::string opinion_code{};  ///< of the answer
  friend bool operator==(const Consultation&, const Consultation&) = default;
};

/// Nghĩa vụ tài chính: a fee that the applicant was asked to pay.
struct Payment {
  std::string fee_code{};
  std::optional<std::int64_t> amount_vnd{};  ///< owed, in đồng; none: the definition publishes no amount
  Instant requested_at{};
  std::int64_t paid_vnd = 0;
  std::optional<Instant> paid_at{};  ///< when it was paid in full
  friend bool operator==(const Payment&, const Payment&) = default;
};

struct CaseResult {
  std::string code{};
  std::string document_id{};
  friend bool operator==(const CaseResult&, const CaseResult&) = default;
};

/// Hồ sơ liên thông: a case that was opened for a branch of this one.
struct LinkedCase {
  std::string link{};  ///< code of the branch
  ProcedureCode procedure{};
  std::string case_id{};  ///< empty: none was needed
  std::string code{};     ///< its one-stop code
  AgencyId agency{};      ///< that it is with
  Instant opened_at{};
  std::optional<Instant> ended_at{};
  std::string outcome{};  ///< resolved | withdrawn | stopped | not_received | not_needed; empty while open
  std::vector<CaseResult> results{};
  friend bool operator==(const LinkedCase&, const LinkedCase&) = default;
};

/// The case for a branch of which this one was opened (hồ sơ gốc của nhóm liên thông).
struct LinkedFrom {
  std::string case_id{};
  std::string code{};  ///< its one-stop code
  std::string link{};  ///< code of the branch
  friend bool operator==(const LinkedFrom&, const LinkedFrom&) = default;
};

/// What the engine found about a procedure that must come first.
struct EarlierCase {
  ProcedureCode procedure{};
  bool found = false;
  std::string case_id{};
  std::string code{};
  friend bool operator==(const EarlierCase&, const EarlierCase&) = default;
};

/// Who moved the case; the last few, for the answer to a stale version.
struct CaseMove {
  std::uint64_t version = 0;
  std::string_view type{};  ///< one of the events' type names, which live for ever
  ActorId actor{};
  Instant at{};
  friend bool operator==(const CaseMove&, const CaseMove&) = default;
};
inline constexpr std::size_t kMovesKept = 8;

struct Case {
  CaseId id{};
  std::uint64_t version = 0;             ///< of its stream; 0 before filing
  std::uint64_t foreground_version = 0;  ///< version of the last event that is not of a background type
  std::vector<CaseCode> codes{};
  RulePins pins{};  ///< until reception: what it was filed under
  std::string channel{};
  AgencyId received_by{};
  AgencyId competent{};
  ActorId filed_by{};
  Stage stage = Stage::registered;
  std::vector<StepName> steps{};
  std::vector<std::string> step_roles{};  ///< role of each of `steps`
  bool steps_final = false;               ///< the machine stands in a final state
  LegalClock clock{};
  std::vector<Promise> promises{};
  Due due{};
  std::vector<MissingItem> missing{};
  std::vector<std::string> supplement_open{};  ///< requested items not yet supplied
  std::int64_t supplement_requests = 0;
  std::vector<CasePaper> papers{};
  Shared<std::map<std::string, Provenance>> provenance{};  ///< by pointer into data
  std::map<StepName, ActorId> assignees{};
  std::map<StepName, Delegation> delegations{};
  std::optional<TakeOver> taken_over{};       ///< the last one, until the next event of its step
  std::map<StepName, Instant> step_due{};     ///< by when an active step is to be done, where it has a limit
  std::map<StepName, Instant> after_due{};    ///< when the timer of an active state comes due, if it runs
  std::vector<Consultation> consultations{};  ///< in order of asking; answered ones stay
  std::vector<Payment> payments{};            ///< in order of asking; paid ones stay
  std::vector<LinkedCase> linked{};           ///< in order of opening; ended ones stay
  std::optional<LinkedFrom> linked_from{};
  std::vector<EarlierCase> earlier{};        ///< what was found, one entry for a procedure
  std::vector<Digest> calendars_declined{};  ///< versions that a supervisor decided not to follow
  std::vector<std::string> search_tokens{};  ///< of names and numbers in the content, ascending
  std::vector<StepCompletion> completions{};
  std::vector<CaseTimer> timers{};
  std::vector<CaseResult> results{};
  std::vector<std::string> flags{};
  std::size_t limit = 0;                         ///< which of the definition's time limits applies
  std::vector<std::size_t> limit_supplements{};  ///< which of that limit's supplements are added, ascending
  std::optional<Instant> extended_to{};  ///< date of the last extension, later by what pauses took from it
  std::int64_t extensions = 0;
  std::vector<Duty> duties{};         ///< in order of opening; closed ones stay
  std::vector<OpenEffect> effects{};  ///< open ones
  std::vector<CaseTask> tasks{};      ///< open ones
  std::vector<CaseMove> moves{};
  Instant created_at{};
  std::optional<Instant> resolved_at{};
  std::optional<Instant> returned_at{};
  friend bool operator==(const Case&, const Case&) = default;
};

/// What people typed and registers answered, folded from opened sealed entries. A subject whose key is gone
/// is absent.
struct CaseContent {
  nlohmann::json applicant = nlohmann::json::object();
  nlohmann::json data = nlohmann::json::object();
  nlohmann::json results = nlohmann::json::object();  ///< by result code
  nlohmann::json registered =
      nlohmann::json::object();  ///< by pointer: the register's value where it differs
  bool complete = true;          ///< false if some entry could not be opened
  friend bool operator==(const CaseContent&, const CaseContent&) = default;
};

/// Values of one data subject that a decision wants sealed with its event. `value` has the members of
/// CaseContent
/// (`applicant`, `data`, `results`) and, for subject `free-text`, `reason`, `note`, `why`, `to`, `question`,
/// `opinion`, `reference`.
struct PersonalEntry {
  SubjectName subject{};
  nlohmann::json value = nlohmann::json::object();
  friend bool operator==(const PersonalEntry&, const PersonalEntry&) = default;
};

/// Deep merge: objects member by member, everything else (null too) replaced.
void merge_into(nlohmann::json& into, const nlohmann::json& from);

/// Folds one opened entry into the content: objects member by member, everything else replaced.
void fold(CaseContent& content, const nlohmann::json& opened);

/// Value at a JSON pointer (`/child/full_name`) or null if absent.
[[nodiscard]] const nlohmann::json* value_at(const nlohmann::json& data, std::string_view pointer);

/// True where a value counts as given: present, not null, not "".
[[nodiscard]] bool is_given(const nlohmann::json* value);

}  // namespace motcua::engine
