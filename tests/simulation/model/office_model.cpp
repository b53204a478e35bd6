#include "tests/simulation/model/office_model.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>

namespace motcua::simulation::model {
namespace {

constexpr Micros kKeysKept = 30 * kDay;

std::string scope_of(const Command& command) {
  return command.actor.agency + '\n' + command.actor.sub + '\n' + command.key;
}

bool is_engines_own(const Command& command) {
  return command.name == "timer" || command.name == "answer" || command.name == "failure";
}

}  // namespace

std::string Command::body() const {
  if (is_engines_own(*this)) return key;
  const nlohmann::json said{name,
                            case_id,
                            expected_version ? *expected_version : 0,
                            malformed,
                            bad_shape,
                            has_reason,
                            procedure,
                            channel,
                            applicant,
                            data,
                            value,
                            papers,
                            items,
                            step.value_or(""),
                            code,
                            assignee,
                            asked,
                            due_at,
                            accept_incomplete};
  return said.dump();
}

const OfficeCase* OfficeModel::find(const std::string& id) const {
  const auto found = cases_.find(id);
  return found == cases_.end() ? nullptr : &found->second;
}

const Accepted* OfficeModel::earlier(const Command& command) const {
  const auto found = accepted_.find(scope_of(command));
  if (found == accepted_.end()) return nullptr;
  const bool forgotten = found->second.recorded_at < durable_recorded_at_ - kKeysKept;
  return forgotten ? nullptr : &found->second;
}

Verdict OfficeModel::judge(const Command& command, Micros now, bool suspect) const {
  if (suspect) return Verdict::refused("clock-suspect");
  if (const auto* before = earlier(command)) {
    if (before->body != command.body()) return Verdict::refused("idempotency-key-reused");
    return {true, {}, cases_.at(before->case_id), false, true};
  }
  if (command.name == "file") return judge_new(command, now);
  const auto* current = find(command.case_id);
  if (current == nullptr) return Verdict::refused("not-found");
  return judge_on_case(command, *current, now);
}

Verdict OfficeModel::judge_new(const Command& command, Micros now) const {
  if (!command.actor.has("desk_officer") && !command.actor.has("portal")) {
    return Verdict::refused("role-forbidden");
  }
  if (command.malformed) return Verdict::refused(kInvalidData);
  const auto agency = world_->agencies.find(command.actor.agency);
  if (agency == world_->agencies.end()) return Verdict::refused("role-forbidden");
  const auto procedure = world_->procedures.find(command.procedure);
  return judge_filing(command, procedure == world_->procedures.end() ? nullptr : &procedure->second,
                      agency->second, world_->calendars.at(agency->second.calendar), now, recorded_at(now));
}

Verdict OfficeModel::judge_on_case(const Command& command, const OfficeCase& current, Micros now) const {
  const auto& procedure = world_->procedures.at(current.procedure);
  const auto& agency = world_->agencies.at(current.agency);
  const auto asked = world_->agencies.find(command.asked);
  const auto* asked_calendar =
      asked == world_->agencies.end() ? nullptr : &world_->calendars.at(asked->second.calendar);
  const Matter matter{current, command,          procedure,     agency, world_->calendars.at(agency.calendar),
                      now,     recorded_at(now), asked_calendar};
  if (is_engines_own(command)) return judge_law(matter);
  if (!may_see(command.actor, current)) return Verdict::refused("not-found");
  if (command.name.empty()) return Verdict::refused("bad-request");
  if (!may_command(command.actor, current, command, procedure)) return Verdict::refused("role-forbidden");
  if (command.malformed || !has_shape(command, procedure)) return Verdict::refused(kInvalidData);
  if (!command.expected_version) return Verdict::refused("expected-version-missing");
  const auto expected = *command.expected_version;
  if (expected > current.version || expected < current.foreground_version) {
    return Verdict::refused("version-conflict");
  }
  return judge_law(matter);
}

const OfficeCase& OfficeModel::accept(const Command& command, const Verdict& verdict, const Facts& facts,
                                      Micros now) {
  const Micros at = recorded_at(now);
  auto after = verdict.after;
  if (command.name == "file") {
    after.id = facts.case_id;
    after.code = next_code(after.agency, now);
    codes_given_[day_prefix(after.agency, now)] += 1;
  }
  after.version += 1;
  if (!verdict.background) after.foreground_version = after.version;
  after.data = facts.data;
  after.effects = facts.effects;
  std::erase_if(after.failed, [&](const EffectName& effect) { return !after.effects.contains(effect); });
  if (facts.overridden) after.flags.insert("overridden");
  after.missing = world_->procedures.at(after.procedure).missing(after.data, after.channel, after.papers);
  last_recorded_at_ = at;
  if (!command.key.empty()) {
    accepted_[scope_of(command)] = {command.body(), after.id, after.version, at};
  }
  return cases_[after.id] = std::move(after);
}

std::vector<Timer> OfficeModel::timers_until(Micros until) const {
  std::vector<Timer> timers;
  for (const auto& [id, current] : cases_) {
    for (const auto& [kind, due] : current.timers) {
      if (due <= until) timers.push_back({due, id, kind});
    }
  }
  std::sort(timers.begin(), timers.end());
  return timers;
}

std::optional<WorkItem> OfficeModel::work_item(const OfficeCase& current) const {
  if (current.is_final()) return std::nullopt;
  WorkItem item{current.agency, "processing",  "no_limit",   0,  current.created_at, current.id,
                current.code,   current.stage, current.step, "", current.version,    current.flags};
  const bool at_desk = current.stage == "registered" ||
                       (current.stage == "awaiting_supplement" && current.clock == "not_started");
  if (at_desk) {
    item.queue = "reception";
  } else if (current.stage == "resolved") {
    item.queue = "return";
  } else if (world_->procedures.at(current.procedure).steps.at(current.step).role == "signatory") {
    item.queue = "signing";
  }
  if (current.due_at) {
    item.bucket = "running";
    item.rank = *current.due_at;
  } else if (current.remaining) {
    item.bucket = "paused";
    item.rank = *current.remaining;
  }
  const auto held = current.assignees.find(current.step);
  if (held != current.assignees.end()) item.assignee = held->second;
  return item;
}

std::vector<WorkItem> OfficeModel::work_items(const OfficeCase& current) const {
  std::vector<WorkItem> items;
  if (auto item = work_item(current)) items.push_back(*std::move(item));
  for (const auto& question : current.questions) {
    if (question.answered || current.clock == "ended") continue;
    items.push_back({question.agency, "consultation", "running", question.due_at, current.created_at,
                     current.id, current.code, current.stage, "", "", current.version, current.flags});
  }
  return items;
}

std::string OfficeModel::day_prefix(const std::string& agency, Micros now) const {
  const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{local_day(now)}}};
  std::array<char, 24> text{};
  std::snprintf(text.data(), text.size(), "-%02d%02u%02u-", static_cast<int>(date.year()) % 100,
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  return world_->agencies.at(agency).code_prefix + text.data();
}

std::string OfficeModel::next_code(const std::string& agency, Micros now) const {
  const auto prefix = day_prefix(agency, now);
  const auto given = codes_given_.find(prefix);
  std::array<char, 16> number{};
  std::snprintf(number.data(), number.size(), "%04d", given == codes_given_.end() ? 1 : given->second + 1);
  return prefix + number.data();
}

}  // namespace motcua::simulation::model
