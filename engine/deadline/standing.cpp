#include "engine/deadline/standing.hpp"

#include "engine/deadline/counting.hpp"
#include "engine/deadline/receipt.hpp"
#include "engine/deadline/stretches.hpp"

#include <algorithm>
#include <string>

namespace motcua::engine {
namespace {

using std::chrono::days;
using std::chrono::microseconds;
using std::chrono::seconds;

/// What every way of counting reads.
struct Question {
  const Limit& limit;
  const WorkingCalendar& processing;
  const WorkingCalendar& reception;
  std::vector<Stretch> stretches{};
  Receipt receipt{};
};

/// Where the derivation ends: at the due instant, where the limit was used up, or where the clock paused.
struct Answer {
  std::optional<Instant> due{};
  std::optional<Instant> used_up_at{};
  WorkingSeconds left{};  ///< if there is no due instant
};

bool is_paused(const Question& question) { return question.stretches.back().paused; }

Instant end_of(const Question& question, const Answer& answer) {
  return answer.due.value_or(question.stretches.back().from);
}

/// An answer for a limit that ran out at `due` in the stretch `at`.
Answer due_in(const Stretch& at, Instant due) { return {due, at.to ? std::optional(due) : std::nullopt, {}}; }

std::int64_t whole_seconds(microseconds amount) { return std::chrono::floor<seconds>(amount).count(); }

/// More hours than the years that are counted hold; keeps every product within 64 bits of microseconds.
constexpr std::int64_t kAmountMax = 80'000'000;

/// @law deadline/working-time
seconds limit_in_working_time(const Limit& limit) {
  const bool in_hours = limit.unit == LimitUnit::working_hour;
  return seconds{std::min(limit.amount, kAmountMax) * (in_hours ? 3600 : kWorkingDaySeconds)};
}

Answer count_working_time(const Question& question) {
  microseconds left = limit_in_working_time(question.limit);
  for (const auto& stretch : question.stretches) {
    if (stretch.paused) continue;
    const Instant from = std::max(stretch.from, question.receipt.counts_from);
    const Instant due = add_working_micros(question.processing, from, left);
    if (!stretch.to || due < *stretch.to) return due_in(stretch, due);
    left -= working_micros_between(question.processing, from, *stretch.to);
  }
  return {std::nullopt, std::nullopt, {whole_seconds(left)}};
}

Answer count_same_day(const Question& question) {
  Answer answer;
  for (const auto& stretch : question.stretches) {
    if (stretch.paused) continue;
    const auto receipt = receipt_of(question.limit, question.reception, stretch.from);
    const Instant due = close_of_business_after(question.processing, receipt.counts_from);
    if (!stretch.to || due < *stretch.to) return due_in(stretch, due);
    const Instant from = std::max(*stretch.to, receipt.counts_from);
    answer.left = working_time_between(question.processing, from, due);
  }
  return answer;
}

/// True if the clock was paused in some of the day's processing time.
bool is_touched(const Question& question, LocalDay day) {
  const auto& windows = question.processing.windows_on(day);
  return std::any_of(windows.begin(), windows.end(), [&](const Window& window) {
    return first_pause_within(question.stretches, instant_at(day, window.from), instant_at(day, window.to)) !=
           nullptr;
  });
}

/// @law deadline/day-of-receipt
Answer count_whole_days(const Question& question) {
  std::int64_t left = question.limit.amount;
  Instant at = question.receipt.counts_from;
  for (LocalDay day = local_day(at) + days{1};; day += days{1}) {
    at = close_of_business_after(question.processing, instant_at(day, microseconds{0}));
    if (at == no_opening()) return {at, std::nullopt, {}};
    day = local_day(at - microseconds{1});  // a day may close at midnight
    const Stretch& last = question.stretches.back();
    if (last.paused && last.from < at) return {std::nullopt, std::nullopt, {left * kWorkingDaySeconds}};
    if (is_touched(question, day)) continue;
    if (--left > 0) continue;
    const auto pause = std::find_if(question.stretches.begin(), question.stretches.end(),
                                    [&](const Stretch& one) { return one.paused && one.from > at; });
    return {at, pause == question.stretches.end() ? std::nullopt : std::optional(at), {}};
  }
}

/// From the receipt to the moment from which it counts.
void explain_receipt(Derivation& derivation, const Question& question, const Receipt& receipt, Instant end) {
  explain_span(derivation, question.processing, std::min(receipt.opened_at, end), rule::reception_closed);
  explain_span(derivation, question.processing, std::min(receipt.counts_from, end), rule::after_cutoff);
}

void explain_working_time(Derivation& derivation, const Question& question, Instant end) {
  for (const auto& stretch : question.stretches) {
    if (derivation.complete()) return;
    const Instant to = std::min(stretch.to.value_or(end), end);
    if (stretch.paused) {
      derivation.pause(to, stretch.reason);
      continue;
    }
    explain_receipt(derivation, question, question.receipt, to);
    explain_span(derivation, question.processing, to);
  }
}

void explain_same_day(Derivation& derivation, const Question& question, Instant end) {
  for (const auto& stretch : question.stretches) {
    if (derivation.complete()) return;
    const Instant to = std::min(stretch.to.value_or(end), end);
    if (stretch.paused) {
      derivation.pause(to, stretch.reason);
      continue;
    }
    const auto receipt = receipt_of(question.limit, question.reception, stretch.from);
    explain_receipt(derivation, question, receipt, to);
    const Instant due = close_of_business_after(question.processing, receipt.counts_from);
    const LocalDay last = local_day(due - microseconds{1});
    explain_span(derivation, question.processing, std::min(to, instant_at(last, microseconds{0})));
    derivation.skip(to, rule::same_day);
  }
}

/// One working day or the day of receipt, cut by the pauses within it.
void explain_whole_day(Derivation& derivation, const Question& question, LocalDay day, std::string_view rule,
                       Instant midnight) {
  const auto* const override_ = rule == rule::receipt_day ? nullptr : question.processing.override_on(day);
  bool counted = rule != rule::counted_day;
  while (!derivation.complete() && derivation.at() < midnight) {
    const Instant at = derivation.at();
    const auto* pause = first_pause_within(question.stretches, at, midnight);
    if (pause != nullptr && pause->from <= at) {
      derivation.pause(std::min(pause->to.value_or(midnight), midnight), pause->reason);
      continue;
    }
    const Instant to = pause == nullptr ? midnight : pause->from;
    if (!counted && working_micros_between(question.processing, at, to).count() > 0) {
      derivation.count_fixed(to, kWorkingDaySeconds, rule, override_);
      counted = true;
    } else {
      derivation.skip(to, rule, override_);
    }
  }
}

void explain_whole_days(Derivation& derivation, const Question& question, Instant end) {
  explain_receipt(derivation, question, question.receipt, end);
  const LocalDay first = local_day(question.receipt.counts_from);
  while (!derivation.complete()) {
    const LocalDay day = local_day(derivation.at());
    const Instant midnight = instant_at(day + days{1}, microseconds{0});
    const bool closed = question.processing.windows_on(day).empty();
    const auto rule = day <= first                ? rule::receipt_day
                      : closed                    ? rule_of_closed_day(question.processing, day)
                      : is_touched(question, day) ? rule::paused_day
                                                  : rule::counted_day;
    explain_whole_day(derivation, question, day, rule, midnight);
  }
}

/// Intervals that apply the limit itself cite its law.
void cite_limit(std::vector<DerivationInterval>& intervals, const Limit& limit) {
  for (auto& interval : intervals) {
    const bool by_limit = interval.counted_seconds > 0 || interval.rule == rule::after_cutoff ||
                          interval.rule == rule::same_day || interval.rule == rule::receipt_day;
    if (by_limit && interval.law.empty()) interval.law = limit.law;
  }
}

std::vector<DerivationInterval> explain(const Question& question, const Answer& answer) {
  const Instant end = end_of(question, answer);
  if (end == no_opening()) return {};
  Derivation derivation(question.receipt.received_at, end);
  if (!counts_whole_days(question.limit)) {
    explain_working_time(derivation, question, end);
  } else if (question.limit.unit == LimitUnit::same_day || question.limit.amount == 0) {
    explain_same_day(derivation, question, end);
  } else {
    explain_whole_days(derivation, question, end);
  }
  auto intervals = derivation.take();
  cite_limit(intervals, question.limit);
  return intervals;
}

Answer count(const Question& question) {
  if (!counts_whole_days(question.limit)) return count_working_time(question);
  if (question.limit.unit == LimitUnit::same_day || question.limit.amount == 0) {
    return count_same_day(question);
  }
  return count_whole_days(question);
}

}  // namespace

Standing standing_of(const Limit& limit, const WorkingCalendar& processing, const WorkingCalendar& reception,
                     const std::vector<LedgerEntry>& ledger, Detail detail) {
  Standing standing;
  standing.published_until = processing.published_until;
  Question question{limit, processing, reception, stretches_of(ledger)};
  if (question.stretches.empty() || !is_counted(limit)) return standing;
  question.receipt = receipt_of(limit, reception, question.stretches.front().from);
  const auto answer = count(question);
  standing.used_up_at = answer.used_up_at;
  if (is_paused(question)) {
    standing.remaining = answer.left;
  } else {
    standing.legal_due = answer.due;
  }
  const Instant end = end_of(question, answer);
  standing.provisional = processing.is_provisional(local_day(end - microseconds{1}));
  if (detail == Detail::intervals) standing.derivation = explain(question, answer);
  return standing;
}

}  // namespace motcua::engine
