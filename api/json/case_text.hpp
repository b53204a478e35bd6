/// The case as the answer to every command and to GET /cases/{id}: written straight into the body, because it
/// is the largest part of a command's cost when built as a tree first.
#pragma once

#include "engine/ports/token_verifier.hpp"
#include "engine/runtime/case_loader.hpp"

#include <string>

namespace motcua::api {

/// Whether the case is shown as it is, with what may be done next, or as it once stood.
enum class CaseMoment { now, earlier };

/// JSON text of the case as `asker` may see it: personal values masked for an auditor, `allowed_commands` for
/// the asker's roles (none for an earlier moment), among those who are there. Control and bidi characters are
/// escaped as in dump_json.
[[nodiscard]] std::string case_text(const engine::LoadedCase& current, const engine::Identity& asker,
                                    CaseMoment moment, const engine::Attendance& attendance = {});

}  // namespace motcua::api
