/// What somebody who reads may see and is offered, against the model.
#include "engine/cases/rights.hpp"
#include "tests/simulation/judge.hpp"
#include "tests/simulation/requests.hpp"

namespace motcua::simulation {

void Judge::read(const model::Actor& reader, const model::OfficeCase& current) {
  ++statistics_.checks["reads"];
  const auto asker = identity_of(reader);
  const auto loaded = load(current.id);
  const bool visible = engine::may_see(asker, loaded->state);
  if (visible != model::may_see(reader, current)) {
    throw Discrepancy{reader.sub + '@' + reader.agency + (visible ? " sees" : " does not see") + " the case",
                      current.id};
  }
  if (!visible) return;
  const bool masked = engine::sees_masked(asker, loaded->state);
  if (masked == model::sees_values(reader, current)) {
    throw Discrepancy{reader.sub + " sees the case" + (masked ? "" : " not") + " masked", current.id};
  }
  offers(reader, current, *loaded);
}

/// Commands that need no data are offered if, and only if, they would be accepted.
void Judge::offers(const model::Actor& reader, const model::OfficeCase& current,
                   const engine::LoadedCase& loaded) {
  if (!loaded.rules.definition) return;
  std::set<std::string> offered;
  for (const auto& offer : engine::allowed_commands(loaded.view(), loaded.rules, identity_of(reader))) {
    if (offer.blocked_by.is_null()) offered.emplace(offer.command);
  }
  for (const auto* name :
       {"receive", "withdraw", "claim", "release", "resume", "note", "acknowledge_consultation"}) {
    model::Command command;
    command.name = name;
    command.case_id = current.id;
    command.actor = reader;
    command.expected_version = current.version;
    const auto verdict = book_.judge(command, engine::to_micros(engine_.clock().now()));
    if (verdict.may_be_accepted != offered.contains(name)) {
      throw Discrepancy{reader.sub + '@' + reader.agency + (verdict.may_be_accepted ? " is not" : " is") +
                            " offered " + name,
                        current.id};
    }
  }
}

}  // namespace motcua::simulation
