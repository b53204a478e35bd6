#include "api/trial/scenario.hpp"

#include "api/json/command_json.hpp"
#include "engine/cases/acting_roles.hpp"
#include "engine/deadline/counting.hpp"

#include <algorithm>
#include <functional>
#include <queue>
#include <utility>

namespace motcua::api {
namespace {

using namespace engine;  // NOLINT: this file speaks of little else
using nlohmann::json;

const Roles kEverybody{"desk_officer", "case_officer", "signatory", "supervisor"};

/// One written case as it is played.
struct Written {
  const json& text;
  std::string pointer{};
  std::optional<CaseId> id{};
  std::size_t next = 0;  ///< index of its next command
};

class Player {
 public:
  Player(TrialOffice& office, const Definition& definition, ScenarioOutcome& outcome)
      : office_(office), definition_(definition), outcome_(outcome) {}

  void play(const json& scenario);

 private:
  void file(Written& written);
  void command(Written& written);
  void end_linked(const CaseHandle& current, const json& text, const std::string& pointer);
  void check(const Written& written);
  /// When the case goes on; nothing if it has no more commands.
  std::optional<Instant> next_at(const Written& written);
  std::string role_of(const Written& written, const json& text, const LoadedCase& current) const;
  void find(const std::string& pointer, const std::string& message) {
    outcome_.findings.push_back({pointer, message});
  }
  static const json& list_of(const json& object, const char* name) {
    static const json kNone = json::array();
    const auto found = object.find(name);
    return found != object.end() && found->is_array() ? *found : kNone;
  }
  static std::string text_of(const json& object, const char* name) {
    const auto found = object.find(name);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
  }

