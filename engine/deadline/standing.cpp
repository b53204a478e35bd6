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
  return seconds{std::min(total_amount(limit), kAmountMax) * (in_hours ? 3600 : kWorkingDaySeconds)};
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

Instant midnight_of(LocalDay day) { return instant_at(day, microseconds{0}); }

/// True if the clock was paused in some of the day's processing time, or in any part of a day off that
/// counts.
bool is_touched(const Question& question, LocalDay day) {
  const auto paused_within = [&](Instant from, Instant to) {
    return first_pause_within(question.stretches, from, to) != nullptr;
  };
  const auto& windows = question.processing.windows_on(day);
  if (windows.empty() && counts_days_off(question.limit)) {
    return paused_within(midnight_of(day), midnight_of(day + days{1}));
  }
  return std::any_of(windows.begin(), windows.end(), [&](const Window& window) {
    return paused_within(instant_at(day, window.from), instant_at(day, window.to));
  });
}

/// @law deadline/calendar-days
std::int64_t days_of_limit(const Question& question) {
  const auto amount = std::min(total_amount(question.limit), kAmountMax);
  if (question.limit.unit != LimitUnit::month) return amount;
  const LocalDay received = local_day(question.receipt.counts_from);
  return (same_day_of_month_after(received, amount) - received).count();
}

/// A limit in whole days, counted day by day. Days off count where the limit counts them, but for the last.
class DayCount {
 public:
  explicit DayCount(const Question& question) : question_(question), left_(days_of_limit(question)) {}

  [[nodiscard]] std::int64_t left() const { return left_; }
  [[nodiscard]] bool skips_days_off() const { return !counts_days_off(question_.limit) || left_ == 1; }
  /// The rule by which `day`, one after the day of receipt, is counted or not; counts it.
  std::string_view rule_of(LocalDay day) {
    const bool off = question_.processing.windows_on(day).empty();
    const bool counted_off = counts_days_off(question_.limit);
    if (off && !counted_off) return rule_of_closed_day(question_.processing, day);
    if (is_touched(question_, day)) return rule::paused_day;
    if (off && skips_days_off()) return rule::ends_on_day_off;
    left_ -= 1;
    return counted_off ? rule::calendar_day : rule::counted_day;
  }

 private:
  const Question& question_;
  std::int64_t left_ = 0;
};

/// The close of business of `day`, or of the next working day if only those come into question; the end of a
/// day off that may count.
Instant end_of_day(const Question& question, const DayCount& count, LocalDay day) {
  const bool off = question.processing.windows_on(day).empty();
  if (off && !count.skips_days_off()) return midnight_of(day + days{1});
  return close_of_business_after(question.processing, midnight_of(day));
}

