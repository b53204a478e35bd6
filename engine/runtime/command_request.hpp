/// A command on its way in: what the faces of the engine hand to the sequencer, and what comes back.
#pragma once

#include "engine/cases/command.hpp"
#include "engine/cases/engine_command.hpp"
#include "engine/ports/token_verifier.hpp"
#include "engine/runtime/access_stream.hpp"
#include "engine/runtime/calendar_request.hpp"
#include "engine/runtime/case_loader.hpp"
#include "engine/runtime/clock_confirmation.hpp"
#include "engine/runtime/lookups.hpp"
#include "engine/runtime/procedure_request.hpp"
#include "engine/runtime/publication.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <variant>

namespace motcua::engine {

/// POST /cases.
struct FilingRequest {
  Result<FileCase> command = FileCase{};  ///< outcome of the shape check; looked at after rights
};

/// POST /cases/{id}/commands.
struct CaseRequest {
  CaseId id{};
  std::optional<CommandBody> kind{};  ///< empty body of the named command; none if the name is unknown
  Result<CaseCommand> command = CaseCommand{};  ///< outcome of the shape check; looked at after rights
  std::optional<std::uint64_t> expected_version{};
};

struct CommandAnswer;

/// A timer that came due, the register's answer to an effect, a version to follow: commanded by the engine
/// itself, so without rights and expected version.
struct EngineRequest {
  CaseId id{};
  EngineCommand command{};
  LookupHandle lookup{};  ///< recorded in the same batch, before the case's event; null for others
};

/// An open effect about a linked case (hồ sơ liên thông): it is opened, or the case that waits for it is told
/// how it ended. Two streams in one batch; commanded by the engine itself.
struct LinkedRequest {
  CaseId id{};  ///< of the case that has the effect
  EffectRef effect{};
};

/// POST /people/lookups, after the register has answered.
struct LookupRequest {
  LookupHandle lookup{};
};

/// POST /clock/confirm: accepted while the clock is in doubt, and only then.
struct ClockRequest {
  Result<std::string> reason = std::string();  ///< outcome of the shape check; looked at after rights
};

/// POST /substitutions.
struct SubstitutionRequest {
  Result<SubstitutionCommand> command = SubstitutionCommand{};  ///< outcome of the shape check; after rights
};

/// Writes the answer's body. Called on the sequencer's thread, which is idle while a group is
/// written; the I/O thread has no time to spare (docs/decisions/0009-answers-rendered-early.md). Must be
/// pure.
using Render = std::string (*)(const CommandAnswer& answer, const Identity& asker);

struct CommandRequest {
  Identity asker{};
  Digest scope{};     ///< MAC of agency, token subject and Idempotency-Key
  Digest body_mac{};  ///< MAC of the request's target and body bytes
  std::variant<FilingRequest, CaseRequest, EngineRequest, LinkedRequest, LookupRequest, ClockRequest,
               PublishRequest, PublishProcedure, CalendarNote, RecalculationRequest, SubstitutionRequest>
      request{};
  std::string cause{};      ///< empty, or `effect:<id>`, `timer:<id>:<kind>:<due>`, `switch:<code>:<version>`
  Render render = nullptr;  ///< none: the answer has no body
};

/// An accepted command: the case as it stands after it, or the look-up, confirmation, publication or
/// substitution that was recorded.
struct CommandAnswer {
  CaseHandle after{};
  LookupHandle lookup{};
  ConfirmationHandle confirmation{};
  std::uint16_t status = 200;  ///< 201 for a filing
  std::string body{};          ///< what `render` wrote
  bool repeated = false;       ///< an earlier command with the same key already did it
  PublicationHandle publication{};
  SubstitutionHandle substitution{};
  SubstitutionsHandle substitutions{};  ///< who stands in for whom, as the answer is given
  Instant given_at{};

  [[nodiscard]] Attendance attendance() const { return {given_at, substitutions.get()}; }
};

/// Called once, through the sequencer's `post` hook, when everything that the decision read is on disk.
using Reply = std::function<void(Result<CommandAnswer>)>;

}  // namespace motcua::engine