  TrialOffice& office_;
  const Definition& definition_;
  ScenarioOutcome& outcome_;
};

void Player::play(const json& scenario) {
  if (!scenario.is_object() || !scenario.contains("cases")) return find("", "a scenario has a list of cases");
  std::vector<Written> cases;
  const auto& list = list_of(scenario, "cases");
  for (std::size_t i = 0; i < list.size(); ++i) {
    const auto pointer = "/cases/" + std::to_string(i);
    if (!list[i].is_object()) return find(pointer, "a case is an object");
    cases.push_back({list[i], pointer, {}, 0});
  }
  using Wake = std::pair<Instant, std::size_t>;
  std::priority_queue<Wake, std::vector<Wake>, std::greater<>> wakes;
  for (std::size_t i = 0; i < cases.size(); ++i) {
    const auto at = parse_rfc3339(text_of(cases[i].text, "at"));
    if (cases[i].text.contains("at") && !at) find(cases[i].pointer + "/at", "is not an instant");
    wakes.push({at.value_or(office_.now()), i});
  }
  while (!wakes.empty()) {
    const auto [at, index] = wakes.top();
    wakes.pop();
    auto& written = cases[index];
    office_.advance_to(at);
    const bool files = !written.id;
    if (files) {
      file(written);
    } else {
      command(written);
    }
    if (!written.id) continue;  // refused
    if (const auto next = next_at(written)) wakes.push({*next, index});
  }
  for (const auto& written : cases) {
    if (!written.id) continue;
    check(written);
    add_case(outcome_.figures, office_, *written.id, "");
  }
}

void Player::file(Written& written) {
  auto body = written.text;
  for (const auto* ours : {"at", "commands", "expect", "name"}) body.erase(ours);
  body["procedure"] = definition_.code.value;
  const auto filing = parse_filing(body);
  const auto filed = filing ? office_.file(office_.officer("desk_officer", 1), *filing) : filing.error();
  if (!filed) {
    return find(written.pointer, std::string(name_of(filed.error().code)) + ": " + filed.error().detail +
                                     ' ' + filed.error().members.dump());
  }
  written.id = (*filed)->state.id;
  static_cast<void>(office_.answer_questions(*filed));
}

std::string Player::role_of(const Written&, const json& text, const LoadedCase& current) const {
  if (const auto named = text_of(text, "role"); !named.empty()) return named;
  const auto command = text_of(text, "command");
  if (command == "step" && !current.state.step_roles.empty()) return current.state.step_roles.front();
  const auto role = role_for(command, kEverybody);
  return role.empty() ? "case_officer" : std::string(role);
}

/// `{linked: branch, ended_as: stage}`: another agency's case comes to its end.
void Player::end_linked(const CaseHandle& current, const json& text, const std::string& pointer) {
  const auto branch = text_of(text, "linked");
  const auto& linked = current->state.linked;
  const auto open = std::find_if(linked.begin(), linked.end(),
                                 [&](const LinkedCase& one) { return one.link == branch && !one.ended_at; });
  if (open == linked.end()) return find(pointer + "/linked", "no such linked case is open");
  const auto ended_as = text.value("ended_as", "resolved");
  const auto done = office_.end_linked(current, *open, ended_as);
  if (!done)
    find(pointer, "is refused as " + std::string(name_of(done.error().code)) + ": " + done.error().detail);
}

void Player::command(Written& written) {
  const auto pointer = written.pointer + "/commands/" + std::to_string(written.next);
  const auto& text = list_of(written.text, "commands")[written.next++];
  const auto current = office_.answer_questions(office_.load(*written.id));
  if (text.contains("linked")) return end_linked(current, text, pointer);
  json body = text;
  for (const auto* ours : {"at", "after_minutes", "role", "refused", "officer"}) body.erase(ours);
  const auto parsed = parse_command(body);
  if (!parsed.kind) return find(pointer + "/command", "there is no such command");
  const auto by = office_.officer(role_of(written, text, *current), text.value("officer", std::size_t{1}));
  const auto done = parsed.command ? office_.command(by, *current, *parsed.command)
                                   : Result<CaseHandle>(parsed.command.error());
  const auto expected = text_of(text, "refused");
  const auto met = done ? std::string() : std::string(name_of(done.error().code));
  if (met == expected) return;
  find(pointer,
       done ? "is accepted, and should be refused as " + expected
            : "is refused as " + met + ": " + done.error().detail + ' ' + done.error().members.dump());
}

std::optional<Instant> Player::next_at(const Written& written) {
  const auto& commands = list_of(written.text, "commands");
  if (written.next >= commands.size()) return std::nullopt;
  const auto& text = commands[written.next];
  const auto pointer = written.pointer + "/commands/" + std::to_string(written.next);
  if (!text.is_object()) {
    find(pointer, "a command is an object");
    return std::nullopt;
  }
  if (const auto at = parse_rfc3339(text_of(text, "at"))) return std::max(*at, office_.now());
  if (text.contains("at")) find(pointer + "/at", "is not an instant");
  const auto minutes = text.find("after_minutes");
  const bool is_number =
      minutes != text.end() && minutes->is_number_integer() && minutes->get<std::int64_t>() >= 0;
  if (minutes != text.end() && !is_number) find(pointer + "/after_minutes", "is not a number of minutes");
  const auto amount = is_number ? minutes->get<std::int64_t>() : 0;
  return add_working_time(office_.calendar(), office_.now(),
                          WorkingSeconds{60 * std::min<std::int64_t>(amount, 5'000'000)});
}

void Player::check(const Written& written) {
  const auto expect = written.text.find("expect");
  if (expect == written.text.end()) return;
  const auto pointer = written.pointer + "/expect/";
  const auto current = office_.load(*written.id);
  const auto& state = current->state;
  std::vector<std::string> steps;
  for (const auto& step : state.steps) steps.push_back(step.value);
  const json actual{
      {"stage", std::string(name_of(state.stage))},
      {"steps", steps},
      {"due_at", state.promises.empty() ? json(nullptr) : json(to_rfc3339(state.promises.back().due_at))},
      {"late", std::find(state.flags.begin(), state.flags.end(), "overdue") != state.flags.end()}};
  for (const auto& [name, value] : expect->items()) {
    const auto found = actual.find(name);
    if (found == actual.end()) {
      find(pointer + name, "nothing of that name is expected of a case");
    } else if (*found != value) {
      find(pointer + name, "is " + found->dump() + ", expected " + value.dump());
    }
  }
}

}  // namespace

ScenarioOutcome play_scenario(TrialOffice& office, const Definition& definition, const json& scenario) {
  ScenarioOutcome outcome;
  Player(office, definition, outcome).play(scenario);
  return outcome;
}

}  // namespace motcua::api
