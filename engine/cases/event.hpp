/// Events of a case. Each states its outcome, so that replay copies and never decides again: no rule,
/// calendar, key or sealed value is read by `evolve`. Released types are for ever; a change of meaning is a
/// new type version.
#pragma once

#include "engine/cases/case.hpp"
#include "engine/core/result.hpp"

#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace motcua::engine {

/// An effect that the event asks for. It stays open until an event names it.
struct EffectRequested {
  std::string kind{};
  std::string subject{};
  friend bool operator==(const EffectRequested&, const EffectRequested&) = default;
};

/// What a decision changed in the parts that every command may touch. Absent members change nothing.
struct Outcome {
  std::optional<Stage> stage{};
  std::optional<std::vector<StepName>> steps{};  ///< all active afterwards
  std::vector<std::string> step_roles{};         ///< role of each of `steps`, so that rows need no definition
  std::vector<StepName> steps_entered{};
  std::vector<StepName> steps_left{};
  std::optional<bool> steps_final{};
  std::optional<LedgerEntry> clock{};
  std::optional<ClockState> clock_state{};  ///< after `clock`
  std::optional<Promise> promise{};
  std::optional<Due> due{};
  std::vector<CaseTimer> timers_set{};
  std::vector<std::string> timers_cancelled{};  ///< kinds
  std::optional<std::vector<MissingItem>> missing{};
  std::map<StepName, ActorId> assigned{};
  std::vector<StepName> unassigned{};
  std::vector<std::string> flags_added{};
  std::vector<std::string> flags_removed{};
  std::vector<std::string> duties_opened{};  ///< kinds
  std::vector<std::string> duties_closed{};  ///< kinds
  std::optional<std::size_t> limit{};        ///< which of the definition's time limits applies from now on
  std::optional<std::vector<std::size_t>> limit_supplements{};  ///< which of its supplements, from now on
  std::optional<Instant> extended_to{};
  std::vector<EffectRequested> effects_requested{};  ///< the place in this list is the ordinal
  std::vector<EffectRef> effects_failed{};           ///< no answer yet: they stay open
  std::vector<EffectRef> effects_closed{};
  std::vector<CaseTask> tasks_opened{};
  std::vector<std::string> tasks_closed{};         ///< pointers
  std::map<std::string, Provenance> provenance{};  ///< of the leaves given with this event
  std::vector<CasePaper> papers_added{};
  std::string role{};      ///< the officer's role by which the command was allowed
  std::string standing{};  ///< empty: in the officer's own name; else delegation | substitution | takeover
  std::map<StepName, Instant> step_due{};                   ///< of steps entered, or resumed
  std::optional<std::vector<std::string>> search_tokens{};  ///< all, of the content afterwards
  std::map<StepName, Instant> after_due{};  ///< when timers of states come due that were entered, or resumed
  std::vector<StepName> after_ended{};      ///< states whose timer is gone: left, or used up
  friend bool operator==(const Outcome&, const Outcome&) = default;
};

