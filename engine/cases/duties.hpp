/// Duties of the agency beside the processing (nghĩa vụ của cơ quan): each a small state of its own. Pure.
#pragma once

#include "engine/cases/case.hpp"
#include "engine/cases/event.hpp"
#include "engine/procedure/definition.hpp"

#include <string_view>
#include <vector>

namespace motcua::engine {

/// The result lies ready and must be handed over (trả kết quả): from resolution to return.
inline constexpr const char* kDeliveryDuty = "delivery";
/// Its timer, where the definition states a limit, and the mark that this sets.
inline constexpr const char* kDeliveryTimer = "delivery_due";
/// Originals of papers that came electronically are to be seen when the result is collected (đối chiếu bản
/// chính).
inline constexpr const char* kOriginalsDuty = "originals";

/// True while the duty is open.
[[nodiscard]] bool owes(const Case& current, std::string_view duty);
/// Closes the duty if it is open.
void close_duty(Outcome& outcome, const Case& current, std::string_view duty);
/// Opens the duty to see originals if `papers` holds one that asks for it and no such duty was opened before.
void open_originals(Outcome& outcome, const Case& current, const std::vector<CasePaper>& papers,
                    const Definition& definition);

}  // namespace motcua::engine
