/// What the engine itself commands: timers that came due, answers to its effects, linked cases. No role, no
/// expected version: they say what has happened outside.
#pragma once

#include "engine/cases/decision.hpp"
#include "engine/cases/form_filling.hpp"
#include "engine/cases/linked.hpp"
#include "engine/cases/prerequisites.hpp"

#include <string>
#include <variant>

namespace motcua::engine {

/// A timer of the case came due.
struct FireTimer {
  std::string kind{};
  Instant due_at{};
};
/// The register answered: MATCH, NO_MATCH, REFUSED or MALFORMED.
struct RecordAnswer {
  EffectRef effect{};
  PersonAnswer answer{};
};
/// An attempt got no answer; the effect stays open. Recorded for the first attempt only.
struct RecordFailure {
  EffectRef effect{};
  std::string detail{};
};
using EngineCommand = std::variant<FireTimer, RecordAnswer, RecordFailure, RecordLinked, RecordLinkFailure,
                                   RecordLinkedEnd, RecordReported, RecordEarlier>;

/// Decides what the event says. Rejections: not_allowed (the case has no such timer or it is not due yet, the
/// failure is known, or the effect closed): nothing is to be recorded. An answer is always recorded, if only
/// as ignored.
[[nodiscard]] Result<Decision> decide(const CaseView& current, const EngineCommand& command,
                                      const CommandContext& context);

}  // namespace motcua::engine