/// Hồ sơ được nộp.
struct CaseFiled {
  static constexpr std::string_view kType = "case.filed";
  CaseCode code{};
  RulePins pins{};
  std::string channel{};
  AgencyId received_by{};
  AgencyId competent{};
  std::optional<LinkedFrom> linked_from{};  ///< opened by the engine for a branch of that case
  Outcome outcome{};
  friend bool operator==(const CaseFiled&, const CaseFiled&) = default;
};
/// Giấy tiếp nhận hồ sơ và hẹn trả kết quả (mẫu 01). @law one-stop/reception
struct CaseReceived {
  static constexpr std::string_view kType = "case.received";
  RulePins pins{};
  bool accepted_incomplete = false;
  Outcome outcome{};
  friend bool operator==(const CaseReceived&, const CaseReceived&) = default;
};
/// Phiếu từ chối tiếp nhận (mẫu 03). @law one-stop/refusal
struct ReceptionRefused {
  static constexpr std::string_view kType = "case.reception_refused";
  std::string reason_code{};
  Outcome outcome{};
  friend bool operator==(const ReceptionRefused&, const ReceptionRefused&) = default;
};
/// Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ (mẫu 02). @law one-stop/supplement-request
struct SupplementRequested {
  static constexpr std::string_view kType = "case.supplement_requested";
  std::vector<std::string> items{};  ///< paper codes and form pointers, as asked
  Outcome outcome{};
  friend bool operator==(const SupplementRequested&, const SupplementRequested&) = default;
};
/// Hồ sơ được bổ sung.
struct CaseSupplied {
  static constexpr std::string_view kType = "case.supplied";
  std::vector<std::string> still_open{};  ///< requested items not yet supplied
  Outcome outcome{};
  friend bool operator==(const CaseSupplied&, const CaseSupplied&) = default;
};
/// Phân công xử lý: by a supervisor, who may take the step from its holder.
struct StepAssigned {
  static constexpr std::string_view kType = "case.step_assigned";
  StepName step{};
  ActorId assignee{};
  ActorId taken_from{};  ///< the holder until now, who is told; empty if there was none
  Outcome outcome{};
  friend bool operator==(const StepAssigned&, const StepAssigned&) = default;
};
/// Nhận việc: an officer takes a step.
struct StepClaimed {
  static constexpr std::string_view kType = "case.step_claimed";
  StepName step{};
  Outcome outcome{};
  friend bool operator==(const StepClaimed&, const StepClaimed&) = default;
};
/// Trả việc: the officer gives the step back to the queue.
struct StepReleased {
  static constexpr std::string_view kType = "case.step_released";
  StepName step{};
  Outcome outcome{};
  friend bool operator==(const StepReleased&, const StepReleased&) = default;
};
/// Chuyển bước xử lý.
struct StepTaken {
  static constexpr std::string_view kType = "case.step_taken";
  StepName step{};
  std::string event{};
  Outcome outcome{};
  friend bool operator==(const StepTaken&, const StepTaken&) = default;
};
/// Rút hồ sơ. @law one-stop/withdrawal
struct CaseWithdrawn {
  static constexpr std::string_view kType = "case.withdrawn";
  Outcome outcome{};
  friend bool operator==(const CaseWithdrawn&, const CaseWithdrawn&) = default;
};
/// Thông báo dừng giải quyết hồ sơ (mẫu 05). @law one-stop/stop-on-request
struct CaseStopped {
  static constexpr std::string_view kType = "case.stopped";
  std::string law{};
  Outcome outcome{};
  friend bool operator==(const CaseStopped&, const CaseStopped&) = default;
};
/// Đã xử lý xong: the agency has finished; the clock ends.
struct CaseResolved {
  static constexpr std::string_view kType = "case.resolved";
  std::vector<CaseResult> results{};
  Outcome outcome{};
  friend bool operator==(const CaseResolved&, const CaseResolved&) = default;
};
/// Trả kết quả. @law one-stop/return-of-result
struct ResultReturned {
  static constexpr std::string_view kType = "case.result_returned";
  std::string channel{};
  Outcome outcome{};
  friend bool operator==(const ResultReturned&, const ResultReturned&) = default;
};
/// Đính chính thông tin.
struct DataCorrected {
  static constexpr std::string_view kType = "case.corrected";
  std::string pointer{};
  Outcome outcome{};
  friend bool operator==(const DataCorrected&, const DataCorrected&) = default;
};
/// Ghi chú.
struct NoteAdded {
  static constexpr std::string_view kType = "case.noted";
  Outcome outcome{};
  friend bool operator==(const NoteAdded&, const NoteAdded&) = default;
};

/// Tạm dừng tính thời hạn: an officer stops the clock for a reason that the definition lists.
struct ClockPaused {
  static constexpr std::string_view kType = "case.paused";
  std::string reason_code{};
  Outcome outcome{};
  friend bool operator==(const ClockPaused&, const ClockPaused&) = default;
};
/// Tiếp tục tính thời hạn.
struct ClockResumed {
  static constexpr std::string_view kType = "case.resumed";
  Outcome outcome{};
  friend bool operator==(const ClockResumed&, const ClockResumed&) = default;
};
/// Văn bản xin lỗi và đề nghị gia hạn (mẫu 04). @law apology/extension
struct DeadlineExtended {
  static constexpr std::string_view kType = "case.extended";
  std::string reason_code{};
  ActorId signer{};
  Instant due_at{};
  Outcome outcome{};
  friend bool operator==(const DeadlineExtended&, const DeadlineExtended&) = default;
};
/// Mốc thời gian đã đến: a timer of the case came due. Marks only.
struct TimerFired {
  static constexpr std::string_view kType = "case.timer_fired";
  std::string kind{};
  Instant due_at{};
  Outcome outcome{};
  friend bool operator==(const TimerFired&, const TimerFired&) = default;
};
/// Hết giờ ở một bước: nobody left the state in the time that it has, and the machine went on by itself.
struct StateTimedOut {
  static constexpr std::string_view kType = "case.state_timed_out";
  StepName state{};
  Instant due_at{};
  Outcome outcome{};
  friend bool operator==(const StateTimedOut&, const StateTimedOut&) = default;
};
/// Kết quả tra cứu dân cư: what the register said about one person of the case. @law population/once-only
struct LookupAnswered {
  static constexpr std::string_view kType = "case.lookup_answered";
  EffectRef effect{};
  std::string subject{};
  std::string answer_class{};  ///< MATCH, NO_MATCH, REFUSED, MALFORMED
  std::string detail{};        ///< from the adapter's closed list
  std::string lookup{};        ///< id of the look-up's own stream
  Outcome outcome{};
  friend bool operator==(const LookupAnswered&, const LookupAnswered&) = default;
};
/// Chưa tra cứu được: the link is down or slow. The question stays open.
struct LookupUnavailable {
  static constexpr std::string_view kType = "case.lookup_unavailable";
  EffectRef effect{};
  std::string subject{};
  std::string detail{};
  Outcome outcome{};
  friend bool operator==(const LookupUnavailable&, const LookupUnavailable&) = default;
};
/// A late or second answer to an effect: recorded once, changes nothing.
struct AnswerIgnored {
  static constexpr std::string_view kType = "case.answer_ignored";
  EffectRef effect{};
  std::string answer_class{};
  Outcome outcome{};
  friend bool operator==(const AnswerIgnored&, const AnswerIgnored&) = default;
};