/// @law deadline/day-of-receipt
Answer count_whole_days(const Question& question) {
  DayCount count(question);
  LocalDay day = local_day(question.receipt.counts_from) + days{1};
  for (; day <= local_day(no_opening()); day += days{1}) {
    const Instant at = end_of_day(question, count, day);
    if (at == no_opening()) break;
    day = local_day(at - microseconds{1});  // a day may close at midnight
    const Stretch& last = question.stretches.back();
    if (last.paused && last.from < at)
      return {std::nullopt, std::nullopt, {count.left() * kWorkingDaySeconds}};
    count.rule_of(day);
    if (count.left() > 0) continue;
    const auto pause = std::find_if(question.stretches.begin(), question.stretches.end(),
                                    [&](const Stretch& one) { return one.paused && one.from > at; });
    return {at, pause == question.stretches.end() ? std::nullopt : std::optional(at), {}};
  }
  return {no_opening(), std::nullopt, {}};
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

bool is_counted_rule(std::string_view rule) {
  return rule == rule::counted_day || rule == rule::calendar_day;
}

/// What counts of a day: its processing time, or any of a day of the calendar.
bool may_count(const Question& question, std::string_view rule, Instant from, Instant to) {
  if (rule == rule::calendar_day) return from < to;
  return working_micros_between(question.processing, from, to).count() > 0;
}

/// One day after the receipt or the day of receipt, cut by the pauses within it.
void explain_whole_day(Derivation& derivation, const Question& question, LocalDay day, std::string_view rule,
                       Instant midnight) {
  const bool plain = rule == rule::receipt_day || rule == rule::calendar_day;
  const auto* const override_ = plain ? nullptr : question.processing.override_on(day);
  bool counted = !is_counted_rule(rule);
  while (!derivation.complete() && derivation.at() < midnight) {
    const Instant at = derivation.at();
    const auto* pause = first_pause_within(question.stretches, at, midnight);
    if (pause != nullptr && pause->from <= at) {
      derivation.pause(std::min(pause->to.value_or(midnight), midnight), pause->reason);
      continue;
    }
    const Instant to = pause == nullptr ? midnight : pause->from;
    if (!counted && may_count(question, rule, at, to)) {
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
  DayCount count(question);
  while (!derivation.complete()) {
    const LocalDay day = local_day(derivation.at());
    const auto rule = day <= first ? rule::receipt_day : count.rule_of(day);
    explain_whole_day(derivation, question, day, rule, midnight_of(day + days{1}));
  }
}

/// The law of the limit's own amount, or of what was added to it, by how much was counted before.
const std::string& law_after(const Question& question, std::int64_t counted) {
  const Limit& limit = question.limit;
  const auto unit = limit.unit == LimitUnit::working_hour ? 3600 : kWorkingDaySeconds;
  const bool in_months = limit.unit == LimitUnit::month;
  std::int64_t reached = limit.amount;
  if (counted < reached * unit || limit.added.empty() || in_months) return limit.law;
  for (const auto& each : limit.added) {
    reached += each.amount;
    if (counted < reached * unit) return each.law;
  }
  return limit.added.back().law;
}

/// Intervals that apply the limit itself cite its law; those counted after its own amount was used up, the
/// law that adds to it.
void cite_limit(std::vector<DerivationInterval>& intervals, const Question& question) {
  std::int64_t counted = 0;
  for (auto& interval : intervals) {
    const bool by_limit = interval.counted_seconds > 0 || interval.rule == rule::after_cutoff ||
                          interval.rule == rule::same_day || interval.rule == rule::receipt_day ||
                          interval.rule == rule::ends_on_day_off;
    if (by_limit && interval.law.empty()) interval.law = law_after(question, counted);
    counted += interval.counted_seconds;
  }
}

/// Nothing is counted off: the limit ends with the day.
bool ends_the_same_day(const Limit& limit) {
  return limit.unit == LimitUnit::same_day || total_amount(limit) == 0;
}

std::vector<DerivationInterval> explain(const Question& question, const Answer& answer) {
  const Instant end = end_of(question, answer);
  if (end == no_opening()) return {};
  Derivation derivation(question.receipt.received_at, end);
  if (!counts_whole_days(question.limit)) {
    explain_working_time(derivation, question, end);
  } else if (ends_the_same_day(question.limit)) {
    explain_same_day(derivation, question, end);
  } else {
    explain_whole_days(derivation, question, end);
  }
  auto intervals = derivation.take();
  cite_limit(intervals, question);
  return intervals;
}

Answer count(const Question& question) {
  if (!counts_whole_days(question.limit)) return count_working_time(question);
  return ends_the_same_day(question.limit) ? count_same_day(question) : count_whole_days(question);
}

}  // namespace

Standing standing_of(const Limit& limit, const WorkingCalendar& processing, const WorkingCalendar& reception,
                     const std::vector<LedgerEntry>& ledger, Detail detail) {
  Standing standing;
  standing.published_until = processing.published_until;
  Question question{limit, processing, reception, stretches_of(ledger)};
  standing.unlimited = limit.unit == LimitUnit::none && !question.stretches.empty();
  if (question.stretches.empty() || standing.unlimited) return standing;
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
