#include "engine/deadline/wording.hpp"

#include <array>
#include <chrono>

namespace motcua::engine {
namespace {

using std::chrono::days;
using std::chrono::microseconds;
using std::chrono::seconds;

constexpr std::array<const char*, 7> kThu{"Chủ nhật", "thứ Hai", "thứ Ba", "thứ Tư",
                                          "thứ Năm",  "thứ Sáu", "thứ Bảy"};
constexpr std::array<const char*, 7> kWeekday{"Sunday",   "Monday", "Tuesday", "Wednesday",
                                              "Thursday", "Friday", "Saturday"};
constexpr std::array<const char*, 12> kMonth{"January",   "February", "March",    "April",
                                             "May",       "June",     "July",     "August",
                                             "September", "October",  "November", "December"};

std::string two_digits(std::int64_t number) { return (number < 10 ? "0" : "") + std::to_string(number); }

std::string clock_of(std::int64_t second) {
  auto text = two_digits(second / 3600) + ':' + two_digits(second / 60 % 60);
  if (second % 60 != 0) text += ':' + two_digits(second % 60);
  return text;
}

void add_part(std::string& text, std::int64_t count, const std::string& unit) {
  if (count == 0) return;
  if (!text.empty()) text += ' ';
  text += std::to_string(count) + ' ' + unit;
}

}  // namespace

std::string day_text(LocalDay day, Language language) {
  const std::chrono::year_month_day date{day};
  const auto weekday = std::chrono::weekday{day}.c_encoding();
  const auto month = static_cast<unsigned>(date.month());
  const auto day_of_month = static_cast<unsigned>(date.day());
  const auto year = std::to_string(static_cast<int>(date.year()));
  if (language == Language::vietnamese) {
    return kThu[weekday] + (' ' + two_digits(day_of_month)) + '/' + two_digits(month) + '/' + year;
  }
  return kWeekday[weekday] + (' ' + std::to_string(day_of_month)) + ' ' + kMonth[month - 1] + ' ' + year;
}

std::string clock_text(Instant at) { return clock_of(std::chrono::floor<seconds>(time_of_day(at)).count()); }

std::string moment_text(Instant at, Language language, bool closing) {
  const bool midnight = closing && time_of_day(at) == microseconds{0};
  const LocalDay day = midnight ? local_day(at) - days{1} : local_day(at);
  const auto clock = midnight ? std::string("24:00") : clock_text(at);
  return clock + (language == Language::vietnamese ? " " : " on ") + day_text(day, language);
}

std::string length_text(std::int64_t length, Language language) {
  const bool vi = language == Language::vietnamese;
  const auto unit = [&](std::int64_t count, const char* in_vi, const char* in_en) {
    return vi ? std::string(in_vi) : in_en + std::string(count == 1 ? "" : "s");
  };
  std::string text;
  add_part(text, length / 3600, unit(length / 3600, "giờ", "hour"));
  add_part(text, length / 60 % 60, unit(length / 60 % 60, "phút", "minute"));
  add_part(text, length % 60, unit(length % 60, "giây", "second"));
  return text.empty() ? (vi ? "0 phút" : "0 minutes") : text;
}

std::string amount_text(std::int64_t count, LimitUnit unit, Language language) {
  const auto say = [&](const char* in_vi, const char* in_en) {
    const auto number = std::to_string(count) + ' ';
    return number + (language == Language::vietnamese ? in_vi : in_en + std::string(count == 1 ? "" : "s"));
  };
  switch (unit) {
    case LimitUnit::working_hour:
      return say("giờ làm việc", "working hour");
    case LimitUnit::calendar_day:
      return say("ngày", "day");
    case LimitUnit::month:
      return say("tháng", "month");
    case LimitUnit::working_day:
    case LimitUnit::same_day:
    case LimitUnit::none:
      break;
  }
  return say("ngày làm việc", "working day");
}

}  // namespace motcua::engine
