#include "workflows/import/digit_machine.hpp"

#include "workflows/import/code_names.hpp"
#include "workflows/import/digit_references.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace motcua::workflows {
namespace {

/// Event that leads from a state in which DIGIT lets the case rest for good, and go on, to its end.
constexpr const char* kClose = "close";

class DigitMachine {
 public:
  DigitMachine(DigitSource& source, const ImportOptions& options) : source_(source), options_(options) {}

  SketchRegion read(const Json& service, const std::string& at) {
    const std::string place = below(at, "states");
    const Json& states = member(service, "states");
    if (!states.is_array() || states.empty()) {
      source_.error(place, "no-states", "the business service has no states");
      return {};
    }
    references_ = read_references(source_, states, place);
    if (!references_.sound || !find_start(states, place)) return {};
    engine::each_element(states, place, [&](const std::string& pointer, const Json& state) {
      read_state(state, pointer, references_.names[level_.states.size()]);
    });
    for (auto& end : ends_) level_.states.push_back(std::move(end));
    say_resolved(place);
    return std::move(level_);
  }

  bool names_documents = false;

 private:
  bool find_start(const Json& states, const std::string& at);
  void read_state(const Json& json, const std::string& at, const std::string& name);
  void read_end(const Json& json, const std::string& at, SketchState& state);
  void read_limit(const Json& json, const std::string& at, SketchState& state);
  void read_action(const Json& action, const std::string& at, SketchState& state);
  void add_way(SketchWay way, SketchState& state);
  std::optional<std::string> target_of(const Json& action, const std::string& at, const std::string& state);
  std::vector<std::string> roles_of(const Json& action, const std::string& at);
  void say_roles_differ(const std::string& at, const SketchState& state);
  void say_resolved(const std::string& at);

