/// Triggers of the statutory life cycle that a definition's steps fire (`life_cycle` of a way): whether the
/// stage that a case has then offers them.
#pragma once

#include "workflows/loader/located_json.hpp"

namespace motcua::workflows {

/// Adds findings trigger-illegal. Steps are taken in one stage only, in_process: they stand still while a
/// case waits for its applicant and end with it.
void check_life_cycle(LocatedJson& located);

}  // namespace motcua::workflows
