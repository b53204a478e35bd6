/// JSON bodies to commands: members, types and sizes, nothing of the law. Every fault of a body is named by
/// pointer.
#pragma once

#include "engine/cases/command.hpp"
#include "engine/cases/substitution.hpp"
#include "engine/core/result.hpp"

#include <nlohmann/json.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace motcua::api {

/// A body of POST /cases. Rejection: invalid_data (pointers).
[[nodiscard]] engine::Result<engine::FileCase> parse_filing(const nlohmann::json& body);

/// A body of POST /cases/{id}/commands.
struct CommandBodyText {
  std::optional<engine::CommandBody>
      kind{};  ///< empty body of the named command; none if there is no such command
  engine::Result<engine::CaseCommand> command = engine::CaseCommand{};
  std::optional<std::uint64_t> expected_version{};
};
[[nodiscard]] CommandBodyText parse_command(const nlohmann::json& body);

/// A body of POST /people/lookups. The three about the person are as given, not yet judged.
struct LookupAsked {
  std::string personal_id{};
  std::string full_name{};
  std::string birth_date{};
  engine::ProcedureCode procedure{};
  std::string purpose{};
  std::optional<engine::CaseId> case_id{};
};
/// Rejection: invalid_data (pointers).
[[nodiscard]] engine::Result<LookupAsked> parse_lookup(const nlohmann::json& body);

/// A body of POST /clock/confirm: the reason. Rejection: invalid_data (pointers).
[[nodiscard]] engine::Result<std::string> parse_confirmation(const nlohmann::json& body);

/// One case of a body of POST /calendars/{id}/decisions.
struct DecisionItem {
  std::string id{};  ///< as given: what names no case is that row's fault
  std::optional<std::uint64_t> expected_version{};
};
struct DecisionsAsked {
  bool accept = false;
  bool all = false;  ///< else `items`
  std::vector<DecisionItem> items{};
  std::string reason{};
};
/// Cases that one body may name.
inline constexpr std::size_t kDecisionItemsMax = 200;
/// Rejection: invalid_data (pointers).
[[nodiscard]] engine::Result<DecisionsAsked> parse_decisions(const nlohmann::json& body);

/// A body of POST /procedures/{code}/migrations: what `migrate` would be given, and which cases.
struct MigrationsAsked {
  engine::MigrateCase command{};
  std::optional<std::int64_t> from_version{};
  std::size_t limit = 50;
  std::optional<engine::CaseId> after{};  ///< the cursor of the page before
};
/// Rejection: invalid_data (pointers).
[[nodiscard]] engine::Result<MigrationsAsked> parse_migrations(const nlohmann::json& body);

/// A body of POST /substitutions: a new one, or `end`. Rejection: invalid_data (pointers).
[[nodiscard]] engine::Result<engine::SubstitutionCommand> parse_substitution(const nlohmann::json& body);

}  // namespace motcua::api
