#include "workflows/import/digit_values.hpp"

#include <algorithm>
#include <cstdint>

namespace motcua::workflows {
namespace {

constexpr std::int64_t kMinuteMs = 60'000;
constexpr std::int64_t kDayMs = 86'400'000;
constexpr std::int64_t kDaysMax = 10'000;

std::string milliseconds(std::int64_t sla) { return std::to_string(sla) + " ms"; }

}  // namespace

bool is_uuid(std::string_view text) {
  if (text.size() != 36) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    const bool hexadecimal = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    if (dash ? c != '-' : !hexadecimal) return false;
  }
  return true;
}

bool DigitSource::flag(const Json& object, const std::string& at, const char* name, bool absent) {
  const Json& value = member(object, name);
  if (value.is_null()) return absent;
  if (value.is_boolean()) return value.get<bool>();
  const std::string text = value.is_string() ? value.get<std::string>() : std::string();
  if (text == "true" || text == "false") {
    warning(below(at, name), "text-boolean",
            std::string("`") + name + "` is the text \"" + text + "\" and was taken for the boolean");
    return text == "true";
  }
  error(below(at, name), "not-a-boolean",
        std::string("`") + name + "` is neither true nor false: taken for " + (absent ? "true" : "false"));
  return absent;
}

void DigitSource::other_members(const Json& object, const std::string& at,
                                const std::vector<std::string_view>& known) {
  engine::each_member(object, at,
                      [&](const std::string& pointer, const std::string& name, const Json& value) {
                        if (value.is_null() || std::find(known.begin(), known.end(), name) != known.end())
                          return;
                        if (!said_.insert(name).second) return;
                        warning(pointer, "attribute-not-carried",
                                "`" + name + "` has no counterpart: not carried over, here and below");
                      });
}

/// 0 if the limit cannot be carried over.
std::int64_t DigitSource::whole_days(const Json& sla, const std::string& pointer) {
  if (sla.is_null()) return 0;
  if (!sla.is_number_integer()) {
    error(pointer, "not-an-sla", "an SLA is a whole number of milliseconds: not carried over");
    return 0;
  }
  const auto value = sla.get<std::int64_t>();
  if (value < kMinuteMs) {
    error(pointer, "sla-unit",
          "an SLA is in milliseconds, and " + milliseconds(value) +
              " are less than a minute: another unit seems to be meant; which one the file does not say, so "
              "the limit is not carried over");
    return 0;
  }
  if (value % kDayMs != 0 || value / kDayMs > kDaysMax) {
    warning(pointer, "sla-not-whole-days",
            milliseconds(value) + " of elapsed time are no whole days: the limit is not carried over");
    return 0;
  }
  return value / kDayMs;
}

Json DigitSource::procedure_limit(const Json& sla, const std::string& pointer) {
  const auto days = whole_days(sla, pointer);
  if (days == 0) return nullptr;
  warning(pointer, "sla-elapsed-time",
          milliseconds(sla.get<std::int64_t>()) + " of elapsed time became " + std::to_string(days) +
              " calendar_day: these end at the close of a working day and leave out the day of receipt");
  return Json{{"amount", days},
              {"unit", "calendar_day"},
              {"counting", "civil_code"},
              {"law", "unverified"},
              {"x-digit-sla-ms", sla}};
}

Json DigitSource::step_limit(const Json& sla, const std::string& pointer) {
  const auto days = whole_days(sla, pointer);
  if (days == 0) return nullptr;
  warning(pointer, "sla-elapsed-time",
          milliseconds(sla.get<std::int64_t>()) + " of elapsed time became " + std::to_string(days) +
              " working_day: limits of steps are counted in working time");
  return Json{{"amount", days}, {"unit", "working_day"}, {"law", "unverified"}, {"x-digit-sla-ms", sla}};
}

}  // namespace motcua::workflows
