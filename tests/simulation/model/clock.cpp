#include "tests/simulation/model/condition.hpp"
#include "tests/simulation/model/law.hpp"

#include <algorithm>

namespace motcua::simulation::model {
namespace {

constexpr const char* kMarks[] = {"nearing", "due", "overdue"};

Standing standing(const OfficeCase& current, const Matter& matter) {
  return standing_of(matter.procedure.limits[current.limit], matter.calendar, current.ledger);
}

void write_clock(OfficeCase& after, const Matter& matter, const char* change, const char* state,
                 const std::string& reason) {
  after.ledger.push_back({change, reason, matter.now});
  after.clock = state;
  after.pause_reason = reason;
  after.since = matter.now;
}

void cancel_timers(OfficeCase& after) {
  for (const auto* kind : kMarks) after.timers.erase(kind);
}

/// Timers that lie ahead of a case that runs towards `due`, and marks that no longer hold taken away.
void set_timers(OfficeCase& after, const Matter& matter, Micros due) {
  const Micros near = nearing(matter.calendar, matter.now, due);
  const auto& flags = matter.before.flags;
  if (near > matter.now) after.timers["nearing"] = near;
  if (due > matter.now) after.timers["due"] = due;
  if (due > matter.now || !flags.contains("overdue")) after.timers["overdue"] = due + kSecond;
  if (near > matter.now) after.flags.erase("nearing");
  if (due > matter.now) {
    after.flags.erase("due");
    after.flags.erase("overdue");
  }
}

const Promise* last_ordinary(const OfficeCase& current) {
  const auto found = std::find_if(current.promises.rbegin(), current.promises.rend(),
                                  [](const Promise& promise) { return promise.basis != "extension"; });
  return found == current.promises.rend() ? nullptr : &*found;
}

}  // namespace

bool is_plain_code(const std::string& code) {
  return !code.empty() && code.size() <= 64 &&
         code.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string::npos;
}

void start_clock(OfficeCase& after, const Matter& matter) {
  write_clock(after, matter, "start", "running", "");
  after.legal_due = after.due_at = standing(after, matter).due;
  after.remaining.reset();
  after.promises.push_back({*after.due_at, matter.now, "reception", "", "receipt"});
  set_timers(after, matter, *after.due_at);
}

void pause_clock(OfficeCase& after, const Matter& matter, const std::string& reason) {
  write_clock(after, matter, "pause", "paused", reason);
  after.remaining = standing(after, matter).remaining;
  if (after.extended_to && after.due_at) {
    after.remaining = matter.calendar.between(matter.now, *after.due_at) / kSecond;
  }
  after.legal_due.reset();
  after.due_at.reset();
  cancel_timers(after);
}

void resume_clock(OfficeCase& after, const Matter& matter) {
  const auto& before = matter.before;
  write_clock(after, matter, "resume", "running", "");
  after.legal_due = standing(after, matter).due;
  Micros due = *after.legal_due;
  if (before.extended_to) {
    due = shifted(matter.calendar, *before.extended_to, before.since, matter.now);
    after.extended_to = due;
  }
  // A promise that was broken before the pause is not undone by a later date.
  const auto* ordinary = last_ordinary(before);
  const bool mends = ordinary != nullptr && ordinary->due_at < before.since && ordinary->due_at < due;
  after.due_at = due;
  after.remaining.reset();
  after.promises.push_back(
      {due, matter.now, before.extended_to || mends ? "extension" : "resume", before.pause_reason, "notice"});
  set_timers(after, matter, due);
}

void move_due(OfficeCase& after, const Matter& matter, Micros due) {
  cancel_timers(after);
  after.due_at = due;
  set_timers(after, matter, due);
}

void reconsider_limit(OfficeCase& after, const Matter& matter) {
  if (after.clock != "running" && after.clock != "paused") return;
  const auto limit = matter.procedure.limit_for(facts_of(after.data, after.channel, after.papers));
  if (limit == after.limit) return;
  after.limit = limit;
  after.flags.insert("limit_changed");
  if (after.clock == "paused") return;
  after.legal_due = standing(after, matter).due;
  move_due(after, matter, after.extended_to ? *after.due_at : *after.legal_due);
}

void close(OfficeCase& after, const Matter& matter, bool end_clock) {
  const auto& before = matter.before;
  const bool late = before.clock == "running" && before.due_at && matter.now > *before.due_at;
  if (late && !before.flags.contains("overdue")) {
    after.flags.insert("overdue");
    if (!before.owes_apology()) after.duties.push_back({"apology", matter.recorded_at, {}});
  }
  after.step.clear();
  after.assignees.clear();
  after.delegations.clear();
  after.timers.clear();
  if (end_clock) write_clock(after, matter, "end", "ended", "");
}

Verdict pause(const Matter& matter) {
  const auto& reason = matter.command.code;
  const bool by_command = reason != "supplement" && reason != "payment";
  if (!matter.before.in_office() || matter.before.clock != "running" || !by_command ||
      !matter.procedure.pause_reasons.contains(reason)) {
    return Verdict::refused(kNotAllowed);
  }
  auto after = matter.before;
  pause_clock(after, matter, reason);
  return Verdict::accepted(std::move(after));
}

Verdict resume(const Matter& matter) {
  if (!matter.before.in_office() || matter.before.clock != "paused") return Verdict::refused(kNotAllowed);
  auto after = matter.before;
  resume_clock(after, matter);
  return Verdict::accepted(std::move(after));
}

Verdict extend(const Matter& matter) {
  const auto& [before, command, procedure, agency, calendar, now, recorded_at, asked] = matter;
  if (!before.in_office() || before.clock != "running" || before.extensions >= procedure.max_extensions) {
    return Verdict::refused(kNotAllowed);
  }
  if (command.due_at <= *before.due_at || command.due_at <= now || !calendar.in_window(command.due_at) ||
      !is_plain_code(command.code) || !agency.has(command.assignee, "signatory")) {
    return Verdict::refused(kInvalidData);
  }
  auto after = before;
  after.extensions += 1;
  after.extended_to = command.due_at;
  after.promises.push_back({command.due_at, now, "extension", command.code, "notice"});
  move_due(after, matter, command.due_at);
  after.flags.insert("extended");
  if (after.owes_apology()) after.duties.back().closed_at = recorded_at;
  return Verdict::accepted(std::move(after));
}

Verdict fire_timer(const Matter& matter) {
  const auto& kind = matter.command.code;
  const auto timer = matter.before.timers.find(kind);
  const bool is_due = timer != matter.before.timers.end() && timer->second == matter.command.due_at &&
                      timer->second <= matter.now;
  if (!is_due) return Verdict::refused(kNotAllowed);
  auto after = matter.before;
  after.timers.erase(kind);
  const auto of_question = mark_of_question(after, kind);
  after.flags.insert(!of_question.empty()        ? of_question
                     : kind == "reception_limit" ? "reception_late"
                                                 : kind);
  if (kind == "overdue" && !after.owes_apology()) after.duties.push_back({"apology", matter.recorded_at, {}});
  auto verdict = Verdict::accepted(std::move(after));
  verdict.background = true;
  return verdict;
}

}  // namespace motcua::simulation::model
