#include "engine/core/time.hpp"

#include <algorithm>
#include <array>

namespace motcua::engine {
namespace {

using std::chrono::days;
using std::chrono::microseconds;

/// Reads `count` decimal digits at `at`; -1 unless all are digits.
int digits(std::string_view text, std::size_t at, std::size_t count) {
  if (at + count > text.size()) return -1;
  int value = 0;
  for (std::size_t i = at; i < at + count; ++i) {
    if (text[i] < '0' || text[i] > '9') return -1;
    value = value * 10 + (text[i] - '0');
  }
  return value;
}

/// Appends `value` (0 or more) with at least `width` digits.
void append_digits(std::string& text, int value, int width) {
  std::array<char, 12> digits{};
  int count = 0;
  for (; value > 0 || count < width; value /= 10)
    digits[static_cast<std::size_t>(count++)] = static_cast<char>('0' + value % 10);
  while (count > 0) text.push_back(digits[static_cast<std::size_t>(--count)]);
}

/// Reads `.ffffff` (1 to 9 digits, cut to microseconds) at `at` and moves `at` behind it; nullopt if
/// malformed.
std::optional<microseconds> fraction(std::string_view text, std::size_t& at) {
  if (at >= text.size() || text[at] != '.') return microseconds{0};
  std::int64_t value = 0;
  std::int64_t scale = 1'000'000;
  const std::size_t first = ++at;
  for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at) {
    scale /= 10;
    value += (text[at] - '0') * scale;
  }
  if (at == first || at - first > 9) return std::nullopt;
  return microseconds{value};
}

/// Reads `Z` or `+hh:mm` from `at` to the end.
std::optional<std::chrono::minutes> offset(std::string_view text, std::size_t at) {
  if (at + 1 == text.size() && (text[at] == 'Z' || text[at] == 'z')) return std::chrono::minutes{0};
  if (at + 6 != text.size() || (text[at] != '+' && text[at] != '-') || text[at + 3] != ':')
    return std::nullopt;
  const int hours = digits(text, at + 1, 2);
  const int minutes = digits(text, at + 4, 2);
  if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return std::nullopt;
  const std::chrono::minutes size{hours * 60 + minutes};
  return text[at] == '-' ? -size : size;
}

/// What the local clock shows at `at`.
std::chrono::local_time<microseconds> local_time(Instant at) {
  constexpr Instant kFirst = std::chrono::sys_days{std::chrono::year{1} / 1 / 1} - kVietnamOffset;
  constexpr Instant kEnd = std::chrono::sys_days{std::chrono::year{10'000} / 1 / 1} - kVietnamOffset;
  const Instant known = std::clamp(at, kFirst, kEnd - microseconds{1});
  return std::chrono::local_time<microseconds>{(known + kVietnamOffset).time_since_epoch()};
}

}  // namespace

LocalDay local_day(Instant at) { return std::chrono::floor<days>(local_time(at)); }

microseconds time_of_day(Instant at) {
  const auto local = local_time(at);
  return local - std::chrono::floor<days>(local);
}

Instant instant_at(LocalDay day, microseconds since_midnight) {
  return Instant{day.time_since_epoch()} + since_midnight - kVietnamOffset;
}

std::string to_iso(LocalDay day) {
  const std::chrono::year_month_day date{day};
  std::string text;
  append_digits(text, static_cast<int>(date.year()), 4);
  text.push_back('-');
  append_digits(text, static_cast<int>(static_cast<unsigned>(date.month())), 2);
  text.push_back('-');
  append_digits(text, static_cast<int>(static_cast<unsigned>(date.day())), 2);
  return text;
}

std::string to_rfc3339(Instant at) {
  const auto clock = time_of_day(at).count();
  const auto second = static_cast<int>(clock / 1'000'000);
  const auto micro = static_cast<int>(clock % 1'000'000);
  auto text = to_iso(local_day(at));
  text.reserve(32);
  text.push_back('T');
  append_digits(text, second / 3600, 2);
  text.push_back(':');
  append_digits(text, second / 60 % 60, 2);
  text.push_back(':');
  append_digits(text, second % 60, 2);
  if (micro != 0) {
    text.push_back('.');
    append_digits(text, micro, 6);
  }
  return text + "+07:00";
}

std::optional<LocalDay> parse_iso_day(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const int year = digits(text, 0, 4);
  const int month = digits(text, 5, 2);
  const int day = digits(text, 8, 2);
  if (year < 1900 || month < 0 || day < 0) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{year},
                                         std::chrono::month{static_cast<unsigned>(month)},
                                         std::chrono::day{static_cast<unsigned>(day)}};
  if (!date.ok()) return std::nullopt;
  return LocalDay{date};
}

std::optional<Instant> parse_rfc3339(std::string_view text) {
  if (text.size() < 20 || (text[10] != 'T' && text[10] != 't') || text[13] != ':' || text[16] != ':') {
    return std::nullopt;
  }
  const auto day = parse_iso_day(text.substr(0, 10));
  const int hour = digits(text, 11, 2);
  const int minute = digits(text, 14, 2);
  const int second = digits(text, 17, 2);
  if (!day || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59)
    return std::nullopt;
  std::size_t at = 19;
  const auto micro = fraction(text, at);
  if (!micro) return std::nullopt;
  const auto zone = offset(text, at);
  if (!zone) return std::nullopt;
  return Instant{day->time_since_epoch()} + std::chrono::seconds{hour * 3600 + minute * 60 + second} +
         *micro - *zone;
}

}  // namespace motcua::engine
