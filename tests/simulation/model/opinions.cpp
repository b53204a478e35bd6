/// Questions to other agencies: asked, acknowledged, answered.
#include "tests/simulation/model/law.hpp"

#include <algorithm>

namespace motcua::simulation::model {
namespace {

constexpr Micros kToAcknowledge = 2 * kHour;
constexpr Micros kToAnswer = 3 * 8 * kHour;

std::string acknowledge_timer(std::uint64_t version) {
  return "consultation_acknowledge:" + std::to_string(version);
}
std::string answer_timer(std::uint64_t version) { return "consultation_due:" + std::to_string(version); }

/// The question that the agency has open in `current`; null if there is none.
Question* question_to(OfficeCase& current, const std::string& agency) {
  if (current.clock == "ended") return nullptr;
  const auto found =
      std::find_if(current.questions.begin(), current.questions.end(),
                   [&](const Question& each) { return each.agency == agency && !each.answered; });
  return found == current.questions.end() ? nullptr : &*found;
}

}  // namespace

bool is_asked(const OfficeCase& current, const std::string& agency) {
  return std::any_of(current.questions.begin(), current.questions.end(), [&](const Question& each) {
    return each.agency == agency && (each.answered || current.clock != "ended");
  });
}

std::string mark_of_question(const OfficeCase& current, const std::string& timer) {
  for (const auto& each : current.questions) {
    if (timer == acknowledge_timer(each.version)) return "unacknowledged:" + each.agency;
    if (timer == answer_timer(each.version)) return "consultation_late:" + each.agency;
  }
  return "";
}

Verdict consult(const Matter& matter) {
  const auto& asked = matter.command.asked;
  if (!matter.before.in_office()) return Verdict::refused(kNotAllowed);
  if (asked == matter.before.agency || matter.asked_calendar == nullptr)
    return Verdict::refused(kInvalidData);
  auto after = matter.before;
  if (question_to(after, asked) != nullptr) return Verdict::refused(kNotAllowed);
  const auto version = after.version + 1;
  const Micros due = matter.asked_calendar->after(matter.now, kToAnswer);
  after.timers[acknowledge_timer(version)] = matter.asked_calendar->after(matter.now, kToAcknowledge);
  after.timers[answer_timer(version)] = due;
  after.questions.push_back({version, asked, due, false, false});
  return Verdict::accepted(std::move(after));
}

Verdict acknowledge(const Matter& matter) {
  auto after = matter.before;
  auto* question = question_to(after, matter.command.actor.agency);
  if (question == nullptr || question->acknowledged) return Verdict::refused(kNotAllowed);
  question->acknowledged = true;
  after.timers.erase(acknowledge_timer(question->version));
  after.flags.erase("unacknowledged:" + question->agency);
  return Verdict::accepted(std::move(after));
}

Verdict answer_question(const Matter& matter) {
  auto after = matter.before;
  auto* question = question_to(after, matter.command.actor.agency);
  if (question == nullptr) return Verdict::refused(kNotAllowed);
  if (!is_plain_code(matter.command.code)) return Verdict::refused(kInvalidData);
  question->answered = true;
  after.timers.erase(acknowledge_timer(question->version));
  after.timers.erase(answer_timer(question->version));
  after.flags.erase("unacknowledged:" + question->agency);
  if (question->due_at < matter.now) after.flags.insert("consultation_late:" + question->agency);
  return Verdict::accepted(std::move(after));
}

}  // namespace motcua::simulation::model