  DigitSource& source_;
  const ImportOptions& options_;
  DigitReferences references_{};
  SketchRegion level_{};
  std::vector<SketchState> ends_{};
  int resolved_ = 0;
};

bool DigitMachine::find_start(const Json& states, const std::string& at) {
  std::vector<std::size_t> flagged;
  for (std::size_t i = 0; i < states.size(); ++i) {
    const std::string place = below(at, i);
    if (source_.flag(states[i], place, "isStartState", false)) flagged.push_back(i);
  }
  const auto start = references_.nameless  ? references_.nameless
                     : flagged.size() == 1 ? std::optional(flagged.front())
                                           : std::nullopt;
  if (!start) {
    source_.error(at, "no-start-state",
                  flagged.empty() ? "no state is nameless or marked as the start: nothing says where to begin"
                                  : "several states are marked as the start, and none is nameless");
    return false;
  }
  level_.initial = references_.names[*start];
  for (const auto other : flagged) {
    if (other == *start) continue;
    source_.warning(below(below(at, other), "isStartState"), "several-start-states",
                    "`" + references_.names[other] + "` is marked as a start too: the case begins in `" +
                        level_.initial + "`");
  }
  return true;
}

void DigitMachine::read_state(const Json& json, const std::string& at, const std::string& name) {
  SketchState state;
  state.name = name;
  state.label = text_of(json, "state").empty() ? name : text_of(json, "state");
  state.place = source_.place(at);
  if (const auto& status = member(json, "applicationStatus"); status.is_string()) {
    state.notes["x-digit-application-status"] = status;
  }
  if (source_.flag(json, at, "isStateUpdatable", false)) {
    state.notes["x-digit-updatable"] = true;
    source_.warning(below(at, "isStateUpdatable"), "state-updatable",
                    "`" + name + "` lets the data be edited; here `supply` and `correct` do, in any step");
  }
  if (source_.flag(json, at, "docUploadRequired", false)) {
    state.notes["x-digit-documents-required"] = true;
    names_documents = true;
    source_.warning(below(at, "docUploadRequired"), "documents-required",
                    "`" + name + "` asks for documents without naming them: list them in papers");
  }
  source_.other_members(
      json, at,
      {"auditDetails", "uuid", "tenantId", "businessServiceId", "sla", "state", "applicationStatus",
       "docUploadRequired", "isStartState", "isTerminateState", "isStateUpdatable", "actions"});
  engine::each_element(
      member(json, "actions"), below(at, "actions"),
      [&](const std::string& pointer, const Json& action) { read_action(action, pointer, state); });
  say_roles_differ(at, state);
  read_end(json, at, state);
  read_limit(json, at, state);
  level_.states.push_back(std::move(state));
}

/// An end that can be left again is a step here, with a way to an end of its own.
void DigitMachine::read_end(const Json& json, const std::string& at, SketchState& state) {
  if (!source_.flag(json, at, "isTerminateState", false)) return;
  const auto& actions = member(json, "actions");
  if (!actions.is_array() || actions.empty()) {
    state.final = true;
    return;
  }
  const std::string end = references_.codes.take(with_suffix(state.name, ".closed"));
  source_.warning(below(at, "isTerminateState"), "terminal-with-actions",
                  "`" + state.name +
                      "` is marked as an end and has actions: it became a step, with the way `" + kClose +
                      "` to the end `" + end + "`");
  SketchState closed;
  closed.name = end;
  closed.label = state.label;
  closed.place = source_.place(below(at, "isTerminateState"));
  closed.final = true;
  SketchWay way;
  way.event = kClose;
  for (int i = 2; std::any_of(state.ways.begin(), state.ways.end(),
                              [&](const SketchWay& other) { return other.event == way.event; });
       ++i) {
    way.event = std::string(kClose) + "." + std::to_string(i);
  }
  way.label = kClose;
  way.target = end;
  way.place = closed.place;
  way.notes["x-digit-terminate-state"] = true;
  state.ways.push_back(std::move(way));
  ends_.push_back(std::move(closed));
}

void DigitMachine::read_limit(const Json& json, const std::string& at, SketchState& state) {
  const Json& sla = member(json, "sla");
  if (sla.is_null()) return;
  const std::string pointer = below(at, "sla");
  state.notes["x-digit-sla-ms"] = sla;
  const Json limit = source_.step_limit(sla, pointer);
  if (state.final) {
    source_.warning(pointer, "sla-on-final-state",
                    "`" + state.name + "` is an end, where nobody works: its limit is not carried over");
  } else {
    state.time_limit = limit;
  }
}

std::vector<std::string> DigitMachine::roles_of(const Json& action, const std::string& at) {
  std::vector<std::string> roles;
  engine::each_element(member(action, "roles"), at, [&](const std::string&, const Json& role) {
    if (role.is_string() && std::find(roles.begin(), roles.end(), role.get<std::string>()) == roles.end()) {
      roles.push_back(role.get<std::string>());
    }
  });
  if (roles.empty()) {
    source_.warning(at, "actions-without-roles", "the action says nobody who may take it");
  }
  return roles;
}

std::optional<std::string> DigitMachine::target_of(const Json& action, const std::string& at,
                                                   const std::string& state) {
  const std::string next = text_of(action, "nextState");
  const std::string pointer = below(at, "nextState");
  const auto given = options_.targets.find(next);
  if (const auto name = references_.find(given == options_.targets.end() ? next : given->second)) {
    if (is_uuid(next) && given == options_.targets.end()) ++resolved_;
    return name;
  }
  const std::string way = "`" + text_of(action, "action") + "` of `" + state + "`";
  if (is_uuid(next)) {
    const auto hint = references_.hints.find(next);
    source_.error(pointer, "uuid-reference",
                  way + " leads to the UUID " + next + ", which no state of the file carries" +
                      (hint == references_.hints.end()
                           ? std::string()
                           : " (an action of `" + hint->second + "` calls its own state so)") +
                      ": the way is left out; --state UUID=NAME says which state it is");
  } else {
    source_.error(pointer, "dangling-target",
                  way + " leads to `" + next + "`, which the file does not have: the way is left out");
  }
  return std::nullopt;
}

void DigitMachine::read_action(const Json& action, const std::string& at, SketchState& state) {
  const std::string name = text_of(action, "action");
  std::string event = code_of_name(name);
  if (event.empty()) {
    source_.error(below(at, "action"), "bad-name", "an action without a name: the way is left out");
    return;
  }
  if (event == "done") event = "done_";
  source_.other_members(
      action, at,
      {"auditDetails", "uuid", "tenantId", "currentState", "action", "nextState", "roles", "active"});
  if (!source_.flag(action, at, "active", true)) {
    source_.warning(below(at, "active"), "inactive-action",
                    "`" + name + "` of `" + state.name + "` is switched off: the way is left out");
    return;
  }
  const auto roles = roles_of(action, below(at, "roles"));
  for (const auto& role : roles) {
    if (std::find(state.roles.begin(), state.roles.end(), role) == state.roles.end()) {
      state.roles.push_back(role);
    }
  }
  const auto target = target_of(action, at, state.name);
  if (!target) return;
  if (event != name) {
    source_.warning(below(at, "action"), "name-changed",
                    "`" + name + "` is no code: the event is called `" + event + "`");
  }
  SketchWay way{event, name, *target, source_.place(at), Json::object()};
  way.notes["x-roles"] = roles;
  add_way(std::move(way), state);
}

void DigitMachine::add_way(SketchWay way, SketchState& state) {
  const auto same = std::find_if(state.ways.begin(), state.ways.end(),
                                 [&](const SketchWay& other) { return other.event == way.event; });
  if (same == state.ways.end()) {
    state.ways.push_back(std::move(way));
  } else if (same->target == way.target) {
    for (const auto& role : way.notes["x-roles"]) {
      auto& roles = same->notes["x-roles"];
      if (std::find(roles.begin(), roles.end(), role) == roles.end()) roles.push_back(role);
    }
    source_.reporter().warning(
        way.place, "duplicate-action",
        "`" + way.label + "` of `" + state.name + "` is given twice: one way, with the roles of both");
  } else {
    source_.reporter().error(way.place, "ambiguous-action",
                             "`" + way.label + "` of `" + state.name + "` leads to `" + same->target +
                                 "` and, for other roles, to `" + way.target + "`: the second is left out");
  }
}

/// Who may work on a step may take each of its ways.
void DigitMachine::say_roles_differ(const std::string& at, const SketchState& state) {
  const bool differ = std::any_of(state.ways.begin(), state.ways.end(), [&](const SketchWay& way) {
    return way.notes["x-roles"].size() != state.roles.size();
  });
  if (!differ) return;
  source_.warning(below(at, "actions"), "roles-by-action",
                  "the actions of `" + state.name +
                      "` are for different roles; a step has one role, which may take them all (who could, "
                      "stands in x-roles)");
}

void DigitMachine::say_resolved(const std::string& at) {
  if (resolved_ == 0) return;
  source_.warning(at, "uuid-resolved",
                  std::to_string(resolved_) +
                      " actions name their next state by its UUID: they lead to the states that carry them");
}

}  // namespace

SketchRegion digit_machine(DigitSource& source, const Json& service, const std::string& at,
                           const ImportOptions& options, bool& names_documents) {
  DigitMachine machine(source, options);
  SketchRegion level = machine.read(service, at);
  names_documents = machine.names_documents;
  return level;
}

}  // namespace motcua::workflows
