/// Which of an asker's roles reach a case, and which roles may give which command. The contract's table, for
/// the check of a command and for what is offered. Pure.
#pragma once

#include "engine/cases/case.hpp"
#include "engine/cases/command.hpp"
#include "engine/core/result.hpp"
#include "engine/ports/token_verifier.hpp"

#include <string_view>
#include <vector>

namespace motcua::engine {

using Roles = std::vector<std::string_view>;

/// H15 is H15.50.05 or above it.
[[nodiscard]] bool is_agency_or_above(const AgencyId& above, const AgencyId& agency);

/// Those roles of the asker that reach the case: a supervisor's view of a descendant agency does not let the
/// same person do an officer's work there.
[[nodiscard]] Roles acting_roles(const Identity& asker, const Case& current);
[[nodiscard]] bool holds(const Roles& held, std::string_view role);
/// The first role of the contract's table that may give `command` and is held; empty if there is none.
[[nodiscard]] std::string_view role_for(std::string_view command, const Roles& held);

[[nodiscard]] Rejection role_forbidden(const Identity& asker);

}  // namespace motcua::engine
