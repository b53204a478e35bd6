#include "tests/deadline/sample_calendars.hpp"

#include <chrono>
#include <string>

namespace motcua::engine {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

LocalDay day_of(int month, int day) { return LocalDay{std::chrono::year{2026} / month / day}; }

std::vector<Window> office_hours() {
  return {{hours{7}, hours{11} + minutes{30}}, {hours{13} + minutes{30}, hours{17}}};
}

DayOverride off(const char* name, const char* notice, const char* name_en = "") {
  return {DayKind::off, std::nullopt, name, notice, "Bộ luật Lao động 2019, Điều 112", name_en};
}

DayOverride worked_for(LocalDay day, const char* notice) {
  return {DayKind::work, day, "làm bù", notice, "unverified"};
}

}  // namespace

WorkingCalendar civil_servants_2026() {
  constexpr auto kNotice = "TB 9441/TB-BNV";
  WorkingCalendar calendar;
  calendar.code = "test-2026";
  calendar.published_until = day_of(12, 31);
  for (std::size_t weekday = 1; weekday <= 5; ++weekday) calendar.processing[weekday] = office_hours();
  calendar.reception = calendar.processing;
  calendar.overrides[day_of(1, 1)] = off("Tết Dương lịch", kNotice);
  calendar.overrides[day_of(1, 2)] = off("nghỉ hoán đổi", "unverified", "day in exchange");
  calendar.overrides[day_of(1, 10)] = worked_for(day_of(1, 2), "unverified");
  for (int day = 16; day <= 20; ++day) calendar.overrides[day_of(2, day)] = off("Tết Nguyên đán", kNotice);
  calendar.overrides[day_of(8, 22)] = worked_for(day_of(8, 31), kNotice);
  calendar.overrides[day_of(8, 31)] = off("nghỉ hoán đổi", kNotice, "day in exchange");
  calendar.overrides[day_of(9, 1)] = off("Quốc khánh", kNotice, "National Day");
  calendar.overrides[day_of(9, 2)] = off("Quốc khánh", kNotice, "National Day");
  return calendar;
}

rc::Gen<WorkingCalendar> any_calendar() {
  return rc::gen::exec([] {
    const std::vector<std::vector<Window>> patterns{
        {},
        office_hours(),
        {{hours{8}, hours{12}}},
        {{hours{0}, hours{24}}},
        {{hours{0}, hours{1}}, {hours{1}, hours{2}}, {hours{23}, hours{24}}},
        {{hours{9} + seconds{1}, hours{9} + seconds{2}}},
    };
    WorkingCalendar calendar;
    for (auto& weekday : calendar.processing) weekday = *rc::gen::elementOf(patterns);
    calendar.processing[1] = office_hours();
    calendar.reception = calendar.processing;
    const int overrides = *rc::gen::inRange(0, 20);
    for (int i = 0; i < overrides; ++i) {
      DayOverride override_ = off("", "");
      override_.notice = std::to_string(*rc::gen::inRange(0, 3));
      if (*rc::gen::arbitrary<bool>()) {
        override_ = worked_for(day_of(1, 1) + days{*rc::gen::inRange(0, 365)}, "w");
      }
      calendar.overrides[day_of(1, 1) + days{*rc::gen::inRange(0, 365)}] = override_;
    }
    return calendar;
  });
}

rc::Gen<Instant> any_instant() {
  return rc::gen::exec([] {
    const auto day = day_of(1, 1) + days{*rc::gen::resize(100, rc::gen::inRange(-31, 396))};
    return instant_at(day, seconds{*rc::gen::resize(100, rc::gen::inRange(0, 86'400))});
  });
}

}  // namespace motcua::engine