/// Ủy quyền xử lý một bước.
struct StepDelegated {
  static constexpr std::string_view kType = "case.step_delegated";
  StepName step{};
  ActorId from{};
  ActorId to{};
  std::optional<Instant> until{};
  Outcome outcome{};
  friend bool operator==(const StepDelegated&, const StepDelegated&) = default;
};
/// Gửi lấy ý kiến cơ quan phối hợp.
struct AgencyConsulted {
  static constexpr std::string_view kType = "case.consulted";
  AgencyId agency{};
  std::optional<Instant> acknowledge_by{};
  std::optional<Instant> due_at{};
  Outcome outcome{};
  friend bool operator==(const AgencyConsulted&, const AgencyConsulted&) = default;
};
/// Cơ quan phối hợp xác nhận đã nhận.
struct ConsultationAcknowledged {
  static constexpr std::string_view kType = "case.consultation_acknowledged";
  std::uint64_t asked_version = 0;
  Outcome outcome{};
  friend bool operator==(const ConsultationAcknowledged&, const ConsultationAcknowledged&) = default;
};
/// Cơ quan phối hợp trả lời.
struct ConsultationAnswered {
  static constexpr std::string_view kType = "case.consultation_answered";
  std::uint64_t asked_version = 0;
  std::string opinion_code{};
  Outcome outcome{};
  friend bool operator==(const ConsultationAnswered&, const ConsultationAnswered&) = default;
};
/// Tính lại thời hạn theo lịch làm việc mới: a supervisor accepted the proposal.
struct DeadlineRecalculated {
  static constexpr std::string_view kType = "case.recalculated";
  Digest calendar{};  ///< that the case follows from now on
  Outcome outcome{};
  friend bool operator==(const DeadlineRecalculated&, const DeadlineRecalculated&) = default;
};
/// Giữ nguyên ngày hẹn: a supervisor declined the proposal; the case keeps the calendar that it has.
struct RecalculationDeclined {
  static constexpr std::string_view kType = "case.recalculation_declined";
  Digest calendar{};  ///< that is not followed
  Outcome outcome{};
  friend bool operator==(const RecalculationDeclined&, const RecalculationDeclined&) = default;
};
/// Yêu cầu thực hiện nghĩa vụ tài chính.
struct PaymentRequested {
  static constexpr std::string_view kType = "case.payment_requested";
  std::string fee_code{};
  std::optional<std::int64_t> amount_vnd{};  ///< owed; none: no amount is published
  Outcome outcome{};
  friend bool operator==(const PaymentRequested&, const PaymentRequested&) = default;
};
/// Đã nộp phí, lệ phí: all that is owed, or a part, which moves nothing.
struct PaymentRecorded {
  static constexpr std::string_view kType = "case.payment_recorded";
  std::string fee_code{};
  std::int64_t amount_vnd = 0;
  bool settled = false;  ///< nothing is owed any more
  Outcome outcome{};
  friend bool operator==(const PaymentRecorded&, const PaymentRecorded&) = default;
};

/// Chuyển hồ sơ đang giải quyết sang phiên bản khác của quy trình: under which law, and what became of its
/// steps.
struct CaseMigrated {
  static constexpr std::string_view kType = "case.migrated";
  std::int64_t from_version = 0;
  Digest from_hash{};
  RulePins pins{};    ///< afterwards
  std::string law{};  ///< id in the `law[]` of the version that it moved to
  StepMap map{};      ///< old names of states and what they are called now; none: the name stays
  std::map<StepName, Delegation> delegated{};  ///< of steps whose name changed
  Outcome outcome{};
  friend bool operator==(const CaseMigrated&, const CaseMigrated&) = default;
};

