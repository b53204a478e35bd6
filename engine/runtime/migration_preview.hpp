/// Dry run of a migration (xem trước việc chuyển phiên bản): what the command would make of each running case
/// of a procedure. Reads and records nothing.
#pragma once

#include "engine/cases/command.hpp"
#include "engine/ports/catalogue.hpp"
#include "engine/ports/event_store.hpp"
#include "engine/ports/key_store.hpp"
#include "engine/ports/token_verifier.hpp"
#include "engine/runtime/waiting_cases.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace motcua::engine {

struct MigrationAsked {
  std::shared_ptr<const Definition> target{};
  std::optional<std::int64_t> from_version{};  ///< none: every other version
  MigrateCase command{};
  Identity asker{};
  Instant now{};                  ///< as which it is decided
  std::optional<CaseId> after{};  ///< only cases behind it
  std::size_t limit = 0;          ///< lines of a page
};

/// One case that is not under the target.
struct MigrationLine {
  CaseId id{};
  std::string code{};
  std::uint64_t version = 0;  ///< of the case
  std::int64_t from_version = 0;
  std::vector<StepName> steps{};
  std::vector<StepName> steps_after{};  ///< empty where it cannot be moved
  std::optional<Instant> due_before{};
  std::optional<Instant> due_after{};
  std::optional<Rejection> problem{};  ///< what the command would answer
};

struct MigrationPage {
  std::vector<MigrationLine> lines{};  ///< ascending by id
  std::optional<CaseId> next{};        ///< the last case looked at, if there are more
};

/// Received cases that are open and of which `wanted` likes a row; ascending, each once.
[[nodiscard]] FaultOr<std::vector<CaseId>> cases_in_the_office(
    const EventStore& store, const std::function<bool(const WorklistItem&)>& wanted);

/// Received cases that are open, of one procedure, under another version than `target`; ascending, each once.
[[nodiscard]] FaultOr<std::vector<CaseId>> cases_to_migrate(const EventStore& store, const Definition& target,
                                                            std::optional<std::int64_t> from_version = {});

/// One page of the cases that the asker may see. Any thread.
[[nodiscard]] FaultOr<MigrationPage> preview_migration(const EventStore& store, KeyStore& keys,
                                                       const Catalogue& catalogue,
                                                       const MigrationAsked& asked);

}  // namespace motcua::engine
