/// Derivation (diễn giải thời hạn): how a due instant came about, as ordered intervals without gaps, each
/// with its rule, notice and law.
#pragma once

#include "engine/core/time.hpp"
#include "engine/deadline/working_calendar.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace motcua::engine {

/// The closed list of rules. Counted: processing_window, worked_instead, counted_day, calendar_day; all
/// others are not.
namespace rule {
inline constexpr std::string_view processing_window = "processing_window";  ///< office hours, counted
inline constexpr std::string_view worked_instead = "worked_instead";        ///< a make-up day, counted
inline constexpr std::string_view counted_day = "counted_day";              ///< a working day, counted whole
inline constexpr std::string_view calendar_day = "calendar_day";    ///< a day, off or not, counted whole
inline constexpr std::string_view outside_hours = "outside_hours";  ///< lunch, evening, night
inline constexpr std::string_view rest_day = "rest_day";            ///< weekly rest (nghỉ hằng tuần)
inline constexpr std::string_view holiday = "holiday";              ///< day off by a notice
inline constexpr std::string_view expected_holiday = "expected_holiday";  ///< fixed date, no notice yet
inline constexpr std::string_view clock_paused = "clock_paused";          ///< with the reason of the pause
inline constexpr std::string_view reception_closed = "reception_closed";  ///< from the next opening
inline constexpr std::string_view after_cutoff = "after_cutoff";          ///< as received the next day
inline constexpr std::string_view receipt_day = "receipt_day";            ///< the first day is not counted
inline constexpr std::string_view paused_day = "paused_day";              ///< partly paused: not a whole day
inline constexpr std::string_view same_day = "same_day";                  ///< until the close of the day
inline constexpr std::string_view ends_on_day_off = "ends_on_day_off";    ///< the limit ends on a working day
}  // namespace rule

/// One interval of a derivation: counted (counted_seconds > 0) or skipped, and by which rule.
struct DerivationInterval {
  Instant from{};
  Instant to{};
  std::int64_t counted_seconds = 0;
  std::string rule{};                  ///< one of the names in namespace `rule`
  std::string notice{};                ///< of the day override; empty if none
  std::string law{};                   ///< of the override, of the limit or of the pause; empty if none
  std::string reason{};                ///< clock_paused: reason code of the pause
  std::string name{};                  ///< of the day override, Vietnamese
  std::string name_en{};               ///< of the day override, English
  std::optional<LocalDay> replaces{};  ///< worked_instead: the day that was off
  friend bool operator==(const DerivationInterval&, const DerivationInterval&) = default;
};

/// Builds a derivation from `from` to `end`: cuts at `end`, joins neighbours skipped for the same reason, and
/// counts whole seconds so that they sum to the whole seconds of the sum. Every `to` before the place reached
/// adds nothing.
class Derivation {
 public:
  Derivation(Instant from, Instant end) : at_(from), end_(end) {}

  [[nodiscard]] Instant at() const { return at_; }
  [[nodiscard]] bool complete() const { return at_ >= end_; }
  [[nodiscard]] std::vector<DerivationInterval> take() { return std::move(intervals_); }

  /// Skips up to `to`; `day` names the notice, or is null.
  void skip(Instant to, std::string_view rule, const DayOverride* day = nullptr);
  /// Skips up to `to`, the clock being paused for `reason`. An empty pause is shown too.
  void pause(Instant to, const std::string& reason);
  /// Counts the time up to `to`.
  void count(Instant to, std::string_view rule, const DayOverride* day);
  /// Counts `seconds` for the span up to `to`, however long it is. Nothing if the span is empty.
  void count_fixed(Instant to, std::int64_t seconds, std::string_view rule, const DayOverride* day);

 private:
  [[nodiscard]] DerivationInterval next(Instant to, std::string_view rule, const DayOverride* day);
  void join(DerivationInterval interval);

  Instant at_{};
  Instant end_{};
  std::chrono::microseconds counted_{0};
  std::vector<DerivationInterval> intervals_{};
};

/// Goes on to `end` day by day. Office hours are counted if `window_rule` is empty, else skipped by that
/// rule.
void explain_span(Derivation& derivation, const WorkingCalendar& calendar, Instant end,
                  std::string_view window_rule = {});
/// Rule of a day without office hours.
[[nodiscard]] std::string_view rule_of_closed_day(const WorkingCalendar& calendar, LocalDay day);

/// The counted and skipped intervals from `from` to add_working_time(...), gapless and in order. Empty if the
/// calendar never opens again: nothing explains a due date that does not exist.
[[nodiscard]] std::vector<DerivationInterval> derive(const WorkingCalendar& calendar, Instant from,
                                                     WorkingSeconds amount);

}  // namespace motcua::engine
