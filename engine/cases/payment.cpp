/// Fees and charges (yêu cầu thực hiện nghĩa vụ tài chính, ghi nhận đã nộp): waiting for the applicant's
/// payment is not the agency's time.
#include "engine/cases/decision_parts.hpp"
#include "engine/cases/form_filling.hpp"
#include "engine/cases/timing.hpp"

#include <algorithm>
#include <utility>

namespace motcua::engine {
namespace {

/// Whether a condition of a fee holds. Rejection: guard_undecided: nobody is asked for money that nobody can
/// say is owed.
Result<bool> holds(const nlohmann::json& condition, const CaseView& current) {
  const auto facts = facts_of(current.content.data, current.state.channel, current.state.papers);
  return holds_for(condition, facts, current, "whether the fee is owed cannot be decided yet");
}

/// `amount`: a fee's own or another of it.
template <class Amount>
std::optional<std::int64_t> amount_of(const Amount& amount, const std::string& channel) {
  return channel == "online" && amount.online_amount_vnd ? amount.online_amount_vnd : amount.amount_vnd;
}

/// What the case owes on `day`, in đồng; none: no amount is published. Rejections: not_allowed (the applicant
/// is exempt), guard_undecided.
Result<std::optional<std::int64_t>> owed_on(LocalDay day, const FeeRule& fee, const CaseView& current) {
  if (!fee.exempt_when.is_null()) {
    const auto exempt = holds(fee.exempt_when, current);
    if (!exempt) return exempt.error();
    if (*exempt) return not_allowed("the applicant is exempt from this fee");
  }
  for (const auto& other : fee.instead) {
    if (other.until && day >= *other.until) continue;
    const auto applies = other.when.is_null() ? Result<bool>(true) : holds(other.when, current);
    if (!applies) return applies.error();
    if (*applies) return amount_of(other, current.state.channel);
  }
  return amount_of(fee, current.state.channel);
}

const Payment* open_payment(const Case& current, const std::string& fee) {
  const auto& payments = current.payments;
  const auto found = std::find_if(payments.begin(), payments.end(), [&](const Payment& payment) {
    return payment.fee_code == fee && !payment.paid_at;
  });
  return found == payments.end() ? nullptr : &*found;
}

bool is_paid(const Case& current, const std::string& fee) {
  return std::any_of(current.payments.begin(), current.payments.end(),
                     [&](const Payment& payment) { return payment.fee_code == fee && payment.paid_at; });
}

}  // namespace

/// Rejections: not_allowed (stage; the clock is paused by command; the definition lists no pause for a
/// payment), invalid_data (fee), not_allowed (nothing is owed, exempt, paid), guard_undecided.
/// @law deadline/clock-exclusion
Result<Decision> decide(const CaseView& current, const RequestPayment& command,
                        const CommandContext& context) {
  const auto& state = current.state;
  const auto stage = next_stage(state, Trigger::request_payment);
  if (!stage) return stage.error();
  if (state.clock.state != ClockState::running) {
    return not_allowed("the clock is paused for another reason: resume it first");
  }
  const auto& definition = *context.rules.definition;
  if (!lists_pause(definition, kPaymentPause))
    return not_allowed("the procedure lists no pause for a payment");
  const auto* fee = definition.find_fee(command.fee_code);
  if (fee == nullptr) return invalid_data("/data/fee_code", "is not a fee of this procedure");
  const auto owed = owed_on(local_day(context.now), *fee, current);
  if (!owed) return owed.error();
  const auto& amount = *owed;
  if (amount && *amount == 0) return not_allowed("nothing is owed for this fee");
  if (amount && is_paid(state, fee->code)) return not_allowed("this fee is paid");
  PaymentRequested event;
  event.fee_code = fee->code;
  event.amount_vnd = amount;
  event.outcome.stage = *stage;
  pause_clock(event.outcome, state, context, kPaymentPause);
  return Decision{std::move(event), {}};
}

/// Rejections: not_allowed (stage), invalid_data (fee that was not asked for; more than is owed). A part of
/// what is owed is recorded and moves nothing.
Result<Decision> decide(const CaseView& current, const RecordPayment& command,
                        const CommandContext& context) {
  const auto& state = current.state;
  const auto stage = next_stage(state, Trigger::record_payment);
  if (!stage) return stage.error();
  const auto* payment = open_payment(state, command.fee_code);
  if (payment == nullptr) return invalid_data("/data/fee_code", "is not what was asked for");
  const auto paid = payment->paid_vnd + command.amount_vnd;
  if (command.amount_vnd < 1 || (payment->amount_vnd && paid > *payment->amount_vnd)) {
    return invalid_data("/data/amount_vnd", "is more than is owed, or nothing");
  }
  PaymentRecorded event;
  event.fee_code = command.fee_code;
  event.amount_vnd = command.amount_vnd;
  event.settled = !payment->amount_vnd || paid == *payment->amount_vnd;
  if (event.settled) {
    event.outcome.stage = *stage;
    resume_clock(event.outcome, state, context);
  }
  Decision decision{std::move(event), {}};
  add_personal(decision.personal, SubjectName("free-text"), {{"reference", command.reference}});
  return decision;
}

}  // namespace motcua::engine
