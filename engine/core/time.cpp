#include "engine/core/time.hpp"

#include <array>
#include <cstdio>

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

}  // namespace

LocalDay local_day(Instant at) {
  return LocalDay{std::chrono::floor<days>(at + kVietnamOffset).time_since_epoch()};
}

microseconds time_of_day(Instant at) {
  const auto local = at + kVietnamOffset;
  return local - std::chrono::floor<days>(local);
}

Instant instant_at(LocalDay day, microseconds since_midnight) {
  return Instant{day.time_since_epoch()} + since_midnight - kVietnamOffset;
}

std::string to_iso(LocalDay day) {
  const std::chrono::year_month_day date{day};
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02u", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  return text.data();
}

std::string to_rfc3339(Instant at) {
  const auto clock = time_of_day(at).count();
  const auto second = static_cast<int>(clock / 1'000'000);
  const auto micro = static_cast<int>(clock % 1'000'000);
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "T%02d:%02d:%02d", second / 3600, second / 60 % 60, second % 60);
  std::string result = to_iso(local_day(at)) + text.data();
  if (micro != 0) {
    std::snprintf(text.data(), text.size(), ".%06d", micro);
    result += text.data();
  }
  return result + "+07:00";
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
