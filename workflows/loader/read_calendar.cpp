#include "workflows/loader/readers.hpp"

#include <array>
#include <optional>
#include <utility>
#include <vector>

namespace motcua::workflows {
namespace {

using engine::Window;

/// Sunday first, as `std::chrono::weekday::c_encoding` counts.
constexpr std::array<const char*, 7> kWeekdays{"sunday",   "monday", "tuesday", "wednesday",
                                               "thursday", "friday", "saturday"};

bool digits(const std::string& text, std::size_t first) {
  return text[first] >= '0' && text[first] <= '9' && text[first + 1] >= '0' && text[first + 1] <= '9';
}

std::optional<std::chrono::seconds> time_of_day(const Json& json) {
  const std::string text = json.is_string() ? json.get<std::string>() : "";
  if (text.size() != 5 || text[2] != ':' || !digits(text, 0) || !digits(text, 3)) {
    return std::nullopt;
  }
  const int hour = (text[0] - '0') * 10 + (text[1] - '0');
  const int minute = (text[3] - '0') * 10 + (text[4] - '0');
  const bool midnight = hour == 24 && minute == 0;  // the end of a day
  if (!midnight && (hour > 23 || minute > 59)) {
    return std::nullopt;
  }
  return std::chrono::hours(hour) + std::chrono::minutes(minute);
}

class CalendarReader {
 public:
  explicit CalendarReader(LocatedJson& located) : located_(located) {}

  std::vector<Window> windows(const Json& list, const std::string& at) {
    std::vector<Window> windows;
    engine::each_element(list, at, [&](const std::string& pointer, const Json& pair) {
      const auto from = pair.is_array() && pair.size() == 2 ? time_of_day(pair[0]) : std::nullopt;
      const auto to = pair.is_array() && pair.size() == 2 ? time_of_day(pair[1]) : std::nullopt;
      if (!from || !to || *from >= *to) {
        fail(pointer, "bad-window", "a window is [from, to] as HH:MM, from before to");
      } else if (!windows.empty() && *from < windows.back().to) {
        fail(pointer, "bad-window", "windows of a day are ascending and do not overlap");
      } else {
        windows.push_back({*from, *to});
      }
    });
    return windows;
  }

  void override_day(const Json& json, const std::string& at, engine::WorkingCalendar& calendar) {
    const auto day = engine::parse_iso_day(text_of(json, "date"));
    const bool work = text_of(json, "kind") == "WORK";
    const std::string replaced = text_of(json, "replaces");
    const auto replaces = engine::parse_iso_day(replaced);
    if (!day || (!replaced.empty() && !replaces)) {
      return fail(below(at, day ? "replaces" : "date"), "bad-date", "not a calendar date YYYY-MM-DD");
    }
    if (work != replaces.has_value()) {
      return fail(at, "bad-override", "a WORK day, and only that, names the day it replaces");
    }
    engine::DayOverride entry;
    entry.kind = work ? engine::DayKind::work : engine::DayKind::off;
    entry.replaces = replaces;
    entry.name = read_label(member(json, "name")).vi;
    entry.notice = text_of(json, "notice");
    entry.law = text_of(json, "law");
    if (!calendar.overrides.emplace(*day, std::move(entry)).second) {
      fail(below(at, "date"), "duplicate-day", "the day is given twice");
    }
  }

  void fail(const std::string& at, const std::string& rule, const std::string& message) {
    located_.error(at, rule, message);
    readable_ = false;
  }
  [[nodiscard]] bool readable() const { return readable_; }

 private:
  LocatedJson& located_;
  bool readable_ = true;
};

}  // namespace

std::shared_ptr<const engine::WorkingCalendar> read_calendar(LocatedJson& located, const std::string& bytes) {
  const Json& document = located.document;
  CalendarReader reader(located);
  auto calendar = std::make_shared<engine::WorkingCalendar>();
  const auto until = engine::parse_iso_day(text_of(document, "published_until"));
  const Json& version = member(document, "version");
  calendar->code = text_of(document, "code");
  if (!until) {
    reader.fail("/published_until", "bad-date", "not a calendar date YYYY-MM-DD");
  }
  if (!version.is_number_integer() || calendar->code.empty()) {
    reader.fail("", "unreadable", "code, version and published_until are what a calendar needs at least");
  }
  const Json& weekly = member(document, "weekly");
  for (std::size_t day = 0; day < kWeekdays.size(); ++day) {
    const Json& hours = member(weekly, kWeekdays[day]);
    const std::string at = below("/weekly", std::string_view(kWeekdays[day]));
    calendar->processing[day] = reader.windows(member(hours, "processing"), below(at, "processing"));
    calendar->reception[day] = reader.windows(member(hours, "reception"), below(at, "reception"));
  }
  engine::each_element(member(document, "days"), "/days", [&](const std::string& at, const Json& json) {
    reader.override_day(json, at, *calendar);
  });
  if (!reader.readable()) {
    return nullptr;
  }
  calendar->version = version.get<std::int64_t>();
  calendar->hash = sha256(bytes);
  calendar->published_until = *until;
  calendar->document = bytes;
  return calendar;
}

}  // namespace motcua::workflows
