#include "workflows/loader/life_cycle_check.hpp"

#include "engine/lifecycle/case_lifecycle.hpp"
#include "engine/procedure/definition_rules_graph.hpp"

#include <optional>
#include <string>

namespace motcua::workflows {
namespace {

using engine::Stage;

bool lists_pause(const Json& document, const char* code) {
  bool listed = false;
  engine::each_element(member(document, "pause_reasons"), "", [&](const std::string&, const Json& reason) {
    listed = listed || text_of(reason, "code") == code;
  });
  return listed;
}

/// Why the way may not fire `name`; nothing if it may. `ends`: the way leads to the end of the machine.
std::optional<std::string> objection(const Json& document, const std::string& name, bool ends) {
  const auto trigger = engine::trigger_from(name);
  if (!trigger) return "`" + name + "` is no trigger of the life cycle";
  const auto stage = engine::advance(Stage::in_process, *trigger);
  if (!stage) return "a case whose steps are taken is in_process, and that stage offers no `" + name + "`";
  if (*stage == Stage::awaiting_payment && !lists_pause(document, "payment")) {
    return "the clock stands still while a payment is awaited, and pause_reasons does not list `payment`";
  }
  const bool over = *stage == Stage::resolved || engine::is_final(*stage);
  if (over && !ends) return "`" + name + "` ends the steps, and this way leads on to another";
  if (*stage == Stage::awaiting_supplement && !lists_pause(document, "supplement")) {
    return "the clock stands still while a supplement is awaited, and pause_reasons does not list "
           "`supplement`";
  }
  return std::nullopt;
}

}  // namespace

void check_life_cycle(LocatedJson& located) {
  const engine::StateGraph graph(member(located.document, "machine"));
  for (const auto& state : graph.states) {
    for (const auto& exit : state.exits) {
      const auto name = text_of(*exit.transition, "life_cycle");
      if (name.empty()) continue;
      const auto target = graph.find(text_of(*exit.transition, "target"));
      const bool ends = target && graph.states[*target].final && !graph.states[*target].parent;
      if (const auto why = objection(located.document, name, ends)) {
        located.error(below(exit.pointer, "life_cycle"), "trigger-illegal", *why);
      }
    }
  }
}

}  // namespace motcua::workflows
