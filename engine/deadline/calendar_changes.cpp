#include "engine/deadline/calendar_changes.hpp"

#include "engine/deadline/wording.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace motcua::engine {
namespace {

using std::chrono::days;

/// Most days that one sentence names.
constexpr std::size_t kDaysNamed = 5;

LocalDay first_said(const WorkingCalendar& calendar) {
  return calendar.overrides.empty() ? calendar.published_until : calendar.overrides.begin()->first;
}
LocalDay last_said(const WorkingCalendar& calendar) {
  const auto last = calendar.overrides.empty() ? LocalDay{} : calendar.overrides.rbegin()->first;
  return std::max(calendar.published_until, last);
}

bool same_hours(const WorkingCalendar& before, const WorkingCalendar& after, LocalDay day, Hours hours) {
  return before.windows_on(day, hours) == after.windows_on(day, hours);
}

bool same_kind(const DayOverride* before, const DayOverride* after) {
  if (before == nullptr || after == nullptr) return before == after;
  return before->kind == after->kind && before->replaces == after->replaces;
}

bool same_day(const WorkingCalendar& before, const WorkingCalendar& after, LocalDay day) {
  return same_kind(before.override_on(day), after.override_on(day)) &&
         same_hours(before, after, day, Hours::processing) &&
         same_hours(before, after, day, Hours::reception);
}

std::string notice_text(const DayOverride& day, Language language) {
  const bool vi = language == Language::vietnamese;
  if (day.notice.empty()) return "";
  if (day.notice == "unverified") return vi ? " (thông báo chưa kiểm chứng)" : " (notice unverified)";
  return (vi ? " theo thông báo " : " by notice ") + day.notice;
}

std::string one_change(const CalendarChange& change, LocalDay day, Language language) {
  const bool vi = language == Language::vietnamese;
  const auto* said = change.after->override_on(day);
  const auto text = day_text(day, language);
  if (said == nullptr) {
    return vi ? text + " theo giờ làm việc hằng tuần" : text + " with the hours of its weekday";
  }
  if (said->kind == DayKind::off) {
    const auto& name = vi || said->name_en.empty() ? said->name : said->name_en;
    return (vi ? "nghỉ " : "the day off of ") + text + " “" + name + "”" + notice_text(*said, language);
  }
  auto worked = (vi ? "làm việc " : "the working day of ") + text;
  if (said->replaces) {
    worked += (vi ? " bù cho " : " in exchange for ") + day_text(*said->replaces, language);
  }
  return worked + notice_text(*said, language);
}

/// The changed days that lie in the time counted: up to the later of the two dates.
std::vector<LocalDay> days_that_matter(const CalendarChange& change, std::optional<Instant> before,
                                       std::optional<Instant> after) {
  if (!before || !after) return change.days;
  const auto last = local_day(std::max(*before, *after));
  std::vector<LocalDay> list;
  for (const auto day : change.days) {
    if (day <= last) list.push_back(day);
  }
  return list;
}

std::string named_days(const CalendarChange& change, const std::vector<LocalDay>& list, Language language) {
  std::string text;
  const auto first = list.size() - std::min(list.size(), kDaysNamed);
  for (auto i = first; i < list.size(); ++i) {
    text += (text.empty() ? "" : "; ") + one_change(change, list[i], language);
  }
  return text;
}

std::string sentence(const CalendarChange& change, std::optional<Instant> before,
                     std::optional<Instant> after, Language language) {
  const bool vi = language == Language::vietnamese;
  auto text = (vi ? "Do lịch làm việc thay đổi (" : "Because the working calendar changed (") +
              named_days(change, days_that_matter(change, before, after), language) + "), ";
  if (!before || !after) {
    return text + (vi ? "thời hạn đang tạm dừng sẽ được tính theo lịch mới khi tiếp tục."
                      : "the paused time limit will be counted by the new calendar when it goes on.");
  }
  return text + (vi ? "hạn giải quyết chuyển từ " : "the due date moves from ") +
         moment_text(*before, language, true) + (vi ? " sang " : " to ") +
         moment_text(*after, language, true) + '.';
}

}  // namespace

CalendarChange change_between(std::shared_ptr<const WorkingCalendar> before,
                              std::shared_ptr<const WorkingCalendar> after) {
  CalendarChange change{std::move(before), std::move(after), {}};
  const auto last = std::max(last_said(*change.before), last_said(*change.after));
  for (auto day = std::min(first_said(*change.before), first_said(*change.after)); day <= last;
       day += days{1}) {
    if (!same_hours(*change.before, *change.after, day, Hours::processing)) change.days.push_back(day);
  }
  return change;
}

std::optional<LocalDay> changed_past_day(const WorkingCalendar& before, const WorkingCalendar& after,
                                         LocalDay today) {
  // A week without any special day shows the weekly pattern.
  const auto first = std::min({first_said(before), first_said(after), today - days{7}});
  for (auto day = std::min(today, before.published_until); day >= first; day -= days{1}) {
    if (!same_day(before, after, day)) return day;
  }
  return std::nullopt;
}

ChangeText text_of_change(const CalendarChange& change, LocalDay day) {
  return {one_change(change, day, Language::vietnamese), one_change(change, day, Language::english)};
}

ChangeText sentence_of_change(const CalendarChange& change, std::optional<Instant> due_before,
                              std::optional<Instant> due_after) {
  return {sentence(change, due_before, due_after, Language::vietnamese),
          sentence(change, due_before, due_after, Language::english)};
}

}  // namespace motcua::engine
