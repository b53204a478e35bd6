#include "engine/cases/command.hpp"

namespace motcua::engine {
namespace {

struct NameOf {
  std::string_view operator()(const ReceiveCase&) const { return "receive"; }
  std::string_view operator()(const RefuseReception&) const { return "refuse_reception"; }
  std::string_view operator()(const RequestSupplement&) const { return "request_supplement"; }
  std::string_view operator()(const Supply&) const { return "supply"; }
  std::string_view operator()(const RequestPayment&) const { return "request_payment"; }
  std::string_view operator()(const RecordPayment&) const { return "record_payment"; }
  std::string_view operator()(const AssignStep&) const { return "assign"; }
  std::string_view operator()(const ClaimStep&) const { return "claim"; }
  std::string_view operator()(const ReleaseStep&) const { return "release"; }
  std::string_view operator()(const DelegateStep&) const { return "delegate"; }
  std::string_view operator()(const ConsultAgency&) const { return "consult"; }
  std::string_view operator()(const AcknowledgeConsultation&) const { return "acknowledge_consultation"; }
  std::string_view operator()(const AnswerConsultation&) const { return "answer_consultation"; }
  std::string_view operator()(const TakeStep&) const { return "step"; }
  std::string_view operator()(const WithdrawCase&) const { return "withdraw"; }
  std::string_view operator()(const StopCase&) const { return "stop"; }
  std::string_view operator()(const ResolveCase&) const { return "resolve"; }
  std::string_view operator()(const ReturnResult&) const { return "return_result"; }
  std::string_view operator()(const CorrectData&) const { return "correct"; }
  std::string_view operator()(const AddNote&) const { return "note"; }
  std::string_view operator()(const PauseClock&) const { return "pause"; }
  std::string_view operator()(const ResumeClock&) const { return "resume"; }
  std::string_view operator()(const ExtendDeadline&) const { return "extend"; }
  std::string_view operator()(const MigrateCase&) const { return "migrate"; }
  std::string_view operator()(const LaterCommand& later) const { return later.name; }
};

}  // namespace

std::string_view name_of(const CommandBody& body) { return std::visit(NameOf{}, body); }

const std::vector<std::string_view>& command_names() {
  static const std::vector<std::string_view> kNames{"receive",
                                                    "refuse_reception",
                                                    "request_supplement",
                                                    "supply",
                                                    "request_payment",
                                                    "record_payment",
                                                    "assign",
                                                    "claim",
                                                    "release",
                                                    "delegate",
                                                    "step",
                                                    "consult",
                                                    "acknowledge_consultation",
                                                    "answer_consultation",
                                                    "extend",
                                                    "pause",
                                                    "resume",
                                                    "withdraw",
                                                    "stop",
                                                    "resolve",
                                                    "return_result",
                                                    "correct",
                                                    "note",
                                                    "migrate"};
  return kNames;
}

}  // namespace motcua::engine
