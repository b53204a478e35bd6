/// The cases that stand in some worklist (hồ sơ đang chờ xử lý), found by what their rows say.
#pragma once

#include "engine/cases/rows.hpp"
#include "engine/core/result.hpp"
#include "engine/ports/event_store.hpp"

#include <functional>
#include <vector>

namespace motcua::engine {

/// Those of which `wanted` likes a row; ascending, each once.
[[nodiscard]] FaultOr<std::vector<CaseId>> waiting_cases(
    const EventStore& store, const std::function<bool(const WorklistItem&)>& wanted);

}  // namespace motcua::engine
