#include "workflows/loader/readers.hpp"

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

namespace motcua::workflows {
namespace {

using engine::MachineState;
using engine::StateKind;
using engine::StepName;
using Index = std::size_t;

/// `life_cycle` or `clock` of a way.
std::optional<engine::CaseEffect> read_effect(const Json& way) {
  const Json& life_cycle = member(way, "life_cycle");
  const Json& clock = member(way, "clock");
  const auto pause = text_of(clock, "pause");
  const auto name = life_cycle.is_object() ? text_of(life_cycle, "trigger")
                    : !pause.empty()       ? std::string("pause")
                    : clock.is_object()    ? std::string("resume")
                                           : std::string();
  const auto kind = engine::case_effect_from(name);
  if (!kind) return std::nullopt;
  engine::CaseEffect effect;
  effect.kind = *kind;
  const bool stops = *kind == engine::CaseEffect::Kind::stop;
  effect.code = !pause.empty() ? pause : text_of(life_cycle, stops ? "law" : "fee");
  engine::each_element(member(life_cycle, "items"), "", [&](const std::string&, const Json& item) {
    if (item.is_string()) effect.items.push_back(item.get<std::string>());
  });
  return effect;
}

void append(std::vector<engine::Transition>& all, std::vector<engine::Transition> more) {
  std::move(more.begin(), more.end(), std::back_inserter(all));
}

class MachineReader {
 public:
  explicit MachineReader(LocatedJson& located) : located_(located) {}

  std::optional<engine::Machine> read() {
    const Json& json = member(located_.document, "machine");
    collect(member(json, "states"), "/machine/states", std::nullopt, "");
    const auto first = find(text_of(json, "initial"));
    if (!first) {
      located_.error("/machine", "unreadable", "the machine has no initial state");
      return std::nullopt;
    }
    machine_.initial = *first;
    for (MachineState& state : machine_.states) {
      expand(state);
    }
    return readable_ ? std::optional(std::move(machine_)) : std::nullopt;
  }

 private:
  [[nodiscard]] std::optional<Index> find(const std::string& name) const {
    const auto found = std::find_if(machine_.states.begin(), machine_.states.end(),
                                    [&](const MachineState& state) { return state.name.value == name; });
    return found == machine_.states.end()
               ? std::nullopt
               : std::optional<Index>(static_cast<Index>(found - machine_.states.begin()));
  }
  void collect(const Json& object, const std::string& at, std::optional<Index> parent,
               const std::string& role);
  static std::vector<engine::Transition> transitions(const Json& list, const std::string& event);
  void add_atomic(Index index, std::vector<StepName>& names) const;
  void expand(MachineState& state) const;

  LocatedJson& located_;
  engine::Machine machine_{};
  bool readable_ = true;
};

std::vector<engine::Transition> MachineReader::transitions(const Json& list, const std::string& event) {
  std::vector<engine::Transition> ways;
  engine::each_element(list, "", [&](const std::string&, const Json& json) {
    engine::Transition transition;
    transition.event = event;
    transition.target = StepName(text_of(json, "target"));
    transition.guard = nlohmann::json(member(json, "guard"));
    transition.label = read_label(member(json, "label"));
    transition.effect = read_effect(json);
    engine::each_element(member(json, "requires"), "", [&](const std::string&, const Json& pointer) {
      if (pointer.is_string()) {
        transition.requires_.push_back(pointer.get<std::string>());
      }
    });
    ways.push_back(std::move(transition));
  });
  return ways;
}

void MachineReader::collect(const Json& object, const std::string& at, std::optional<Index> parent,
                            const std::string& role) {
  engine::each_member(object, at, [&](const std::string& pointer, const std::string& name, const Json& json) {
    const Json& inner = member(json, "states");
    const std::string type = text_of(json, "type");
    MachineState state;
    state.name = StepName(name);
    const bool holds_others = inner.is_object() && !inner.empty();
    state.kind = holds_others && type == "parallel" ? StateKind::parallel
                 : holds_others                     ? StateKind::compound
                 : type == "final"                  ? StateKind::final
                                                    : StateKind::atomic;
    state.parent = parent;
    const std::string own_role = text_of(json, "role");
    state.role = own_role.empty() ? role : own_role;
    state.label = read_label(member(json, "label"));
    if (const Json& limit = member(json, "time_limit"); limit.is_object())
      state.time_limit = read_limit(limit);
    if (const Json& after = member(json, "after"); after.is_object()) {
      state.timer = engine::StateTimer{read_limit(after), transitions(member(after, "transitions"), "after")};
    }
    engine::each_element(member(json, "not_same_person_as"), "", [&](const std::string&, const Json& step) {
      state.not_same_person_as.emplace_back(step.is_string() ? step.get<std::string>() : std::string());
    });
    engine::each_member(member(json, "on"), "",
                        [&](const std::string&, const std::string& event, const Json& list) {
                          append(state.transitions, transitions(list, event));
                        });
    append(state.transitions, transitions(member(json, "on_done"), "done"));
    const Index index = machine_.states.size();
    const std::string inherited = state.role;
    machine_.states.push_back(std::move(state));
    collect(inner, below(pointer, "states"), index, inherited);
    if (machine_.states[index].kind == StateKind::compound) {
      const auto first = find(text_of(json, "initial"));
      machine_.states[index].initial = first;
      if (!first || machine_.states[*first].parent != index) {
        located_.error(pointer, "unreadable", "the compound state has no initial state");
        readable_ = false;
      }
    }
  });
}

void MachineReader::add_atomic(Index index, std::vector<StepName>& names) const {
  if (machine_.states[index].kind == StateKind::atomic) {
    names.push_back(machine_.states[index].name);
    return;
  }
  for (Index child = index + 1; child < machine_.states.size(); ++child) {
    if (machine_.states[child].parent == index) {
      add_atomic(child, names);
    }
  }
}

void MachineReader::expand(MachineState& state) const {
  std::vector<StepName> atomic;
  for (const StepName& name : state.not_same_person_as) {
    if (const auto found = find(name.value)) {
      add_atomic(*found, atomic);
    }
  }
  state.not_same_person_as = std::move(atomic);
}

}  // namespace

std::optional<engine::Machine> read_machine(LocatedJson& located) {
  auto machine = MachineReader(located).read();
  if (machine) read_linked(located.document, *machine);
  return machine;
}

}  // namespace motcua::workflows
