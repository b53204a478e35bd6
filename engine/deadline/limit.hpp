/// Time limit (thời hạn giải quyết) as the law states it: an amount of a unit, and how the unit is counted.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace motcua::engine {

/// `none`: the law states no limit (không quy định thời hạn); nothing is promised.
enum class LimitUnit { same_day, working_hour, working_day, calendar_day, month, none };

/// The unit's name in definitions; `none` for no limit.
[[nodiscard]] std::string_view name_of(LimitUnit unit);
/// The unit of that name, but for `none`, which definitions write otherwise.
[[nodiscard]] std::optional<LimitUnit> limit_unit_from(std::string_view name);

/// Working seconds of one working day (8 hours of processing windows).
inline constexpr std::int64_t kWorkingDaySeconds = 8 * 3600;

/// Two ways of counting working days compete. `working_time`: a day is 8 hours of processing windows, counted
/// from the minute. `civil_code`: the day of receipt is not counted, due at the close of the last counted
/// day. Days of the calendar and months know the second way only.
enum class LimitCounting { working_time, civil_code };

/// Time that the law adds to a limit where a condition holds (cộng thêm thời hạn), e.g. for a case of a
/// mountainous commune. In the unit of the limit.
struct AddedTime {
  std::int64_t amount = 0;  ///< at least 1
  std::string law{};        ///< id in the definition's `law[]` or "unverified"
  std::string basis{};      ///< act and article to be read aloud; empty if unverified
  friend bool operator==(const AddedTime&, const AddedTime&) = default;
};

struct Limit {
  std::int64_t amount = 0;  ///< of `unit`, at least 0
  LimitUnit unit = LimitUnit::working_day;
  LimitCounting counting = LimitCounting::working_time;
  std::optional<std::chrono::seconds> cutoff{};  ///< local time of day; a receipt after it counts as received
                                                 ///< on the desk's next day
  std::string law{};                             ///< id in the definition's `law[]` or "unverified"
  std::vector<AddedTime> added{};                ///< counted on top of `amount`
  friend bool operator==(const Limit&, const Limit&) = default;
};

/// `amount` and what was added to it.
[[nodiscard]] inline std::int64_t total_amount(const Limit& limit) {
  std::int64_t total = limit.amount;
  for (const auto& each : limit.added) total += each.amount;
  return total;
}
/// True for limits in days of the calendar, off or not: calendar_day, month.
[[nodiscard]] constexpr bool counts_days_off(const Limit& limit) {
  return limit.unit == LimitUnit::calendar_day || limit.unit == LimitUnit::month;
}
/// True for limits that end at the close of a day (same_day, civil_code, days of the calendar), false for
/// those that count hours.
[[nodiscard]] constexpr bool counts_whole_days(const Limit& limit) {
  return limit.unit == LimitUnit::same_day || counts_days_off(limit) ||
         (limit.unit == LimitUnit::working_day && limit.counting == LimitCounting::civil_code);
}

}  // namespace motcua::engine
