#include "engine/deadline/sentences.hpp"

#include "engine/deadline/wording.hpp"

#include <algorithm>
#include <utility>

namespace motcua::engine {
namespace {

using std::chrono::microseconds;

constexpr const char* kUnverified = "unverified";

/// Consecutive intervals that one sentence tells.
struct Group {
  std::string rule{};
  Instant from{};
  Instant to{};
  std::int64_t counted_seconds = 0;
  std::int64_t counted_days = 0;
  bool lunch = false;
  bool night = false;
  const DerivationInterval* first = nullptr;
};

bool is_within_a_day(const DerivationInterval& interval) {
  return local_day(interval.from) == local_day(interval.to);
}

bool is_whole_day(std::string_view rule) { return rule == rule::counted_day || rule == rule::calendar_day; }

void extend(Group& group, const DerivationInterval& interval) {
  group.to = interval.to;
  group.counted_seconds += interval.counted_seconds;
  group.counted_days += is_whole_day(interval.rule) && interval.counted_seconds > 0 ? 1 : 0;
}

/// True if both are told by one sentence: office hours and counted days of a run, the same make-up day.
bool continues(const Group& group, const DerivationInterval& interval) {
  if (group.rule != interval.rule) return false;
  if (group.rule == rule::worked_instead) {
    return local_day(group.first->from) == local_day(interval.from);
  }
  const bool run = group.rule == rule::processing_window || group.rule == rule::after_cutoff ||
                   group.rule == rule::reception_closed;
  return run || (is_whole_day(group.rule) && group.first->name == interval.name);
}

/// Time outside the office hours is told where a span begins with it; else the hours around it say enough.
std::vector<Group> groups_of(const std::vector<DerivationInterval>& intervals) {
  std::vector<Group> groups;
  bool span_begins = true;
  const DerivationInterval* gap = nullptr;
  for (const auto& interval : intervals) {
    if (interval.rule == rule::outside_hours) {
      if (span_begins) {
        groups.push_back({interval.rule, interval.from, interval.to, 0, 0, false, false, &interval});
      } else {
        gap = &interval;
      }
      continue;
    }
    if (!groups.empty() && continues(groups.back(), interval)) {
      if (gap != nullptr) (is_within_a_day(*gap) ? groups.back().lunch : groups.back().night) = true;
      extend(groups.back(), interval);
    } else {
      groups.push_back({interval.rule, interval.from, interval.to, 0, 0, false, false, &interval});
      extend(groups.back(), interval);
    }
    gap = nullptr;
    span_begins = interval.rule == rule::clock_paused;
  }
  return groups;
}

/// Writes the sentences of one language.
class Teller {
 public:
  Teller(Language language, const Limit& limit, const Standing& standing, const ReasonNames& reasons)
      : language_(language), limit_(limit), standing_(standing), reasons_(reasons) {}

  [[nodiscard]] std::string tell(const Group& group) const {
    const auto& rule = group.rule;
    if (rule == rule::processing_window) return office_hours(group);
    if (rule == rule::worked_instead) return make_up_day(group);
    if (rule == rule::counted_day) return counted_days(group);
    if (rule == rule::calendar_day) return calendar_days(group);
    if (rule == rule::ends_on_day_off) return day_off_at_the_end(group);
    if (rule == rule::holiday || rule == rule::expected_holiday) return holiday(group);
    if (rule == rule::clock_paused) return pause(group);
    return uncounted(group);
  }

  /// The limit with what the law adds to it: `8 ngày làm việc`, then each addition with its basis.
  [[nodiscard]] std::string added() const {
    auto text = say("Thời hạn là ", "The time limit is ") + amount(limit_.amount);
    for (const auto& each : limit_.added) {
      const auto& basis =
          each.basis.empty() ? std::string(say("căn cứ chưa kiểm chứng", "basis unverified")) : each.basis;
      text += say(", cộng thêm ", ", with ") + amount(each.amount) + say("", " more") + " (" + basis + ")";
    }
    return text + '.';
  }

  [[nodiscard]] std::string unlimited() const {
    return say("Pháp luật không quy định thời hạn giải quyết thủ tục này nên không hẹn ngày trả kết quả.",
               "The law states no time limit for this procedure, so no date is promised.");
  }

