#include "tests/simulation/model/office_calendar.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <stdexcept>

namespace motcua::simulation::model {
namespace {

constexpr Micros kOffset = 7 * kHour;
constexpr std::int64_t kDaysLookedAt = 400;
constexpr std::array kWeekdays{"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"};

std::chrono::year_month_day date_of(std::int64_t day) {
  return std::chrono::year_month_day{std::chrono::sys_days{std::chrono::days{day}}};
}

std::string weekday_of(std::int64_t day) {
  return kWeekdays.at(static_cast<std::size_t>((day % 7 + 11) % 7));  // 1970-01-01 was a Thursday
}

std::string month_day_of(std::int64_t day) {
  const auto date = date_of(day);
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), "%02u-%02u", static_cast<unsigned>(date.month()),
                static_cast<unsigned>(date.day()));
  return text.data();
}

Micros minutes_of(const std::string& text) {
  return std::stoi(text.substr(0, 2)) * kHour + std::stoi(text.substr(3, 2)) * 60 * kSecond;
}

std::vector<std::pair<Micros, Micros>> hours_of(const nlohmann::json& list) {
  std::vector<std::pair<Micros, Micros>> hours;
  for (const auto& window : list) {
    hours.emplace_back(minutes_of(window.at(0).get<std::string>()),
                       minutes_of(window.at(1).get<std::string>()));
  }
  return hours;
}

}  // namespace

std::int64_t local_day(Micros at) {
  const Micros local = at + kOffset;
  return local >= 0 ? local / kDay : -((kDay - 1 - local) / kDay);
}

Micros time_of_day(Micros at) { return at + kOffset - local_day(at) * kDay; }

Micros at_local(std::int64_t day, Micros since_midnight) { return day * kDay + since_midnight - kOffset; }

std::int64_t day_of(const std::string& iso) {
  const std::chrono::year_month_day date{
      std::chrono::year{std::stoi(iso.substr(0, 4))},
      std::chrono::month{static_cast<unsigned>(std::stoi(iso.substr(5, 2)))},
      std::chrono::day{static_cast<unsigned>(std::stoi(iso.substr(8, 2)))}};
  return std::chrono::sys_days{date}.time_since_epoch().count();
}

OfficeCalendar OfficeCalendar::read(const std::string& folder, const std::string& code) {
  std::ifstream stream(folder + '/' + code + ".json");
  if (!stream) throw std::runtime_error("no calendar " + code + " in " + folder);
  const auto file = nlohmann::json::parse(stream);
  auto calendar =
      file.contains("parent") ? read(folder, file["parent"].get<std::string>()) : OfficeCalendar{};
  calendar.add(file);
  return calendar;
}

void OfficeCalendar::add(const nlohmann::json& file) {
  const auto weekly = file.value("weekly", nlohmann::json::object());
  for (const auto& [day, hours] : weekly.items()) {
    week_.processing[day] = hours_of(hours.at("processing"));
    week_.reception[day] = hours_of(hours.at("reception"));
  }
  for (const auto& day : file.value("days", nlohmann::json::array())) {
    SpecialDay special{day.at("kind") == "OFF", {}};
    if (day.contains("replaces")) special.replaces = day_of(day["replaces"].get<std::string>());
    days_[day_of(day.at("date").get<std::string>())] = special;
  }
  for (const auto& holiday : file.value("yearly", nlohmann::json::array())) {
    yearly_.insert(holiday.at("day").get<std::string>());
  }
  if (file.contains("published_until")) published_until_ = day_of(file["published_until"].get<std::string>());
}

std::vector<Span> OfficeCalendar::windows(std::int64_t day, Desk desk) const {
  std::int64_t pattern = day;
  if (const auto special = days_.find(day); special != days_.end()) {
    if (special->second.off) return {};
    pattern = special->second.replaces.value_or(day);
  } else if (day > published_until_ && yearly_.contains(month_day_of(day))) {
    return {};
  }
  const auto& week = desk == Desk::processing ? week_.processing : week_.reception;
  const auto hours = week.find(weekday_of(pattern));
  std::vector<Span> list;
  if (hours == week.end()) return list;
  for (const auto& [from, to] : hours->second) list.push_back({at_local(day, from), at_local(day, to)});
  return list;
}

Micros OfficeCalendar::opening(Micros from, Desk desk) const { return after(from, 0, desk); }

Micros OfficeCalendar::after(Micros from, Micros amount, Desk desk) const {
  Micros left = amount;
  std::int64_t closed_days = 0;
  for (std::int64_t day = local_day(from); closed_days < kDaysLookedAt; ++day, ++closed_days) {
    for (const auto& window : windows(day, desk)) {
      const Micros opens = std::max(window.from, from);
      if (opens >= window.to) continue;
      closed_days = 0;
      if (left <= window.to - opens) return opens + left;
      left -= window.to - opens;
    }
  }
  throw std::runtime_error("the model's calendar never opens again");
}

Micros OfficeCalendar::between(Micros from, Micros to) const {
  Micros sum = 0;
  for (std::int64_t day = local_day(from); day <= local_day(to); ++day) {
    for (const auto& window : windows(day)) {
      sum += std::max<Micros>(0, std::min(window.to, to) - std::max(window.from, from));
    }
  }
  return sum;
}

Micros OfficeCalendar::close_after(Micros from) const { return windows(local_day(opening(from))).back().to; }

bool OfficeCalendar::in_window(Micros at) const {
  const auto list = windows(local_day(at));
  return std::any_of(list.begin(), list.end(),
                     [&](const Span& window) { return window.from <= at && at <= window.to; });
}

}  // namespace motcua::simulation::model