/// Không tự chuyển được sang phiên bản mới: a version that takes open cases with it took force, and this case
/// does not fit it.
struct SwitchRefused {
  static constexpr std::string_view kType = "case.switch_refused";
  std::int64_t version = 0;  ///< that it stays behind
  std::string obstacle{};    ///< of the migration's closed list
  Outcome outcome{};
  friend bool operator==(const SwitchRefused&, const SwitchRefused&) = default;
};

/// Mở hồ sơ liên thông, or no such case was needed.
struct LinkedCaseOpened {
  static constexpr std::string_view kType = "case.linked_opened";
  EffectRef effect{};
  LinkedCase linked{};
  Outcome outcome{};
  friend bool operator==(const LinkedCaseOpened&, const LinkedCaseOpened&) = default;
};
/// Chưa mở được hồ sơ liên thông. It is tried again.
struct LinkedCaseFailed {
  static constexpr std::string_view kType = "case.linked_failed";
  EffectRef effect{};
  std::string link{};
  std::string detail{};  ///< of a closed list
  Outcome outcome{};
  friend bool operator==(const LinkedCaseFailed&, const LinkedCaseFailed&) = default;
};
/// Hồ sơ liên thông đã kết thúc; the case goes on if it was the last that was waited for.
struct LinkedCaseEnded {
  static constexpr std::string_view kType = "case.linked_ended";
  std::string case_id{};   ///< of the linked case
  std::string ended_as{};  ///< its stage: resolved | withdrawn | stopped | not_received
  std::vector<CaseResult> results{};
  Outcome outcome{};
  friend bool operator==(const LinkedCaseEnded&, const LinkedCaseEnded&) = default;
};
/// Đã báo kết quả về hồ sơ gốc.
struct LinkedCaseReported {
  static constexpr std::string_view kType = "case.linked_reported";
  EffectRef effect{};
  Outcome outcome{};
  friend bool operator==(const LinkedCaseReported&, const LinkedCaseReported&) = default;
};
/// Đã tìm kết quả của thủ tục phải làm trước.
struct EarlierCaseSought {
  static constexpr std::string_view kType = "case.earlier_sought";
  EffectRef effect{};
  EarlierCase earlier{};
  Outcome outcome{};
  friend bool operator==(const EarlierCaseSought&, const EarlierCaseSought&) = default;
};

using Event =
    std::variant<CaseFiled, CaseReceived, ReceptionRefused, SupplementRequested, CaseSupplied, StepAssigned,
                 StepClaimed, StepReleased, StepTaken, CaseWithdrawn, CaseStopped, CaseResolved,
                 ResultReturned, DataCorrected, NoteAdded, ClockPaused, ClockResumed, DeadlineExtended,
                 TimerFired, LookupAnswered, LookupUnavailable, AnswerIgnored, StepDelegated, AgencyConsulted,
                 ConsultationAcknowledged, ConsultationAnswered, DeadlineRecalculated, RecalculationDeclined,
                 StateTimedOut, PaymentRequested, PaymentRecorded, CaseMigrated, SwitchRefused,
                 LinkedCaseOpened, LinkedCaseFailed, LinkedCaseEnded, LinkedCaseReported, EarlierCaseSought>;

/// What a record's header says beside the event.
struct EventMeta {
  CaseId case_id{};
  std::uint64_t version = 0;
  Instant recorded_at{};
  ActorId actor{};
  std::string on_behalf_of{};
};

/// Applies an event. Total: cannot fail, copies what the event states, re-checks nothing.
[[nodiscard]] Case evolve(Case current, const Event& event, const EventMeta& meta);
/// The same in place, for replay.
void evolve_in_place(Case& current, const Event& event, const EventMeta& meta);

[[nodiscard]] std::string_view type_of(const Event& event);
[[nodiscard]] Outcome& outcome_of(Event& event);
/// Version of the type that `encode` writes.
inline constexpr std::uint16_t kEventTypeVersion = 1;
/// Background types do not make an `expected_version` stale: results of look-ups and of other effects, timers
/// that only mark.
[[nodiscard]] bool is_background(std::string_view type);

/// Public payload: canonical JSON (ASCII keys ascending, strings, booleans, integers below 2^53).
[[nodiscard]] std::string encode(const Event& event);
/// Reads a payload of any released version (upcast); Fault for an unknown type or version, or a payload that
/// is not the canonical text of an event.
[[nodiscard]] FaultOr<Event> decode_event(std::string_view type, std::uint16_t type_version,
                                          std::string_view public_bytes);
/// The same into an event that exists; after a Fault it holds anything. For replay.
[[nodiscard]] FaultOr<void> decode_event_into(Event& event, std::string_view type, std::uint16_t type_version,
                                              std::string_view public_bytes);

}  // namespace motcua::engine
