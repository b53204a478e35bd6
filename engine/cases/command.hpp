/// Commands on a case, as the contract lists them. Values only: shape was checked on the way in, the law is
/// checked by `decide`.
#pragma once

#include "engine/cases/case.hpp"
#include "engine/core/time.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace motcua::engine {

/// Most items one supplement notice lists; keeps the event small.
inline constexpr std::size_t kSupplementItemsMax = 64;
/// Most that one payment says was paid, in đồng.
inline constexpr std::int64_t kPaymentMax = 1'000'000'000'000;
/// Most papers one command hands in.
inline constexpr std::size_t kPapersMax = 200;

/// Nộp hồ sơ.
struct FileCase {
  ProcedureCode procedure{};
  std::string channel{};  ///< counter | online | post
  nlohmann::json applicant = nlohmann::json::object();
  nlohmann::json data = nlohmann::json::object();
  std::vector<CasePaper> papers{};
  /// A look-up made before, whose answer is to be used for one person of the form.
  struct Lookup {
    std::string lookup_id{};
    std::string subject{};  ///< `/applicant` or a pointer into data
  };
  std::vector<Lookup> lookups{};
  std::optional<std::string> reason{};  ///< why a value differs from the register's; free text, sealed
};
/// Tiếp nhận.
struct ReceiveCase {
  bool accept_incomplete = false;
};
/// Từ chối tiếp nhận.
struct RefuseReception {
  std::string reason_code{};
};
/// Yêu cầu bổ sung.
struct RequestSupplement {
  struct Item {
    std::string code{};  ///< a paper code or a form pointer of the pinned definition
    std::string why{};   ///< free text to the applicant
  };
  std::vector<Item> items{};
};
/// Bổ sung hồ sơ.
struct Supply {
  std::vector<CasePaper> papers{};
  nlohmann::json data = nlohmann::json::object();
};
/// Yêu cầu thực hiện nghĩa vụ tài chính.
struct RequestPayment {
  std::string fee_code{};  ///< in the definition's `fees`
};
/// Ghi nhận đã nộp phí, lệ phí.
struct RecordPayment {
  std::string fee_code{};
  std::int64_t amount_vnd = 0;
  std::string reference{};  ///< of the receipt or transfer; free text, sealed
};
/// Phân công.
struct AssignStep {
  std::optional<StepName> step{};
  ActorId assignee{};
  bool even_if_absent = false;  ///< although somebody stands in for the assignee today
};
/// Nhận việc.
struct ClaimStep {
  std::optional<StepName> step{};
};
/// Trả việc.
struct ReleaseStep {
  std::optional<StepName> step{};
};
/// Ủy quyền xử lý: the holder's step to another officer, in the holder's name.
struct DelegateStep {
  std::optional<StepName> step{};
  ActorId to{};
  std::optional<LocalDay> until{};  ///< the last day; none: until the step is done
};
/// Chuyển bước, also back to an earlier step where the definition has that way.
struct TakeStep {
  std::string event{};
  nlohmann::json data = nlohmann::json::object();
};
/// Lấy ý kiến cơ quan phối hợp.
struct ConsultAgency {
  AgencyId agency{};
  std::string question{};  ///< free text; sealed
};
/// Xác nhận đã nhận yêu cầu lấy ý kiến.
struct AcknowledgeConsultation {};
/// Trả lời ý kiến.
struct AnswerConsultation {
  std::string opinion_code{};
  nlohmann::json data = nlohmann::json::object();  ///< what it rests on; sealed
};
/// Rút hồ sơ.
struct WithdrawCase {};
/// Dừng xử lý.
struct StopCase {
  std::string law{};  ///< id in the definition's `law[]`
};
/// Kết thúc xử lý.
struct ResolveCase {
  struct Result {
    std::string code{};
    std::string document_id{};
    nlohmann::json data = nullptr;
  };
  std::vector<Result> results{};
};
/// Trả kết quả.
struct ReturnResult {
  std::string channel{};   ///< counter | post | online
  std::string to{};        ///< who received it; free text
  bool originals = false;  ///< the originals of papers filed electronically were shown
};
/// Đính chính.
struct CorrectData {
  std::string pointer{};
  nlohmann::json value = nullptr;
};
/// Ghi chú.
struct AddNote {
  std::string text{};
};
/// Tạm dừng tính thời hạn.
struct PauseClock {
  std::string reason_code{};  ///< in the definition's `pause_reasons`
  AgencyId agency{};          ///< which other agency is waited for; empty if nobody says
};
/// Tiếp tục tính thời hạn.
struct ResumeClock {};
/// Gia hạn, hẹn lại ngày trả kết quả.
struct ExtendDeadline {
  Instant due_at{};
  std::string reason_code{};
  ActorId signer{};  ///< who signs the apology (mẫu 04)
};
/// Whose time limit a migrated case follows.
enum class MigratedLimit { kept, target };
/// Chuyển hồ sơ sang phiên bản khác của quy trình.
struct MigrateCase {
  std::int64_t version = 0;  ///< of the same procedure, published; newer or older
  StepMap map{};             ///< a state that is not named keeps its name
  MigratedLimit limit = MigratedLimit::kept;
  std::string law{};  ///< id in the target's `law[]`
};
/// A name without a body: known to roles, refused by the law.
struct LaterCommand {
  std::string name{};
};

using CommandBody = std::variant<ReceiveCase, RefuseReception, RequestSupplement, Supply, RequestPayment,
                                 RecordPayment, AssignStep, ClaimStep, ReleaseStep, DelegateStep, TakeStep,
                                 ConsultAgency, AcknowledgeConsultation, AnswerConsultation, WithdrawCase,
                                 StopCase, ResolveCase, ReturnResult, CorrectData, AddNote, PauseClock,
                                 ResumeClock, ExtendDeadline, MigrateCase, LaterCommand>;

struct CaseCommand {
  CommandBody body{};
  std::optional<std::string> reason{};  ///< free text beside `data`; sealed
};

/// Name of the contract, e.g. `request_supplement`.
[[nodiscard]] std::string_view name_of(const CommandBody& body);
/// Every command name of the contract, in its order.
[[nodiscard]] const std::vector<std::string_view>& command_names();

}  // namespace motcua::engine
