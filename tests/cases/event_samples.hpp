/// One event of every kind with every member set, and random ones.
#pragma once

#include "engine/cases/event.hpp"

#include <rapidcheck.h>

#include <vector>

namespace motcua::engine {

/// In the order of the variant's alternatives. Golden files hold their bytes for ever.
[[nodiscard]] std::vector<Event> sample_events();

/// Any alternative with any outcome that the codec must carry.
[[nodiscard]] rc::Gen<Event> any_event();

/// A case with something in every part that an event may touch.
[[nodiscard]] Case case_before_samples();

/// Every member of a case, for golden files that people read.
[[nodiscard]] nlohmann::json as_json(const Case& current);

}  // namespace motcua::engine
