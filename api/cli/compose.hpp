/// The composition root of a running engine: the one place where storage, adapters, rules, runtime and HTTP
/// meet.
#pragma once

#include "api/cli/commands.hpp"
#include "api/cli/serve_options.hpp"

namespace motcua::api {

/// Serves until SIGTERM or SIGINT (ok) or a failed commit (failure). Options are valid.
[[nodiscard]] Exit serve(const ServeOptions& options);

/// Everything `serve` would do before it listens, without writing: findings if it would not start.
[[nodiscard]] Exit check_serve(const ServeOptions& options);

}  // namespace motcua::api
