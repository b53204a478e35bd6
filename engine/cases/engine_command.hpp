/// What the engine itself commands: timers that came due, answers to its effects, linked cases, and versions
/// that take open cases along. No role, no expected version: they say what has happened outside.
#pragma once

#include "engine/cases/decision.hpp"
#include "engine/cases/form_filling.hpp"
#include "engine/cases/linked.hpp"
#include "engine/cases/prerequisites.hpp"

#include <cstdint>
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
/// A version that takes open cases along (open_cases: switch) is in force: the case follows it, as a
/// migration without a map that keeps its limit. Where something is in the way, a task says so.
struct SwitchCase {
  std::int64_t version = 0;  ///< later than the case's
  std::uint64_t seen = 0;    ///< version of the case that was looked at: it has not moved since
};
using EngineCommand = std::variant<FireTimer, RecordAnswer, RecordFailure, RecordLinked, RecordLinkFailure,
                                   RecordLinkedEnd, RecordReported, RecordEarlier, SwitchCase>;

/// Decides what the event says. Rejections: not_allowed (the case has no such timer or it is not due yet, the
/// failure is known, or the effect closed; the case has moved, has no work left, or is not received):
/// nothing is to be recorded. An answer is always recorded, if only
/// as ignored.
[[nodiscard]] Result<Decision> decide(const CaseView& current, const EngineCommand& command,
                                      const CommandContext& context);

}  // namespace motcua::engine
