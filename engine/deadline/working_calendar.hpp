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

enum class DayKind { off, work };

/// A day that departs from the weekly pattern (ngày nghỉ lễ, ngày làm bù).
struct DayOverride {
  DayKind kind = DayKind::off;
  std::optional<LocalDay> replaces{};  ///< WORK: the day whose windows it takes
  std::string name{};                  ///< e.g. Tết Nguyên đán
  std::string notice{};                ///< notice number and date, or `unverified`
  std::string law{};                   ///< basis, or `unverified`
};

/// Immutable once loaded. Windows of one day are ascending and do not overlap.
struct WorkingCalendar {
  std::string code{};
  std::int64_t version = 0;
  Digest hash{};
  std::array<std::vector<Window>, 7> processing{};  ///< by weekday, Sunday = 0
  std::array<std::vector<Window>, 7> reception{};   ///< by weekday; may be wider than processing
  std::map<LocalDay, DayOverride> overrides{};
  LocalDay published_until{};  ///< beyond this day due dates are provisional
  std::string document{};

  /// Processing windows of `day`, overrides applied; empty on a day off.
  [[nodiscard]] std::vector<Window> windows_on(LocalDay day) const;
};

}  // namespace motcua::engine
