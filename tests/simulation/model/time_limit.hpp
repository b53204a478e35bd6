/// The model's counting of time limits, written from the contract and the decision on counting alone.
#pragma once

#include "tests/simulation/model/office_calendar.hpp"

#include <optional>
#include <string>
#include <vector>

namespace motcua::simulation::model {

struct TimeLimit {
  std::string unit{};      ///< same_day | working_hour | working_day
  std::string counting{};  ///< working_time | civil_code
  std::int64_t amount = 0;
  std::optional<Micros> cutoff{};  ///< local time of day
  nlohmann::json when = nullptr;   ///< null: always
};

/// What moved the legal clock: start, pause, resume, end.
struct ClockEntry {
  std::string change{};
  std::string reason{};
  Micros at = 0;
  friend bool operator==(const ClockEntry&, const ClockEntry&) = default;
};

struct Standing {
  std::optional<Micros> due{};              ///< null while paused
  std::optional<std::int64_t> remaining{};  ///< while paused: working seconds
};

/// Where a limit stands after `ledger`.
[[nodiscard]] Standing standing_of(const TimeLimit& limit, const OfficeCalendar& calendar,
                                   const std::vector<ClockEntry>& ledger);

/// By when a filed case must be received or refused.
[[nodiscard]] Micros reception_limit(const OfficeCalendar& calendar, Micros filed_at);
/// When a case that runs since `since` is nearing `due`.
[[nodiscard]] Micros nearing(const OfficeCalendar& calendar, Micros since, Micros due);
/// An extension's date after a pause.
[[nodiscard]] Micros shifted(const OfficeCalendar& calendar, Micros due, Micros paused, Micros resumed);

}  // namespace motcua::simulation::model
