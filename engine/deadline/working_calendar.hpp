/// Working calendar (lịch làm việc): weekly pattern and day overrides, as data. Knows no clock and no zone
/// but +07:00.
#pragma once

#include "engine/core/ids.hpp"
#include "engine/core/time.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace motcua::engine {

/// A working window of a day, local time, `from` < `to`, whole seconds.
struct Window {
  std::chrono::seconds from{};
  std::chrono::seconds to{};
  friend bool operator==(const Window&, const Window&) = default;
};

/// Two sets of windows: when the office works on cases (giờ giải quyết) and when the desk takes them in (giờ
/// tiếp nhận). A desk may be open on a Saturday morning on which nothing is processed.
enum class Hours { processing, reception };

/// Windows of one day, ascending, without overlap.
struct DayHours {
  std::vector<Window> processing{};
  std::vector<Window> reception{};
  friend bool operator==(const DayHours&, const DayHours&) = default;
};

enum class DayKind { off, work };

/// A day that departs from the weekly pattern (ngày nghỉ lễ, ngày làm bù). @law calendar/public-holidays
struct DayOverride {
  DayKind kind = DayKind::off;
  std::optional<LocalDay> replaces{};  ///< WORK: the day whose windows it takes
  std::string name{};                  ///< e.g. Tết Nguyên đán
  std::string notice{};                ///< notice number and date, or `unverified`
  std::string law{};                   ///< basis, or `unverified`
  std::string name_en{};               ///< e.g. Lunar New Year
  std::optional<DayHours> hours{};     ///< WORK: windows of its own, before those of `replaces`
  friend bool operator==(const DayOverride&, const DayOverride&) = default;
};

/// Immutable once loaded. Windows of one day are ascending and do not overlap.
struct WorkingCalendar {
  std::string code{};
  std::int64_t version = 0;
  Digest hash{};                                    ///< of `document`
  std::array<std::vector<Window>, 7> processing{};  ///< by weekday, Sunday = 0
  std::array<std::vector<Window>, 7> reception{};   ///< by weekday; may be wider than processing
  std::map<LocalDay, DayOverride> overrides{};
  LocalDay published_until{};  ///< beyond this day due dates are provisional
  /// Holidays on a fixed date of the year (1/1, 30/4, 1/5, 2/9, 24/11): days off beyond `published_until`.
  std::map<std::chrono::month_day, DayOverride> yearly{};
  std::string document{};  ///< all that is counted with, a parent's part included
  Digest source{};         ///< of the file that was loaded: `hash`, unless a parent was filled in

  /// What is said about `day` beside the weekly pattern; null for an ordinary day.
  [[nodiscard]] const DayOverride* override_on(LocalDay day) const;
  /// Windows of `day`, overrides applied; empty where there are none.
  [[nodiscard]] const std::vector<Window>& windows_on(LocalDay day, Hours hours = Hours::processing) const;
  /// True if nobody has announced the days off around `day` yet (tạm tính).
  [[nodiscard]] bool is_provisional(LocalDay day) const { return day > published_until; }
};

}  // namespace motcua::engine
