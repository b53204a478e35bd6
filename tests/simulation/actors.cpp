#include "tests/simulation/actors.hpp"

#include "tests/simulation/people.hpp"

#include <algorithm>

namespace motcua::simulation {

using model::Actor;
using model::Command;
using model::Micros;
using model::OfficeCase;

namespace {

const std::vector<std::string> kAgencies{"H15.50.05", "H15.50.05", "H26.01"};
constexpr std::size_t kSentKept = 400;
constexpr Micros kKeysSurelyKept = 25 * model::kDay;

std::string prefix_of(const std::string& agency) { return agency.starts_with("H26") ? "h26-" : ""; }

}  // namespace

Actor Actors::officer(const std::string& agency, const std::string& role) {
  const bool two = role == "desk_officer" || role == "case_officer" || role == "signatory";
  const auto number = two && draw_.chance(400) ? "-2" : "-1";
  if ((role == "case_officer" || role == "signatory") && draw_.chance(weights_.both_hats)) {
    return {"both-hats", {"case_officer", "signatory"}, agency};
  }
  return {prefix_of(agency) + role + number, {role}, agency};
}

Actor Actors::reader() {
  static const std::vector<std::string> kRoles{"auditor",    "integrator", "leader",       "admin",
                                               "supervisor", "portal",     "case_officer", "desk_officer"};
  static const std::vector<std::string> kPlaces{"H15", "H15.50.05", "H26", "H26.01", "H15.60.01"};
  const auto& agency = draw_.pick(kPlaces);
  const auto& role = draw_.pick(kRoles);
  return {prefix_of(agency) + role + "-1", {role}, agency};
}

Command Actors::named(const char* name, const OfficeCase& current, const char* role) {
  Command command;
  command.name = name;
  command.case_id = current.id;
  command.actor = officer(current.agency, role);
  command.key = fresh_key();
  command.expected_version = current.version;
  return command;
}

const OfficeCase* Actors::some_case() {
  const auto& cases = book_.cases();
  if (cases.empty()) return nullptr;
  for (int look = 0; look < 4; ++look) {
    // Ids ascend with time: the later ones are more often still open.
    const auto back = draw_.below(std::min<std::size_t>(cases.size(), look < 3 ? 24 : cases.size()));
    const auto& found = std::prev(cases.end(), static_cast<std::ptrdiff_t>(back) + 1)->second;
    if (!found.is_final() || look == 3) return &found;
  }
  return nullptr;
}

Command Actors::filing(Micros) {
  Command command;
  command.name = "file";
  const auto& agency = draw_.pick(kAgencies);
  command.actor = officer(agency, draw_.chance(750) ? "desk_officer" : "portal");
  command.key = fresh_key();
  auto procedure = world_.procedures.begin();
  std::advance(procedure, static_cast<std::ptrdiff_t>(draw_.below(world_.procedures.size())));
  command.procedure = procedure->first;
  const std::vector<std::string> channels(procedure->second.channels.begin(),
                                          procedure->second.channels.end());
  command.channel = draw_.pick(channels);
  fill_in(command, procedure->second, draw_, draw_.chance(weights_.incomplete));
  if (draw_.chance(weights_.wrong_role)) command.actor = reader();
  if (draw_.chance(weights_.malformed)) {
    const auto way = draw_.below(5);
    command.malformed = way == 0;
    command.bad_shape = way == 1;
    if (way == 1) command.data["no_such_member"] = 1;
    if (way == 2) command.channel = "pigeon";
    if (way == 3) command.procedure = "0.000000";
    if (way == 4) command.papers = {"no_such_paper"};
  }
  return command;
}

std::vector<Command> Actors::group(Micros now) {
  std::vector<Command> commands;
  const auto* raced_for = draw_.chance(weights_.race) ? some_case() : nullptr;
  const std::size_t size = 1 + draw_.below(raced_for != nullptr ? 5 : 3);
  for (std::size_t i = 0; i < size; ++i) {
    const auto* current = raced_for != nullptr ? raced_for : some_case();
    const bool repeats = !sent_.empty() && draw_.chance(weights_.repeat);
    if (repeats && now - sent_.back().second < kKeysSurelyKept) {
      const auto& [earlier, at] =
          sent_[sent_.size() - 1 - draw_.below(std::min<std::size_t>(40, sent_.size()))];
      const bool is_engines = earlier.actor.sub == "motcua";  // its key may be older than this request
      if (is_engines || now - at >= kKeysSurelyKept) continue;
      commands.push_back(earlier);
      ++repeated;
      continue;
    }
    const bool is_new = current == nullptr || (raced_for == nullptr && draw_.chance(weights_.new_case));
    auto command = is_new ? filing(now) : on_a_case(*current, now);
    if (!sent_.empty() && draw_.chance(weights_.reuse_key) && command.actor.sub != "motcua" &&
        sent_.back().first.actor.sub != "motcua") {
      command.key = sent_.back().first.key;
      command.actor = sent_.back().first.actor;
      ++reused;
    }
    sent_.emplace_back(command, now);
    if (sent_.size() > kSentKept) sent_.pop_front();
    commands.push_back(std::move(command));
  }
  if (raced_for != nullptr && commands.size() > 1) ++raced;
  return commands;
}

Command Actors::on_a_case(const OfficeCase& current, Micros now) {
  // When exactly an old key is forgotten hangs on what is durable by then.
  if (now - current.created_at < kKeysSurelyKept && draw_.chance(weights_.engines_own)) {
    auto own = engines_own(current);
    if (!own.name.empty()) return own;
  }
  auto command = draw_.chance(weights_.illegal) ? anything(current, now) : lawful(current, now);
  spoil(command, current);
  return command;
}

void Actors::spoil(Command& command, const OfficeCase& current) {
  if (draw_.chance(weights_.wrong_role)) {
    static const std::vector<std::string> kRoles{"desk_officer", "case_officer", "signatory",
                                                 "supervisor",   "integrator",   "auditor",
                                                 "leader",       "portal",       "admin"};
    command.actor = officer(current.agency, draw_.pick(kRoles));
  }
  if (draw_.chance(weights_.other_agency)) {
    command.actor.agency = draw_.chance(300) ? "H15" : current.agency == "H26.01" ? "H15.50.05" : "H26.01";
  }
  if (draw_.chance(weights_.stale)) {
    command.expected_version =
        draw_.chance(800) ? current.version - draw_.below(std::min<std::uint64_t>(4, current.version))
                          : current.version + 1 + draw_.below(3);
  }
  if (draw_.chance(weights_.no_version)) command.expected_version.reset();
  if (draw_.chance(weights_.malformed)) {
    const auto way = draw_.below(4);
    if (way == 0) command.malformed = true;
    if (way == 1) command.name.clear();
    if (way == 2 && (command.name == "supply" || command.name == "step")) {
      command.bad_shape = true;
      command.data["no_such_member"] = true;
    }
    if (way == 3) command.case_id = "019b0000-0000-7000-8000-00000000dead";
  }
}

Command Actors::engines_own(const OfficeCase& current) {
  Command command;
  command.case_id = current.id;
  command.actor = {"motcua", {}, ""};
  if (!current.timers.empty() && draw_.chance(500)) {
    auto timer = current.timers.begin();
    std::advance(timer, static_cast<std::ptrdiff_t>(draw_.below(current.timers.size())));
    command.name = "timer";
    command.code = timer->first;
    command.due_at = timer->second;
    command.key = "timer:" + current.id + ':' + command.code + ':' + std::to_string(command.due_at);
    return command;
  }
  // A register that answers for a second time, or somebody else's engine that does.
  if (current.answered.empty()) return command;
  auto effect = current.answered.begin();
  std::advance(effect, static_cast<std::ptrdiff_t>(draw_.below(current.answered.size())));
  command.name = "answer";
  command.code = "NO_MATCH";
  command.value = {{"version", effect->first}, {"ordinal", effect->second}};
  command.key =
      "effect:" + current.id + ':' + std::to_string(effect->first) + ':' + std::to_string(effect->second);
  return command;
}

Command Actors::next_step(const OfficeCase& current, Micros) {
  if (current.stage == "registered" || current.stage == "resolved") {
    auto command = at_desk(current);
    if (command.name == "refuse_reception" || command.name == "receive" || command.name == "return_result") {
      return command;
    }
    return named("withdraw", current, "desk_officer");
  }
  if (current.stage == "awaiting_supplement") return waiting(current);
  if (current.clock == "paused" && current.in_office() && draw_.chance(500)) {
    return named("resume", current, "case_officer");
  }
  const auto& missing = current.missing;
  const auto absent = std::find_if(missing.begin(), missing.end(),
                                   [](const std::string& item) { return item.starts_with('/'); });
  if (absent == missing.end()) return on_step(current);
  auto command = named("correct", current, "case_officer");
  command.code = *absent;
  command.value = value_for(command.code, draw_);
  command.has_reason = true;
  return command;
}

}  // namespace motcua::simulation
