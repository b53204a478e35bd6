/// A procedure (thủ tục hành chính) as an integrator defines it: form, papers, time limit, machine, results.
/// Read from `workflows/catalogue/<code>/procedure.json` by the loader; immutable; a case pins it by `hash`.
#pragma once

#include "engine/core/ids.hpp"
#include "engine/core/time.hpp"
#include "engine/deadline/limit.hpp"
#include "engine/procedure/machine.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace motcua::engine {

/// One finding about the shape of form data.
struct ShapeViolation {
  std::string pointer{};  ///< JSON pointer into `data`, e.g. `/child/full_name`
  std::string reason{};   ///< what the form expects; never the value
};

/// Checks the shape of form data: types, lengths, enumerations, no unknown members; not completeness.
class FormShape {
 public:
  FormShape() = default;
  FormShape(const FormShape&) = delete;
  FormShape& operator=(const FormShape&) = delete;
  virtual ~FormShape() = default;
  /// `data` may lack any member. Thread-safe.
  [[nodiscard]] virtual std::vector<ShapeViolation> check(const nlohmann::json& data) const = 0;
};

/// The bytes of a published file, as they were published. Kept small in memory: they are asked for seldom.
class PublishedText {
 public:
  PublishedText() = default;
  PublishedText(const PublishedText&) = delete;
  PublishedText& operator=(const PublishedText&) = delete;
  virtual ~PublishedText() = default;
  /// All of them. Thread-safe.
  [[nodiscard]] virtual std::string bytes() const = 0;
};

/// A leaf of the form (trường thông tin của tờ khai).
struct FormLeaf {
  std::string pointer{};  ///< `/child/full_name`
  std::string source{};   ///< x-source: population | papers | earlier_case | derived | citizen
  std::string
      kind{};  ///< x-kind: personal_id | phone | name | date | year_or_date | address | ...; may be empty
  bool required = false;          ///< must be present before reception
  bool list = false;              ///< a list: its elements have places below the pointer
  std::string required_within{};  ///< if not empty: required only when this enclosing object is present
  SubjectName subject{};  ///< data subject whose key seals it (nearest x-subject ancestor, else `data`)
  Label title{};
};

/// What is added to a time limit where a condition holds (cộng thêm thời hạn), in the limit's unit.
struct LimitSupplement {
  AddedTime time{};
  nlohmann::json when = nullptr;  ///< JsonLogic over the form's data
};

/// One alternative of the time limit (thời hạn giải quyết). The first whose condition holds applies; the last
/// one has no condition.
struct TimeLimit {
  Limit limit{};                  ///< without what is added to it
  nlohmann::json when = nullptr;  ///< JsonLogic over the form's data; null: always, as in the last one
  std::vector<LimitSupplement> supplements{};  ///< each that holds is added
};

/// In which form a paper is given: bản chính, bản sao có chứng thực, bản sao, bản điện tử.
enum class PaperForm { original, certified_copy, copy, electronic };

/// A paper of the case file (thành phần hồ sơ).
struct PaperRule {
  PaperCode code{};
  Label name{};
  bool required = false;
  nlohmann::json required_when = nullptr;  ///< JsonLogic; null if `required` is plain
  std::string replaced_by{};               ///< what makes the paper unnecessary; empty if nothing
  PaperForm form = PaperForm::original;
  int copies = 1;
  bool reusable = false;  ///< kept for the citizen's next procedure (kho dữ liệu điện tử)
  std::vector<std::string> look_up_first{};  ///< sources to ask before the citizen: `population`, ...
  std::vector<std::string> proves{};         ///< register attributes that are this paper's content
  /// Handed in electronically, its original is shown when the result is collected (đối chiếu bản chính).
  bool original_on_collection = false;
};

/// A result that the case may end with (kết quả giải quyết).
struct ResultRule {
  std::string code{};
  Label name{};
  int originals = 1;  ///< a marriage certificate has one for each party
};

/// Whose value holds when what was typed differs from what the register says.
enum class OnConflict { register_wins, clerk_decides };

/// One rule that fills a leaf without asking (điền sẵn). Either the register's answer about `subject` gives
/// it
/// (`attribute`), or it follows from what is known already (`rule`). Rules of one leaf are tried in document
/// order; nothing that was given is overwritten.
/// @law population/once-only
struct PrefillRule {
  std::string field{};    ///< pointer of the leaf
  std::string source{};   ///< population | derived: what the value's provenance will say
  std::string subject{};  ///< `/applicant`, or an object of the form with three identifiers; empty for `rule`
  std::string attribute{};        ///< of the register; empty for `rule`
  nlohmann::json rule = nullptr;  ///< JsonLogic over `data` and `applicant`; null for `attribute`
  nlohmann::json when = nullptr;  ///< JsonLogic over `data` and `applicant`; null: always
  OnConflict on_conflict = OnConflict::clerk_decides;
  bool lock = false;  ///< after a match the field is not edited without a reason
  std::string law{};  ///< of a derived value: id in `law[]` or "unverified"
};

