#include "workflows/import/bpmn_timers.hpp"

#include "engine/deadline/limit.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <span>
#include <string_view>
#include <system_error>

namespace motcua::workflows {
namespace {

constexpr std::int64_t kHourS = 3'600;
constexpr std::int64_t kDayS = 24 * kHourS;
constexpr std::int64_t kShortestMonthS = 28 * kDayS;
/// What a timer of a state may have of its unit.
constexpr std::int64_t kAmountMax = 10'000;

/// Months have no fixed number of days.
struct Duration {
  std::int64_t months = 0;
  std::int64_t seconds = 0;
};

struct Part {
  char letter = 0;
  std::int64_t months = 0;
  std::int64_t seconds = 0;
};
constexpr std::array<Part, 4> kDateParts{{{'Y', 12, 0}, {'M', 1, 0}, {'W', 0, 7 * kDayS}, {'D', 0, kDayS}}};
constexpr std::array<Part, 3> kTimeParts{{{'H', 0, kHourS}, {'M', 0, 60}, {'S', 0, 1}}};

/// Adds `4H30M` to `sum`; false unless all of it are whole numbers with letters of `parts`, in their order.
bool add_parts(std::string_view text, std::span<const Part> parts, Duration& sum) {
  auto part = parts.begin();
  while (!text.empty()) {
    std::uint32_t number = 0;
    const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    text.remove_prefix(static_cast<std::size_t>(rest - text.data()));
    if (error != std::errc{} || text.empty()) return false;
    part = std::find_if(part, parts.end(), [&](const Part& each) { return each.letter == text.front(); });
    if (part == parts.end()) return false;
    sum.months += number * part->months;
    sum.seconds += number * part->seconds;
    ++part;
    text.remove_prefix(1);
  }
  return true;
}

/// `P1DT4H` as what it adds up to; nullopt if it is not of that shape.
std::optional<Duration> parse_duration(std::string_view text) {
  if (!text.starts_with('P')) return std::nullopt;
  text.remove_prefix(1);
  const auto mark = text.find('T');
  const bool has_time = mark != std::string_view::npos;
  const auto date = text.substr(0, mark);
  const auto time = has_time ? text.substr(mark + 1) : std::string_view{};
  if (has_time ? time.empty() : date.empty()) return std::nullopt;
  Duration sum;
  if (!add_parts(date, kDateParts, sum) || !add_parts(time, kTimeParts, sum)) return std::nullopt;
  return sum;
}

BpmnWait none(const std::string& why) { return {0, {}, 0, why}; }

BpmnWait whole_days(std::int64_t amount, const char* unit, std::int64_t at_least_s) {
  return {amount, unit, at_least_s,
          "the day of entry is left out, and the end is the close of a working day"};
}

BpmnWait wait_of(const Duration& duration) {
  const auto [months, seconds] = duration;
  if (months > 0 && seconds > 0) return none("months with days or hours have no unit in common");
  if (months > 0) return whole_days(months, "month", months * kShortestMonthS);
  if (seconds == 0) return none("it takes no time");
  if (seconds % kDayS == 0) return whole_days(seconds / kDayS, "calendar_day", seconds);
  if (seconds % kHourS != 0) return none("it has parts of an hour");
  if (seconds > engine::kWorkingDaySeconds) {
    return none("it is neither whole days of 24 hours nor hours that fit into a working day");
  }
  return {seconds / kHourS, "working_hour", seconds,
          "only the hours of the office count, and they stand still while the clock is paused"};
}

}  // namespace

BpmnWait wait_of(const BpmnNode& timer) {
  if (timer.timer.empty()) return none("the file does not say how long");
  if (timer.timer_kind == "timeDate") return none("it names an instant, not a time from the entry on");
  if (timer.timer_kind == "timeCycle") return none("it repeats");
  const auto duration = parse_duration(timer.timer);
  if (!duration) return none("it is no duration of whole numbers, as ISO 8601 writes them");
  auto wait = wait_of(*duration);
  if (wait.amount > kAmountMax) {
    return none("more than " + std::to_string(kAmountMax) + " " + wait.unit + " are not waited for");
  }
  return wait;
}

std::vector<std::size_t> timers_on(const BpmnProcess& process, const BpmnNode& node) {
  std::vector<std::size_t> timers;
  for (std::size_t i = 0; i < process.nodes.size(); ++i) {
    const auto& each = process.nodes[i];
    if (each.kind == BpmnKind::timer && each.attached_to == node.id) timers.push_back(i);
  }
  return timers;
}

std::optional<std::size_t> first_to_come(const BpmnProcess& process, const std::vector<std::size_t>& timers) {
  std::optional<std::size_t> first;
  std::int64_t soonest = 0;
  for (const auto index : timers) {
    const auto wait = wait_of(process.nodes[index]);
    if (wait.amount == 0 || (first && wait.at_least_s >= soonest)) continue;
    first = index;
    soonest = wait.at_least_s;
  }
  return first;
}

}  // namespace motcua::workflows
