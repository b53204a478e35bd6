#include "workflows/loader/calendar_family.hpp"
#include "workflows/loader/readers.hpp"

#include <array>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace motcua::workflows {
namespace {

using engine::Window;
using engine::WorkingCalendar;

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

/// `MM-DD`; nullopt for anything else. 29 February counts: some years have it.
std::optional<std::chrono::month_day> day_of_year(const std::string& text) {
  const auto day = engine::parse_iso_day("2024-" + text);
  if (!day) {
    return std::nullopt;
  }
  const std::chrono::year_month_day date{*day};
  return std::chrono::month_day{date.month(), date.day()};
}

/// One law id or several.
std::string law_of(const Json& json) {
  std::string text = text_of(json, "law");
  engine::each_element(member(json, "law"), "", [&](const std::string&, const Json& id) {
    text += (text.empty() ? "" : ", ") + (id.is_string() ? id.get<std::string>() : std::string());
  });
  return text;
}

class CalendarReader {
 public:
  explicit CalendarReader(LocatedJson& located) : located_(located) {}

  void week(const Json& weekly, WorkingCalendar& calendar) {
    for (std::size_t day = 0; day < kWeekdays.size(); ++day) {
      if (!weekly.is_object() || !weekly.contains(kWeekdays[day])) {
        continue;
      }
      auto hours =
          day_hours(member(weekly, kWeekdays[day]), below("/weekly", std::string_view(kWeekdays[day])));
      calendar.processing[day] = std::move(hours.processing);
      calendar.reception[day] = std::move(hours.reception);
    }
  }

  /// The days of the document, which take the place of those in `calendar`.
  void days(const Json& list, WorkingCalendar& calendar) {
    std::map<engine::LocalDay, engine::DayOverride> own;
    engine::each_element(list, "/days", [&](const std::string& at, const Json& json) {
      const auto day = override_day(json, at, own);
      if (day) {
        places_.emplace(*day, at);
      }
    });
    for (auto& [day, entry] : own) {
      calendar.overrides[day] = std::move(entry);
    }
  }

  void fixed_days(const Json& list, WorkingCalendar& calendar) {
    engine::each_element(list, "/yearly", [&](const std::string& at, const Json& json) {
      const auto day = day_of_year(text_of(json, "day"));
      if (!day) {
        return fail(below(at, "day"), "bad-date", "not a day of the year MM-DD");
      }
      if (!calendar.yearly.emplace(*day, entry_of(json, engine::DayKind::off)).second) {
        fail(below(at, "day"), "duplicate-day", "the day is given twice");
      }
    });
  }

  /// Needs the whole calendar: the windows of a make-up day are those of the weekday that it replaces.
  void check_work_days(const WorkingCalendar& calendar) {
    for (const auto& [day, at] : places_) {
      const bool work = calendar.overrides.at(day).kind == engine::DayKind::work;
      if (work && calendar.windows_on(day).empty()) {
        fail(at, "empty-work-day",
             "a WORK day needs processing windows: its own `hours`, or those of the "
             "weekday that it replaces");
      }
    }
  }

  void fail(const std::string& at, const std::string& rule, const std::string& message) {
    located_.error(at, rule, message);
    readable_ = false;
  }
  [[nodiscard]] bool readable() const { return readable_; }

 private:
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

  engine::DayHours day_hours(const Json& json, const std::string& at) {
    return {windows(member(json, "processing"), below(at, "processing")),
            windows(member(json, "reception"), below(at, "reception"))};
  }

  static engine::DayOverride entry_of(const Json& json, engine::DayKind kind) {
    engine::DayOverride entry;
    entry.kind = kind;
    const auto name = read_label(member(json, "name"));
    entry.name = name.vi;
    entry.name_en = name.en;
    entry.notice = text_of(json, "notice");
    entry.law = law_of(json);
    return entry;
  }