  [[nodiscard]] std::string closing() const {
    std::string text;
    if (standing_.legal_due) {
      text = say("Vì vậy hạn giải quyết là ", "The time limit therefore ends at ") +
             moment(*standing_.legal_due, true);
    } else if (standing_.remaining && standing_.used_up_at) {
      text = say("Thời hạn đã hết từ ", "The time limit had ended at ") +
             moment(*standing_.used_up_at, true) + say(", trước khi tạm dừng", ", before the pause");
    } else if (standing_.remaining) {
      text = say("Thời hạn đang tạm dừng, còn lại ", "The time limit is paused with ") + left() +
             say("", " left");
    }
    if (standing_.provisional) {
      text += say(", tạm tính vì lịch nghỉ sau ngày ", ", provisional because the days off after ") +
              day_text(standing_.published_until, language_) +
              say(" chưa được công bố", " are not announced yet");
    }
    return text + '.';
  }

 private:
  [[nodiscard]] std::string say(const char* vi, const char* en) const {
    return language_ == Language::vietnamese ? vi : en;
  }
  [[nodiscard]] std::string moment(Instant at, bool closing = false) const {
    return moment_text(at, language_, closing);
  }
  [[nodiscard]] std::string days_of(const Group& group) const {
    const LocalDay first = local_day(group.from);
    const LocalDay last = local_day(group.to - microseconds{1});
    if (first == last) return say("Ngày ", "") + day_text(first, language_);
    return say("Từ ", "From ") + day_text(first, language_) + say(" đến ", " to ") +
           day_text(last, language_);
  }

  [[nodiscard]] std::string span(const Group& group) const {
    const LocalDay day = local_day(group.from);
    if (day != local_day(group.to - microseconds{1})) {
      return say("Từ ", "From ") + moment(group.from) + say(" đến ", " to ") + moment(group.to, true);
    }
    const bool midnight = local_day(group.to) != day;
    return say("Từ ", "From ") + clock_text(group.from) + say(" đến ", " to ") +
           (midnight ? std::string("24:00") : clock_text(group.to)) + say(" ", " on ") +
           day_text(day, language_);
  }

  /// `, trừ nghỉ trưa và ngoài giờ`.
  [[nodiscard]] std::string breaks(const Group& group) const {
    if (group.lunch && group.night) {
      return say(", trừ giờ nghỉ trưa và ngoài giờ làm việc",
                 ", without lunch breaks and the time outside office hours");
    }
    if (group.lunch) return say(", trừ giờ nghỉ trưa", ", without the lunch break");
    return group.night ? say(", trừ ngoài giờ làm việc", ", without the time outside office hours") : "";
  }

  [[nodiscard]] std::string counted(const Group& group) const {
    return say(": tính ", ": ") + length_text(group.counted_seconds, language_) +
           say(" làm việc", " of working time") + breaks(group) + say(".", ".");
  }

  [[nodiscard]] std::string office_hours(const Group& group) const { return span(group) + counted(group); }

  [[nodiscard]] std::string notice(const Group& group) const {
    const auto& notice = group.first->notice;
    if (notice.empty()) return "";
    if (notice == kUnverified) return say(" (thông báo chưa kiểm chứng)", " (notice unverified)");
    return say(" theo thông báo ", " by notice ") + notice;
  }

  [[nodiscard]] std::string replaced(const Group& group) const {
    if (!group.first->replaces) return say("ngày làm việc theo lịch riêng", "a working day by its own hours");
    return say("ngày làm bù cho ", "worked in exchange for ") + day_text(*group.first->replaces, language_);
  }

  [[nodiscard]] std::string make_up_day(const Group& group) const {
    return span(group) + ", " + replaced(group) + notice(group) + counted(group);
  }

  [[nodiscard]] std::string counted_days(const Group& group) const {
    const bool make_up = group.first->replaces.has_value() || !group.first->name.empty();
    return days_of(group) + (make_up ? ", " + replaced(group) + notice(group) : "") + say(": tính ", ": ") +
           number_of_working_days(group.counted_days) + '.';
  }

  [[nodiscard]] std::string calendar_days(const Group& group) const {
    const bool run = group.counted_days > 1;
    return days_of(group) + say(": tính ", ": ") + number_of_days(group.counted_days) +
           (run ? say(", kể cả ngày nghỉ", ", days off included") : "") + '.';
  }

  [[nodiscard]] const std::string& name_of_day(const Group& group) const {
    const auto& first = *group.first;
    return language_ == Language::vietnamese || first.name_en.empty() ? first.name : first.name_en;
  }

  [[nodiscard]] std::string day_off_at_the_end(const Group& group) const {
    const auto& name = name_of_day(group);
    const auto day = name.empty() ? say("nghỉ hằng tuần", "weekly rest")
                                  : say("nghỉ “", "day off “") + name + "”" + notice(group);
    return days_of(group) + ": " + day +
           say("; thời hạn không kết thúc vào ngày nghỉ mà vào ngày làm việc tiếp theo.",
               "; the limit does not end on a day off but on the next working day.");
  }

