/// Look-ups (tra cứu dân cư) as the log keeps them: one stream each, one record, the person's values and the
/// raw answer sealed. Evidence of what the register said and who asked.
#pragma once

#include "engine/core/result.hpp"
#include "engine/ports/event_store.hpp"
#include "engine/ports/key_store.hpp"
#include "engine/ports/population_registry.hpp"

#include <nlohmann/json.hpp>

#include <memory>
#include <optional>
#include <string>

namespace motcua::engine {

/// How long an agency may use a look-up of its own for filing.
inline constexpr std::chrono::hours kLookupUsable{24};

/// One question to the register and what came back.
struct LookupRecord {
  CaseId id{};        ///< UUIDv7 of the look-up's stream
  ActorId officer{};  ///< who asked
  AgencyId agency{};  ///< for which agency
  ProcedureCode procedure{};
  std::string case_id{};    ///< text; empty outside a case
  PersonQuery query{};      ///< sealed
  RegisterAnswer answer{};  ///< values and raw bytes sealed
  Instant asked_at{};       ///< recorded_at of the record
};
using LookupHandle = std::shared_ptr<const LookupRecord>;

/// What is to be sealed of a look-up: plaintext by subject, ascending.
struct LookupSecret {
  SubjectName subject{};
  std::string plaintext{};
};

inline constexpr std::string_view kLookupType = "lookup.answered";
[[nodiscard]] StreamId lookup_stream(const CaseId& id);
/// Public payload: class, detail, procedure, case, data time, hash of the raw answer.
[[nodiscard]] std::string public_text(const LookupRecord& lookup);
[[nodiscard]] std::vector<LookupSecret> secrets_of(const LookupRecord& lookup);
/// Reads a look-up back; null if there is none with that id. What cannot be opened stays empty.
[[nodiscard]] FaultOr<LookupHandle> read_lookup(const EventStore& store, KeyStore& keys, const CaseId& id);

}  // namespace motcua::engine
