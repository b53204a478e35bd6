/// Limits, ledgers and instants for the tests of standings.
#pragma once

#include "engine/deadline/standing.hpp"
#include "tests/deadline/sample_calendars.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace motcua::engine {

/// `2026-03-02T08:00:00`, local time.
inline Instant local(const std::string& text) {
  const auto instant = parse_rfc3339(text + "+07:00");
  EXPECT_TRUE(instant.has_value()) << text;
  return instant.value_or(Instant{});
}

inline Limit limit_of(std::int64_t amount, LimitUnit unit,
                      LimitCounting counting = LimitCounting::working_time) {
  Limit limit;
  limit.amount = amount;
  limit.unit = unit;
  limit.counting = counting;
  limit.law = "law-1";
  return limit;
}
inline Limit working_days(std::int64_t amount) { return limit_of(amount, LimitUnit::working_day); }
inline Limit whole_days(std::int64_t amount) {
  return limit_of(amount, LimitUnit::working_day, LimitCounting::civil_code);
}
inline Limit calendar_days(std::int64_t amount) {
  return limit_of(amount, LimitUnit::calendar_day, LimitCounting::civil_code);
}
inline Limit months(std::int64_t amount) {
  return limit_of(amount, LimitUnit::month, LimitCounting::civil_code);
}
inline Limit same_day() { return limit_of(0, LimitUnit::same_day); }
inline Limit before_15h(Limit limit) {
  limit.cutoff = std::chrono::hours{15};
  return limit;
}

/// Start, then pause and resume in turn.
inline std::vector<LedgerEntry> ledger_of(const std::vector<Instant>& moments) {
  std::vector<LedgerEntry> ledger;
  for (std::size_t i = 0; i < moments.size(); ++i) {
    const auto change = i == 0 ? ClockChange::start : i % 2 == 1 ? ClockChange::pause : ClockChange::resume;
    ledger.push_back({change, change == ClockChange::pause ? "supplement" : "", moments[i]});
  }
  return ledger;
}
inline std::vector<LedgerEntry> ledger(const std::vector<std::string>& moments) {
  std::vector<Instant> instants;
  for (const auto& moment : moments) instants.push_back(local(moment));
  return ledger_of(instants);
}

inline Standing standing_in(const WorkingCalendar& calendar, const Limit& limit,
                            const std::vector<LedgerEntry>& entries) {
  return standing_of(limit, calendar, calendar, entries);
}
/// The due instant as text; `paused N` with the seconds left, or `none`.
inline std::string due_text(const Standing& standing) {
  if (standing.legal_due) return to_rfc3339(*standing.legal_due).substr(0, 19);
  return standing.remaining ? "paused " + std::to_string(standing.remaining->count) : "none";
}
inline std::string due_in_2026(const Limit& limit, const std::vector<std::string>& moments) {
  return due_text(standing_in(civil_servants_2026(), limit, ledger(moments)));
}

}  // namespace motcua::engine
