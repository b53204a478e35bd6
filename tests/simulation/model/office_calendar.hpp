/// The model's own reading of a calendar file (lịch làm việc): days, windows, and how time is counted in
/// them. Knows nothing of the engine.
#pragma once

#include <nlohmann/json.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace motcua::simulation::model {

/// UTC microseconds since 1970-01-01.
using Micros = std::int64_t;
inline constexpr Micros kSecond = 1'000'000;
inline constexpr Micros kHour = 3600 * kSecond;
inline constexpr Micros kDay = 24 * kHour;

enum class Desk { processing, reception };

struct Span {
  Micros from = 0;
  Micros to = 0;
};

/// Days since 1970-01-01 in Việt Nam.
[[nodiscard]] std::int64_t local_day(Micros at);
/// Microseconds since local midnight.
[[nodiscard]] Micros time_of_day(Micros at);
[[nodiscard]] Micros at_local(std::int64_t day, Micros since_midnight);
/// `YYYY-MM-DD`.
[[nodiscard]] std::int64_t day_of(const std::string& iso);

class OfficeCalendar {
 public:
  /// Reads `<folder>/<code>.json` and its parents.
  static OfficeCalendar read(const std::string& folder, const std::string& code);

  /// Windows of a day, ascending.
  [[nodiscard]] std::vector<Span> windows(std::int64_t day, Desk desk = Desk::processing) const;
  /// `from`, or the next opening.
  [[nodiscard]] Micros opening(Micros from, Desk desk = Desk::processing) const;
  /// The instant at which `amount` of open time after `from` has passed.
  [[nodiscard]] Micros after(Micros from, Micros amount, Desk desk = Desk::processing) const;
  /// Open time between two instants.
  [[nodiscard]] Micros between(Micros from, Micros to) const;
  /// Close of the first working day that is not over at `from`.
  [[nodiscard]] Micros close_after(Micros from) const;
  /// True if `at` lies in a processing window, its end included.
  [[nodiscard]] bool in_window(Micros at) const;

 private:
  using Hours = std::vector<std::pair<Micros, Micros>>;
  struct Week {
    std::map<std::string, Hours> processing{};
    std::map<std::string, Hours> reception{};
  };
  struct SpecialDay {
    bool off = true;
    std::optional<std::int64_t> replaces{};
  };
  void add(const nlohmann::json& file);

  Week week_{};
  std::map<std::int64_t, SpecialDay> days_{};
  std::set<std::string> yearly_{};  ///< MM-DD
  std::int64_t published_until_ = 0;
};

}  // namespace motcua::simulation::model
