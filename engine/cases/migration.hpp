/// Migration (chuyển hồ sơ đang giải quyết sang phiên bản khác của quy trình): what stands in its way, by
/// names that a dry run and a task can show. Pure.
#pragma once

#include "engine/core/result.hpp"

#include <string>
#include <string_view>

namespace motcua::engine {

/// Values of the member `obstacle` of a migration that is refused.
namespace obstacle {
inline constexpr const char* version_unknown = "version_unknown";
inline constexpr const char* version_same = "version_same";
inline constexpr const char* not_in_force = "not_in_force";
inline constexpr const char* law_unknown = "law_unknown";
inline constexpr const char* not_received = "not_received";
inline constexpr const char* stage = "stage";
inline constexpr const char* step_unknown = "step_unknown";
inline constexpr const char* step_not_atomic = "step_not_atomic";
inline constexpr const char* steps_not_together = "steps_not_together";
inline constexpr const char* completed_step_unknown = "completed_step_unknown";
inline constexpr const char* value_unknown = "value_unknown";
inline constexpr const char* supplement_unknown = "supplement_unknown";
inline constexpr const char* silence_stops = "silence_stops";
inline constexpr const char* payment_unknown = "payment_unknown";
inline constexpr const char* pause_unknown = "pause_unknown";
inline constexpr const char* linked_unknown = "linked_unknown";
inline constexpr const char* limit_later = "limit_later";
inline constexpr const char* limit_extended = "limit_extended";
inline constexpr const char* limit_passed = "limit_passed";
}  // namespace obstacle

/// The rejection with the member `obstacle`.
[[nodiscard]] Rejection with_obstacle(Rejection rejection, const char* obstacle);

/// Flag of a case that has been moved: from then on nothing new is found missing.
inline constexpr const char* kMigratedFlag = "migrated";

}  // namespace motcua::engine