  [[nodiscard]] std::string holiday(const Group& group) const {
    const auto& name = name_of_day(group);
    const auto expected =
        group.rule == rule::expected_holiday
            ? say(" (ngày cố định, chưa có thông báo của năm)", " (fixed date, no notice of the year yet)")
            : notice(group);
    return days_of(group) + say(": không tính, nghỉ “", ": not counted, day off “") + name + "”" + expected +
           '.';
  }

  [[nodiscard]] std::string pause(const Group& group) const {
    const auto found = reasons_.find(group.first->reason);
    const auto reason = found == reasons_.end()             ? group.first->reason
                        : language_ == Language::vietnamese ? found->second.vi
                                                            : found->second.en;
    return span(group) + say(": không tính, tạm dừng vì ", ": not counted, paused for the reason: ") +
           reason + '.';
  }

  [[nodiscard]] std::string uncounted(const Group& group) const {
    if (group.rule == rule::rest_day) {
      return days_of(group) + say(": không tính, nghỉ hằng tuần.", ": not counted, weekly rest.");
    }
    if (group.rule == rule::outside_hours) {
      return span(group) + say(": không tính, ngoài giờ làm việc.", ": not counted, outside office hours.");
    }
    if (group.rule == rule::reception_closed) {
      return say("Nhận lúc ", "Received at ") + moment(group.from) +
             say(", ngoài giờ tiếp nhận, nên tính từ giờ mở cửa tiếp theo.",
                 ", when the desk was closed, so it counts from the next opening.");
    }
    if (group.rule == rule::after_cutoff) return cut_off(group);
    if (group.rule == rule::receipt_day) {
      return days_of(group) + say(": không tính, là ngày tiếp nhận.", ": not counted, the day of receipt.");
    }
    if (group.rule == rule::paused_day) {
      return days_of(group) +
             say(": không tính, có lúc tạm dừng trong ngày.", ": not counted, paused for a part of the day.");
    }
    return span(group) + say(": giải quyết trong ngày, đến hết giờ làm việc.",
                             ": to be settled within the day, by the close of business.");
  }

  [[nodiscard]] std::string cut_off(const Group& group) const {
    const auto cutoff = limit_.cutoff.value_or(std::chrono::seconds{0});
    const auto at = clock_text(instant_at(local_day(group.from), cutoff));
    return say("Nhận lúc ", "Received at ") + moment(group.from) + say(", sau ", ", after ") + at +
           say(", nên tính như nhận vào ngày làm việc tiếp theo.",
               ", so it counts as received on the next working day.");
  }

  [[nodiscard]] std::string left() const {
    const auto seconds = standing_.remaining->count;
    if (!counts_whole_days(limit_) || limit_.unit == LimitUnit::same_day) {
      return length_text(seconds, language_) + say(" làm việc", " of working time");
    }
    const auto whole = seconds / kWorkingDaySeconds;
    return counts_days_off(limit_) ? number_of_days(whole) : number_of_working_days(whole);
  }

  [[nodiscard]] std::string number_of_days(std::int64_t count) const {
    return amount_text(count, LimitUnit::calendar_day, language_);
  }
  [[nodiscard]] std::string number_of_working_days(std::int64_t count) const {
    return amount_text(count, LimitUnit::working_day, language_);
  }
  [[nodiscard]] std::string amount(std::int64_t count) const {
    return amount_text(count, limit_.unit, language_);
  }

  Language language_;
  const Limit& limit_;
  const Standing& standing_;
  const ReasonNames& reasons_;
};

}  // namespace

const ReasonNames& common_reasons() {
  static const ReasonNames kReasons{
      {"supplement", {"chờ bổ sung hồ sơ", "waiting for the applicant's supplement"}},
      {"payment", {"chờ thực hiện nghĩa vụ tài chính", "waiting for the applicant's payment"}}};
  return kReasons;
}

Sentences sentences_of(const Limit& limit, const Standing& standing, const ReasonNames& reasons) {
  Sentences sentences;
  const Teller vi(Language::vietnamese, limit, standing, reasons);
  const Teller en(Language::english, limit, standing, reasons);
  if (standing.unlimited) return {{vi.unlimited()}, {en.unlimited()}};
  if (!standing.legal_due && !standing.remaining) return sentences;
  if (!limit.added.empty()) {
    sentences.vi.push_back(vi.added());
    sentences.en.push_back(en.added());
  }
  for (const auto& group : groups_of(standing.derivation)) {
    sentences.vi.push_back(vi.tell(group));
    sentences.en.push_back(en.tell(group));
  }
  sentences.vi.push_back(vi.closing());
  sentences.en.push_back(en.closing());
  return sentences;
}

}  // namespace motcua::engine