/// Another amount of a fee, where a condition holds or for a time (mức thu theo trường hợp, theo thời gian).
struct FeeAlternative {
  nlohmann::json when = nullptr;                    ///< JsonLogic; null: always
  std::optional<LocalDay> until{};                  ///< first day on which it no longer applies
  std::optional<std::int64_t> amount_vnd{};         ///< none: not published
  std::optional<std::int64_t> online_amount_vnd{};  ///< of a case filed online, where it differs
};

/// A fee or charge (phí, lệ phí), as far as a payment can be asked for.
struct FeeRule {
  std::string code{};
  std::optional<std::int64_t> amount_vnd{};         ///< none: not published
  std::optional<std::int64_t> online_amount_vnd{};  ///< of a case filed online, where it differs
  nlohmann::json exempt_when = nullptr;             ///< JsonLogic; null: nobody is
  std::vector<FeeAlternative> instead{};            ///< in document order: the first that applies counts
};

/// Thủ tục phải làm trước: a procedure of which the applicant must have a result before this one is received.
/// The engine looks for it; nobody is asked to bring what it holds. @law population/once-only
struct Prerequisite {
  ProcedureCode procedure{};
  std::string result{};           ///< code of the result that counts; empty: any
  PaperCode proven_by{};          ///< paper of this procedure that proves it too; empty: none
  nlohmann::json when = nullptr;  ///< JsonLogic; null: always
  Label label{};
};

/// A law that the definition cites.
struct LawReference {
  std::string id{};
  std::string act{};
  std::string article{};
  std::string url{};
};

/// A reason for which the law lets the clock pause (lý do tạm dừng tính thời hạn).
struct PauseReason {
  std::string code{};   ///< `supplement`, `payment`, ...
  std::string law{};    ///< id in `law[]` or "unverified"
  std::string whose{};  ///< whose time it is: applicant | other_agency; empty in files of earlier releases
  Label name{};
};

/// How long an agency that is asked for its opinion has (thời hạn lấy ý kiến), in working time of its own.
struct ConsultationRule {
  AgencyId agency{};             ///< the one that it is about; empty: any
  WorkingSeconds answer{};       ///< for the opinion
  WorkingSeconds acknowledge{};  ///< for saying that the question has arrived
};
/// How long the applicant has to answer a supplement request, and what follows from silence (quá thời hạn bổ
/// sung).
struct ReplyLimit {
  WorkingSeconds within{};
  bool stops = false;  ///< the case is stopped; else it is marked
  std::string law{};   ///< id in `law[]` or "unverified"
};

struct Definition {
  ProcedureCode code{};
  std::int64_t version = 0;
  Digest hash{};  ///< SHA-256 of the file's bytes
  Label name{};
  Label agency{};  ///< who is competent (cơ quan thực hiện), e.g. Công an cấp xã; empty if not stated
  std::string level{};  ///< ministry | province | commune
  bool published = false;
  LocalDay effective_from{};
  std::optional<LocalDay> effective_to{};  ///< first day on which it no longer applies
  bool switches_open_cases = false;        ///< open cases move here when it takes force (open_cases: switch)
  std::string effective_law{};             ///< id in `law[]` or "unverified"
  std::vector<LawReference> law{};
  std::vector<std::string> channels{};   ///< counter | online | post
  std::vector<TimeLimit> time_limits{};  ///< in document order, at least one; of unit `none` where the law
                                         ///< states no limit
  std::int64_t max_extensions = 0;       ///< how often the promise may be extended (gia hạn, hẹn lại)
  std::vector<PauseReason>
      pause_reasons{};  ///< closed list; `supplement` must be here for the clock to pause
  std::vector<std::string> refusal_reasons{};      ///< closed list of reason codes for refuse_reception
  std::optional<int> supplement_requests_max{};    ///< none = the law states no number
  std::optional<ReplyLimit> supplement_reply{};    ///< none = a supplement is waited for without end
  std::vector<ConsultationRule> consultations{};   ///< in document order
  std::optional<WorkingSeconds> delivery_limit{};  ///< from resolution to the return of the result
  std::vector<Prerequisite> prerequisites{};       ///< in document order
  std::vector<FeeRule> fees{};
  std::string fees_text = "[]";         ///< JSON of the fees without x- members; shown with the case
  std::vector<FormLeaf> leaves{};       ///< in document order
  std::vector<SubjectName> subjects{};  ///< pointers of objects marked x-subject, e.g. `/mother`
  std::shared_ptr<const FormShape> shape{};
  std::vector<PrefillRule> prefill{};  ///< in document order
  std::vector<PaperRule> papers{};
  Machine machine{};
  std::vector<ResultRule> results{};
  std::shared_ptr<const PublishedText> document{};  ///< the file, for GET /procedures/{code}

  [[nodiscard]] const PaperRule* find_paper(const PaperCode& paper) const;
  [[nodiscard]] const FeeRule* find_fee(std::string_view fee) const;
  [[nodiscard]] const FormLeaf* find_leaf(std::string_view pointer) const;
  /// Subject whose key seals the value at `pointer`.
  [[nodiscard]] SubjectName subject_of(std::string_view pointer) const;
  /// How long the agency asked has to answer: the first rule about it, else the first about any; where the
  /// definition says nothing, three working days, acknowledged within two working hours.
  [[nodiscard]] const ConsultationRule& consultation_of(const AgencyId& asked) const;
};

}  // namespace motcua::engine