  std::optional<engine::LocalDay> override_day(const Json& json, const std::string& at,
                                               std::map<engine::LocalDay, engine::DayOverride>& own) {
    const auto day = engine::parse_iso_day(text_of(json, "date"));
    const bool work = text_of(json, "kind") == "WORK";
    const std::string replaced = text_of(json, "replaces");
    const auto replaces = engine::parse_iso_day(replaced);
    if (!day || (!replaced.empty() && !replaces)) {
      fail(below(at, day ? "replaces" : "date"), "bad-date", "not a calendar date YYYY-MM-DD");
      return std::nullopt;
    }
    const Json& hours = member(json, "hours");
    if (work == (!replaces && hours.is_null())) {
      fail(at, "bad-override", "a WORK day, and only that, has `hours` or names the day it replaces");
      return std::nullopt;
    }
    auto entry = entry_of(json, work ? engine::DayKind::work : engine::DayKind::off);
    entry.replaces = replaces;
    if (!hours.is_null()) {
      entry.hours = day_hours(hours, below(at, "hours"));
    }
    if (!own.emplace(*day, std::move(entry)).second) {
      fail(below(at, "date"), "duplicate-day", "the day is given twice");
    }
    return day;
  }

  LocatedJson& located_;
  bool readable_ = true;
  std::map<engine::LocalDay, std::string> places_{};
};

/// A law id means one thing in the whole family.
void check_laws(CalendarReader& reader, const Json& document, const WorkingCalendar& parent) {
  const Json base = Json::parse(parent.document, nullptr, false);
  engine::each_element(member(document, "law"), "/law", [&](const std::string& at, const Json& law) {
    engine::each_element(member(base, "law"), "", [&](const std::string&, const Json& inherited) {
      if (text_of(law, "id") == text_of(inherited, "id") && law != inherited) {
        reader.fail(at, "law-conflict", "the parent has another law under this id");
      }
    });
  });
}

/// SHA-256 of the file that the stored text was made from.
engine::Digest source_of(const Json& document, const engine::Digest& hash) {
  return engine::digest_from_hex(text_of(member(document, "resolved"), "source")).value_or(hash);
}

std::shared_ptr<WorkingCalendar> read(LocatedJson& located, const WorkingCalendar* parent) {
  const Json& document = located.document;
  CalendarReader reader(located);
  auto calendar =
      parent != nullptr ? std::make_shared<WorkingCalendar>(*parent) : std::make_shared<WorkingCalendar>();
  const Json& version = member(document, "version");
  calendar->code = text_of(document, "code");
  if (!version.is_number_integer() || calendar->code.empty()) {
    reader.fail("", "unreadable", "code and version are what a calendar needs at least");
  } else {
    calendar->version = version.get<std::int64_t>();
  }
  if (parent != nullptr) {
    check_laws(reader, document, *parent);
  } else if (const auto until = engine::parse_iso_day(text_of(document, "published_until"))) {
    calendar->published_until = *until;
  } else {
    reader.fail("/published_until", "bad-date", "not a calendar date YYYY-MM-DD");
  }
  reader.week(member(document, "weekly"), *calendar);
  if (parent == nullptr) {
    reader.fixed_days(member(document, "yearly"), *calendar);
  }
  reader.days(member(document, "days"), *calendar);
  reader.check_work_days(*calendar);
  return reader.readable() ? calendar : nullptr;
}

std::shared_ptr<const WorkingCalendar> read_whole(LocatedJson& located, const std::string& bytes) {
  auto calendar = read(located, nullptr);
  if (calendar) {
    calendar->hash = sha256(bytes);
    calendar->source = source_of(located.document, calendar->hash);
    calendar->document = bytes;
  }
  return calendar;
}

}  // namespace

std::shared_ptr<const WorkingCalendar> read_calendar(LocatedJson& located, const std::string& bytes,
                                                     const WorkingCalendar* parent) {
  if (parent == nullptr) {
    return read_whole(located, bytes);
  }
  if (!read(located, parent)) {
    return nullptr;
  }
  // What is counted with is read from the text that is stored: a copied data folder cannot differ.
  const std::string text = resolved_text(located.document, bytes, *parent);
  LocatedJson resolved = parse_located(text, located.file);
  auto calendar = resolved.readable ? read_whole(resolved, text) : nullptr;
  if (!calendar) {
    located.error("", "unreadable", "with its parent's part the calendar cannot be read");
  }
  return calendar;
}

}  // namespace motcua::workflows
