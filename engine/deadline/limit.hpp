/// Time limit (thời hạn giải quyết) as the law states it: an amount of a unit, and how the unit is counted.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace motcua::engine {

enum class LimitUnit { same_day, working_hour, working_day, calendar_day, month };

/// Working seconds of one working day (8 hours of processing windows).
inline constexpr std::int64_t kWorkingDaySeconds = 8 * 3600;

/// Two ways of counting working days compete. `working_time`: a day is 8 hours of processing windows, counted
/// from the minute. `civil_code`: the day of receipt is not counted, due at the close of the last counted
/// day.
enum class LimitCounting { working_time, civil_code };

struct Limit {
  std::int64_t amount = 0;  ///< of `unit`, at least 0
  LimitUnit unit = LimitUnit::working_day;
  LimitCounting counting = LimitCounting::working_time;
  std::optional<std::chrono::seconds> cutoff{};  ///< local time of day; a receipt after it counts as received
                                                 ///< on the desk's next day
  std::string law{};                             ///< id in the definition's `law[]` or "unverified"
  friend bool operator==(const Limit&, const Limit&) = default;
};

/// True for limits that end at the close of a day (same_day, civil_code), false for those that count hours.
[[nodiscard]] constexpr bool counts_whole_days(const Limit& limit) {
  return limit.unit == LimitUnit::same_day ||
         (limit.unit == LimitUnit::working_day && limit.counting == LimitCounting::civil_code);
}
/// True for the units that standing_of counts. Calendar days and months are refused when a procedure is
/// published.
[[nodiscard]] constexpr bool is_counted(const Limit& limit) {
  return limit.unit != LimitUnit::calendar_day && limit.unit != LimitUnit::month;
}

}  // namespace motcua::engine
