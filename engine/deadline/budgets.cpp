#include "engine/deadline/budgets.hpp"

#include "engine/deadline/counting.hpp"
#include "engine/deadline/stretches.hpp"

#include <algorithm>
#include <chrono>
#include <set>
#include <string_view>
#include <utility>

namespace motcua::engine {
namespace {

using std::chrono::microseconds;
using std::chrono::seconds;

constexpr std::string_view kOurTime = "ours";
constexpr std::string_view kNotStated = "not_stated";

/// A stretch of the ledger with its end, and whose it is: ours while the clock ran.
struct Owned {
  Instant from{};
  Instant to{};
  std::string whose{};
};

std::string whose_is(const Stretch& stretch) {
  if (!stretch.paused) return std::string(kOurTime);
  if (!stretch.whose.empty()) return stretch.whose;
  const bool applicants = stretch.reason == "supplement" || stretch.reason == "payment";
  return std::string(applicants ? std::string_view(kApplicantsTime) : kNotStated);
}

/// The instant up to which time is counted: the end of the clock, or `until`.
Instant end_of(const std::vector<LedgerEntry>& ledger, Instant until) {
  const auto ended = std::find_if(ledger.begin(), ledger.end(),
                                  [](const LedgerEntry& entry) { return entry.change == ClockChange::end; });
  return ended == ledger.end() ? until : std::min(ended->at, until);
}

std::vector<Owned> owned_stretches(const std::vector<LedgerEntry>& ledger, Instant end) {
  std::vector<Owned> owned;
  for (const auto& stretch : stretches_of(ledger)) {
    const Instant to = std::min(stretch.to.value_or(end), end);
    if (to > stretch.from) owned.push_back({stretch.from, to, whose_is(stretch)});
  }
  return owned;
}

/// The answer that has the time from `at` on; null if none is overdue then.
const OverdueAnswer* overdue_at(const std::vector<OverdueAnswer>& overdue, Instant at) {
  const OverdueAnswer* first = nullptr;
  for (const auto& each : overdue) {
    if (each.from > at || each.to <= at) continue;
    if (first == nullptr || std::pair(each.from, each.agency) < std::pair(first->from, first->agency)) {
      first = &each;
    }
  }
  return first;
}

/// `stretch` cut where another answer has the time.
void split(std::vector<Owned>& parts, const Owned& stretch, const std::vector<OverdueAnswer>& overdue) {
  std::set<Instant> cuts{stretch.to};
  for (const auto& each : overdue) {
    for (const Instant cut : {each.from, each.to}) {
      if (cut > stretch.from && cut < stretch.to) cuts.insert(cut);
    }
  }
  Instant at = stretch.from;
  for (const Instant cut : cuts) {
    const auto* answer = overdue_at(overdue, at);
    parts.push_back({at, cut, answer == nullptr ? stretch.whose : answer->agency});
    at = cut;
  }
}

std::vector<Owned> parts_of(const std::vector<LedgerEntry>& ledger, Instant end,
                            const std::vector<OverdueAnswer>& overdue) {
  std::vector<Owned> parts;
  for (const auto& stretch : owned_stretches(ledger, end)) {
    if (stretch.whose == kOurTime) {
      split(parts, stretch, overdue);
    } else {
      parts.push_back(stretch);
    }
  }
  return parts;
}

WorkingSeconds& budget_of(Budgets& budgets, const std::string& whose) {
  if (whose == kOurTime) return budgets.ours;
  if (whose == kApplicantsTime) return budgets.applicant;
  return whose == kNotStated ? budgets.not_stated : budgets.agencies[whose];
}

/// The instant at which lateness is judged: the end, or where the wait began in which the case stands then.
std::optional<Instant> judged_at(const std::vector<LedgerEntry>& ledger, Instant until) {
  const Instant end = end_of(ledger, until);
  std::optional<Instant> at;
  for (const auto& stretch : stretches_of(ledger)) {
    if (stretch.from > end) break;
    at = stretch.paused ? stretch.from : std::min(stretch.to.value_or(end), end);
  }
  return at;
}

Lateness lateness(const std::optional<Instant>& date, Instant at, const std::vector<Owned>& overdue_parts,
                  const WorkingCalendar& calendar) {
  if (!date || at <= *date) return {};
  std::map<std::string, microseconds> owed;
  for (const auto& part : overdue_parts) {
    owed[part.whose] += working_micros_between(calendar, part.from, std::min(part.to, at));
  }
  Lateness answer{true, {}};
  const auto late_by = working_micros_between(calendar, *date, at);
  for (const auto& [agency, time] : owed) {
    if (time.count() > 0 && time >= late_by) answer.because_of.push_back(agency);
  }
  return answer;
}

}  // namespace

Budgets budgets_of(const std::vector<LedgerEntry>& ledger, const WorkingCalendar& calendar, Instant until,
                   const std::vector<OverdueAnswer>& overdue) {
  Budgets budgets;
  microseconds counted{0};
  for (const auto& part : parts_of(ledger, end_of(ledger, until), overdue)) {
    // Whole seconds of the sum, so that parts of seconds are not lost between the budgets.
    const auto before = std::chrono::floor<seconds>(counted);
    counted += working_micros_between(calendar, part.from, part.to);
    budget_of(budgets, part.whose).count += (std::chrono::floor<seconds>(counted) - before).count();
  }
  return budgets;
}

LatenessOfBoth lateness_of(const std::vector<LedgerEntry>& ledger, const WorkingCalendar& calendar,
                           const PromisedDates& promised, Instant until,
                           const std::vector<OverdueAnswer>& overdue) {
  const auto at = judged_at(ledger, until);
  if (!at) return {};
  std::vector<Owned> overdue_parts;
  for (const auto& stretch : owned_stretches(ledger, *at)) {
    if (stretch.whose == kOurTime) split(overdue_parts, stretch, overdue);
  }
  std::erase_if(overdue_parts, [](const Owned& part) { return part.whose == kOurTime; });
  return {lateness(promised.as_promised, *at, overdue_parts, calendar),
          lateness(promised.as_extended, *at, overdue_parts, calendar)};
}

}  // namespace motcua::engine
